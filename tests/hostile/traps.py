"""Pages that lead to more of their kind, without end and without an article."""

from __future__ import annotations

from collections.abc import Callable

TRAPS: dict[str, Callable[[str], bytes]] = {
    "calendar-trap": lambda target: _steps(target, lambda n: f"/calendar-trap/{n + 1}"),
    "facet-trap": lambda target: _steps(target, lambda n: f"/facet-trap/1?size={n}&colour={n * 3}"),
    "session-trap": lambda target: _steps(target, lambda n: f"/session-trap/{n * 7919 % 99991}"),
    "page-trap": lambda target: _steps(target, lambda n: f"/page-trap/page/{n + 1}/"),
    "path-trap": lambda target: _steps(target, lambda n: "/path-trap" + "/again" * (n % 40 + 1)),
}


def _steps(target: str, following: Callable[[int], str]) -> bytes:
    digits = "".join(filter(str.isdecimal, target)) or str(len(target))
    number = int(digits[-7:])
    links = "".join(
        f'<article><h2><a href="{following(number + step)}">Another day in the archive, {number + step}</a></h2></article>'
        for step in range(1, 9)
    )
    return f"<html><head><title>Archive</title></head><body><main>{links}</main></body></html>".encode()
