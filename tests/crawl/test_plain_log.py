"""The log of a crawl in which all is well."""

from __future__ import annotations

import re

from tests.crawl.answering import Answer, answering, front, story

LEVEL = re.compile(r"^\S+ \S+ \[[\w.-]+\] ([A-Z]+):", re.MULTILINE)


def test_no_line_is_above_info_in_the_first_run_and_the_next(crawl):
    pages: dict[str, Answer | str] = {
        "/": front("/pier", "/moved", "/gone"),
        "/pier": story("pier"),
        "/moved": Answer(status=301, headers=(("Location", "/moved/"),)),
        "/moved/": story("moved"),
        "/gone": Answer(status=404),
    }
    with answering(pages) as server:
        for _ in range(2):
            process = crawl.run("site", "-a", f"url={server.url}/")
            assert process.returncode == 0
            assert set(LEVEL.findall(crawl.log)) == {"INFO"}
            assert "WARNING" not in process.stderr
