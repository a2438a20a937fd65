"""What changes on a page by itself: counters, the age of a page, polls, quotes and scores.

Only lines of their own are looked at: a figure in a sentence was written by somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from newscrawl.dedup.diff import sentences
from newscrawl.normal_forms import in_small_letters

MAX_LINE = 240
"""Characters; a longer line is a paragraph."""
MAX_SPLIT = 40
"""Characters of a number or its label, each in a line of its own."""
MAX_RUN = 40
"""Options of a poll, quotes of a list."""
_FIGURE = r"\d{1,12}(?:[.,]\d{1,6}){0,4}(?: \d{3}(?!\d)){0,3}(?:\s?(?:k|m|mn|mln|mio|tsd|тыс|万|만)\b\.?)?\+?"
_NOUNS = (
    "(?:page |post )?views?|comments?|shares?|likes?|reads?|readers?|reactions?|votes?|reply|replies"
    "|responses?|retweets?|reposts?|tweets?|followers?|subscribers?|claps?|bookmarks?|plays?"
    "|downloads?|upvotes?|visits?|visitors?|hits|clicks?|impressions?|recommendations?"
    "|aufrufe?|kommentare?|ansichten|antworten|stimmen|klicks?|leser|mal gelesen|mal geteilt"
    "|vues?|commentaires?|partages?|lectures?|lecteurs?|réactions?"
    "|vistas?|visitas?|comentarios?|lecturas?|lectores|compartidos|votos?|me gusta|reproducciones"
    "|visualiza(?:ção|ções)|comentários?|leituras?|leitores|compartilhamentos?|partilhas?|curtidas?"
    "|visualizzazion[ei]|comment[oi]|condivision[ei]|letture|lettori|vot[oi]"
    "|reacties?|weergaven|stemmen|keer (?:gedeeld|bekeken|gelezen)|visningar|kommentarer|kommentar"
    "|wyświetle(?:nia|ń|nie)|komentarz[ey]?|udostępnie(?:nia|ń)|kali dibaca|komentar"
    "|yorum|görüntülen?me|okunma|paylaşım|просмотр(?:а|ов|ы)?|комментари(?:й|я|ев|и)|репост(?:а|ов|ы)?"
    "|次浏览|次阅读|次观看|条评论|人阅读|阅读|评论|件のコメント|コメント|回視聴|조회|댓글"
    "|مشاهدة|مشاهدات|تعليق|تعليقات|قراءة"
)
_SEEN = (
    "viewed|read|shared|seen|liked|watched|played|downloaded|clicked|gelesen|geteilt|aufgerufen"
    "|vue?|lue?|partagée?|vist[oa]|leíd[oa]|compartid[oa]|lid[oa]|lett[oa]|condivis[oa]|bekeken"
    "|gelezen|gedeeld|dibaca|dilihat"
)
_TIMES = (
    "times?|people|persons|users|readers|fois|veces|vezes|volte|mal|keer|kali|personnes|personas"
    "|pessoas|persone|leser|lecteurs"
)
_PEOPLE = "people|person|readers?|users?|visitors?|others|persons|leser|personnes|lecteurs|personas|lectores"
_MINUTES = r"(?:min(?:ute)?s?|minuten?|minut[io]s?|minut(?:er|y)?|минут[аы]?|мин|dk|dakika|menit|分钟|分|분)\b\.?"
_READING = (
    r"(?:estimated |average |est\.? )?read(?:ing)? time|time to read|lese(?:zeit|dauer)"
    "|(?:temps|durée) de lecture|tiempo de lectura|tempo de leitura|tempo di lettura|leestijd"
    "|lästid|czas czytania|время чтения|okuma süresi|waktu baca|阅读时间|読了時間"
)
_READ = (
    "read|reads|reading|to read|of reading|lesezeit|de lecture|de lectura|de leitura|di lettura"
    "|leestijd|läsning|czytania|чтения|okuma|baca|阅读|で読めます"
)
_UNIT = (
    r"(?:s|secs?|seconds?|sekunden?|secondes?|segundos?|secondi|m|h|d|w|hrs?|hours?|days?|weeks?|months?"
    r"|years?|stunden?|tag(?:en?)?|wochen?|monat(?:en?)?|heures?|jours?|semaines?|mois|horas?|días?|dias?"
    r"|semanas?|or[ae]|giorn[oi]|uur|uren|dag(?:en|ar)?|timmar?|godzin[yę]?|dni|час(?:а|ов)?|дн(?:я|ей)"
    r"|saat|gün|jam|hari|小时|小時|天|時間|日|시간|일|دقيقة|دقائق|ساعة|ساعات)\b\.?"
)
_SPAN = rf"(?:{_FIGURE}|an?|one|a few|einer?|une?)\s?(?:{_MINUTES}|{_UNIT})"
_SPANS = rf"{_SPAN}(?:,? (?:and )?{_SPAN}){{0,2}}"
_AGE = (
    rf"{_SPANS} (?:ago|atrás|fa|geleden|sedan|temu|назад|önce|(?:yang )?lalu)|{_SPANS} ?(?:前|전)"
    rf"|(?:vor|il y a|hace|há|för|منذ) {_SPANS}(?: sedan)?|just now|moments ago"
    rf"|{_SPANS} (?:left|remaining|to go)|{_FIGURE} ?(?:秒|分钟|分|小时|小時|時間|天|日|초|분|시간|일) ?(?:前|전)"
)
_RENEWED = (
    "(?:last |page |article |zuletzt |dernière |última |ultimo )?(?:updated?|modified|edited|refreshed|posted"
    "|published|aktualisiert|mis à jour|mise à jour|actualizado|actualización|atualizado|atualização"
    "|aggiornato|aggiornamento|bijgewerkt|uppdaterad|zaktualizowano|обновлено|güncellendi|diperbarui)"
    "|(?:prices? |data |quotes? )?as of|stand|(?:quotes? )?delayed(?: by)?|market (?:open|close)d?"
)
_MONTHS = (
    "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|maj|mei|okt|dez|déc|dic|ene|abr|ago|set|out|fév"
    "|avr|juin|juil|aoû|gen|mag|giu|lug|ott|mär|märz|mon|tue|wed|thu|fri|sat|sun"
)
_ZONES = "gmt|utc|bst|ces?t|wes?t|ees?t|msk|[ecmpa][sd]?t|ist|jst|kst|sgt|hkt|ae[sd]t|nz[sd]t|mes?z"
_OF_TIME = (
    rf"(?:\d[\d:.,h/-]*+(?:st|nd|rd|th)?,?|(?:{_MONTHS})[^\W\d_]{{0,7}}+[.,]?|[ap]\.?m\.?|at|on|of|de"
    rf"|le|um|uhr|à|{_ZONES}|{_MINUTES}|today|yesterday|[,|·-])(?!\w)"
)
_IS_TIME = rf".{{0,60}}?(?:\d[:.h/-]\d|\d{{4}}|\d ?{_MINUTES}|(?<!\w)(?:{_MONTHS}))"
_NONE = (
    "no (?:comments?|votes?|replies)(?: yet)?|be the first to (?:comment|vote|share).{0,20}"
    "|(?:leave|add|write|post) a (?:comment|reply)|keine kommentare|aucun commentaire"
    "|sin comentarios|nessun commento|sem comentários|geen reacties"
)
_OF_THE_PAGE = "|".join(
    (
        rf"(?:{_READING})\s?:?\s?(?:about |ca\.? |~|<)?{_FIGURE}(?:\s?[–-]\s?{_FIGURE})?(?:\s?{_MINUTES})?(?: read)?",
        rf"(?:about |less than |~|<)?{_FIGURE}[ -]?{_MINUTES} ?(?:{_READ})",
        rf"{_FIGURE} ?(?:分钟|分) ?(?:阅读|で読めます)",
        rf"(?:(?:{_RENEWED})\s?:?\s?)?(?:{_AGE})",
        rf"(?:{_RENEWED})\s?:?\s?(?={_IS_TIME}){_OF_TIME}(?: {_OF_TIME}){{0,12}}+",
    )
)
"""How old it is, and how long it takes to read."""
_NOW = (
    "(?:reading|watching|viewing|online|here|lesen|lisent|leyendo)"
    "(?: (?:this|this article|this story|this page|it|now|right now|currently)){0,2}"
)
_OF_READERS = "|".join(
    (
        rf"{_FIGURE} ?(?:(?:{_PEOPLE}) )?(?:{_NOUNS})(?!\w)(?: (?:now|today|so far|in total|online|cast))?",
        rf"(?:total |post |page |article |all )?(?:{_NOUNS}) ?[:(\[]? ?{_FIGURE}(?: ?[)\]])?",
        rf"(?:{_SEEN}) (?:by |par |por |da )?{_FIGURE}(?: (?:{_TIMES}))?",
        rf"{_FIGURE} (?:(?:{_PEOPLE}) )?(?:(?:are|is) )?(?:now |currently )?{_NOW}",
        rf"[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f? ?{_FIGURE}",
        _NONE,
    )
)
_BETWEEN = r"[\s·•|,;/–—-]+"
_GAP = re.compile(rf"({_BETWEEN})(?:and |& )?")
_BEFORE = re.compile(r"\W{0,3}")
_AFTER = re.compile(r"[\s.!]*")
_DOTS = re.compile(r"[\s.]*")
_SPACE = re.compile(r"\s+")
_CAPITAL = r"(?-i:(?=[A-ZÀ-ÞА-Я\"“„«]))"
MAX_LISTED = 8
"""Counters in one line."""
_PIECES = re.compile(r"(\s*[·•|]\s*|\s+[–—/-]\s+)")
_DIGIT = re.compile(r"\d")
_COUNT_WITHOUT_DIGITS = ("ago", "now", "comment", "komment", "reacti", "first", "reply")
_ENDS_OF_SENTENCES = tuple(".!?…。！？")
_CLOSING = "”’\"')]"
_NUMBER = re.compile(_FIGURE, re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
_DIRECTION = re.compile(r"(?:[+−▲▼△▽↑↓]|(?<![^\s(|])-)\s?(?=[\d.(])|[▲▼△▽↑↓]")
_PERCENT_SIGNS = "%٪％"
_PERCENT = re.compile(rf"(\d{{1,3}}(?:[.,]\d{{1,2}})?)\s?[{_PERCENT_SIGNS}]")
_VOTES = re.compile(rf"\(?{_FIGURE} (?:votes?|stimmen|votos?|voix|voti)\)?$", re.IGNORECASE)
_PAIR = re.compile(r"[A-Z]{3}/[A-Z]{3} \|? ?\d+[.,]\d+")
_QUOTE = re.compile(r"[A-Z0-9&.^/ -]{2,24} \|? ?\d+(?:[.,]\d+)+")
_DEGREES = re.compile(r"\d\s?°")
_SCORE = re.compile(
    r"(?<![\d-])\d{1,3}\s?[–-]\s?\d{1,3}(?![\d-])|(?<![\d:])\d{1,2}(?::\d| : \d{1,2})(?![\d:])"
)
_LIVE = re.compile(r"\b(?:live|ft|ht|full[- ]time|half[- ]time|\d{1,3}['′’])(?!\w)", re.IGNORECASE)
_SMALL = frozenset({"v", "vs", "and", "of", "the", "de", "fc", "v.", "vs.", "after", "et", "aet"})
_SIDES = 2


def without_counters(text: str) -> str:
    """Return a text to be compared with that of an earlier visit; it is not stored.

    Lines of counters are left out. All figures of polls, quotes and scores become ``0``.
    """
    lines = [line for line in text.split("\n\n") if line]
    kept = [_kept(line) if _may_count(line) else line for line in _unsplit(lines)]
    told = [line for line in kept if line]
    labels = [_is_label(line) for line in told]
    for first, last in (*_polls(told, labels), *_quotes(told, labels)):
        told[first:last] = map(_masked, told[first:last])
    return "\n\n".join(_masked(line) if _is_score(line) else line for line in told)


def _may_count(line: str) -> bool:
    """Most lines that may have a digit, which is found at once without a look at case."""
    if _DIGIT.search(line):
        return True
    lowered = line.lower()
    return any(word in lowered for word in _COUNT_WITHOUT_DIGITS)


@cache
def _counter() -> re.Pattern[str]:
    """One counter, in the group ``page`` if it is one of the page.

    Compiling this takes longer than all other imports of ours: the first line that may count pays
    for it, not every command. So it is one expression, and lists of counters are read in a loop. It
    is for texts in small letters: one that ignores case takes more than twice as long to see that
    none of all these words stands there.
    """
    counter = rf"(?>(?P<page>{_OF_THE_PAGE})|{_OF_READERS})"
    return re.compile(counter.replace("ı", "i"))  # as small letters have it


@cache
def _at_start() -> re.Pattern[str]:
    return re.compile(rf"(?:{_OF_THE_PAGE}){_BETWEEN}{_CAPITAL}", re.IGNORECASE)


def _listed(line: str, first: re.Match[str], *, joined: bool) -> tuple[int, int]:
    """Return how many counters stand one after another from ``first`` on, and where they end.

    ``joined``: an "and" may stand between two.
    """
    number, end = 1, first.end()
    while number < MAX_LISTED and (gap := _GAP.match(line, end)):
        places = (gap.end(), gap.end(1)) if joined else (gap.end(1),)
        following = next(filter(None, (_counter().match(line, place) for place in places)), None)
        if following is None:
            break
        number, end = number + 1, following.end()
    return number, end


def _counts(line: str) -> bool:
    """Whether a line in small letters is counters and nothing else."""
    before = _BEFORE.match(line)
    assert before is not None
    for start in range(before.end(), -1, -1):
        first = _counter().match(line, start)
        if first and _AFTER.fullmatch(line, _listed(line, first, joined=True)[1]):
            return True
    return False


def _without_end(line: str) -> str:
    """A line without what counts at its end: one counter of the page, or more than one of any kind."""
    lowered = in_small_letters(line)
    for space in _SPACE.finditer(line):
        first = _counter().match(lowered, space.end())
        if first is None:
            continue
        number, end = _listed(lowered, first, joined=False)
        if (number > 1 or first["page"] is not None) and _DOTS.fullmatch(line, end):
            return line[: space.start()]
    return line


def _starts(lowered: str) -> bool:
    """Whether a counter of the page comes first."""
    first = _counter().match(lowered)
    return first is not None and first["page"] is not None


def _without_start(line: str) -> str:
    """A line without a counter of the page before its first sentence."""
    start = _at_start().match(line)
    return line[start.end() :] if start else line


def _unsplit(lines: Sequence[str]) -> Iterator[str]:
    """A number and what it counts may stand in two lines."""
    at = 0
    while at < len(lines):
        both = lines[at : at + 2]
        is_split = (
            len(both) == _SIDES
            and max(map(len, both)) < MAX_SPLIT
            and any(map(_NUMBER.fullmatch, both))
        )
        if is_split and _counts(in_small_letters(" ".join(both))):
            at += 2
            continue
        yield lines[at]
        at += 1


def _kept(line: str) -> str:
    """What of a line is no counter."""
    lowered = in_small_letters(line[:MAX_LINE])
    if len(line) <= MAX_LINE and _counts(lowered):
        return ""
    kept = [
        each
        for each in sentences(_without_start(line) if _starts(lowered) else line)
        if len(each) > MAX_LINE or each == line or not _counts(in_small_letters(each))
    ]
    if kept and _is_label(kept[-1]):
        kept[-1] = _of_label(kept[-1])
    return " ".join(filter(None, kept))


def _of_label(line: str) -> str:
    """A line that is no sentence, without the counters among its parts and at its end."""
    first, *rest = _PIECES.split(line)
    if not rest:
        return _without_end(line)
    pieces = [("", first), *zip(rest[::2], rest[1::2], strict=True)]
    kept = [(before, piece) for before, piece in pieces if not _counts(in_small_letters(piece))]
    if len(kept) == len(pieces):
        return _without_end(line)
    return "".join(before + piece for before, piece in kept).strip(" ·•|–—/-")


def _is_label(line: str) -> bool:
    return len(line) <= MAX_LINE and not line.rstrip(_CLOSING).endswith(_ENDS_OF_SENTENCES)


def _runs(marks: Sequence[bool]) -> Iterator[tuple[int, int]]:
    first = 0
    for at, mark in enumerate([*marks, False]):
        if not mark:
            if at > first:
                yield first, at
            first = at + 1


def _polls(lines: Sequence[str], labels: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Lines whose percentages are shares of one whole, or that all end with a number of votes."""
    yield from _voted(lines, labels)
    short = [label and len(line) < MAX_LINE / 2 for label, line in zip(labels, lines, strict=True)]
    for start, end in _runs(short):
        shares = [at for at in range(start, end) if _has_percent(lines[at])]
        if not shares or len(shares) > MAX_RUN:
            continue
        first, last = shares[0], shares[-1] + 1
        values = [
            float(value.replace(",", "."))
            for line in lines[first:last]
            for value in _PERCENT.findall(line)
        ]
        near = abs(sum(values) - 100) <= 1 + len(values) / 2 or not any(values)
        if len(values) >= _SIDES and near and last - first <= _SIDES * len(shares):
            yield first, last


def _has_percent(line: str) -> bool:
    return any(map(line.__contains__, _PERCENT_SIGNS)) and _PERCENT.search(line) is not None


def _voted(lines: Sequence[str], labels: Sequence[bool]) -> Iterator[tuple[int, int]]:
    marks = [
        label and _DIGIT.search(line) is not None and _VOTES.search(line) is not None
        for label, line in zip(labels, lines, strict=True)
    ]
    yield from (run for run in _runs(marks) if run[1] - run[0] >= _SIDES)


def _quotes(lines: Sequence[str], labels: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Lines of figures of which one says how much it rose or fell; pairs of currencies; weather."""
    moves = [label and _moves(line) for label, line in zip(labels, lines, strict=True)]
    quoted = [
        move or (label and _QUOTE.fullmatch(line) is not None)
        for move, label, line in zip(moves, labels, lines, strict=True)
    ]
    yield from (run for run in _runs(quoted) if any(moves[run[0] : run[1]]))


def _moves(line: str) -> bool:
    words = line.replace("|", " ").split()
    if "°" in line and _DEGREES.search(line):
        return len(words) <= 6 * _SIDES
    if _PAIR.fullmatch(line):
        return True
    if not _DIRECTION.search(line):
        return False
    figures = sum(any(letter.isdigit() for letter in word) for word in words)
    return 3 * figures >= len(words)


def _is_score(line: str) -> bool:
    """Two sides and their points; of all other words none is one of a sentence."""
    if not _DIGIT.search(line) or not _is_label(line):
        return False
    found = _SCORE.search(line)
    if found is None and not (_LIVE.search(line) and len(_DIGITS.findall(line)) >= _SIDES):
        return False
    words = [word for word in line.replace("|", " ").split() if word[0].isalpha()]
    sides = found is None or (
        any(map(str.isalpha, line[: found.start()])) and any(map(str.isalpha, line[found.end() :]))
    )
    return sides and all(not word[0].islower() or word.lower() in _SMALL for word in words)


def _masked(line: str) -> str:
    return _DIGITS.sub("0", _DIRECTION.sub("", line))
