"""Spider arguments: text from the command line into checked values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from scrapy.settings import BaseSettings

from newscrawl.addresses.address import as_typed, fetch_url
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.arguments.own_arguments import OwnArguments, missing
from newscrawl.mistakes import Mistakes
from newscrawl.pages.judging.signals import SIGNALS
from newscrawl.zones import zone_named

DISCOVER = ("links", "sitemap", "feed", "api")
"""How a site is read that is there; each may be left out."""
ARCHIVE = "archive"
"""How one is read that is gone: out of an archive alone."""
KNOWN = (
    *("url", "sections", "since", "until"),
    *("max_articles", "max_depth", "discover", "browser", "timezone", "archive", "cdx"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a run was asked for. Dates without an offset are UTC.

    ``timezone`` is that of the dates without an offset on the pages. ``archive`` is the address of
    a collection that shows captures, with a slash at its end, and ``cdx`` what lists them: the
    address of a server, or a file.
    """

    urls: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    max_articles: int | None = None
    max_depth: int | None = None
    discover: frozenset[str] = frozenset(DISCOVER)
    browser: bool = False
    timezone: tzinfo | None = None
    archive: str = ""
    cdx: str = ""

    @classmethod
    def parse(
        cls,
        given: Mapping[str, str],
        *,
        required: Collection[str] = (),
        own: OwnArguments | None = None,
        taken: Collection[str] = (),
    ) -> Arguments:
        """Read arguments as given with ``-a NAME=VALUE``; those of the spider's ``own`` are let be.

        ``taken`` are names of the spider's code, which no argument can have.

        Those of services, see :func:`passed`, are passed over.

        Raises:
            BadInput: some are unknown, missing or malformed; each is named.
        """
        own = own or OwnArguments()
        mistakes = Mistakes(own.unknown(given, KNOWN, taken))
        given = own.defaults | dict(given)
        lacking = [name for name in required if own.takes_ours and not given.get(name)]
        mistakes += map(missing, lacking)
        given = {name: value for name, value in given.items() if name not in lacking}
        trying = mistakes.trying
        arguments = cls(
            urls=trying((), _urls, given, "url"),
            sections=trying((), _values, given, "sections"),
            since=trying(None, _date, given, "since"),
            until=trying(None, _date, given, "until"),
            max_articles=trying(None, _positive, given, "max_articles", least=1),
            max_depth=trying(None, _positive, given, "max_depth", least=0),
            discover=trying(frozenset(), _ways, given, "discover"),
            browser=trying(None, _choice, given, "browser", ("never", "auto")) == "auto",
            timezone=trying(None, _zone, given, "timezone"),
            archive=trying("", _archive, given),
            cdx=given.get("cdx", ""),
        )
        if arguments.since and arguments.until and arguments.since >= arguments.until:
            mistakes.append("spider argument 'until' must be later than 'since'")
        mistakes += arguments._unfit_for_archive(given)
        mistakes.tell()
        return arguments

    def _unfit_for_archive(self, given: Mapping[str, str]) -> Iterator[str]:
        """Yield what does not go together with an archive, or without one."""
        if ARCHIVE not in self.discover:
            yield from (
                f"spider argument {name!r} is for discover={ARCHIVE}"
                for name in ("archive", "cdx")
                if name in given
            )
            return
        if len(self.discover) > 1:
            yield f"discover={ARCHIVE} stands alone: a site is read out of an archive, or where it is"
        if "archive" not in given:
            yield f"discover={ARCHIVE} needs archive=, the address of a collection that shows captures"
        yield from (
            f"spider argument {name!r} has no meaning with discover={ARCHIVE}"
            for name in ("sections", "max_depth", "browser")
            if name in given
        )


def _values(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    values = tuple(value.strip() for value in given.get(name, "").split(",") if value.strip())
    if name in given and not values:
        raise ValueError(f"spider argument {name!r} is empty")
    return values


def _urls(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    mistakes = Mistakes()
    urls = tuple(mistakes.trying("", _url, each) for each in _values(given, name))
    mistakes.tell()
    return urls


def _url(url: str) -> str:
    try:
        return fetch_url(as_typed(url))
    except UnfetchableURL as error:
        raise ValueError(f"spider argument 'url' is not a web address: {url!r} ({error})") from None


def _date(given: Mapping[str, str], name: str) -> datetime | None:
    return date_of(given[name], f"spider argument {name!r}") if name in given else None


def date_of(text: str, what: str) -> datetime:
    """Return a date as a user writes it, UTC where it has no offset.

    Raises:
        ValueError: it is no ISO 8601 date; the message names ``what``.
    """
    try:
        date = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{what} is not an ISO 8601 date: {text!r}; write e.g. 2025-10-09"
        ) from None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)


def _zone(given: Mapping[str, str], name: str) -> tzinfo | None:
    return zone_of(given[name], f"spider argument {name!r}") if name in given else None


def zone_of(text: str, what: str) -> tzinfo:
    """Return a time zone as a user writes it.

    Raises:
        ValueError: there is none of that name; the message names ``what``.
    """
    zone = zone_named(text)
    if zone is None:
        raise ValueError(f"{what} is no time zone: {text!r}; write e.g. Europe/Berlin or +02:00")
    return zone


def _ways(given: Mapping[str, str], name: str) -> frozenset[str]:
    values = _values(given, name) or DISCOVER
    Mistakes(
        f"spider argument {name!r} knows no {value!r}; there are: {', '.join((*DISCOVER, ARCHIVE))}"
        for value in values
        if value not in (*DISCOVER, ARCHIVE)
    ).tell()
    return frozenset(values)


def _archive(given: Mapping[str, str]) -> str:
    url = given.get("archive", "")
    try:
        address = fetch_url(url) if url else ""
    except UnfetchableURL as error:
        raise ValueError(
            f"spider argument 'archive' is not a web address: {url!r} ({error})"
        ) from None
    return f"{address.rstrip('/')}/" if address else ""


def _choice(given: Mapping[str, str], name: str, choices: Collection[str]) -> str | None:
    if name in given and given[name] not in choices:
        raise ValueError(
            f"spider argument {name!r} is none of {', '.join(choices)}: {given[name]!r}"
        )
    return given.get(name)


def _positive(given: Mapping[str, str], name: str, *, least: int) -> int | None:
    if name not in given:
        return None
    text = given[name].strip()
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise ValueError(
            f"spider argument {name!r} is not a whole number from {least}: {given[name]!r}"
        )
    return int(text)


def signals_named(settings: BaseSettings) -> frozenset[str]:
    """Return the signals of pages that ``NEWSCRAWL_OBEY_SIGNALS`` says to obey.

    Raises:
        BadInput: it names some that there are not.
    """
    named = settings.getlist("NEWSCRAWL_OBEY_SIGNALS")
    found = frozenset(name.strip().lower() for name in named if name.strip())
    Mistakes(
        f"NEWSCRAWL_OBEY_SIGNALS knows no {each!r}; there are: {', '.join(SIGNALS)}"
        for each in sorted(found.difference(SIGNALS))
    ).tell()
    return found
