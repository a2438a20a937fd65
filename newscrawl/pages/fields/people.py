"""The people of a byline, however many a page writes into one string."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING

from newscrawl.pages.documents.headings import letters
from newscrawl.pages.fields.credits import NO_WRITER, undated, writers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BY = re.compile(
    r"^(?:(?:(?:(?:last\s+)?updated|written|posted|published|reported|submitted|contributed|compiled"
    r"|words|story|(?:guest\s+)?post|interview|opinion|analysis|review|column|essay|comment(?:ary)?"
    r"|article|special\s+to\s+[^,;|]{2,40})\s+)?by\b"
    r"|(?:geschrieben\s+|veröffentlicht\s+)?von\b|(?:écrit\s+|publié\s+)?par\b"
    r"|(?:escrito\s+|publicado\s+)?por\b|(?:scritto\s+|pubblicato\s+)da\b|(?:a\s+cura\s+)?di\b"
    r"|(?:geschreven\s+)?door\b|(?:skrevet\s+|skriven\s+)?a[fv]\b|przez\b|"
    r"text[eo]?|testo|tekst|words|author|autor(?:in|a|es|ka)?|auteure?|(?:authors|contributors?|autoren|auteurs)(?=\s*:|$)|autore|oleh|penulis|yazan"
    r"|текст|автор)\s*(?::\s*|\s+|$)",
    re.IGNORECASE,
)
SAYS = frozenset(
    """
    by von par por da di door af av przez text texte texto testo tekst words author authors autor
    autorin autora autores autorka autore autoren auteur auteure auteurs contributor contributors
    oleh penulis yazan
    """.split()  # noqa: SIM905 - a list a word a line is not read at a glance
)
SAYS_OTHERWISE = ("текст", "автор")
"""Of these words every text that ``BY`` fits has one."""
MARKUP = re.compile(
    r"<[^<>]*>|\([^()]*\)|\[[^][]*\]|(?<![^\s)\]>])[^\s@]++@\S+|(?:^|\s)@\w+|(?:https?://|www\.)\S+"
)
PLACE = re.compile(r"[\s,]+in(?:\s+[A-Z].*)?$")
EMPLOYER = re.compile(r"\s+(?:[Ff]or|of(?=\s+[Tt]he\b)|at|from|für|pour|para|per|för)\s+\S")
PARTS = re.compile(r"\s*[;|•·●、；]\s*|\s+/\s+")
COMMAS = re.compile(r"\s*[,،，]\s*|\s+[-–—]\s+")
AND = re.compile(
    r"\s+(?:and|with|und|et|y|e|i|og|och|en|ja|ve|dan|và|sy|&|\+)\s+|\s+و\s*", re.IGNORECASE
)
NAME = re.compile(r"(?:[dlo]['’])?(?=[^\W\d_])(?![a-zà-ÿ])[^\W\d_][^\d:/!?\"“”…]*$")
FULL_STOP = re.compile(r"\s[^\s.]{3,30}\.$")
ACRONYM = re.compile(r"[A-Z]{2,}$")
PARTICLES = frozenset(
    """
    al ap bin da das de del della den der di dos du el ibn la le los mac of ten ter van von y zu
    """.split()  # noqa: SIM905 - a list a word a line is not read at a glance
)
NO_NAMES = frozenset(
    """
    agencies agency analyst associated bureau by chief columnist columns contributor correspondent
    comment comments critic desk deputy director editor editorial editors expert follow für head host journalist korrespondent
    korrespondentin magazine media minute minutes more news newspaper online others photo photographer photos post press
    producer professor published publisher redakteur redakteurin redaktion redaction reporter reporters senior share
    special staff subscribe team the times twitter university updated volontär writer
    """.split()  # noqa: SIM905 - as above
)
"""Words of job titles, newsrooms and buttons, which no name has."""
ACCOUNTS = frozenset(
    {"admin", "administrator", "anonymous", "author", "root", "user", "webmaster"}
    | {"superuser", "wordpressadmin", "wpadmin", "siteadmin", "undefined", "null", "none"}
)
GIVEN = frozenset({"Von", "Di"})
BUTTON = " follow"
FEW_ROLES = 2
"""Words: "Staff Writer"; one alone may be the end of a newsroom's name."""
MAX_NAME = 100
"""Characters; a longer byline is a sentence."""
MAX_BYLINE = 2_000
MAX_PEOPLE = 50
MAX_NAMES = 200
"""Bylines that are looked at."""
MAX_TOLD = 1_000
"""Parts of all of them."""
MAX_CODE = 5
"""Letters of the code of an agency or a colleague: "dpa"."""
MAX_WORDS = 5
MAX_LETTERS = 30
EDGES = " ,;:|-–—●"


def people(names: Iterable[str], sites: Iterable[str] = (), *, strict: bool = False) -> list[str]:
    """Each person once, in order; without "by", roles, places, addresses and the site itself.

    ``strict`` takes only what looks like a full name, as is needed for visible text.
    """
    found: dict[str, str] = {}
    told = (each for name in islice(names, MAX_NAMES) for each in split(name[:MAX_BYLINE]))
    for person in islice(told, MAX_TOLD):
        key = letters(person)
        if not key or key in ACCOUNTS or key.isdecimal() or len(person) > MAX_NAME:
            continue
        if not strict or full_name(person):
            found.setdefault(key, person)
    barred = set(map(letters, sites)) if found else ()
    return [person for key, person in found.items() if key not in barred][:MAX_PEOPLE]


@lru_cache(maxsize=1024)
def split(names: str) -> tuple[str, ...]:
    """What stands in one string: "By Ann Lee and Bo Ek, dpa, in Berlin".

    Remembered, since several rules ask for the same few names, and a site has few writers.
    """
    return tuple(islice(_split(names), MAX_TOLD))


def _split(names: str) -> Iterator[str]:
    plain = " ".join(MARKUP.sub(" ", writers(unescape(names))).split()).strip(EDGES)
    for place, part in enumerate(PARTS.split(without_by(plain))):
        first, *others = map(alone, COMMAS.split(undated(part)))
        for each in (first, *(other for other in others if joins(other, first))):
            for name in (alone(name.strip(EDGES)) for name in couple(each)):
                if NO_WRITER not in name and not (place and only_role(name)):
                    yield name


def alone(text: str) -> str:
    """Without a place, an employer or a role behind the name."""
    couples = AND.split(text)
    if len(couples) == 1:
        text = PLACE.sub("", text)
    if (employer := EMPLOYER.search(text)) and full_name(text[: employer.start()]):
        text = text[: employer.start()]
    if FULL_STOP.search(text):
        text = text[:-1]
    words = text.split()
    while len(words) > 1 and words[-1].strip(".").lower() in NO_NAMES:
        words.pop()
    name = " ".join(words)
    cut = len(text.split()) - len(words)
    told = cut >= FEW_ROLES or (cut and text.lower().endswith(BUTTON))
    return name if told and full_name(name) else text


def only_role(text: str) -> bool:
    return all(word.strip(".").lower() in NO_NAMES for word in text.split())


def without_by(text: str) -> str:
    """The text without a word for "by" before it, unless that word is a given name here."""
    match = BY.match(text)
    rest = text[match.end() :] if match else text
    given_name = (
        match and text[:1].isupper() and text.split(maxsplit=1)[0] in GIVEN and " " not in rest
    )
    return text if given_name and rest else rest


def couple(names: str) -> list[str]:
    """Two full names with a word for "and" between them; "Ortega y Gasset" is one."""
    parts = AND.split(names)
    return parts if all(" " in part or not cased(part) for part in parts) else [names]


def joins(text: str, first: str) -> bool:
    """Whether what follows a comma is one more author, not a role, a place or an employer."""
    if text.islower() and text.isalpha() and len(text) <= MAX_CODE:
        return True
    return (text.isupper() and cased(text)) == (first.isupper() and cased(first)) and all(
        map(full_name, AND.split(text))
    )


def full_name(text: str) -> bool:
    """Two to five capitalised words without a role; in scripts without case, any two words, or what Chinese runs together."""
    words = text.split()
    if not cased(text):
        return (1 < len(words) <= MAX_WORDS or text >= "\u2e80") and len(text) <= MAX_LETTERS
    plain = [word for word in words if word.lower() not in PARTICLES]
    return (
        1 < len(words) <= MAX_WORDS
        and bool(plain)
        and all(NAME.match(word) for word in plain)
        and NO_NAMES.isdisjoint(word.strip(".").lower() for word in words)
        and (text.isupper() or not any(map(ACRONYM.match, plain[:-1])))
    )


def cased(text: str) -> bool:
    return text.lower() != text.upper()


def surname_first(name: str) -> str:
    """``"Lee, Ann"`` as library metadata (Dublin Core, Highwire) write it."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and "," not in first else name
