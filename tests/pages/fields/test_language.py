from __future__ import annotations

import pytest

from newscrawl.pages.fields.language import detect_language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "ستفتح البلدية نفق الميناء بعد عام، وتسير الأعمال وفق الخطة رغم الأمطار."),
        ("en", "The harbour tunnel will open in a year, the town council said on Friday."),
        ("es", "El túnel del puerto se abrirá dentro de un año, anunció el ayuntamiento."),
        ("fr", "Le tunnel du port sera ouvert dans un an, a annoncé la mairie vendredi soir."),
        (
            "ja",
            "港のトンネルは一年後に開通すると市役所が発表した。工事は計画どおりに進み、列車は迂回する。",
        ),
        ("ko", "항구 터널이 일 년 뒤에 열린다고 시청이 밝혔다. 공사는 계획대로 진행되고 있다."),
        ("pl", "Tunel portowy zostanie otwarty za rok, poinformował w piątek urząd miasta."),
        ("th", "อุโมงค์ท่าเรือจะเปิดในอีกหนึ่งปี เทศบาลเมืองแจ้ง ส่วนรถไฟยังคงวิ่งอ้อม"),
        (
            "uk",
            "Портовий тунель відкриють за рік, повідомила міська рада. Її роботи йдуть за планом.",
        ),
        (
            "zh",
            "港口隧道将于一年后开放,市政府表示。工程正按计划进行,列车目前绕道行驶,渡轮照常航行。",
        ),
    ],
)
def test_a_line_tells_its_language(language, text):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text", ["", "Guten Tag", "12 34 " * 20, "!" * 100, "a" * 100, "\ud800" * 100, "\x00" * 100]
)
def test_what_is_no_text_has_no_language(text):
    assert detect_language(text) is None


def test_capitals_hide_no_language():
    text = "THE HARBOUR TUNNEL WILL OPEN IN A YEAR, THE TOWN COUNCIL SAID ON FRIDAY."
    assert detect_language(text) == "en"
