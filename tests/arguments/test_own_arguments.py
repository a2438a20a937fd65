"""What a spider takes beside the arguments of every spider."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import new_class
from typing import Annotated, Any, ClassVar, Literal, NewType, Optional

import pytest
from scrapy.utils.test import get_crawler

from newscrawl.arguments.annotations import Unfit, is_readable, read
from newscrawl.mistakes import BadInput
from newscrawl.spiders.news import NewsSpider


class Tide(Enum):
    EBB = "out"
    FLOOD = "in"


Desk = NewType("Desk", str)


@pytest.mark.parametrize(
    ("text", "hint", "value"),
    [
        ("-3", int, -3),
        ("2.5", float, 2.5),
        ("2.50", Decimal, Decimal("2.50")),
        ("Yes", bool, True),
        ("0", bool, False),
        ("a, b", str, "a, b"),
        ("2025-10-09", date, date(2025, 10, 9)),
        ("2025-10-09T06:00", datetime, datetime(2025, 10, 9, 6)),  # noqa: DTZ001 - as it is written
        ("out", Tide, Tide.EBB),
        ("FLOOD", Tide, Tide.FLOOD),
        ("2", Literal[1, 2], 2),
        ("a, b,", list[str], ["a", "b"]),
        ("1,2", tuple[int, ...], (1, 2)),
        ("1,2", Sequence[int], [1, 2]),
        ("a,a", set[str], {"a"}),
        ("", Optional[int], None),  # noqa: UP045 - as some write it
        ("none", int | None, None),
        ("7", int | None, 7),
        ("seven", int | str, "seven"),
        ("/tmp/x", Path, Path("/tmp/x")),
        ('{"a": 1}', dict[str, int], {"a": 1}),
        ("local", Desk, "local"),
        ("4", Annotated[int, "counted"], 4),
        ("anything", Any, "anything"),
        ("anything", object, "anything"),
    ],
)
def test_a_text_becomes_what_its_annotation_names(text, hint, value):
    assert read(text, hint) == value


@pytest.mark.parametrize(
    ("text", "hint", "wanted"),
    [
        ("1.5", int, "a whole number"),
        ("nan", float, "a number"),
        ("maybe", bool, "true or false"),
        ("today", date, "an ISO 8601 date"),
        ("up", Tide, "one of out, in"),
        ("3", Literal[1, 2], "one of 1, 2"),
        ("1,b", list[int], "a whole number, or several"),
        ("x", int | float | None, "a whole number or a number"),
        ("[1]", dict, "a JSON object"),
    ],
)
def test_a_text_that_is_no_such_value_is_told_what_is_wanted(text, hint, wanted):
    with pytest.raises(Unfit, match=wanted):
        read(text, hint)


def test_what_no_text_can_be_is_no_argument():
    assert not is_readable(object)
    assert not is_readable(Mapping)
    assert is_readable(int | None)


class Regional(NewsSpider):
    name = "regional"
    start_urls = ["https://daily.example/"]
    edition: int = 1
    shared: ClassVar[int] = 1
    client: object = None

    def __init__(self, region: str, limit: int = 5, **given: Any) -> None:
        super().__init__(**given)
        self.region, self.limit = region, limit


class Local(Regional):
    max_depth = 2

    def __init__(self, **given: Any) -> None:
        super().__init__("north", **given)


class Closed(NewsSpider):
    name = "closed"

    def __init__(self, region: str = "north") -> None:
        super().__init__(url="https://daily.example/")
        self.region = region


def made(spider: type[NewsSpider], **given: Any) -> Any:
    spider.parse_arguments(dict(given))
    return spider.from_crawler(get_crawler(spider), **given)


def test_values_reach_init_and_attributes_by_their_annotations():
    spider = made(Regional, region="south", limit="7", edition="3", max_articles="2", other="any")
    assert (spider.region, spider.limit, spider.edition, spider.max_articles) == ("south", 7, 3, 2)
    assert spider.other == "any"


def test_a_run_keeps_them_as_given_without_those_of_the_machine():
    spider = made(Regional, region="south", limit="7", _job="4f2a")
    assert spider.arguments == {"region": "south", "limit": "7"}
    assert spider._job == "4f2a"


def test_a_script_gives_values_as_they_are():
    spider = Regional.from_crawler(
        get_crawler(Regional),
        region="south",
        max_articles=2,
        sections=["a", "b"],
        since=date(2025, 3, 1),
    )
    assert (spider.max_articles, spider.gate.sections) == (2, frozenset({"a", "b"}))
    assert spider.arguments["since"] == "2025-03-01"


def test_what_a_class_sets_is_the_default_of_an_argument():
    assert made(Local).max_depth == 2
    assert made(Local, max_depth="0").max_depth == 0


def test_only_the_outermost_init_can_lack_an_argument():
    assert made(Local).region == "north"
    with pytest.raises(BadInput, match="'region' is missing; add -a region="):
        Regional.parse_arguments({})


@pytest.mark.parametrize(
    ("spider", "given", "told"),
    [
        (Local, {"shard": "1", "editoin": "2"}, "'editoin'; did you mean 'edition'"),
        (Local, {"parse": "x"}, "unknown spider argument 'parse'"),
        (Closed, {"since": "2025-01-01"}, "unknown spider argument 'since'; there are: region"),
        (NewsSpider, {"colour": "red"}, "unknown spider argument 'colour'; there are: url"),
    ],
)
def test_what_nobody_takes_is_refused(spider, given, told):
    with pytest.raises(BadInput, match=told):
        spider.parse_arguments(given)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(BadInput) as raised:
        Regional.parse_arguments({"limit": "x", "since": "y"})
    assert len(raised.value.mistakes) == 3


def test_the_model_of_a_library_of_parameters_is_heeded():
    pydantic = pytest.importorskip("pydantic")
    metadata = pytest.importorskip("scrapy_spider_metadata")
    model = pydantic.create_model("Parameters", pages=(int, ...), kind=(Literal["x", "y"], "x"))
    bases = (metadata.Args[model], NewsSpider)
    spider: Any = new_class(
        "Modelled", bases, exec_body=lambda names: names.update(name="modelled")
    )
    assert made(spider, pages="3").args.pages == 3
    for given, told in (
        ({}, "'pages' is missing"),
        ({"pages": "some"}, "'pages' is wrong: .*valid integer.*'some'"),
        ({"pages": "3", "pagse": "3"}, "did you mean 'pages'"),
    ):
        with pytest.raises(BadInput, match=told):
            spider.parse_arguments(given)
