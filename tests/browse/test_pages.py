"""What was crawled in a real browser: all is shown, and nothing of it does anything."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from http.client import HTTPConnection
from urllib.parse import quote, urlsplit

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from newscrawl.browse.viewing import is_too_long, read_only
from newscrawl.store.waiting import Waits
from tests.browse.shown import ATTACK, NAMES, PHONE, SITE, browsing, fill, follow, tab
from tests.crawl.crawling import Crawl
from tests.store.serving import KINDS, a_database
from tests.tabs import chromium, needs_chromium

PAGES = (
    *("/", "/search", "/search?q=pier", "/search?q=pier&section=Sport&copies=1", "/urls"),
    *("/urls?outcome=failed", "/runs", "/run/1", "/run/2", "/now", "/url"),
    f"/url?u=https://{SITE}/failed?x={quote(ATTACK)}",
    f"/url?u={quote(ATTACK)}",
    f"/search?q={quote(ATTACK)}&section={quote(ATTACK)}",
    *(f"/url?u=https://{SITE}/{name}/" for name in NAMES),
)
pytestmark = needs_chromium


@pytest.fixture(scope="module", params=KINDS)
def stored(request, tmp_path_factory):
    """The URL of a database that is full of attacks."""
    with a_database(request, tmp_path_factory.mktemp("browse")) as url:
        fill(url)
        yield url


@pytest.fixture(scope="module")
def base(stored, tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    (folder / "pictures" / "full").mkdir(parents=True)
    (folder / "pictures" / "full" / "a.jpg").write_bytes(b"\xff\xd8no picture")
    (folder / "secret.txt").write_text("secret")
    with browsing(stored, folder, "-s", "NEWSCRAWL_IMAGES_STORE=pictures") as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture
def opened(browser, base):
    with tab(browser, base, viewport={"width": 1280, "height": 900}) as opened:
        yield opened


@pytest.fixture
def phone(browser, base):
    with tab(browser, base, viewport=PHONE, color_scheme="dark") as opened:
        yield opened


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", url.removeprefix(f"http://{parts.netloc}"), headers=headers)
    answer = connection.getresponse()
    told = answer.read().decode()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, told


def everything(opened) -> list[str]:
    return [*PAGES, *(opened.id_of(name) for name in NAMES)]


def test_nothing_that_pages_say_runs_or_is_fetched(opened):
    for path in everything(opened):
        page = opened.go(path)
        assert (
            page.locator("main script, main svg, main iframe, main style, main object").count() == 0
        )
        links = page.locator("a").evaluate_all("all => all.map(each => each.href)")
        assert {urlsplit(link).scheme for link in links} <= {"http", "https"}, path
        handlers = page.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes])"
            ".filter(a => a.name.startsWith('on') || a.name == 'style').length"
        )
        assert handlers == 0
    assert [each for each in opened.complaints if "status of 404" not in each] == []
    assert opened.elsewhere == []


def test_links_that_lead_out_say_nothing_of_the_reader(opened):
    opened.go(opened.id_of("north"))
    out = opened.page.locator("main a[href^='https://']")
    assert out.count() >= 3
    relations = out.evaluate_all("all => all.map(each => each.rel)")
    assert all("noreferrer" in each and "noopener" in each for each in relations)


def test_a_phone_in_the_dark_never_scrolls_sideways(phone):
    for path in everything(phone):
        page = phone.go(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path
    ground = phone.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(map(int, ground.removeprefix("rgb(").removesuffix(")").split(","))) < 60


def test_attacks_are_read_as_text(opened):
    page = opened.go(opened.id_of("north"))
    assert ATTACK in page.locator("h1").inner_text()
    assert ATTACK in page.locator(".text").inner_text()
    assert "{{7*7}}" in page.locator(".text").inner_text()
    page.get_by_text("The stored HTML, as source").click()
    assert f"<p>The north pier</p>{ATTACK}" in page.locator("pre").inner_text()


def test_words_are_searched_and_marked(opened):
    page = opened.go("/")
    page.get_by_label("Search articles").fill('"north pier"')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    assert page.locator(".head").all_inner_texts() == [f"Story north {ATTACK}"]
    assert page.locator("li p mark").all_inner_texts() == ["north pier"]
    follow(page.locator(".head"))
    assert page.locator(".text mark").all_inner_texts() == ["north pier"]


def test_filters_narrow_a_search(opened):
    page = opened.go("/search?q=pier")
    all_of_them = page.locator(".head").count()
    page.get_by_text("Filters").click()
    page.get_by_label("From").fill("2025-03-04")
    page.get_by_label("Section").fill("sport")
    follow(page.get_by_role("button", name="Search"))
    assert 0 < page.locator(".head").count() < all_of_them
    assert page.get_by_label("Section").input_value() == "sport"
    page.get_by_label("copies too").check()
    follow(page.get_by_role("button", name="Search"))
    assert page.get_by_text("· copy").count() == 1


def test_copies_and_revisions_are_shown_with_what_changed(opened):
    page = opened.go(opened.id_of("copy"))
    assert page.locator(".note").first.inner_text().startswith("A copy (exact) of Story north")
    follow(page.locator(".note a").first)
    assert page.get_by_role("heading", name="Copies").count() == 1
    page = opened.go(opened.id_of("harbour"))
    assert "Revision 2" in page.locator(".card h3").inner_text()
    assert "rebuilt." in page.locator("del").all_inner_texts()[0]
    assert any("opened" in each for each in page.locator("ins").all_inner_texts())


def test_every_field_has_the_rule_that_gave_it(opened):
    page = opened.go(opened.id_of("north"))
    rows = page.locator("table tr").all_inner_texts()
    told = {row.split("\t")[0]: row.split("\t")[1:] for row in rows}
    assert told["headline"][0] == ATTACK
    assert told["rating"][0] == "own"
    assert told["text"][0] == "html"
    assert "stars: 4" in told["rating"][1]


def test_a_url_has_its_story(opened):
    page = opened.go(f"/url?u={SITE}/harbour/")
    assert "It is an article" in page.locator(".card").first.inner_text()
    page = opened.go("/urls?outcome=failed")
    follow(page.locator("td a").first)
    assert ATTACK in page.locator("table").last.inner_text()
    assert "500" in page.locator("table").last.inner_text()
    page = opened.go("/url?u=https://nowhere.example/")
    assert "was never discovered" in page.locator(".card").first.inner_text()


def test_runs_alarms_and_what_goes_on_are_shown(opened):
    page = opened.go("/")
    assert ATTACK in page.locator(".card .bad").first.inner_text()
    follow(page.get_by_role("link", name="Run 1").first)
    assert ATTACK in page.locator(".card.plain").first.inner_text()
    page = opened.go("/now")
    assert "nobody is at work on it" in page.locator(".card").first.inner_text()
    assert ATTACK in page.locator("table").last.inner_text()
    assert page.locator("meta[http-equiv=refresh]").count() == 0


def test_all_works_without_scripts(browser, base):
    with tab(browser, base, java_script_enabled=False) as opened:
        page = opened.go("/search")
        page.get_by_label("Words").fill("harbour")
        follow(page.get_by_role("button", name="Search"))
        assert page.locator(".head").count() == 1


def test_only_pictures_that_are_kept_are_shown_and_no_other_file(opened):
    page = opened.go(opened.id_of("north"))
    key = page.url.rpartition("/")[2]
    shown = page.locator("figure img").evaluate_all("all => all.map(each => each.src)")
    assert shown == [f"{opened.base}/picture/{key}/{place}" for place in (1, 2)]
    status, headers, _ = fetch_bytes(shown[0])
    assert (status, headers["content-type"]) == (200, "image/jpeg")
    assert fetch(shown[1])[0] == 404
    assert fetch(f"{opened.base}/picture/{key}/9")[0] == 404


def fetch_bytes(url: str) -> tuple[int, dict[str, str], bytes]:
    with urllib.request.urlopen(url) as answer:
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()


def test_another_name_that_leads_here_is_refused(base):
    assert fetch(f"{base}/", Host="evil.example")[0] == 400
    assert fetch(f"{base}/", Host="localhost")[0] == 200


@pytest.mark.parametrize("path", ["/", "/run/99", "/static/style.css", "/nowhere", "/search?q=a"])
def test_every_answer_forbids_scripts_and_frames(base, path):
    _, headers, _ = fetch(f"{base}{path}")
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/article/none", 404),
        ("/article/%00none", 404),
        ("/article/", 404),
        ("/article/%ff", 404),
        ("/run/0", 404),
        (f"/run/{9**30}", 404),
        ("/run/-1", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
        ("/search?q=%00%ff&since=x&until=9999-99-99&after=1.x&site=%00", 200),
        (f"/search?q={'a' * 5000}&after=-1.{9**30}", 200),
        (f"/urls?before={9**30}&reason=%25&part=_%00", 200),
        ("/url?u=%00", 200),
        ("/url?u=http://[", 200),
    ],
)
def test_what_makes_no_sense_is_answered_and_does_no_harm(base, path, status):
    assert fetch(f"{base}{path}")[0] == status


def test_nobody_can_write(base):
    for method in ("POST", "PUT", "DELETE"):
        request = urllib.request.Request(f"{base}/", method=method)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 405
        refused.value.close()


def test_the_connection_can_only_read(stored):
    engine = read_only(stored, Waits())
    for statement in ("DELETE FROM articles", "CREATE TABLE ours (n INTEGER)"):
        with engine.connect() as connection, pytest.raises(DBAPIError):
            connection.execute(text(statement))
    engine.dispose()


def test_a_statement_that_takes_too_long_is_broken_off(stored, monkeypatch):
    monkeypatch.setattr("newscrawl.browse.viewing.SECONDS", 0.2)
    engine = read_only(stored, Waits())
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )
    with engine.connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text(endless))
    assert is_too_long(error.value)
    engine.dispose()


def test_it_is_served_to_this_machine_alone(base):
    port = urlsplit(base).port
    for address in ("127.0.0.2", _own_address()):
        with socket.socket() as other:
            other.settimeout(2)
            assert other.connect_ex((address, port)) != 0


def _own_address() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        try:
            own.connect(("192.0.2.1", 9))  # nothing is sent
        except OSError:
            return "127.0.0.3"
        address: str = own.getsockname()[0]
    return address


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--port", "70000"], "--port is a number"), (["more"], "usage:")],
)
def test_bad_arguments_are_told_before_anything_is_served(stored, tmp_path, arguments, said):
    ended = Crawl(tmp_path, stored).do("browse", *arguments)
    assert ended.returncode == 2
    assert said in ended.stderr


def test_a_port_that_is_taken_is_told(stored, base, tmp_path):
    ended = Crawl(tmp_path, stored).do("browse", "--port", str(urlsplit(base).port))
    assert ended.returncode == 2
    assert "choose another with --port" in ended.stderr
