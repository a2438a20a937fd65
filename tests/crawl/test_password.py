"""Pages behind a password: what became of them, and what ``explain`` says."""

from __future__ import annotations

from tests.crawl.answering import Answer, answering, front, outcomes, story

LOCKED = """<!doctype html><html><head><meta name="generator" content="WordPress 6.8">
<title>Protected: Minutes</title></head><body class="wp-singular single single-post">
<main><article class="post post-password-required"><h1 class="entry-title">Protected: Minutes</h1>
<div class="entry-content"><form action="/wp-login.php?action=postpass" method="post"
class="post-password-form"><p>This content is password protected.</p><p><label>Password:
<input name="post_password" type="password"></label> <input type="submit" value="Enter"></p></form>
</div></article><nav><a href="/tide">The tide is out and the harbour is dry</a></nav></main>"""


def test_a_post_behind_a_password_is_rejected_and_says_why(crawl):
    pages: dict[str, Answer | str] = {
        "/": front("/minutes", "/members"),
        "/minutes": LOCKED,
        "/members": Answer(status=401, headers=(("WWW-Authenticate", "Basic realm=members"),)),
        "/tide": story("tide"),
    }
    with answering(pages) as server:
        crawl.run("site", "-a", f"url={server.url}/", "-a", "discover=links")
        assert outcomes(crawl) == {
            "/": ("listing", None),
            "/minutes": ("rejected", "PasswordProtected"),
            "/members": ("rejected", "PasswordProtected"),
            "/tide": ("article", None),
        }
        assert server.times("/members") == 1
        said = crawl.do("explain", f"{server.url}/minutes").stdout
    assert "PasswordProtected" in said
    assert "TooShort" not in said
