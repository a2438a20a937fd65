from __future__ import annotations

import pytest
from lxml import html

from newscrawl.pages.fields.boxes import boxes


@pytest.mark.parametrize(
    ("inner", "texts"),
    [
        ("By<a>Ada Quill</a>", ["By", "Ada Quill"]),
        ("By <a>Ada Quill</a>", ["By Ada Quill"]),
        ("By <!-- -->Ada<!-- --> Quill", ["By Ada Quill"]),
        ("<a>Ada Quill</a>, <i>editor</i>", ["Ada Quill, editor"]),
        ("Ada Quill<br>Editor", ["Ada Quill", "Editor"]),
        ("<p>Ada Quill</p> <p>Editor</p>", ["Ada Quill", "Editor"]),
        ("Ada<script>x</script> Quill", ["Ada", "Quill"]),
        ("<nav>Menu</nav>", []),
    ],
)
def test_only_white_space_joins_words(inner, texts):
    assert [each.text for each in boxes([html.fromstring(f"<div>{inner}</div>")])] == texts
