"""JSON as pages write it: read strictly where it is that, else whatever can be made of it."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_LENGTH = 1_000_000
"""Characters of one block; an article with its whole body stays far below."""
MAX_DEPTH = 100
MAX_STEPS = 100_000
"""Keys, values and what is none of them, of a block that is no JSON."""
MAX_AGAIN = 500_000
"""Characters of strings without an end that are read once more, as what they are instead."""
MAX_PREFIXES = 20
FILLING = re.compile(r"[\s\ufeff,;]*")
DECODER = json.JSONDecoder(strict=False)
QUOTES = str.maketrans("“”„″", '""""')
"""Into which WordPress turns straight ones, also where it should not."""

COMMENT = r"/\*(?s:.*?)(?:\*/|\Z)"
MARK = r"(?://[ \t]*+)?(?:<!\[CDATA\[|\]\]>)"
BEGIN = re.compile(rf"{MARK}|(?<!:)//[^\n]*+|{COMMENT}|[{{\[]")
"""Outside of all objects, where an HTML comment may hold one."""
BETWEEN = re.compile(
    rf"(?:[\s;\ufeff]++|{MARK}|//[^\n]*+|{COMMENT}|<!--(?s:.*?)(?:-->|\Z))*+", re.IGNORECASE
)
KEY = re.compile(r"\"([^\"\\\n]{1,200}+)\"\s*+:|'([^'\\\n]{1,200}+)'\s*+:|([@$\w-]{1,60}+)\s*+:")
BARE = re.compile(r"[^\s,:{}\[\]\"']++")
STRINGS = {
    quote: re.compile(rf"((?:[^{quote}\\]|\\.)*+){quote}", re.DOTALL) for quote in ('"', "'")
}
CLOSED = r"\s*+(?:[}\]]|\Z|;|/[/*]|<!--|,\s*+(?:[}\]{]|\Z|/[/*]|<!--"
AFTER_VALUE = re.compile(rf"{CLOSED}|{KEY.pattern})|\n\s*+(?:{KEY.pattern}))")
AFTER_ITEM = re.compile(rf"{CLOSED}|[\"'\[\d-]|true|false|null))")
UNCLOSED = re.compile(r'\n[ \t]*+"@?\w{1,40}"\s*+:|[}\]]\s*+,?\s*+\{\s*+"@(?:type|context|id)"')
"""In a string: the line or the object behind one that was never closed."""
ESCAPE = re.compile(r"\\(?:([\"\\/bfnrt]|u[0-9a-fA-F]{4})|')?|\"")
LITERALS = {"true": True, "false": False}
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")

ABBREVIATED = re.compile(r'"(\w{1,20})"\s*+:\s*+"https?://schema\.org/?+"')
PREFIXED = re.compile(r'"(?:\w{1,20}:|https?://schema\.org/)\w++"\s*+:')


def loads(block: str) -> list[Any]:
    """The values of one block, the properties of schema.org under their plain names.

    Comments, trailing commas, raw line breaks, quotation marks within strings or as entities,
    and objects that never end are read; any other fault costs only what stands in it.
    """
    if len(block) > MAX_LENGTH:
        return []
    try:
        found = list(strict_values(block))
    except (ValueError, RecursionError):
        if '"' not in block:
            block = unescape(block)
        if '"' not in block:
            block = block.translate(QUOTES)
        found = list(LooseReader(block).values())
    if PREFIXED.search(block):
        plain_names(found, ("schema", *prefixes(block)))
    return found


def strict_values(block: str) -> Iterator[Any]:
    """Every value up to the end of the text."""
    place = FILLING.match(block).end()  # type: ignore[union-attr] # it matches nothing too
    while place < len(block):
        value, place = DECODER.raw_decode(block, place)
        yield value
        place = FILLING.match(block, place).end()  # type: ignore[union-attr] # as above


def prefixes(block: str) -> list[str]:
    """What a block calls the vocabulary."""
    found = (each[1] for each in ABBREVIATED.finditer(block))
    return list(dict.fromkeys(islice(found, MAX_PREFIXES)))


def plain_names(values: list[Any], prefixes: tuple[str, ...]) -> None:
    """Replace ``schema:headline`` and ``http://schema.org/headline`` in place."""
    wanted = re.compile(rf"(?:{'|'.join(map(re.escape, prefixes))}):|https?://schema\.org/")
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, dict):
            for key in [key for key in value if wanted.match(key)]:
                value.setdefault(wanted.sub("", key, count=1), value.pop(key))
            pending += value.values()
        elif isinstance(value, list):
            pending += value


class LooseReader:
    """Objects and lists in a text that is not quite JSON; it never fails."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.steps = 0
        self.lists = 0
        self.again = 0

    def values(self) -> Iterator[Any]:
        while (begin := BEGIN.search(self.text, self.at)) and self.steps < MAX_STEPS:
            self.at = begin.end()
            if begin[0] in {"{", "["}:
                self.at -= 1
                if value := self.value(AFTER_ITEM, 0):
                    yield value

    def next(self) -> str:
        """The character that comes next, behind what stands between values; empty at the end."""
        self.at = BETWEEN.match(self.text, self.at).end()  # type: ignore[union-attr] # it matches nothing too
        self.steps += 1
        return self.text[self.at : self.at + 1] if self.steps < MAX_STEPS else ""

    def value(self, after: re.Pattern[str], depth: int) -> Any:
        mark = self.next()
        if mark in {"{", "["}:
            self.at += 1
            if depth >= MAX_DEPTH:
                return None
            return self.object(depth + 1) if mark == "{" else self.list(depth + 1)
        if mark in STRINGS:
            self.at += 1
            return self.string(STRINGS[mark], after)
        bare = BARE.match(self.text, self.at)
        if bare is None:
            return None
        self.at = bare.end()
        number = NUMBER.fullmatch(bare[0])
        return json.loads(bare[0]) if number and plain(bare[0]) else LITERALS.get(bare[0].lower())

    def object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (mark := self.next()) and mark != "}":
            if key := KEY.match(self.text, self.at):
                self.at = key.end()
                found[key[1] or key[2] or key[3]] = self.value(AFTER_VALUE, depth)
            elif mark == "{" or (mark == "]" and self.lists):
                return found
            else:
                self.at += 1
        self.at += bool(mark)
        return found

    def list(self, depth: int) -> list[Any]:
        found: list[Any] = []
        self.lists += 1
        while (mark := self.next()) and mark not in {"]", "}"}:
            if mark in {",", ":"}:
                self.at += 1
            else:
                found.append(self.value(AFTER_ITEM, depth))
        self.lists -= 1
        self.at += mark == "]" or (mark == "}" and depth == 1)
        return found

    def string(self, closing: re.Pattern[str], after: re.Pattern[str]) -> str | None:
        """Up to the quotation mark behind which something else may begin; none if there is none."""
        start = self.at
        found = closing.match(self.text, start)
        while found and not after.match(self.text, found.end()):
            found = closing.match(self.text, found.end())
        self.at = found.end() if found else len(self.text)
        raw = self.text[start : self.at - bool(found)]
        if '"' in raw and self.again < MAX_AGAIN and (cut := UNCLOSED.search(raw)):
            self.again += len(raw) - cut.start()
            raw = raw[: cut.start()].rstrip(' \t,"')
            self.at = start + cut.start()
        return unescaped(raw) if found else None


def plain(number: str) -> bool:
    """Whether it is a number to JSON too: no zeros before it."""
    digits = number.removeprefix("-")
    return digits[:1] != "0" or digits[1:2] in {"", "."}


def unescaped(raw: str) -> str:
    def mend(match: re.Match[str]) -> str:
        if match[1]:
            return match[0]
        return {"\\": r"\\", "\\'": "'"}.get(match[0], r"\"")

    return str(DECODER.decode(f'"{ESCAPE.sub(mend, raw)}"'))
