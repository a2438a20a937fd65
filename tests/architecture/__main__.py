"""``python -m tests.architecture``: the size of the house, and its faults by name."""

from __future__ import annotations

import sys

from tests.architecture.house import (
    circles,
    functions,
    lines,
    modules,
    rooms,
    upward,
    without_docstring,
)

LONGEST = 10


def main() -> int:
    sizes = {room: len(inside) for room, inside in rooms().items()}
    fullest = max(sizes, key=lambda room: sizes[room])
    largest = max(modules(), key=lines)
    longest = functions()[:LONGEST]
    for function in longest:
        print(f"{function.lines:4} lines  {function.name}")
    faults = {
        "circles": [" <-> ".join(circle) for circle in circles()],
        "upward imports": [f"{module} -> {other}" for module, other in upward()],
        "modules without docstring": without_docstring(),
    }
    for name, found in faults.items():
        for each in found:
            print(f"{name}: {each}")
    print(f"rooms: {len(sizes)}")
    print(f"files: {len(modules())}")
    print(f"fullest room: {fullest}, {sizes[fullest]} files")
    print(f"largest file: {largest}, {lines(largest)} lines")
    print(f"largest function: {longest[0].name}, {longest[0].lines} lines")
    for name, found in faults.items():
        print(f"{name}: {len(found)}")
    return int(any(faults.values()))


if __name__ == "__main__":
    sys.exit(main())
