from __future__ import annotations

import pytest
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, ResponseDataLossError
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from newscrawl.failures import outcome_of
from newscrawl.outcomes import (
    NotModified,
    NotText,
    Outcome,
    OutOfScope,
    Redirected,
    RobotsForbidden,
    TooManyRedirects,
    Truncated,
    UnaskedNotModified,
)


def answered(status: int, **headers: str) -> HttpError:
    return HttpError(Response("https://daily.example/a", status=status, headers=headers))


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (answered(404), Outcome.GONE, "Http404"),
        (answered(410), Outcome.GONE, "Http410"),
        (answered(403), Outcome.FAILED, "Http403"),
        (answered(503), Outcome.FAILED, "Http503"),
        (answered(401), Outcome.FAILED, "Http401"),
        (
            answered(401, **{"WWW-Authenticate": 'Basic realm="members"'}),
            Outcome.REJECTED,
            "PasswordProtected",
        ),
        (NotModified(), Outcome.UNCHANGED, "NotModified"),
        (RobotsForbidden(), Outcome.REFUSED, "RobotsForbidden"),
        (NotText(), Outcome.REFUSED, "NotText"),
        (OutOfScope(), Outcome.REFUSED, "OutOfScope"),
        (TooManyRedirects(), Outcome.FAILED, "TooManyRedirects"),
        (DownloadCancelledError(), Outcome.REFUSED, "TooLarge"),
        (ResponseDataLossError(), Outcome.FAILED, "Truncated"),
        (Truncated(), Outcome.FAILED, "Truncated"),
        (UnaskedNotModified(), Outcome.FAILED, "UnaskedNotModified"),
        (DownloadTimeoutError(), Outcome.FAILED, "DownloadTimeoutError"),
        (ConnectionError(), Outcome.FAILED, "ConnectionError"),
    ],
    ids=lambda value: str(value) if isinstance(value, (Outcome, str)) else "",
)
def test_the_outcome_of_a_failure(error, outcome, reason):
    assert outcome_of(Failure(error)) == (outcome, reason)


def test_a_redirect_tells_where_to():
    failure = Failure(Redirected("https://daily.example/b"))
    assert outcome_of(failure) == (Outcome.REDIRECTED, "https://daily.example/b")
