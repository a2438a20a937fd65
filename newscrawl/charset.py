"""Bytes to text: a declared encoding counts as far as the bytes bear it out.

The order is that of browsers (WHATWG HTML, 13.2.3.2: byte order mark, header, ``meta``), but they
believe all three blindly. Here valid UTF-8 is UTF-8 whatever is declared, since text of another
encoding is next to never valid by chance, and what the bytes contradict is detected.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

import cchardet
from w3lib.encoding import (
    html_body_declared_encoding,
    http_content_type_encoding,
    read_bom,
    resolve_encoding,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 4_096
"""Bytes in which w3lib looks for a declaration."""
FAR_HEAD = 200_000
"""Bytes in which one is looked for where the first have none."""
SAMPLE = 65_536
"""Bytes of non-ASCII text that decide."""
DECLARATION = re.compile(rb"<\s*(?:meta|\?xml)\s[^<>]{0,500}", re.IGNORECASE)
FOREIGN = re.compile(rb"[\x80-\xff][^<>\n]*")
"""Text from its first non-ASCII byte on; no encoding of the web has ``<`` within a character."""
MIN_LETTERS = 12
"""Bytes of letters without which a detection is a guess: quotes and dashes say nothing."""
SURE = 0.6
"""Confidence from which a detection may overrule a declaration that the bytes allow."""
LETTERS = bytes(range(0xC0, 0x100))
"""What are letters, or parts of some, in nearly every encoding."""
TOLERATED = 0.05
"""Share of the non-ASCII characters of a legacy encoding that may be broken."""
DEFAULT = "cp1252"
"""What browsers read undeclared pages as in most locales, and what servers declare unasked."""
LATIN = frozenset(
    {f"cp{number}" for number in (1250, 1252, 1254, 1257, 1258)}
    | {f"iso8859-{part}" for part in (2, 3, 4, 10, 13, 14, 15, 16)}
    | {"mac-roman"}
)
"""Between these a detection is less sure than a declaration."""
CHARSETS = LATIN.union(
    ["big5hkscs", "cp932", "cp949", "euc_jp", "gb18030", "iso2022_jp"],
    ["cp1251", "cp866", "iso8859-5", "koi8-r", "koi8-u", "mac-cyrillic"],
    ["cp1253", "cp1255", "cp1256", "cp874", "iso8859-6", "iso8859-7", "iso8859-8"],
)
"""The legacy encodings of the web (WHATWG Encoding, 4.2); Python also calls ``rot13`` a codec."""
WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
}
_UTF_32 = (b"<\0\0\0", b"\0\0\0<", b"{\0\0\0", b"\0\0\0{", b"[\0\0\0", b"\0\0\0[")
"""How markup and JSON begin in UTF-32 (RFC 4627, 3)."""
WINDOWS_ONLY = re.compile(rb"[\x80-\x9f]")
CONTROL = re.compile(rb"\xc2([\x80-\x9f])")
"""The characters U+0080 to U+009F in UTF-8."""
REFERENCE = re.compile(
    rb"&#(?:0{0,9}(1[2-5][0-9])(?![0-9])|[xX]0{0,9}([89][0-9a-fA-F])(?![0-9a-fA-F]));?"
)
"""References to them, and to some below them; each pattern begins with fixed bytes, found fast."""
MEANT = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
"""What is meant by a C1 control, which no text has (WHATWG HTML, 13.2.5.80)."""


def decode(body: bytes, content_type: str | None = None) -> str:
    """Return the text of an HTML or XML body; what can't be read becomes U+FFFD, never an error."""
    marked, mark = read_bom(body)
    if marked and mark:
        is_utf_8 = marked == "utf-8"
        if is_utf_8 or b"\0" in body or body == mark:
            return body[len(mark) :].decode(marked, "replace").lstrip("\ufeff")
        body = body[len(mark) :]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return read(body, encoding_of(body, content_type))
    wide = unmarked_wide(body) or escaped(body)
    return (body.decode(wide, "replace") if wide else text).lstrip("\ufeff")


def decode_mixed(body: bytes, content_type: str | None = None) -> str:
    """As :func:`decode`; bytes among UTF-8 that are none are those of cp1252, for addresses."""
    text = decode(body, content_type)
    if "\ufffd" not in text or b"\0" in body:
        return text
    body = body.removeprefix(codecs.BOM_UTF8)
    encoding = encoding_of(body, content_type)
    if encoding != "utf-8":
        return read(body, encoding)
    strays = {0xDC00 + byte: bytes([byte]).decode(DEFAULT, "replace") for byte in range(128, 256)}
    return body.decode("utf-8", "surrogateescape").translate(strays).lstrip("\ufeff")


def without_controls(page: bytes) -> bytes:
    """UTF-8 in which C1 controls, also references to them, are what Windows has in their places."""
    page = CONTROL.sub(_meant_by_control, page)
    return REFERENCE.sub(_meant_by_reference, page)


def _meant_by_control(found: re.Match[bytes]) -> bytes:
    return MEANT[found[1][0]].encode() or found[0]


def _meant_by_reference(found: re.Match[bytes]) -> bytes:
    number, digits = found.groups()
    meant = MEANT.get(int(number) if number else int(digits, 16))
    return found[0] if meant is None else meant.encode()


def read(body: bytes, encoding: str) -> str:
    """As ``body.decode(encoding, "replace")``, which takes seconds for 10 MB of unassigned bytes."""
    table = bytes(range(256)).decode(encoding, "replace")
    if len(table) == 256 and encoding != "utf-8":  # noqa: PLR2004 - one character a byte
        return codecs.charmap_decode(body, "strict", table)[0]
    return body.decode(encoding, "replace")


def encoding_of(body: bytes, content_type: str | None) -> str:
    """Return the name of the codec that reads best what is not valid UTF-8."""
    if wide := unmarked_wide(body):
        return wide
    foreign = foreign_text(body)
    if mostly_utf_8(foreign):
        return "utf-8"
    stated = [name for name in declared(body, content_type) if reads(foreign, name)]
    return widened(chosen(stated, foreign), foreign)


def chosen(stated: list[str], foreign: bytes) -> str:
    """What is stated, unless the letters clearly tell otherwise."""
    believed = stated[0] if stated else DEFAULT
    found, confidence = detected(foreign)
    if found is None or len(foreign) - len(foreign.translate(None, LETTERS)) < MIN_LETTERS:
        return believed
    text = foreign.decode(found, "replace")
    for name in stated:
        if foreign.decode(name, "replace") == text:
            return name
    if stated and (confidence < SURE or (believed != DEFAULT and {found, believed} <= LATIN)):
        return believed
    return found


def unmarked_wide(body: bytes) -> str | None:
    """Markup is ASCII, so that every other byte of it is NUL."""
    if body.startswith(_UTF_32):
        return "utf-32-be" if body.startswith(b"\0") else "utf-32-le"
    start = body[:2_048]
    high, low = start[::2].count(0), start[1::2].count(0)
    few, many = sorted((high, low))
    if not many or many * 5 < len(start) or few * 8 > many:
        return None
    return "utf-16-be" if high > low else "utf-16-le"


def escaped(body: bytes) -> str | None:
    """ISO-2022-JP, the one encoding of the web that is ASCII to the eye."""
    known = b"\x1b" in body and b"\x1b$" in body and reads(body[:SAMPLE], "iso2022_jp")
    return "iso2022_jp" if known else None


def foreign_text(body: bytes) -> bytes:
    found: list[bytes] = []
    left = SAMPLE
    for run in FOREIGN.finditer(body):
        found.append(body[run.start() : min(run.end(), run.start() + left)])
        left -= len(found[-1])
        if left <= 0:
            break
    return b"\n".join(found)


def mostly_utf_8(foreign: bytes) -> bool:
    """A cut character or a pasted paragraph leaves the others what they are."""
    good, broken = read_with(foreign, "utf-8")
    return good >= broken


def read_with(foreign: bytes, encoding: str) -> tuple[int, int]:
    """The numbers of good and of broken characters beyond ASCII."""
    text = foreign.decode(encoding, "replace")
    broken = text.count("\ufffd")
    return len(text) - sum(map(text.count, map(chr, range(128)))) - broken, broken


def reads(foreign: bytes, encoding: str) -> bool:
    good, broken = read_with(foreign, encoding)
    return broken <= TOLERATED * good


def declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Codecs by header, ``meta`` and XML declaration, a server's default last."""
    by_server = http_content_type_encoding(content_type)
    by_page = html_body_declared_encoding(body) or far_declaration(body)
    names = [by_page, by_server] if by_server == DEFAULT else [by_server, by_page]
    return (name for name in names if name in CHARSETS)


def far_declaration(body: bytes) -> str | None:
    """A declaration below long scripts, or in the body."""
    found = map(html_body_declared_encoding, DECLARATION.findall(body[:FAR_HEAD]))
    return next(filter(None, found), None)


def detected(foreign: bytes) -> tuple[str | None, float]:
    guess = cchardet.detect(foreign)
    name = resolve_encoding(guess["encoding"] or "")
    if name not in CHARSETS or not reads(foreign, name):
        return None, 0.0
    return name, guess["confidence"] or 0.0


def widened(name: str, foreign: bytes) -> str:
    """ISO 8859 has no characters at 0x80 to 0x9F: pages that use them mean the Windows page."""
    if name == "koi8-r":
        return "koi8-u"
    return WINDOWS.get(name, name) if WINDOWS_ONLY.search(foreign) else name
