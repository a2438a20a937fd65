"""A plugin of pytest: says in plain lines what a recorded page should have given, and what it gave.

web-poet 0.24 asks pytest 9.1 and later for a comparison by a private function that is gone, so
that the first field that differs would end the whole session with an internal error.
"""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest
from web_poet.testing.exceptions import FieldValueIncorrect, ItemValueIncorrect

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    failed = call.excinfo
    if failed is not None and isinstance(failed.value, FieldValueIncorrect | ItemValueIncorrect):
        told = pytest.fail.Exception(_told(item.name, *failed.value.args), pytrace=False)
        call.excinfo = pytest.ExceptionInfo.from_exc_info((type(told), told, failed.tb))
    return (yield)


def _told(name: str, got: object, expected: object) -> str:
    """Return both values where each is a line, else the lines that differ."""
    texts = [each if isinstance(each, str) else repr(each) for each in (expected, got)]
    if all("\n" not in each for each in texts):
        return f"{name} is not correct.\nexpected: {texts[0]}\ngot:      {texts[1]}"
    before, after = map(str.splitlines, texts)
    lines = unified_diff(before, after, "expected", "got", lineterm="")
    return "\n".join([f"{name} is not correct.", *lines])
