"""Which differences of two visits are a revision, and which a page makes by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from newscrawl.dedup.counters import without_counters
from newscrawl.dedup.signatures import revision_hash
from newscrawl.items import Article
from newscrawl.pipelines.clean import clean

PROSE = "The harbour reopened on Friday, after a week of storms."
ARTICLE = Article(
    url="https://quay.test/a",
    headline="Harbour reopens",
    published=datetime(2025, 3, 1, 8, tzinfo=UTC),
    text=PROSE,
)


def signature(text: str, **values: Any) -> str:
    return revision_hash(clean(replace(ARTICLE, text=text, **values)))


def pair(name: str, before: str, after: str):
    return pytest.param(before, after, id=name)


COUNTERS = [
    pair("views", "1,204 views", "1,317 views"),
    pair("comments", "12 comments", "13 comments"),
    pair("one comment", "1 Comment", "2 Comments"),
    pair("no comments", "No comments yet", "3 comments"),
    pair("the first to comment", "Be the first to comment", "1 comment"),
    pair("a label before", "Views: 1,204", "Views: 1,317"),
    pair("brackets", "Comments (12)", "Comments (13)"),
    pair("WordPress's plugin", "Post Views: 1,204", "Post Views: 1,317"),
    pair("shares in thousands", "1.2K shares", "1.3K shares"),
    pair("shared so many times", "Shared 24 times", "Shared 30 times"),
    pair("buttons", "Share 24 Tweet 12", "Share 25 Tweet 13"),
    pair("several", "24 shares 12 likes 3 comments", "25 shares 14 likes 3 comments"),
    pair("with bars", "Views: 1,204 | Comments: 3", "Views: 1,304 | Comments: 4"),
    pair("readers now", "35 readers now", "20 readers now"),
    pair("reading now", "35 people are reading this now", "1 person is reading this now"),
    pair("read by", "Read by 2,341 people", "Read by 2,399 people"),
    pair("an icon", "👁 1,204", "👁 1,317"),
    pair("a number over its label", "1,204\n\nViews", "1,317\n\nViews"),
    pair("a label over its number", "Shares\n\n24", "Shares\n\n25"),
    pair("an age", "Updated 5 minutes ago", "Updated 2 hours ago"),
    pair("an age in short", "Updated 5 min. ago", "5 h ago"),
    pair("an age of words", "an hour ago", "just now"),
    pair("an age as a sentence", "Updated 5 minutes ago.", "Updated 9 minutes ago."),
    pair("a clock", "Last updated: 14:05", "Last updated: 15:10"),
    pair(
        "a date and a clock",
        "Updated 9 October 2025, 14:05 GMT",
        "Updated 10 October 2025, 8:05 GMT",
    ),
    pair("minutes to read", "3 min read", "4 min read"),
    pair("a time of reading", "Reading time: 3 minutes", "Reading time: 4 minutes"),
    pair("from and to", "Estimated reading time: 3-4 minutes", "Estimated reading time: 5 minutes"),
    pair("a countdown", "3 days 4 hours left", "2 days 23 hours left"),
    pair("German", "12 Kommentare", "13 Kommentare"),
    pair("German age", "vor 5 Minuten", "vor 2 Stunden"),
    pair("German time of reading", "Lesezeit: 3 Min.", "Lesezeit: 4 Min."),
    pair("French", "1 204 vues", "1 317 vues"),
    pair("French age", "il y a 5 minutes", "il y a 2 heures"),
    pair("Spanish", "hace 5 minutos · 12 comentarios", "hace 2 horas · 14 comentarios"),
    pair("Portuguese", "3 min de leitura", "4 min de leitura"),
    pair("Italian", "12 commenti", "14 commenti"),
    pair("Dutch", "5 minuten geleden", "2 uur geleden"),
    pair("Russian", "1204 просмотра", "1317 просмотров"),
    pair("Russian age", "5 минут назад", "2 часа назад"),
    pair("Chinese", "5分钟前", "2小时前"),
    pair("Japanese", "12件のコメント", "14件のコメント"),
]


@pytest.mark.parametrize(("before", "after"), COUNTERS)
def test_counters_in_lines_of_their_own_make_no_revision(before, after):
    both = [f"{before}\n\n{PROSE}\n\n{before}", f"{after}\n\n{PROSE}\n\n{after}"]
    assert len(set(map(signature, [*both, PROSE]))) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pair("in a byline", f"By Ada Quill · 3 min read · 12 comments\n\n{PROSE}",
             f"By Ada Quill · 4 min read\n\n{PROSE}"),
        pair("in a byline without signs", f"By Ada Quill 1,204 views 12 comments\n\n{PROSE}",
             f"By Ada Quill 1,317 views 13 comments\n\n{PROSE}"),
        pair("after the last sentence", f"{PROSE} 1,204 views", f"{PROSE} 1,317 views"),
        pair("before the first", f"3 min read {PROSE}", f"4 min read {PROSE}"),
        pair("between sentences", f"{PROSE} 12 comments. {PROSE}", f"{PROSE} 13 comments. {PROSE}"),
    ],
)  # fmt: skip
def test_counters_beside_what_is_read_make_no_revision(before, after):
    assert signature(before) == signature(after) != signature("Other words.")


def test_a_counter_in_the_subtitle_makes_no_revision():
    one, other = (signature(PROSE, subtitle=f"All of it · {n} min read") for n in (3, 4))
    assert one == other != signature(PROSE, subtitle="Half of it")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pair("a poll", "Open the quay?\n\nYes 54%\n\nNo 46%\n\n1,203 votes",
             "Open the quay?\n\nYes 55%\n\nNo 45%\n\n1,300 votes"),
        pair("a poll in one line", "Yes 54% No 46%", "Yes 61% No 39%"),
        pair("a poll over lines", "Yes\n\n54%\n\nNo\n\n46%", "Yes\n\n50%\n\nNo\n\n50%"),
        pair("a poll of three", "Red 33.4 %\n\nBlue 33.3 %\n\nGreen 33.3 %",
             "Red 40 %\n\nBlue 30 %\n\nGreen 30 %"),
        pair("a poll in a table", "Yes | 54%\n\nNo | 46%", "Yes | 57%\n\nNo | 43%"),
        pair("a poll of votes", "Red 120 votes\n\nBlue 80 votes", "Red 125 votes\n\nBlue 89 votes"),
        pair("a quote", "ACME 12.34 +0.5 (+1.2%)", "ACME 12.30 -0.1 (-0.2%)"),
        pair("a quote in a table", "ACME | 12.34 | ▲ 0.5%", "ACME | 11.34 | ▼ 0.5%"),
        pair("a tape", "ACME 12.34 +0.5% BETA 45.10 -1.2%", "ACME 12.30 -0.5% BETA 45.11 -1.0%"),
        pair("an index above", "QUAY 18,403.20\n\nACME 12.34 +0.5%", "QUAY 18,500.20\n\nACME 12.1 -0.5%"),
        pair("currencies", "EUR/USD 1.0834", "EUR/USD 1.0900"),
        pair("a delay of quotes", "Quotes delayed 15 minutes", "Quotes delayed 20 minutes"),
        pair("a score", "Harbour 2-1 Town", "Harbour 3-1 Town"),
        pair("a score with a dash", "Harbour 2 – 1 Town", "Harbour 2 – 2 Town"),
        pair("a score with a colon", "Harbour 2:1 Town", "Harbour 3:1 Town"),
        pair("a score in cells", "Harbour | 2 - 1 | Town", "Harbour | 2 - 3 | Town"),
        pair("a live score", "LIVE: Harbour 2-1 Town (67')", "LIVE: Harbour 2-1 Town (80')"),
        pair("a final score", "FT Harbour 2 Town 1", "FT Harbour 2 Town 3"),
        pair("weather", "Harbour 14°C", "Harbour 9°C"),
    ],
)  # fmt: skip
def test_polls_quotes_and_scores_make_no_revision(before, after):
    both = [f"{PROSE}\n\n{before}\n\n{PROSE}", f"{PROSE}\n\n{after}\n\n{PROSE}"]
    assert signature(both[0]) == signature(both[1])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pair("in a sentence", "12 people died in the fire.", "14 people died in the fire."),
        pair("in a short sentence", "12 dead.", "14 dead."),
        pair("in a line", "12 dead", "14 dead"),
        pair("in a list of facts", "Dead: 12", "Dead: 14"),
        pair("in a table", "Dead | 12\n\nHurt | 40", "Dead | 14\n\nHurt | 40"),
        pair("over its label", "12\n\ndead", "14\n\ndead"),
        pair("in a heading", "12 dead in harbour fire", "14 dead in harbour fire"),
        pair("after an update", "Updated figures show 12 dead", "Updated figures show 14 dead"),
        pair("after the word updated", "UPDATED: 12 DEAD", "UPDATED: 14 DEAD"),
        pair("in words", "Three dead", "Four dead"),
        pair("in Chinese", "死者12人", "死者14人"),
        pair("views as news", "The film had 1,204 views in a day.", "The film had 1,304 views in a day."),
        pair("comments as news", "12 comments were read out.", "14 comments were read out."),
        pair("an age as news", "It sank 5 minutes ago, he said.", "It sank 9 minutes ago, he said."),
        pair("a vote as news", "The vote was 54% to 46%.", "The vote was 55% to 45%."),
        pair("a quote as news", "ACME rose 1.2% to 12.34.", "ACME rose 1.3% to 12.34."),
        pair("a score as news", "Harbour beat Town 2-1", "Harbour beat Town 3-1"),
        pair("earnings", "Shr 12 cts vs 14 cts\n\nNet 1.2 mln", "Shr 13 cts vs 14 cts\n\nNet 1.2 mln"),
        pair("rates", "Inflation 3.4%\n\nJobless 5.1%", "Inflation 3.5%\n\nJobless 5.1%"),
        pair("shares as news", "Insider bought 10,000 shares", "Insider bought 12,000 shares"),
        pair("a clock", "Doors open at 14:05 at Harbour Park", "Doors open at 15:05 at Harbour Park"),
    ],
)  # fmt: skip
def test_a_figure_that_somebody_wrote_makes_a_revision(before, after):
    both = [f"{PROSE}\n\n{before}\n\n{PROSE}", f"{PROSE}\n\n{after}\n\n{PROSE}"]
    assert signature(both[0]) != signature(both[1])


MOMENT = datetime(2025, 3, 1, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize("hours", [1, -5, 5.5, 12.75, -11])
def test_the_same_moment_in_another_offset_makes_no_revision(hours):
    there = MOMENT.astimezone(timezone(timedelta(hours=hours)))
    assert signature(PROSE, published=MOMENT) == signature(PROSE, published=there)


def test_the_same_clock_in_another_offset_makes_one():
    there = MOMENT.replace(tzinfo=timezone(timedelta(hours=1)))
    assert signature(PROSE, published=MOMENT) != signature(PROSE, published=there)


def test_a_moment_of_which_no_offset_is_known_counts_as_utc():
    unknown = replace(ARTICLE, published=MOMENT.replace(tzinfo=None))
    assert revision_hash(unknown) == revision_hash(replace(ARTICLE, published=MOMENT))


@pytest.mark.parametrize(
    "unit", ["12 views ", "Updated jan 1 ", "12 345 678 ", "1,", "views 1 ", "a few ", "| ", "1 h "]
)
def test_a_long_line_of_almost_counters_is_read_to_its_end(unit):
    line = (unit * 300)[:239] + "!x"
    assert without_counters(f"{PROSE}\n\n{line}").startswith(PROSE)
