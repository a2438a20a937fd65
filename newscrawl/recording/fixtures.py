"""Fixtures of web-poet: written as a whole or not at all, and only if they hold at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from scrapy import Spider
from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import BaseSettings
from scrapy.utils.misc import load_object
from web_poet.testing import Fixture
from web_poet.testing.exceptions import (
    ExceptionNotRaised,
    ItemValueIncorrect,
    WrongExceptionRaised,
)
from web_poet.utils import get_fq_class_name

from newscrawl.pages.recorded import RecordedItem
from newscrawl.recording.asking import Asking, arguments_for, keep_nothing_else, reader_for
from newscrawl.recording.choosing import PageClass

FOLDER = "fixtures"
"""Where scrapy-poet puts them if ``SCRAPY_POET_TESTS_DIR`` names no other place."""


class NotKept(Exception):  # noqa: N818 - named as what came of it
    """A page is not kept; the message says why."""


class Recorded(NamedTuple):
    """A fixture, and what is to be said of it."""

    path: Path
    remark: str


def record(
    process: CrawlerProcessBase,
    asked: PageClass,
    base: type[Spider],
    url: str,
    given: Mapping[str, str],
) -> Recorded:
    """Ask for one page as the spider ``base`` would, and keep it as a fixture.

    Raises:
        BadInput: the arguments ``given`` to the spider are wrong.
        NotKept: the page is not kept; nothing was written.
    """
    arguments = arguments_for(base, url, given)
    keep_nothing_else(process.settings)
    asking = Asking(url)
    process.crawl(reader_for(asking, asked, base), **arguments)
    process.start()
    return Recorded(keep(asking, process.settings), asking.remark)


def keep(asking: Asking, settings: BaseSettings) -> Path:
    """Write what a page was read from and what it gave below ``SCRAPY_POET_TESTS_DIR``.

    Raises:
        NotKept: there is nothing to keep, it cannot be written, or the page gives something else
            when it is read again from what is kept.
    """
    page_class = asking.page_class
    if asking.problem or page_class is None:
        raise NotKept(f"{asking.url} {asking.problem}")
    folder = Path(settings.get("SCRAPY_POET_TESTS_DIR") or FOLDER) / get_fq_class_name(page_class)
    try:
        with TemporaryDirectory(prefix=".newscrawl-", dir=_existing(folder)) as draft:
            fixture = _written(asking, settings, Path(draft))
            _check(fixture, page_class, asking)
            return _moved(fixture.path, folder)
    except OSError as error:
        raise NotKept(f"cannot write to {folder}: {error.strerror or error}") from None


def _existing(folder: Path) -> Path:
    """Return the nearest folder above that is there, so that a move there is one step."""
    return next(each for each in (folder, *folder.absolute().parents) if each.is_dir())


def _written(asking: Asking, settings: BaseSettings, draft: Path) -> Fixture:
    named = settings.get("SCRAPY_POET_TESTS_ADAPTER")
    adapter = load_object(named) if named else RecordedItem
    try:
        return Fixture.save(
            draft,
            inputs=asking.inputs,
            item=asking.item,
            exception=asking.exception,
            meta={"adapter": adapter, "frozen_time": asking.at.isoformat(timespec="seconds")},
            fixture_name="draft",
        )
    except TypeError as error:
        raise NotKept(
            f"{asking.url} gives what JSON cannot hold: {error}; "
            "SCRAPY_POET_TESTS_ADAPTER names the adapter that writes it"
        ) from None


def _check(fixture: Fixture, page_class: PageClass, asking: Asking) -> None:
    """See that the fixture is a test that passes: nothing may hang on what is not kept."""
    again = "gives something else when it is read again from what would be kept"
    try:
        if asking.exception is not None:
            fixture.assert_toitem_exception(page_class)
        else:
            fixture.assert_full_item_correct(page_class)
    except ItemValueIncorrect as error:
        now, then = map(json.loads, error.args)
        names = sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
        raise NotKept(f"{asking.url} {again}: {', '.join(names)}") from None
    except (ExceptionNotRaised, WrongExceptionRaised):
        raise NotKept(f"{asking.url} {again}: no {type(asking.exception).__name__}") from None
    except Exception as error:
        raise NotKept(f"{asking.url} {again}: {type(error).__name__}: {error}") from error


def _moved(draft: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    names = (folder / f"test-{number}" for number in count(1))
    return draft.rename(next(each for each in names if not each.exists()))
