from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_poet import HttpResponse

from newscrawl.charset import decode
from newscrawl.pages.documents.document import Document, text_of

STORIES = {
    "ar": "ستفتح البلدية نفق الميناء بعد عام، وتسير الأعمال وفق الخطة رغم الأمطار الغزيرة هذا الشتاء.",
    "cs": "Přístavní tunel se otevře za rok, oznámila radnice. Práce běží podle plánu a vlaky jezdí objížďkou.",
    "de": "Der Hafentunnel wird in einem Jahr eröffnet. Züge müssen größere Umwege fahren, für Fußgänger öffnet früher die Brücke über den Bärengraben, erklärte der Bürgermeister.",
    "el": "Η σήραγγα του λιμανιού θα ανοίξει σε έναν χρόνο, ανακοίνωσε ο δήμος της πόλης.",
    "he": "מנהרת הנמל תיפתח בעוד שנה, הודיעה העירייה, והרכבות נוסעות בינתיים במסלול אחר.",
    "ja": "港のトンネルは一年後に開通すると市役所が発表した。工事は計画どおりに進んでいる。",
    "ko": "항구 터널이 일 년 뒤에 열린다고 시청이 밝혔다. 공사는 계획대로 진행되고 있다.",
    "ru": "Портовый туннель откроют через год, сообщила мэрия. Поезда пока ходят в объезд.",
    "th": "อุโมงค์ท่าเรือจะเปิดในอีกหนึ่งปี เทศบาลเมืองแจ้ง ส่วนรถไฟยังคงวิ่งอ้อม",
    "tr": "Liman tüneli bir yıl içinde açılacak. Çalışmalar plana göre ilerliyor, trenler şimdilik başka yoldan gidiyor, köprü ise yayalara açık.",
    "uk": "Портовий тунель відкриють за рік, повідомила міська рада. Її роботи йдуть за планом.",
    "zh": "港口隧道将于一年后开放,市政府表示。工程正按计划进行,列车目前绕道行驶。",
}
LEGACY = [
    ("ar", "windows-1256"),
    ("cs", "iso-8859-2"),
    ("cs", "windows-1250"),
    ("de", "windows-1252"),
    ("el", "iso-8859-7"),
    ("he", "windows-1255"),
    ("ja", "euc-jp"),
    ("ja", "shift_jis"),
    ("ko", "euc-kr"),
    ("ru", "iso-8859-5"),
    ("ru", "koi8-r"),
    ("ru", "windows-1251"),
    ("th", "windows-874"),
    ("tr", "windows-1254"),
    ("uk", "koi8-u"),
    ("uk", "windows-1251"),
    ("zh", "gb18030"),
]
CODECS = {"windows-874": "cp874"}
legacy = pytest.mark.parametrize(("language", "charset"), LEGACY)


def html(text: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head>{head}<title>A</title></head><body><p>{text}</p></body></html>"
    )


def encoded(language: str, charset: str, head: str = "") -> tuple[bytes, str]:
    page = html(STORIES[language], head)
    return page.encode(CODECS.get(charset, charset)), page


def header(charset: str) -> str:
    return f"text/html; charset={charset}"


# What is declared rightly


@legacy
def test_the_header_names_the_encoding(language, charset):
    body, page = encoded(language, charset)
    assert decode(body, header(charset)) == page


@legacy
@pytest.mark.parametrize(
    "meta",
    [
        '<meta charset="{}">',
        "<META CHARSET={} >",
        '<meta http-equiv="Content-Type" content="text/html; charset={}">',
        "<meta content='text/html;charset={}' http-equiv=content-type />",
    ],
    ids=["charset", "bare", "http-equiv", "turned round"],
)
def test_a_meta_element_names_the_encoding(language, charset, meta):
    body, page = encoded(language, charset, meta.format(charset))
    assert decode(body) == page


def test_an_xml_declaration_names_the_encoding():
    page = '<?xml version="1.0" encoding="windows-1251"?>' + html(STORIES["ru"])
    assert decode(page.encode("cp1251")) == page


@pytest.mark.parametrize("before", [1_000, 4_096, 100_000])
def test_a_declaration_may_stand_below_a_long_script(before):
    head = f"<script>{'x' * before}</script><meta charset=iso-8859-2>"
    page = html("Tu się żyje.", head)
    assert decode(page.encode("iso-8859-2")) == page


def test_a_declaration_may_stand_in_the_body():
    page = "<body><p>Tu się żyje.</p><meta charset=iso-8859-2>"
    assert decode(page.encode("iso-8859-2")) == page


def test_a_declaration_in_a_comment_is_none():
    page = html("Größe, Nähe", "<!-- <meta charset=iso-8859-2> -->")
    assert decode(page.encode("cp1252")) == page


@pytest.mark.parametrize("label", ["latin1", "ISO_8859-1", "ascii", "cp1252", "x-unheard-of"])
def test_labels_mean_what_browsers_take_them_for(label):
    page = html("“Nähe” – 5 €")
    assert decode(page.encode("cp1252"), header(label)) == page


@pytest.mark.parametrize("label", ["gb2312", "gbk", "GB_2312-80"])
def test_a_label_stands_for_the_larger_set_of_its_family(label):
    page = html("朱镕基, 镕, 㐂")
    assert decode(page.encode("gb18030"), header(label)) == page


def test_iso_8859_with_bytes_it_lacks_is_the_windows_code_page():
    page = html("„Příliš žluťoučký kůň“ – úpěl ďábelské ódy")
    body = page.replace("ž", "z").replace("ť", "t").replace("š", "s").encode("cp1250")
    assert "„P" in decode(body, header("iso-8859-2"))


# What is declared wrongly


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1251", "gb2312", "utf-16", "x-none"])
@pytest.mark.parametrize("language", STORIES)
def test_valid_utf_8_is_utf_8_whatever_is_declared(language, charset):
    body, page = encoded(language, "utf-8", f'<meta charset="{charset}">')
    assert decode(body, header(charset)) == page


@legacy
def test_what_is_no_utf_8_is_not_read_as_such(language, charset):
    body, page = encoded(language, charset, '<meta charset="utf-8">')
    assert decode(body, header("utf-8")) == page


@legacy
def test_without_a_declaration_the_letters_tell(language, charset):
    body, page = encoded(language, charset)
    assert decode(body) == page


@legacy
def test_a_server_s_default_gives_way_to_the_page_s_own_word(language, charset):
    body, page = encoded(language, charset, f'<meta charset="{charset}">')
    assert decode(body, header("iso-8859-1")) == page


@legacy
def test_a_server_s_default_gives_way_to_the_letters(language, charset):
    body, page = encoded(language, charset)
    assert decode(body, header("iso-8859-1")) == page


@legacy
def test_a_wrong_header_gives_way_to_a_right_meta(language, charset):
    body, page = encoded(language, charset, f'<meta charset="{charset}">')
    assert decode(body, header("shift_jis")) == page


@pytest.mark.parametrize("charset", ["windows-1250", "windows-1257", "iso-8859-15"])
def test_among_latin_encodings_the_declaration_decides(charset):
    page = html("älö " * 20)
    body = page.encode("cp1252")
    assert decode(body, header(charset)) == body.decode(charset)


def test_few_letters_overrule_no_declaration():
    page = html("Да, Ок")
    assert decode(page.encode("cp1251"), header("windows-1251")) == page


def test_quotes_alone_are_western():
    page = html("“It’s open” – " * 40)
    assert decode(page.encode("cp1252")) == page


# What is broken


@pytest.mark.parametrize("broken", [b"\xff", b"\xe2\x80", b"\xc3", b"caf\xe9 ol\xe9"])
def test_a_few_broken_bytes_do_not_flip_a_page(broken):
    body, page = encoded("de", "utf-8", "<meta charset=utf-8>")
    read = decode(body + broken, header("iso-8859-1"))
    assert read.startswith(page)
    assert "\ufffd" in read[len(page) :]


@pytest.mark.parametrize(
    ("language", "charset"), [("ja", "shift_jis"), ("zh", "gb18030"), ("ko", "euc-kr")]
)
def test_a_cut_character_does_not_belie_a_legacy_declaration(language, charset):
    page = html(STORIES[language] * 3)
    body = page.encode(charset)
    assert decode(body + body[body.index(b"<p>") + 3 :][:1], header(charset)).startswith(page)


def test_bytes_of_no_encoding_are_replaced():
    assert "\ufffd" in decode(b"<p>" + bytes(range(0x80, 0x100)) * 20)


# Byte order marks and wide encodings


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_wins(mark, charset):
    page = html(STORIES["ja"], "<meta charset=windows-1252>")
    assert decode(mark + page.encode(charset), header("iso-8859-1")) == page


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["de", "ja"])
def test_utf_16_shows_without_a_mark(language, charset):
    page = html(STORIES[language], "<meta charset=utf-16>")
    assert decode(page.encode(charset)) == page


def test_a_repeated_mark_is_no_text():
    assert decode("\ufeff\ufeff<p>é".encode()) == "<p>é"


@pytest.mark.parametrize("nul", ["\x00", "\x00\x00\x00\x00"])
def test_nul_bytes_do_not_make_utf_16(nul):
    page = html(STORIES["de"] + nul)
    assert decode(page.encode()) == page


def test_iso_2022_jp_is_seen_by_its_escapes():
    page = html(STORIES["ja"])
    assert decode(page.encode("iso2022_jp")) == page


def test_an_escape_byte_alone_is_ascii():
    assert decode(b"<p>a\x1b$b") == "<p>a\x1b$b"


# Whatever comes


@given(
    st.binary(max_size=300)
    | st.lists(
        st.sampled_from([b"\x1b$", b"\xff", b"\x00", b"<meta charset=", "港é".encode()])
    ).map(b"".join),
    st.none()
    | st.sampled_from([header("utf-16"), header("hz"), header("idna"), header("rot13"), ";"]),
)
def test_every_body_has_a_text(body, content_type):
    assert isinstance(decode(body, content_type), str)


@pytest.mark.parametrize(
    "label",
    ["idna", "punycode", "rot13", "base64", "zlib", "undefined", "mbcs", "utf-7", "unicode_escape"],
)
def test_codecs_that_are_no_charsets_are_not_used(label):
    page = html("Nähe\\u0041")
    assert decode(page.encode("cp1252"), header(label)) == page


def test_a_document_is_read_by_its_bytes():
    body, _ = encoded("ru", "windows-1251", "<meta charset=utf-8>")
    response = HttpResponse(
        "https://daily.example/", body, headers={"Content-Type": header("iso-8859-1")}
    )
    assert STORIES["ru"] in text_of(Document(response).root)
