from __future__ import annotations

import pytest
from web_poet import HttpResponse

from newscrawl.pages.judging.evidence import Evidence, Template
from newscrawl.pages.judging.kinds import judge
from newscrawl.pages.news import NewsPage

TEXT = "<p>" + "Words of a story that goes on. " * 40 + "</p>"
TEASERS = "".join(
    f'<div class="jeg_postblock"><h2><a href="/{n}/">Teaser {n}</a></h2></div>' for n in range(3)
)
EXCERPTS = "".join(
    f'<div><h3><a href="/{n}/">Teaser {n}</a></h3><p>{"Some words of it. " * 20}</p></div>'
    for n in range(8)
)
TYPED = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "H"}</script>'
COLLECTION = '<script type="application/ld+json">{"@type": "CollectionPage"}</script>'


def page(html, classes="", url="https://news.test/a/b", **kwargs):
    return NewsPage(HttpResponse(url, f'<body class="{classes}">{html}'.encode(), **kwargs))


@pytest.mark.parametrize(
    ("classes", "html", "kind"),
    [
        ("single single-post", TEXT, "article"),
        ("single single-post", "", "article"),
        ("single single-post paged-2 single-paged-2", TEXT, "part"),
        ("archive category category-news", "", "listing"),
        ("archive category paged-2 category-paged-2", TEASERS, "listing"),
        ("home blog", TEXT, "listing"),
        ("home page page-template-template-builder", "", "listing"),
        ("search", TEASERS, "listing"),
        ("archive author", TEASERS, "listing"),
        ("archive date", TEASERS, "listing"),
        ("page page-template-default", TEXT, "page"),
        ("page page-template-template-builder", TEASERS, "listing"),
        ("error404", TEASERS, "page"),
        ("attachment single single-attachment", TEXT, "page"),
        ("single single-product", TEXT, "page"),
    ],
)
@pytest.mark.parametrize("theme", ["jnews", "wp-embed-responsive"])
def test_wordpress_names_the_kind_in_its_body_class(classes, html, kind, theme):
    assert page(html, f"{classes} {theme}").kind == kind


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        (TYPED + TEXT, "article"),
        (TYPED, "article"),
        ('<meta property="og:type" content="article">' + TEXT, "article"),
        ("<h1>H</h1>" + TEXT, "article"),
        (TEXT * 3 + TEASERS, "article"),
        (TEASERS, "listing"),
        (COLLECTION + TEASERS + TEXT, "listing"),
        (TYPED * 3 + TEASERS, "listing"),
        ("<div>" + EXCERPTS + "</div>", "listing"),
        ("<main><ul>" + EXCERPTS + "</ul></main>", "listing"),
        ('<h2><a href="/1/">One</a></h2><h2><a href="/2/">Two</a></h2>', "page"),
        (TEASERS.replace('href="/', 'href="https://elsewhere.test/'), "page"),
        ("<p>Call us.</p>", "page"),
        ("", "page"),
    ],
)
def test_other_pages_are_judged_by_what_they_hold(html, kind):
    assert page(html).kind == kind


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/?utm_source=x"])
def test_a_front_page_is_a_listing(path):
    assert page(TYPED + TEXT, url=f"https://news.test{path}").kind == "listing"


def test_an_error_page_is_no_article():
    assert page(TYPED + TEXT, status=404).kind == "page"


PROSE = "<p>" + "The tide came in over the lower quay before noon. " * 12 + "</p>"
ARTICLE_HEAD = '<meta property="og:type" content="article">'
MENU = "<nav>" + "".join(f'<a href="/topic-{n}/">Topic {n}</a>' for n in range(12)) + "</nav>"
BANNER = (
    '<div id="cookie-banner"><p>' + "We keep small files to remember your choices. " * 40 + "</p>"
    "<button>Agree</button><button>Refuse</button></div>"
)
BOT_WALLS = {
    "challenge script": "<title>One moment</title><p>Wait while the connection is looked at.</p>"
    '<script src="/edge/challenge-platform/run.js"></script>',
    "challenge in the code": "<title>news.test</title><noscript>Enable JavaScript.</noscript>"
    "<script>window._cf_chl_opt = {stage: 1}</script>",
    "captcha element": "<h1>Before you go on</h1><p>Tick the box to read the paper.</p>"
    '<form method="post"><div class="h-captcha"></div><button>Go on</button></form>'
    '<script src="https://captcha.test/1/api.js"></script>',
    "captcha to type": "<h1>Type what you see</h1><img src=/noise.png>"
    '<form><input name="captcha_answer"><input type=submit></form>',
    "captcha in a frame": '<iframe src="https://geo.captcha.test/?c=1"></iframe>',
    "refresh": '<title>Checking your browser</title><meta http-equiv="refresh" content="5">'
    "<p>You will be taken to the page.</p>",
    "denied": "<title>Access Denied</title><h1>Access Denied</h1><p>Reference 18.2c4</p>",
    "not indexed": '<meta name="robots" content="noindex,nofollow"><h1>Are you a robot?</h1>'
    '<a href="/help">Help</a><p>We saw unusual traffic.</p>',
}
CONSENT_WALLS = {
    "form": '<title>Before you continue</title><main class="consent-form"><h1>Your choice</h1>'
    f'{PROSE}<form method="post"><button>Accept all</button><button>Reject</button></form></main>',
    "region and a footer": '<div class="cmp-container"><h2>You decide</h2><p>We and 842 partners '
    "store data on your device.</p><button>Agree</button></div>"
    '<footer><a href="/imprint">Imprint</a></footer>',
    "long list of partners": '<div id="privacyGate" class="privacy-gate"><p>'
    + "Partner that measures. " * 300
    + "</p><button>Agree</button></div>",
    "with the article's own metadata": f"{ARTICLE_HEAD}<title>Ferry sinks</title>{BANNER}",
    "title alone": "<title>Cookies and your privacy</title><div><p>Read with advertising, or take "
    'a subscription without.</p><button>Accept</button><a href="/pur">Subscribe</a></div>',
    "another language": "<title>Einwilligung erforderlich</title><p>Wählen Sie, bitte.</p>"
    '<form><input type="submit" value="Zustimmen"></form>',
}
NOT_FOUND = {
    "title and heading": "<title>Page not found | News</title><h1>We looked everywhere</h1>",
    "404": "<h1>404</h1><p>This page has sailed.</p>",
    "with teasers": f"<title>404 - News</title><h1>Gone</h1><p>Read these instead:</p>{TEASERS}",
    "with menus and a search": f"{MENU}<h1>Sorry, this story can't be found</h1>"
    '<form action="/search"><input name="q"></form>',
    "no longer": "<h1>This article is no longer available</h1><p>It was taken down.</p>",
    "german": "<h1>Seite nicht gefunden</h1>",
    "french": "<h1>Page introuvable</h1>",
    "spanish": "<h1>Página no encontrada</h1>",
    "chinese": "<title>您访问的页面不存在</title>",
}
SHELLS = {
    "app root": '<div id="root"></div><script src="/main.js"></script>',
    "app root and a plea": "<noscript>You need to enable JavaScript to run this app.</noscript>"
    '<div id="app"></div><script type="module" src="/a.js"></script>',
    "own element": '<news-app></news-app><script src="/main.js" defer></script>',
    "state without markup": '<div id="__next"></div><script id="__NEXT_DATA__" '
    'type="application/json">{"page": "/story"}</script><script src="/n.js"></script>',
    "loading": '<div class="spinner">Loading…</div><div id="content"></div><script>go()</script>',
    "only scripts": "<script>location.replace('/elsewhere')</script>",
    "article metadata": f'{ARTICLE_HEAD}{TYPED}<div id="root"></div><script src="/m.js"></script>',
    "menus around it": f'{MENU}<main><div id="app-root"></div></main><script src="/m.js"></script>',
}
POST_PASSWORD = (
    '<form action="https://news.test/wp-login.php?action=postpass" class="post-password-form" '
    'method="post"><p>This content is password protected. To view it please enter your password '
    'below:</p><p><label for="pwbox-7">Password: <input name="post_password" id="pwbox-7" '
    'type="password" size="20"></label> <input type="submit" value="Enter"></p></form>'
)
LOGIN = (
    '<form action="/session" method="post"><label>Name <input name="user"></label>'
    '<label>Password <input type="password" name="secret"></label>'
    '<label><input type="checkbox"> Stay logged in</label><button>Log in</button></form>'
)
GATE = '<form method="post"><input type="password" name="key"><button>Open</button></form>'
SIDEBAR = f"<aside>{PROSE}{PROSE}</aside>"
PASSWORD_WALLS = {
    "post": f'{ARTICLE_HEAD}{MENU}<main><article class="post-password-required"><h1>Protected: '
    f'Minutes</h1><div class="entry-content">{POST_PASSWORD}</div></article></main>',
    "post, beside other text": f"{ARTICLE_HEAD}{MENU}<main><h1>Minutes</h1>{POST_PASSWORD}</main>"
    f"{SIDEBAR}",
    "post, in another language": f"<h1>Protokoll</h1>{GATE.replace('key', 'post_password')}",
    "post, its field shown": f"<h1>Minutes</h1>{POST_PASSWORD.replace('type=', 'data-type=')}",
    "post without a heading": f"{MENU}<main>{POST_PASSWORD}</main>",
    "gate": f"<title>Harbour board</title><h1>Harbour board</h1>{GATE}",
    "gate, with a few words": f"<p>This part of the paper is for the board. Ask Ana.</p>{GATE}",
    "members": f"{ARTICLE_HEAD}{MENU}<main><h1>Minutes</h1><p>Only members read this.</p>{LOGIN}"
    "</main>",
    "members, beside other text": f"{TYPED}{MENU}<article><h1>H</h1><p>For members.</p>{LOGIN}"
    f"</article>{SIDEBAR}",
    "members, with teasers": f"{ARTICLE_HEAD}<main><h1>Minutes</h1>{LOGIN}</main>{TEASERS}",
    "login alone": f"<title>The Tide</title>{LOGIN}<a href='/help'>Help</a>",
}
IN_PLACE_OF_A_PAGE = [
    *(("password wall", name, html) for name, html in PASSWORD_WALLS.items()),
    *(("bot wall", name, html) for name, html in BOT_WALLS.items()),
    *(("consent wall", name, html) for name, html in CONSENT_WALLS.items()),
    *(("not found", name, html) for name, html in NOT_FOUND.items()),
    *(("shell", name, html) for name, html in SHELLS.items()),
]


@pytest.mark.parametrize(
    ("kind", "html"),
    [(kind, html) for kind, _, html in IN_PLACE_OF_A_PAGE],
    ids=[f"{kind}: {name}" for kind, name, _ in IN_PLACE_OF_A_PAGE],
)
def test_what_stands_in_for_a_page_is_told_from_it(kind, html):
    assert page(html, status=200).kind == kind


@pytest.mark.parametrize("kind", ["bot wall", "consent wall", "shell"])
def test_a_wall_is_one_on_the_front_page_too(kind):
    walls = [html for each, _, html in IN_PLACE_OF_A_PAGE if each == kind]
    assert {page(html, url="https://news.test/", status=200).kind for html in walls} == {kind}


STILL_ARTICLES = {
    "about cookies": f"<title>Cookies explained</title>{ARTICLE_HEAD}<h1>Cookies explained</h1>"
    f"{PROSE}<button>Share</button>",
    "about cookies, without metadata": f"{MENU}<h1>Why cookie banners fail</h1>{PROSE * 2}"
    "<button>Share</button>",
    "about robots": f"{ARTICLE_HEAD}<h1>Are you a robot? asks the bakery</h1>{PROSE}",
    "about captchas": f"{MENU}<h1>The captcha at twenty</h1>{PROSE * 2}"
    '<form><textarea></textarea><div class="g-recaptcha"></div></form>'
    '<script src="https://captcha.test/api.js"></script>',
    "about pages not found": f"{ARTICLE_HEAD}{TYPED}<h1>Page not found: a history</h1>{PROSE}",
    "about what was not found": f"{ARTICLE_HEAD}<title>Boat not found</title>{PROSE}",
    "about pages not found, without metadata": f"<h1>404 reasons to swim</h1>{PROSE * 2}",
    "under a banner": f"{ARTICLE_HEAD}{BANNER}<article><h1>Tide</h1>{PROSE}</article>",
    "short and under a long banner": f"{ARTICLE_HEAD}{BANNER}<main>{PROSE}</main>",
    "under a banner, without metadata": f"{BANNER}<main><h1>Tide</h1>{PROSE * 2}</main>",
    "in a page named after its banner": f'{ARTICLE_HEAD}<div class="with-cookie-bar">{PROSE}'
    "<button>Agree</button></div>",
    "beside an app": f'<div id="app"></div><script src="/m.js"></script><h1>Tide</h1>{PROSE * 2}',
    "asking for scripts": f"<noscript>Enable JavaScript for comments.</noscript>{PROSE * 2}"
    "<script src=/m.js></script>",
    "with its text in json": '<script type="application/ld+json">{"@type": "NewsArticle", '
    '"headline": "Tide", "articleBody": "' + "It came in. " * 30 + '"}</script>'
    '<div id="root"></div><script src="/m.js"></script>',
    "with a login in its header": f"{ARTICLE_HEAD}<header>{LOGIN}</header><h1>Tide</h1>{PROSE}",
    "with a login in a window": f'{ARTICLE_HEAD}<main><h1>Tide</h1>{PROSE}</main><div class="jeg_popup '
    f'mfp-hide" id="jeg_loginform">{LOGIN}</div>',
    "with a login for comments": f"{ARTICLE_HEAD}<article><h1>Tide</h1>{PROSE}<p>Log in to say "
    f"something.</p>{LOGIN}</article>",
    "with a login, without metadata": f"{LOGIN}<h1>Tide</h1>{PROSE * 2}",
    "short, with a login in its header": f"{TYPED}<header>{LOGIN}</header><h1>H</h1><p>Ferry late.",
    "short, with a login in a window": f'{TYPED}<h1>H</h1><p>Ferry late.<div id="login-modal">{LOGIN}</div>',
    "short, with a login in its comments": f"{TYPED}<article><h1>H</h1><p>Ferry late.</p>"
    f'<section class="comments">{LOGIN}</section></article>',
    "short, with a form to register": f"{TYPED}<article><h1>H</h1><p>Ferry late.</p>"
    f"{LOGIN.replace('<label>Name', '<input type=password><label>Name')}</article>",
    "short, and more than a notice": f"{TYPED}<article><h1>H</h1><p>{'The ferry is late. ' * 10}</p>"
    f"{LOGIN}</article>",
    "above a locked one": f"{ARTICLE_HEAD}<main><h1>Tide</h1>{PROSE}<h2>More</h2>{POST_PASSWORD}</main>",
    "with its text in json, and locked": '<script type="application/ld+json">{"@type": "NewsArticle"'
    f', "headline": "Tide", "articleBody": "{"It came in. " * 30}"}}</script>{POST_PASSWORD}',
    "in japanese": "<h1>潮</h1><p>" + "潮が昼前に埠頭を越えて港へ入ってきた。" * 20 + "</p>",
}


@pytest.mark.parametrize("name", STILL_ARTICLES)
def test_an_article_with_marks_of_something_else_stays_one(name):
    assert page(STILL_ARTICLES[name], status=200).kind == "article"


@pytest.mark.parametrize(
    ("path", "html"),
    [
        ("contact", f"<h1>Contact</h1>{PROSE * 3}<form><textarea></textarea><button>Send</form>"),
        ("about-us/", f"<h1>Who we are</h1>{PROSE * 3}"),
        ("privacy-policy", f"{MENU}<h1>Cookies and privacy</h1>{PROSE * 3}<button>Print</button>"),
        ("cart.html", "<h1>Your cart</h1><p>It is empty.</p><script>count()</script>"),
        ("login", LOGIN),
        ("wp-login.php", LOGIN),
        ("sign-in", f"{MENU}<main><h1>Sign in</h1>{LOGIN}</main>"),
        ("konto", f"{MENU}<main><h1>Konto</h1>{LOGIN}</main>"),
        ("login", '<form><input type=password><div class="g-recaptcha"></div></form>'),
        ("x", f'<script type="application/ld+json">{{"@type": "AboutPage"}}</script>{PROSE * 3}'),
        ("x", '<script>count()</script><p>Ring twice.</p><div class="ad" id="ad"></div>' + MENU),
    ],
)
def test_a_static_page_is_neither_article_nor_wall(path, html):
    assert page(html, url=f"https://news.test/{path}", status=200).kind == "page"


def test_several_whole_articles_are_a_listing():
    html = "".join(f'<article><h2><a href="/{n}">N</a></h2>{PROSE * 2}</article>' for n in (1, 2))
    found = page(html)
    assert found.kind == "listing"
    assert [(link.kind, link.url) for link in found.links] == [
        ("article", "https://news.test/1"),
        ("article", "https://news.test/2"),
    ]


def test_an_article_followed_by_others_is_one_where_it_says_so():
    html = "".join(f'<article><h2><a href="/{n}">N</a></h2>{PROSE * 2}</article>' for n in (1, 2))
    assert page(ARTICLE_HEAD + html).kind == "article"


def test_a_list_of_links_is_no_article():
    links = "".join(
        f'<li><a href="/{n}">A headline that is as long as those of a paper {n}</a></li>'
        for n in range(40)
    )
    assert page(f"<main><ul>{links}</ul></main>").kind == "listing"
    assert page(f"<main><div>{links.replace('li>', 'p>')}</div></main>").kind == "page"


@pytest.mark.parametrize(
    "html",
    [
        f"<title>Articles | 404 Harbour</title><h1>Latest</h1>{TEASERS}",
        f'<title>News</title><h2><a href="/9">Boat not found after storm</a></h2>{TEASERS}',
        f"<title>Search</title><h1>No match for tide</h1>{TEASERS}",
    ],
    ids=["a paper of that name", "a teaser", "a search"],
)
def test_a_listing_that_speaks_of_it_is_not_lost(html):
    assert page(html, status=200).kind == "listing"


def test_wordpress_says_so_in_its_body_class():
    assert page(TEASERS, "error404 wp-embed-responsive", status=200).kind == "not found"


@pytest.mark.parametrize(
    ("classes", "kind"),
    [
        ("single single-post", "password wall"),
        ("page page-template-default", "page"),
        ("home blog", "listing"),
        ("archive category", "listing"),
    ],
)
@pytest.mark.parametrize("theme", ["jnews", "wp-embed-responsive"])
def test_wordpress_shows_a_form_in_place_of_a_locked_post(classes, kind, theme):
    html = f'<h1 class="entry-title">Minutes</h1><div class="entry-content">{POST_PASSWORD}</div>'
    assert page(html + SIDEBAR, f"{classes} {theme}", status=200).kind == kind


@pytest.mark.parametrize("theme", ["jnews", "wp-embed-responsive"])
def test_a_short_post_under_a_login_is_not_locked(theme):
    body = '<h1 class="entry-title">Ferry</h1><div class="entry-content"><p>It is late.</p></div>'
    window = f'<div id="jeg_loginform" class="jeg_popup mfp-with-anim mfp-hide">{LOGIN}</div>'
    assert page(body + window, f"single single-post {theme}", status=200).kind == "article"


def test_an_account_page_of_wordpress_is_not_locked():
    html = f"<main><h1>My account</h1>{LOGIN}</main>"
    assert page(html, "page wp-embed-responsive", status=200).kind == "page"


def test_a_page_of_unknown_status_is_not_said_to_be_lost():
    assert page(NOT_FOUND["404"]).kind == "page"


def test_the_evidence_names_the_rule_and_what_differs_from_an_empty_page():
    assert page(SHELLS["app root"], status=200).evidence == {
        "page": "ArticlePage",
        "rule": "shell",
        "status": 200,
        "scripts": 1,
        "mount": True,
        "hollow": True,
    }


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (Evidence(status=500, typed=True, shared=True, words=400), "page"),
        (Evidence(feed=True, front=True), "page"),
        (Evidence(template=Template.ARCHIVE, words=900), "listing"),
        (Evidence(template=Template.SINGLE, part=2), "part"),
        (Evidence(front=True, typed=True, shared=True, words=900), "listing"),
        (Evidence(shared=True, words=50), "article"),
        (Evidence(shared=True, words=49), "page"),
        (Evidence(words=149, teasers=3), "listing"),
        (Evidence(words=150, teasers=3), "article"),
        (Evidence(words=150, part=2), "part"),
    ],
)
def test_the_rules_are_read_from_the_evidence_alone(seen, kind):
    assert judge(seen).kind == kind
