from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawl.addresses.address import Address
from newscrawl.addresses.traps import _PATHS, trap


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("search", "/?s=storm"),
        ("search", "/search/storm/page/2/"),
        ("search", "/en/search?q=storm"),
        ("search", "/search.php?q=storm"),
        ("cart", "/cart/"),
        ("cart", "/checkout/order-received/"),
        ("cart", "/my-account/lost-password/"),
        ("cart", "/shop/?add-to-cart=12"),
        ("cart", "/shop/?orderby=price"),
        ("cart", "/?wc-ajax=get_refreshed_fragments"),
        ("cart", "/a/?remove_item=0a1b&x=y"),
        ("login", "/wp-login.php?redirect_to=x"),
        ("login", "/blog/wp-admin/"),
        ("login", "/login"),
        ("login", "/users/sign_in"),
        ("login", "/register/"),
        ("login", "/lost-password/"),
        ("login", "/account/edit"),
        ("reply", "/a-story/?replytocom=5#respond"),
        ("reply", "/a-story/comment-page-2/"),
        ("reply", "/a-story/trackback/"),
        ("share", "/a-story/?share=facebook"),
        ("share", "/a-story/?nb=1"),
        ("print", "/a-story/?print=1"),
        ("print", "/a-story/print/"),
        ("feed", "/feed/"),
        ("feed", "/a-story/feed/"),
        ("feed", "/comments/feed/"),
        ("feed", "/category/world/feed/rss2/"),
        ("feed", "/rss"),
        ("feed", "/rss.xml"),
        ("feed", "/world.rss"),
        ("feed", "/?feed=rss2"),
        ("attachment", "/?attachment_id=9"),
        ("attachment", "/a-story/attachment/a-picture/"),
        ("media", "/wp-content/uploads/2025/10/a.JPG"),
        ("media", "/report.pdf?download=1"),
        ("calendar", "/2025/"),
        ("calendar", "/2025/10/"),
        ("calendar", "/2025/10/09"),
        ("calendar", "/2025/10/09/page/3/"),
        ("calendar", "/en/2025/"),
        ("calendar", "/archives/2025/"),
        ("calendar", "/blog/2025/10/"),
        ("calendar", "/?m=202510"),
        ("calendar", "/events/?ical=1"),
        ("ajax", "/?ajax-request=jnews"),
        ("ajax", "/wp-admin/admin-ajax.php?action=x"),
        ("ajax", "/wp-json/wp/v2/posts/1"),
        ("ajax", "/wp-json/oembed/1.0/embed?url=x"),
        ("ajax", "/xmlrpc.php?rsd"),
        ("ajax", "/?rest_route=/wp/v2/posts"),
        ("autoload", "/a-story/autoload/"),
        ("session", "/a-story?sid=0123456789abcdef0123"),
        ("session", "/a-story?sessionid=7"),
        ("session", "/(S(lit3py55t21z5v55vlm25s55))/a-story"),
        ("repeat", "/a/b/a/b/a/b"),
        ("repeat", "/" + "/".join(map(str, range(21)))),
        ("shortlink", "/?page_id=2&preview=true"),
        ("shortlink", "/a-story/?preview=true"),
    ],
)
def test_a_trap_is_known_by_its_shape(name: str, path: str) -> None:
    assert Address.parse(f"https://www.example.com{path}").trap == name


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/a-story/",
        "/2025/10/09/a-story/",
        "/2025/10/09/a-story/2/",
        "/2025/10/a-story.html",
        "/2025/a-story",
        "/2025/10/12345/",
        "/elections/2024/",
        "/author/jane/2024-review/",
        "/category/world/page/3/",
        "/category/world/page/3/?utm_source=x",
        "/category/search/",
        "/tag/cart/",
        "/research/",
        "/search-for-survivors-ends/",
        "/printing-money/",
        "/print-is-dead/",
        "/cartoon/",
        "/shop-local-week/",
        "/shop/",
        "/login-failures-at-bank/",
        "/accountability/",
        "/registered-voters/",
        "/feeding-the-birds/",
        "/news-feed-changes/",
        "/calendar-of-events/",
        "/attachment-theory/",
        "/a-story-about-jpg/",
        "/a-story?id=7&page=2",
        "/news?p=2",
        "/?lines=1&sharing=2&footprint=1",
        "/a-story?q=x?s=1",
        "/a-story?next=/print",
        "/a-story&share=1",
        "/a/b/a/c",
        "/a-story?PHPSESSID=0a1b",
        "/a-story;jsessionid=0a1b",
        "/a-story/amp/",
        "/story.php?sid=5",
        "/?p=123",
        "/index.php?p=123&utm_source=x",
    ],
)
def test_a_page_is_no_trap(path: str) -> None:
    assert Address.parse(f"https://www.example.com{path}").trap is None


BITS = ("/", ".", "a", "en", "search", "cart", "feed", "print", "2024", "05", "(s(1))", "jpg", "-")


@given(st.lists(st.sampled_from(BITS), max_size=8).map("".join))
def test_one_look_finds_what_each_rule_for_paths_would(text: str) -> None:
    path = f"/{text}"
    named = next((name for name, pattern in _PATHS if pattern.search(path)), None)
    assert named is None or trap(path) == named
    assert named is not None or trap(path) in {None, "repeat"}
