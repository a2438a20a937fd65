"""Who wrote a story, as bylines say it."""

from __future__ import annotations

import asyncio

import pytest
from web_poet import HttpResponse

from newscrawl.pages.fields.people import people
from newscrawl.pages.news import NewsPage

URL = "https://fenland.test/2025/quay/"
BODY = "<p>The quay opens again on Monday, says the harbour master of the town.</p>" * 8

BYLINES = [
    ("Ada Quill · 9 October 2025", ["Ada Quill"]),
    ("Ada Quill | Oct 9, 2025 | 3 min read", ["Ada Quill"]),
    ("Ada Quill - October 9, 2025", ["Ada Quill"]),
    ("Ada Quill, 9 October 2025", ["Ada Quill"]),
    ("Ada Quill on 9 October 2025", ["Ada Quill"]),
    ("Posted by Ada Quill on October 9, 2025", ["Ada Quill"]),
    ("Ada Quill 2025-10-09", ["Ada Quill"]),
    ("Ada Quill — 09/10/2025", ["Ada Quill"]),
    ("Ada Quill May 4, 2025", ["Ada Quill"]),
    ("Ada Quill 2 hours ago", ["Ada Quill"]),
    ("Ada Quill vor 2 Stunden", ["Ada Quill"]),
    ("Ada Quill Published 9 October 2025", ["Ada Quill"]),
    ("Ada Quill Published: Oct 9", ["Ada Quill"]),
    ("By Ada Quill Updated 10:45 a.m. ET", ["Ada Quill"]),
    ("Ada Quill Publié le 9 octobre", ["Ada Quill"]),
    ("Ada Quill Veröffentlicht am 9.10.2025", ["Ada Quill"]),
    ("Published by Ada Quill", ["Ada Quill"]),
    ("Ada Quill and 2 others", ["Ada Quill"]),
    ("Ada Quill, Bo Ekman and 3 more", ["Ada Quill", "Bo Ekman"]),
    ("Ada Quill & 2 more", ["Ada Quill"]),
    ("Ada Quill +2", ["Ada Quill"]),
    ("Ada Quill and others", ["Ada Quill"]),
    ("Ada Quill et al.", ["Ada Quill"]),
    ("Ada Quill und 2 weitere", ["Ada Quill"]),
    ("Ada Quill et 2 autres", ["Ada Quill"]),
    ("Ada Quill y 2 más", ["Ada Quill"]),
    ("Ada Quill, photos by Bo Ekman", ["Ada Quill"]),
    ("Ada Quill; photos by Bo Ekman", ["Ada Quill"]),
    ("By Ada Quill Photographs by Bo Ekman", ["Ada Quill"]),
    ("Story by Ada Quill, video by Bo Ekman", ["Ada Quill"]),
    ("Words: Ada Quill / Pictures: Bo Ekman", ["Ada Quill"]),
    ("Photo: Bo Ekman / Words: Ada Quill", ["Ada Quill"]),
    ("Words and photos by Ada Quill", ["Ada Quill"]),
    ("Text: Ada Quill, Foto: Bo Ekman", ["Ada Quill"]),
    ("Texte : Ada Quill - Photos : Bo Ekman", ["Ada Quill"]),
    ("Tekst: Ada Quill Zdjęcia: Bo Ekman", ["Ada Quill"]),
    ("Av Ada Quill och Bo Ekman (foto)", ["Ada Quill"]),
    ("Reporting by Ada Quill; Editing by Bo Ekman", ["Ada Quill"]),
    ("Photos by Bo Ekman", []),
    ("By Ada Quill, Staff Writer", ["Ada Quill"]),
    ("Ada Quill Staff Writer", ["Ada Quill"]),
    ("Ada Quill for The Paper", ["Ada Quill"]),
    ("Ada Quill of The Paper", ["Ada Quill"]),
    ("By Ada Quill - The Paper", ["Ada Quill"]),
    ("Special to The Paper by Ada Quill", ["Ada Quill"]),
    ("Opinion by Ada Quill", ["Ada Quill"]),
    ("Ada Quill in London and Bo Ekman in Oslo", ["Ada Quill", "Bo Ekman"]),
    ("By Ada Quill with Bo Ekman", ["Ada Quill", "Bo Ekman"]),
    ("By Ada Quill, Bo Ekman and Cy Orr", ["Ada Quill", "Bo Ekman", "Cy Orr"]),
    ("BY ADA QUILL AND BO EKMAN", ["ADA QUILL", "BO EKMAN"]),
    ("Von Ada Quill, 9. Oktober 2025", ["Ada Quill"]),
    ("Par Ada Quill, publié le 9 octobre 2025", ["Ada Quill"]),
    ("Por Ada Quill | 9 de octubre de 2025", ["Ada Quill"]),
    ("Di Ada Quill e Bo Ekman", ["Ada Quill", "Bo Ekman"]),
    ("Av Ada Quill", ["Ada Quill"]),
    ("Door Ada Quill", ["Ada Quill"]),
    ("Przez Ada Quill", ["Ada Quill"]),
    ("Автор: Ада Квилл", ["Ада Квилл"]),
    ("Ada Quill ada@paper.test", ["Ada Quill"]),
    ("Ada Quill, @adaquill", ["Ada Quill"]),
    ("Ada Quill Follow", ["Ada Quill"]),
]


@pytest.mark.parametrize(("byline", "names"), [pytest.param(*each, id=each[0]) for each in BYLINES])
def test_a_byline_names_its_writers_only(byline, names):
    shown = f'<h1>The quay opens</h1><div class="byline">{byline}</div>{BODY}'
    page = f"<html><body><article>{shown}</article></body></html>"
    found = NewsPage(HttpResponse(URL, page.encode())).to_item()
    assert people([byline], ["The Paper"]) == asyncio.run(found).authors == names


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("April May", id="months"),
        pytest.param("Ada March", id="a month as a surname"),
        pytest.param("Di Ekman", id="a given name spelt as by"),
        pytest.param("José Ortega y Gasset", id="a surname with and"),
        pytest.param("Channel 4 News", id="a newsroom with a number"),
        pytest.param("Voice of America", id="a newsroom with of"),
        pytest.param("Ada Quill Jr.", id="a suffix"),
    ],
)
def test_what_belongs_to_a_name_stays(name):
    assert people([name]) == [name]


@pytest.mark.parametrize(
    "byline",
    [
        pytest.param('<a rel="author">Ada Quill</a>', id="a link's rel"),
        pytest.param('<span itemprop="author">By Ada Quill</span>', id="a property"),
        pytest.param(
            '<b itemprop="author" itemscope><i itemprop="name">Ada Quill</i>, Oslo</b>', id="nested"
        ),
        pytest.param(
            '<b itemprop="author" itemscope><meta itemprop="name" content="Ada Quill"></b>',
            id="meta",
        ),
        pytest.param('<b itemprop="author" content="Ada Quill">A. Q.</b>', id="content"),
        pytest.param(
            '<b itemprop="author" itemscope><i itemprop="givenName">Ada</i> M. '
            '<i itemprop="familyName">Quill</i></b>',
            id="in two parts",
        ),
        pytest.param(
            '<b property="author" typeof="Person"><i property="name">Ada Quill</i></b>', id="RDFa"
        ),
        pytest.param('<b property="schema:author">Ada Quill</b>', id="RDFa with a prefix"),
    ],
)
def test_a_marked_author_is_read(byline):
    page = (
        f"<html><body><article><h1>The quay opens</h1><p>{byline}</p>{BODY}</article></body></html>"
    )
    found = NewsPage(HttpResponse(URL, page.encode())).to_item()
    assert asyncio.run(found).authors == ["Ada Quill"]
