"""What ``newscrawl --version`` says."""

from __future__ import annotations

from lxml import etree

from newscrawl import __version__
from newscrawl.pages.core import CORE


def version() -> str:
    """Our version; whether pages are read by the compiled core, or why not; the version of lxml."""
    core = "compiled core" if CORE.compiled is not None else f"pure Python: {CORE.reason}"
    lxml = ".".join(map(str, etree.LXML_VERSION[:3]))
    return f"newscrawl {__version__} ({core}), lxml {lxml}"
