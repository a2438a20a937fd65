"""What a byline says beside the names of who wrote the story: pictures, dates, "and 2 others"."""

from __future__ import annotations

import re

WRITING = (
    r"words|text[eo]?|testo|tekst|story|stories|(?:additional\s+)?reporting|article|writing|written"
    r"|author|autor(?:in|a)?|auteure?|autore|текст|автор"
)
OTHERWISE = (
    r"photo(?:s|graphs?|graphy|graphies?)?|pictures?|images?|illustrat(?:ions?|ed)|videos?|graphics?"
    r"|art|artwork|edit(?:ing|ed|ors?)|produc(?:tion|ed|ers?)|translat(?:ion|ed)|camera|kamera"
    r"|fotos?|fotograf(?:ie|ien|ías?|ia|ias|i|er|in)?|bild(?:er)?|imágenes|imagen|imagens|immagini"
    r"|zdjęci[ae]|redigering|montage|traduction|traducción|traduzione|übersetzung|фото"
)
ROLE = rf"(?:{WRITING}|{OTHERWISE})"
LABEL = re.compile(
    rf"(?:^|(?<=[\s,;|/·•(–—-]))({ROLE}(?:\s*(?:,|/|&|\+|\band\b|\bund\b|\bet\b|\by\b|\be\b|\boch\b"
    rf"|\bog\b|\bi\b|\ben\b)\s*{ROLE}){{0,3}})(?:\s*:\s*|\s+(?:by|von|de|di|par|por|av|af|door)\s+)",
    re.IGNORECASE,
)
WRITERS = re.compile(rf"\b(?:{WRITING})\b", re.IGNORECASE)
MARKED = re.compile(rf"\(\s*(?:{OTHERWISE})\s*\)", re.IGNORECASE)
NO_WRITER = "\x00"
"""Stands behind a name for "(photos)"."""

MONTH = (
    r"(?:jan|ene|gen|feb|fev|fév|m[aä]r|apr|abr|avr|ma[yij]|jun|jui|giu|jul|lug|aug|ago|aoû|sep|set"
    r"|o[ck]t|out|ott|nov|de[cz]|dic|déc|янв|фев|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек)"
    r"[^\W\d_]{0,10}\.?"
)
PEERS = r"others?|more|weitere|andere|autres?|otros|más|outros|mais|altri|andra|andre|anderen"
SPANS = (
    r"min(?:s|utes?|uten|uti|utos|uter)?|hours?|hrs?|days?|weeks?|months?|stunden?|tagen?|heures?"
    r"|jours?|horas?|días?|dias?|ore|giorni|timmar|timer|dagar|uur"
)
DATED = re.compile(
    rf"(?<![^\W_])(?:{MONTH}\s+\d{{1,2}}(?!\d)|\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?{MONTH}(?!\w)"
    r"|\d{1,2}\.?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?\d{4}|\d{4}-\d{2}-\d{2}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}[:h]\d{{2}}|\d{{1,3}}\s*\+?\s*(?:{PEERS}|{SPANS})(?!\w)"
    r"|\d{4}年|(?:19|20)\d{2}$)"
    r"|(?<=\s)\+\s*\d{1,3}(?!\w)",
    re.IGNORECASE,
)
DIGIT = re.compile(r"\d")
"""That all of these have."""
SAID = re.compile(
    r"(?<![^\W_])(?:(?:first|last|zuletzt)\s+)?(?:mis\s+à\s+jour|publi(?:shed|é|ée|cado|cada|cerad|ceret|sert)"
    r"|updated|posted|modified|pubblicato|aggiornato|actualizado|atualizado|actualisé"
    r"|veröffentlicht|aktualisiert|erschienen|gepubliceerd|uppdaterad|opdateret|oppdatert"
    r"|opublikowano|aktualizacja|опубликовано|обновлено)(?![^\W_])(?!\s+(?:by|par|por|von|da|av|af|door)\b).*",
    re.IGNORECASE,
)
PEERS_BEHIND = re.compile(
    rf"[\s,]+(?:(?:and|&|und|et|y|e|och|og|en)\s+(?:{PEERS})|et\s+al\.?|u\.\s?a\.)$", re.IGNORECASE
)
BEHIND = re.compile(
    r"(?:(?:^|[\s,;|·•–—-]+)(?:on|at|the|am|um|le|el|il|den|d\.|vor|hace|há|fa|il y a|for|since|and|&|und|et|y|e"
    r"|och|og|en|i|il\s+y\s+a|mon|tue|wed|thu|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\.?)"
    r"{1,3}$",
    re.IGNORECASE,
)
EDGES = " ,;:|-–—·•+/"


def writers(byline: str) -> str:
    """The byline without who took the pictures or edited it, however that is said."""
    marked = MARKED.sub(NO_WRITER, byline)
    labels = list(LABEL.finditer(marked))
    if not labels:
        return marked
    kept = [marked[: labels[0].start()]]
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        if WRITERS.search(label[1]):
            kept.append(marked[label.end() : following.start() if following else len(marked)])
    return "; ".join(filter(None, (each.strip(EDGES) for each in kept)))


def undated(part: str) -> str:
    """What stands before a date, before "Published", and before those who are only counted."""
    dated = DATED.search(part) if DIGIT.search(part) else None
    said = SAID.search(part)
    cut = min((found.start() for found in (dated, said) if found), default=-1)
    if cut < 0:
        return PEERS_BEHIND.sub("", part)
    return BEHIND.sub("", part[:cut].rstrip(EDGES)).rstrip(EDGES)
