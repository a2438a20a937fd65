from __future__ import annotations

from newscrawl.items import Image
from newscrawl.pages.bodies.passages import Boundary, Passage
from newscrawl.pages.bodies.rendering import as_html, as_text


def passage(text, tag="p", **kwargs):
    return Passage(tag, texts=[text], htmls=[text], text=text, **kwargs)


ROW = [
    Boundary("tr", opens=True),
    passage("Single", ""),
    passage("£4", ""),
    Boundary("tr", opens=False),
]


def test_passages_are_parted_by_a_blank_line():
    assert as_text([passage("One."), passage("Two.")]) == "One.\n\nTwo."


def test_short_cells_of_a_row_share_a_line():
    assert as_text(ROW) == "Single | £4"


def test_a_row_with_a_long_cell_is_a_layout():
    long = "Words. " * 40
    assert as_text([ROW[0], passage("Menu", ""), passage(long, ""), ROW[-1]]) == f"Menu\n\n{long}"


def test_what_is_dropped_is_in_neither():
    dropped = [passage("x", dropped=True)]
    assert (as_text(dropped), as_html(dropped)) == ("", "")


def test_an_empty_list_leaves_no_tags():
    assert as_html([Boundary("ul", opens=True), Boundary("ul", opens=False)]) == ""


def test_a_picture_is_a_figure_with_what_is_said_of_it():
    image = Image(url="https://news.test/a.jpg?b&c", alt='"A"', caption="1 < 2.", credit="Ann")
    assert as_html([Passage("", "image", image=image)]) == (
        '<figure><img src="https://news.test/a.jpg?b&amp;c" alt="&quot;A&quot;">'
        "<figcaption>1 &lt; 2. Ann</figcaption></figure>"
    )
