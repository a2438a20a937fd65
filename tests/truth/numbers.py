"""Whether every number that is shown of one crawl is the same wherever it is shown."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pyarrow import parquet

from newscrawl.schedule.metrics import LedgerCollector
from newscrawl.store.database import connect
from tests.crawl.crawling import ALWAYS_DUE, Crawl
from tests.demo.serving import DemoServer, run_demo

Shown = Iterator[tuple[str, str, Any]]
"""A surface, the name of a number, and the number as it is shown there."""
NUMBER = r"([\d,]+)"


def truth(crawl: Crawl) -> dict[str, Any]:
    """Count what is stored with SQL of its own."""
    with closing(sqlite3.connect(crawl.folder / "newscrawl.db")) as database:

        def one(query: str) -> int:
            return int(database.execute(query).fetchone()[0])

        run = one("SELECT max(id) FROM runs")
        outcomes = "SELECT outcome, count(*) FROM visits {} GROUP BY outcome"
        return {
            "articles": one("SELECT count(*) FROM articles WHERE duplicate_of IS NULL"),
            "copies": one("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL"),
            "earlier revisions": one("SELECT count(*) FROM revisions"),
            "known": one("SELECT count(*) FROM pages"),
            "queued": one("SELECT count(*) FROM pages WHERE state = 'queued'"),
            "done": one("SELECT count(*) FROM pages WHERE state = 'done'"),
            "failed": one("SELECT count(*) FROM pages WHERE state = 'done' AND outcome = 'failed'"),
            "visits": one(f"SELECT count(*) FROM visits WHERE run = {run}"),
            "outcomes": dict(database.execute(outcomes.format(f"WHERE run = {run}"))),
            "outcomes of all runs": dict(database.execute(outcomes.format(""))),
        }


def integer(text: str) -> int:
    return int(text.replace(",", ""))


def numbers(surface: str, text: str, **patterns: str) -> Shown:
    """Yield what a text says by patterns with one group; what is missing is -1."""
    for name, pattern in patterns.items():
        found = re.search(pattern.replace("N", NUMBER, 1), text)
        yield surface, name.replace("_", " "), integer(found[1]) if found else -1


def words(surface: str, text: str) -> Shown:
    total = r"In all: [\d,]+ articles? and N cop(?:y|ies)[.]"
    yield from numbers(surface, text, articles="In all: N article", copies=total)


def of_closing(text: str) -> Shown:
    rows = dict(re.findall(rf"^│ (\w+) +│ +{NUMBER} │", text, re.MULTILINE))
    yield "table", "visits", integer(rows.pop("visited"))
    yield "table", "queued", integer(rows.pop("queued"))
    yield "table", "outcomes", {name: integer(number) for name, number in rows.items()}
    yield from numbers(
        "verdict",
        text,
        known="N URLs known",
        queued="= N queued",
        done="N done;",
        visits="= N visits",
        new_articles=": N new article",
    )
    yield from words("paragraph", text)


def of_account(crawl: Crawl) -> Shown:
    account = json.loads((crawl.folder / "account.json").read_text())
    yield "account", "articles", account["stored"]["articles"]
    yield "account", "copies", account["stored"]["copies"]
    yield "account", "earlier revisions", account["stored"]["revisions"]
    yield "account", "new articles", account["new"]["articles"]
    yield "account", "outcomes", account["outcomes"]
    yield "account", "known", account["ledger"]["rows"]
    yield "account", "queued", account["ledger"]["queued"]
    yield "account", "done", account["ledger"]["done"]
    yield "account", "visits", account["ledger"]["visits"]
    yield "account, by why", "queued", sum(account["queued"].values())


def of_runs(crawl: Crawl) -> Shown:
    text = crawl.do("runs").stdout
    (last,) = re.findall(r"^│ +\d+ │.*│ ([a-z]+ \d.*?) +│$", text, re.MULTILINE)[:1]
    told = (each.rsplit(" ", 1) for each in last.split(", "))
    yield "runs", "outcomes", {name: integer(number) for name, number in told}
    yield from words("runs, the words", text)
    plain = json.loads(crawl.do("runs", "--json").stdout)[0]
    yield "runs --json", "outcomes", plain["outcomes"]
    yield "runs --json", "articles", plain["account"]["stored"]["articles"]


def of_audit(crawl: Crawl, server: DemoServer) -> Shown:
    text = crawl.do("audit", server.url).stdout
    yield from numbers(
        "audit", text, articles="Stored: N articles?", copies="articles?, N cop(?:y|ies)"
    )
    plain = json.loads(crawl.do("audit", server.url, "--json").stdout)
    for name in ("articles", "copies", "earlier_revisions"):
        yield "audit --json", name.replace("_", " "), plain[name]


def of_report(crawl: Crawl) -> Shown:
    crawl.do("report", "-o", "report.html")
    page = (crawl.folder / "report.html").read_text()
    tiles = {name: f"<b>N</b> {name}<" for name in ("articles", "queued", "failed")}
    yield from numbers("report", page, **tiles, copies="<b>N</b> copies of them<")
    yield from numbers("report", page, known="<b>N</b> URLs known<")
    yield from numbers("report", page, earlier_revisions="<b>N</b> earlier revisions<")
    site, *_ = re.findall(r'id="rows-sites">\s*<tr[^>]*>(.*?)</tr>', page, re.DOTALL)
    cells = cells_of(site)
    yield "report, sites", "articles", integer(cells[1])
    yield "report, sites", "copies", integer(cells[2])
    run, *_ = re.findall(r'id="rows-runs">\s*<tr[^>]*>(.*?)</tr>', page, re.DOTALL)
    cells = cells_of(run)
    yield "report, runs", "new articles", integer(cells[6])
    yield "report, runs", "visits", integer(cells[7])
    yield from words("report, the words", page)


def cells_of(row: str) -> list[str]:
    """Return the texts of the cells of a row, without links and bars."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [re.sub(r"<[^>]*>", "", cell) for cell in cells]


def of_exports(crawl: Crawl) -> Shown:
    files = ("all.csv", "all.jsonl", "all.parquet")
    for options in ((), ("--with-copies",)):
        crawl.do("export", *files, *options)
        with (crawl.folder / "all.csv").open(newline="") as file:
            rows = list(csv.DictReader(file))
        lines = (crawl.folder / "all.jsonl").read_text().splitlines()
        card = (crawl.folder / "README.md").read_text()
        name = "articles and copies" if options else "articles"
        yield "CSV", name, len(rows)
        yield "JSON Lines", name, len(lines)
        yield "Parquet", name, parquet.read_metadata(crawl.folder / "all.parquet").num_rows
        yield from ((f"card {where}", name, number) for where, _, number in of_card(card))
        if options:
            yield "CSV", "copies", sum(row["duplicate_of"] != "" for row in rows)
            yield from numbers("card", card, copies="N of them .* are copies")


def of_card(card: str) -> Shown:
    yield from numbers("rows", card, head="num_rows: N", body="N rows[,;]")


def of_log(crawl: Crawl) -> Shown:
    last = {line["id"]: line["duplicate_of"] for line in crawl.lines()}
    yield "log", "articles", sum(copy is None for copy in last.values())
    yield "log", "copies", sum(copy is not None for copy in last.values())


def of_metrics(crawl: Crawl) -> Shown:
    engine = connect(crawl.database)
    found: dict[str, Counter[str]] = {}
    for family in LedgerCollector(engine).collect():
        for sample in family.samples:
            of_family = found.setdefault(family.name, Counter())
            of_family[sample.labels.get("outcome", "")] += int(sample.value)
    engine.dispose()
    yield "metrics", "outcomes of all runs", dict(found["newscrawl_visits"])
    yield "metrics", "queued", found["newscrawl_queued_pages"].total()


def shown(crawl: Crawl, server: DemoServer, closing_text: str) -> Shown:
    yield from of_closing(closing_text)
    yield from of_account(crawl)
    yield from of_runs(crawl)
    yield from of_audit(crawl, server)
    yield from of_report(crawl)
    yield from of_exports(crawl)
    yield from of_log(crawl)
    yield from of_metrics(crawl)


def compared(crawl: Crawl, server: DemoServer, said: str, before: int) -> tuple[int, list[str]]:
    """Return how many articles there are, and each number that is shown otherwise than it is."""
    true = truth(crawl)
    true["articles and copies"] = true["articles"] + true["copies"]
    true["new articles"] = true["articles"] - before
    wrong = [
        f"{surface}: {name} {number}, but {true[name]}"
        for surface, name, number in shown(crawl, server, said)
        if number != true[name]
    ]
    return true["articles"], wrong


def measure(cases: int, tell: Callable[[str], None]) -> list[str]:
    """Crawl a site of so many articles three times: cut short, whole, and after edits."""
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        crawl = Crawl(Path(folder))
        account = {"NEWSCRAWL_ACCOUNT": f"{folder}/account.json"}
        stored, port = 0, 0
        for generation, limit in ((0, ("-a", f"max_articles={cases // 3}")), (0, ()), (1, ())):
            with run_demo(articles=cases, generation=generation, port=port) as server:
                port = int(server.url.rpartition(":")[2])
                ended = crawl.run(
                    "site", "-a", f"url={server.url}/", *limit, **account, **ALWAYS_DUE
                )
                stored, found = compared(crawl, server, ended.stderr, stored)
            wrong += found
        tell(f"numbers: {stored} articles after three runs")
    return wrong
