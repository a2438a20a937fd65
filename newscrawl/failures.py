"""From a failed request to its outcome and reason."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, ResponseDataLossError
from scrapy.spidermiddlewares.httperror import HttpError

from newscrawl.outcomes import (
    NotModified,
    Outcome,
    PasswordProtected,
    ProxyFailed,
    Redirected,
    TooManyRedirects,
    Trap,
    Truncated,
)

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

GONE = frozenset({404, 410})


def outcome_of(failure: Failure) -> tuple[Outcome, str]:
    """Return the outcome of a request that never reached its callback, and why.

    The reason is a class name, after a colon what it points to.
    """
    return outcome_of_error(failure.value)


def outcome_of_error(error: BaseException | None) -> tuple[Outcome, str]:
    """Return the outcome that an error stands for, as :func:`outcome_of`."""
    match error:
        case HttpError() if _asks_for_password(error.response):
            outcome, reason = Outcome.REJECTED, PasswordProtected.__name__
        case HttpError():
            status = error.response.status
            outcome = Outcome.GONE if status in GONE else Outcome.FAILED
            reason = f"Http{status}"
        case Redirected():
            outcome, reason = Outcome.REDIRECTED, error.location
        case NotModified():
            outcome, reason = Outcome.UNCHANGED, "NotModified"
        case TooManyRedirects():
            outcome, reason = Outcome.FAILED, "TooManyRedirects"
        case DownloadCancelledError():
            outcome, reason = Outcome.REFUSED, "TooLarge"
        case ResponseDataLossError():
            outcome, reason = Outcome.FAILED, Truncated.__name__
        case Trap() | ProxyFailed():
            outcome = Outcome.REFUSED if isinstance(error, Trap) else Outcome.FAILED
            reason = f"{type(error).__name__}: {error}"
        case IgnoreRequest():
            outcome, reason = Outcome.REFUSED, type(error).__name__
        case _:
            outcome, reason = Outcome.FAILED, name_of(error)
    return outcome, reason


def _asks_for_password(response: Response) -> bool:
    """Whether a server asks who is there; a 401 that names no way to say it is a refusal."""
    return response.status == HTTPStatus.UNAUTHORIZED and b"WWW-Authenticate" in response.headers


def name_of(error: BaseException | None) -> str:
    """Return the name of an error's class, with its module where that alone says nothing."""
    kind = type(error)
    return kind.__name__ if kind.__name__[:1].isupper() else f"{kind.__module__}.{kind.__name__}"
