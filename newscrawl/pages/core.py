"""Whether pages are read by the compiled core or in Python: decided here, once a process.

The core is optional (``hatch_build.py``), and both give the same. It is left alone where the
environment says ``NEWSCRAWL_PURE=1``, and where another lxml is installed than it was compiled for:
it reads the structures of lxml and of libxml2 themselves, which a release with another minor number
may lay out anew. In a checkout it is left alone where its sources have changed since.
"""

from __future__ import annotations

import os
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

if TYPE_CHECKING:
    from types import ModuleType

PURE = "NEWSCRAWL_PURE"
"""Of the environment; ``1`` turns the core off."""


class Core(NamedTuple):
    """The compiled module, or ``None`` and why not."""

    compiled: ModuleType | None
    reason: str = ""


def loaded() -> Core:
    """Load the core if it is there and fits."""
    if os.environ.get(PURE) == "1":
        return Core(None, f"{PURE}=1")
    try:
        compiled = import_module("newscrawl.pages._core")
    except ModuleNotFoundError:
        return Core(None, "no core was compiled")
    except (ImportError, TypeError, ValueError) as error:
        return Core(None, f"the core does not load: {error}")
    return fitting(compiled, sources_of(Path(__file__).parent))


def sources_of(room: Path) -> str:
    """Return a hash of the sources of the core; empty where there are none beside it."""
    files = sorted(room.glob("_core*.p[yx][xi]"))
    return sha256(b"".join(each.read_bytes() for each in files)).hexdigest() if files else ""


def fitting(compiled: ModuleType, sources: str = "") -> Core:
    """Return a core that fits what is installed, and its own sources, of which it may be an older one."""
    if sources and sources != compiled.BUILT_FROM:
        return Core(None, "the core was compiled from other sources: install newscrawl again")
    installed = _dotted(etree.LXML_VERSION), _dotted(etree.LIBXML_VERSION)
    for name, of_core, here in zip(("lxml", "libxml2"), compiled.BUILT_FOR, installed, strict=True):
        if of_core.split(".")[:2] != here.split(".")[:2]:
            return Core(None, f"the core was compiled for {name} {of_core}, and {here} is here")
    return Core(compiled)


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version[:3]))


CORE = loaded()
