"""robots.txt: the examples of RFC 9309, and what Google's parser does where the RFC is silent."""

from __future__ import annotations

from typing import NamedTuple

from newscrawl.discovery.robots import EVERYBODY, RobotsTxt, first_lines

SITE = "https://paper.example"

SIMPLE = """\
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot

"""
"""RFC 9309, 5.1."""
LONGEST = """\
User-Agent: foobot
Allow: /example/page/
Disallow: /example/page/disallowed.gif
"""
"""RFC 9309, 5.2."""
MERGED = """\
user-agent: ExampleBot
disallow: /foo
disallow: /bar

user-agent: *
disallow: /fizz

user-agent: ExampleBot
disallow: /baz
"""
"""RFC 9309, 2.2.1: the groups of one crawler are one."""


class Case(NamedTuple):
    name: str
    robots: str | bytes
    path: str
    allowed: bool
    agent: str = "foobot"


def _rule(name: str, rules: str, paths: dict[str, bool], agent: str = "foobot") -> list[Case]:
    """One group for all crawlers, tried with several paths."""
    robots = f"User-agent: *\n{rules}\n"
    return [
        Case(f"{name}: {path}", robots, path, is_allowed, agent)
        for path, is_allowed in paths.items()
    ]


def allowed(case: Case) -> bool:
    body = case.robots if isinstance(case.robots, bytes) else case.robots.encode()
    rules = RobotsTxt(first_lines(body)).rules(case.agent)
    return bool(rules.can_fetch(SITE + case.path, EVERYBODY))


_RFC = [
    *(
        Case(f"simple example, {agent}: {path}", SIMPLE, path, is_allowed, agent)
        for agent, path, is_allowed in (
            ("foobot", "/example/page.html", True),
            ("foobot", "/example/allowed.gif", True),
            ("foobot", "/publications/", False),
            ("foobot", "/", False),
            ("barbot", "/example/page.html", False),
            ("barbot", "/example/allowed.gif", True),
            ("bazbot", "/example/page.html", False),
            ("bazbot", "/publications/", True),
            ("quxbot", "/example/page.html", True),
            ("quxbot", "/any.gif", True),
            ("other", "/publications/", True),
            ("other", "/example/page.html", False),
            ("other", "/pictures/some.gif", False),
            ("other", "/pictures/some.gif?size=2", True),
        )
    ),
    Case("the longest match wins", LONGEST, "/example/page/disallowed.gif", False),
    Case("the longest match wins", LONGEST, "/example/page/allowed.gif", True),
    *(
        Case(f"groups of one crawler are one: {path}", MERGED, path, is_allowed, "examplebot")
        for path, is_allowed in (("/foo", False), ("/baz", False), ("/fizz", True), ("/", True))
    ),
    Case("others keep the group of all", MERGED, "/fizz", False, "other"),
    Case("others keep the group of all", MERGED, "/baz", True, "other"),
    *_rule(
        "a query is part of the path",
        "Disallow: /foo/bar?baz=quz",
        {"/foo/bar?baz=quz": False, "/foo/bar": True},
    ),
    *_rule(
        "reserved characters in a query",
        "Disallow: /foo/bar?baz=http://foo.bar",
        {"/foo/bar?baz=http://foo.bar": False},
    ),
    *_rule(
        "other letters are their UTF-8 octets",
        "Disallow: /foo/bar/ツ",
        {"/foo/bar/%E3%83%84": False, "/foo/bar/ツ": False, "/foo/bar/%E3%83%85": True},
    ),
    *_rule(
        "escaped octets are the letters", "Disallow: /foo/bar/%E3%83%84", {"/foo/bar/ツ": False}
    ),
    *_rule(
        "escaped plain letters are letters", "Disallow: /foo/bar/%62%61%7A", {"/foo/bar/baz": False}
    ),
    *_rule(
        "an escaped star is a star",
        "Disallow: /path/file-with-a-%2A.html",
        {"/path/file-with-a-*.html": False, "/path/file-with-a-b.html": True},
    ),
    *_rule(
        "a comment ends the rule", "Allow: /a # all of it\nDisallow: /", {"/a": True, "/b": False}
    ),
    *_rule(
        "a dollar ends the path",
        "Allow: /this/path/exactly$\nDisallow: /this",
        {"/this/path/exactly": True, "/this/path/exactly/": False},
    ),
    *_rule(
        "a star is any text",
        "Allow: /this/*/exactly\nDisallow: /",
        {"/this/or/that/exactly": True, "/this/that": False},
    ),
    *_rule("equal rules: allow is preferred", "Disallow: /page\nAllow: /page", {"/page": True}),
    Case("no group at all", "", "/", True),
    Case("robots.txt itself is allowed", "User-agent: *\nDisallow: /\n", "/robots.txt", True),
    Case(
        "a rule before any group is no rule",
        "Disallow: /\nUser-agent: foobot\nAllow: /a\n",
        "/b",
        True,
    ),
]
"""Sections 2.2.1 to 2.2.3, 5.1 and 5.2."""

_GOOGLE = [
    *_rule(
        "prefix",
        "Disallow: /fish",
        {
            "/fish": False,
            "/fish.html": False,
            "/fish/salmon.html": False,
            "/fishheads/yummy.html": False,
            "/fish.php?id=anything": False,
            "/Fish.asp": True,
            "/catfish": True,
            "/?id=fish": True,
            "/desert/fish": True,
        },
    ),
    *_rule(
        "a star at the end is none",
        "Disallow: /fish*",
        {"/fish": False, "/fishheads": False, "/Fish": True, "/catfish": True},
    ),
    *_rule(
        "folder",
        "Disallow: /fish/",
        {
            "/fish/": False,
            "/fish/?id=anything": False,
            "/fish/salmon.htm": False,
            "/fish": True,
            "/fish.html": True,
            "/animals/fish/": True,
            "/Fish/Salmon.asp": True,
        },
    ),
    *_rule(
        "ending anywhere",
        "Disallow: /*.php",
        {
            "/index.php": False,
            "/filename.php": False,
            "/folder/filename.php": False,
            "/folder/filename.php?parameters": False,
            "/folder/any.php.file.html": False,
            "/filename.php/": False,
            "/": True,
            "/windows.PHP": True,
        },
    ),
    *_rule(
        "ending at the end",
        "Disallow: /*.php$",
        {
            "/filename.php": False,
            "/folder/filename.php": False,
            "/filename.php?parameters": True,
            "/filename.php/": True,
            "/filename.php5": True,
            "/windows.PHP": True,
        },
    ),
    *_rule(
        "star in the middle",
        "Disallow: /fish*.php",
        {"/fish.php": False, "/fishheads/catfish.php?parameters": False, "/Fish.PHP": True},
    ),
    *_rule("the more specific rule", "Allow: /p\nDisallow: /", {"/page": True, "/other": False}),
    *_rule("as specific: allow", "Allow: /folder\nDisallow: /folder", {"/folder/page": True}),
    *_rule("longer by its letters", "Allow: /page\nDisallow: /*.htm", {"/page.htm": False}),
    *_rule("as long by its letters: allow", "Allow: /page\nDisallow: /*.ph", {"/page.php5": True}),
    *_rule("the front page alone", "Allow: /$\nDisallow: /", {"/": True, "/page.htm": False}),
    *_rule(
        "an index page allows its folder",
        "Disallow: /\nAllow: /allowed-slash/index.html",
        {
            "/allowed-slash/": True,
            "/allowed-slash/index.html": True,
            "/allowed-slash/index.htm": False,
            "/allowed-slash": False,
            "/other": False,
        },
    ),
    *_rule("an empty rule says nothing", "Disallow:", {"/": True, "/a": True}),
    *_rule("an empty rule beside another", "Allow:\nDisallow: /a", {"/a": False, "/b": True}),
    *_rule("a rule without a slash matches nothing", "Disallow: fish", {"/fish": True}),
    *_rule("paths have case, lines have none", "dIsAlLoW: /X", {"/X": False, "/x": True}),
    *_rule("white space around all", "  Disallow \t:\t /a \t", {"/a": False, "/b": True}),
    *_rule("no colon", "Disallow /a", {"/a": False, "/b": True}),
    *_rule(
        "slips",
        "Dissallow: /a\nDisalow: /b\nDisallaw: /c",
        {"/a": False, "/b": False, "/c": False, "/d": True},
    ),
    *_rule(
        "unknown lines",
        "Request-rate: 1/5\nHost: paper.example\nDisallow: /a",
        {"/a": False, "/b": True},
    ),
    *_rule("a dollar within is a letter", "Disallow: /a$b", {"/a$b": False, "/a": True}),
    *_rule("parameters", "Disallow: /*;sid=", {"/a;sid=1": False, "/a": True}),
    *_rule(
        "several stars",
        "Disallow: /*/print/*/",
        {"/a/print/b/": False, "/a/print/b": True, "/print/b/": True},
    ),
    *_rule("query anywhere", "Disallow: /*?", {"/a?b": False, "/a": True}),
    Case("CR ends a line", "User-agent: *\rDisallow: /a\r", "/a", False),
    Case("CR and LF end a line", "User-agent: *\r\n\r\nDisallow: /a\r\n", "/a", False),
    Case("no line end at the end", "User-agent: *\nDisallow: /a", "/a", False),
    Case("a byte order mark", b"\xef\xbb\xbfUser-agent: *\nDisallow: /a\n", "/a", False),
    Case(
        "bytes that are no UTF-8", b"User-agent: *\nDisallow: /caf\xe9\nDisallow: /a\n", "/a", False
    ),
    Case(
        "a web page is no robots.txt", "<!doctype html><html><body>User-agent\n</body>", "/a", True
    ),
    Case("empty lines do not part a group", "User-agent: foobot\n\n\nDisallow: /a\n", "/a", False),
    Case(
        "other lines do not part the agents",
        "User-agent: foobot\nSitemap: /s.xml\nUser-agent: bar\nDisallow: /a\n",
        "/a",
        False,
    ),
    Case("one name of two", "User-agent: bar\nUser-agent: foobot\nDisallow: /a\n", "/a", False),
    Case("names have no case", "User-agent: FooBot\nDisallow: /a\n", "/a", False),
    Case("a version behind the name", "User-agent: foobot/2.1\nDisallow: /a\n", "/a", False),
    Case("words behind the name", "User-agent: foobot of the archive\nDisallow: /a\n", "/a", False),
    Case("a longer name is another", "User-agent: foobot-news\nDisallow: /a\n", "/a", True),
    Case("a shorter name is another", "User-agent: foo\nDisallow: /a\n", "/a", True),
    Case("a star with words is for all", "User-agent: * all of you\nDisallow: /a\n", "/a", False),
    Case("a star within a name is not", "User-agent: *bar\nDisallow: /a\n", "/a", True),
    Case(
        "our group alone counts",
        "User-agent: *\nDisallow: /\n\nUser-agent: foobot\nDisallow: /a\n",
        "/b",
        True,
    ),
    Case(
        "our empty group counts", "User-agent: *\nDisallow: /\n\nUser-agent: foobot\n", "/b", True
    ),
    Case("useragent in one word", "useragent: foobot\nDisallow: /a\n", "/a", False),
    Case(
        "a line beyond 500 KiB",
        "User-agent: *\n" + "# filler\n" * 60_000 + "Disallow: /a\n",
        "/a",
        True,
    ),
]

CASES = [*_RFC, *_GOOGLE]
