"""What titles and headings of walls and of pages not found say, in the larger languages.

It counts beside structure alone: news is written about all of these.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LINE = 300
BOT = re.compile(
    r"just a moment|attention required|access (?:to this page )?(?:(?:is|was|has been) )?denied"
    r"|security check|checking your browser|(?:robot|human) (?:check|verification)|captcha"
    r"|you(?:['’]| a)re (?:not )?an? (?:bot|human|robot)|are you (?:not )?an? (?:bot|human|robot)"
    r"|ddos protection|unusual (?:traffic|activity)|pardon our interruption"
    r"|request (?:(?:was|has been) )?(?:blocked|rejected)",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"before you continue|cookie|consent|privacy|gdpr|einwilligung|zustimmung|datenschutz"
    r"|vie privée|confidentialité|privacidad|consenso|toestemming|samtyc?k|zgod[ay]|согласи",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"^\W*404\W*$|404\W*(?:error|not|page|fehler|seite)"
    r"|(?:error|erreur|errore|erro|fehler|błąd|ошибка|hata|page|seite)\W*404",
    re.IGNORECASE,
)
MISSING = re.compile(
    r"not (?:be )?found|(?:can(?:not|['’]t)|could(?: not|n['’]t)) (?:be found|find)|no longer (?:exist|avail)"
    r"|does(?: not|n['’]t) exist|nicht (?:mehr )?(?:gefunden|verfügbar)|existiert nicht"
    r"|introuvable|n['’]existe p(?:as|lus)|non trouvée?|no (?:ha sido |se )?enc(?:o|ue)ntr"
    r"|n[ãa]o (?:foi )?encontrad|no existe|n[ãa]o existe|non (?:è stata )?trovat|non esiste"
    r"|niet gevonden|nie (?:znaleziono|istnieje)|hittades inte|ikke (?:fundet|funnet)|не найден"
    r"|не знайден|bulunamad|找不到|不存在|見つかりません|찾을 수 없|غير موجود|لم يتم العثور",
    re.IGNORECASE,
)
WHAT = re.compile(
    r"\b(?:page|article|story|post|content|document|url|seite|artikel|beitrag|inhalt|p[áa]gina"
    r"|art[íi]culo|noticia|notícia|contenido|artigo|articolo|contenuto|strona|artykuł|sida|sidan|side"
    r"|siden|страница|сторінка|sayfa)\b|页面|頁面|文章|ページ|記事|페이지|기사|الصفحة",
    re.IGNORECASE,
)


class Wording(StrEnum):
    NOTHING = ""
    BOT = "bot"
    CONSENT = "consent"
    NOT_FOUND = "not found"
    MISSING = "missing"
    """Something is not found; it may be a person in the news."""


def wording(lines: Iterable[str]) -> Wording:
    found = {each for line in lines if (each := _of_line(line[:MAX_LINE]))}
    return next((each for each in Wording if each in found), Wording.NOTHING)


def _of_line(line: str) -> Wording:
    if BOT.search(line):
        return Wording.BOT
    missing = MISSING.search(line)
    if NUMBER.search(line) or (missing and WHAT.search(line)):
        return Wording.NOT_FOUND
    if CONSENT.search(line):
        return Wording.CONSENT
    return Wording.MISSING if missing else Wording.NOTHING
