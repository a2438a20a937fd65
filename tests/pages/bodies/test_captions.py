from __future__ import annotations

import pytest

from newscrawl.items import Image
from tests.pages.examples import body


def test_a_figure_gives_caption_and_credit():
    found = body(
        "<figure><img src=/a.jpg alt=A><figcaption>The bay. <span class=credit>M. Lund</span>"
        "</figcaption></figure><p>Text.</p>"
    )
    assert found.images == [
        Image(url="https://news.test/a.jpg", alt="A", caption="The bay.", credit="M. Lund")
    ]
    assert found.text == "Text."


def test_a_caption_without_a_picture_is_text():
    found = body("<figure><table><tr><td>1</td></tr></table><figcaption>Table.</figcaption>")
    assert found.text == "1\n\nTable."


NPR = """
<div id="res1" class="{wrap}"><div><picture><img src="/a.jpg" alt=""></picture></div>
<div class="{credit_caption}"><div><div class="{caption}"><p>A quay. <b class="{credit}">Ann/Pool
</b> <b class="{hide}"><b>hide caption</b></b></p></div> <b class="{toggle}"><b>toggle caption</b>
</b></div><span class="{credit}">Ann/Pool</span></div></div><p>Text.</p>"""
CLASSES = {
    "wrap": "bucketwrap image large",
    "credit_caption": "credit-caption",
    "caption": "caption",
    "credit": "credit",
    "hide": "hide-caption",
    "toggle": "toggle-caption",
}


@pytest.mark.parametrize(
    "html",
    [
        NPR.format_map(CLASSES),
        NPR.format_map(dict.fromkeys(CLASSES, "")),
        (
            "<p><img src=/a.jpg></p><p>A quay.</p><p>Ann/Pool</p><p>hide caption</p>"
            "<p>toggle caption</p><p>Ann/Pool</p><p>Text.</p>"
        ),
    ],
    ids=["npr", "classes dropped", "flattened"],
)
def test_npr_markup_gives_caption_and_credit_once(html):
    found = body(html)
    assert found.images == [
        Image(url="https://news.test/a.jpg", caption="A quay.", credit="Ann/Pool")
    ]
    assert found.text == "Text."
