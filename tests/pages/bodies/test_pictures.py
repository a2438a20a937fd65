from __future__ import annotations

import pytest

from tests.pages.examples import body


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ('<img src="data:image/gif;base64,R0" data-src="/a.jpg">', "https://news.test/a.jpg"),
        ('<img src="/img/jeg-empty.png" data-src="/a.jpg">', "https://news.test/a.jpg"),
        ('<img src="/wp/uploads/a-750x375.jpg">', "https://news.test/wp/uploads/a.jpg"),
        (
            '<a href="/wp/uploads/a.jpg"><span><img src="/wp/uploads/a-9x9.webp"></span></a>',
            "https://news.test/wp/uploads/a.jpg",
        ),
        (
            '<img srcset="/s.jpg 300w, /l.jpg 900w" src="data:,">',
            "https://news.test/l.jpg",
        ),
    ],
)
def test_an_image_is_its_full_size_file(html, url):
    assert [image.url for image in body(html).images] == [url]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="data:image/gif;base64,R0">',
        '<img src="/x/jeg-empty.png">',
        '<img src="javascript:alert(1)">',
        '<img src="/pixel.gif" width="1" height="1">',
        '<img class="avatar" src="/me.jpg">',
        "<img>",
    ],
)
def test_what_is_no_picture_is_left_out(html):
    assert body(html).images == []
