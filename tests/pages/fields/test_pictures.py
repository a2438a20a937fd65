from __future__ import annotations

from urllib.parse import urljoin

import pytest

from newscrawl.items import Image
from newscrawl.pages.fields.pictures import (
    declared_picture,
    is_same_picture,
    shared_picture,
    site_pictures,
    with_lead,
)
from tests.pages.examples import document, resolve

QUAY = "https://news.test/quay.jpg"


@pytest.mark.parametrize(
    "image",
    ["/quay.jpg", {"url": "/quay.jpg"}, [{"url": "/quay.jpg"}, {"url": "/quay-16x9.jpg"}]],
)
def test_the_first_picture_of_the_story_is_taken(image):
    assert declared_picture({"image": image}, resolve) == Image(url=QUAY)


def test_a_declared_picture_keeps_caption_and_credit():
    image = {"url": "/quay.jpg", "caption": "The quay.", "creditText": "Ann Lee"}
    assert declared_picture({"image": image}, resolve) == Image(
        url=QUAY, caption="The quay.", credit="Ann Lee"
    )


@pytest.mark.parametrize("image", [None, {}, "", {"url": "javascript:x()"}])
def test_what_is_no_address_is_no_picture(image):
    assert declared_picture({"image": image}, resolve) is None


def test_the_shared_picture_has_its_own_description():
    head = """
        <meta property="og:image" content="/quay.jpg"><meta property="og:image:alt" content="Quay">
    """
    assert shared_picture(document(head)) == Image(url=QUAY, alt="Quay")


def test_a_page_that_shares_none_has_no_picture():
    assert shared_picture(document()) is None


PIER = "https://news.test/pier.jpg"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/quay.jpg?w=1200", "/quay.jpg?w=640"),
        ("/resizer/a1=/1200x630/QUAYSIDE1234.jpg", "/resizer/b2=/960x0/QUAYSIDE1234.jpg"),
        ("/2025/ferry-at-the-old-quay-1200x630.jpg", "/other/ferry-at-the-old-quay-scaled.webp"),
        ("/16x9/quay-bridge-101.jpg", "https://cdn.test/1x1/quay-bridge-101.jpg"),
    ],
)
def test_sizes_of_a_picture_are_one_picture(one, other):
    assert is_same_picture(f"https://news.test{one}", urljoin("https://news.test", other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/a/photo.jpg", "/b/photo.jpg"),
        ("/a/12.jpg", "/b/12.jpg"),
        ("/quay-101.jpg", "/quay-102.jpg"),
    ],
)
def test_files_of_a_common_name_are_several_pictures(one, other):
    assert not is_same_picture(f"https://news.test{one}", f"https://news.test{other}")


def test_the_declared_picture_is_listed_once_with_what_the_body_tells_of_it():
    lead = Image(url="https://news.test/ferry-2025.jpg?w=600")
    shown = [Image(url=PIER), Image(url="https://cdn.test/ferry-2025.jpg", caption="The ferry.")]
    assert with_lead(lead, shown) == [
        Image(url="https://news.test/ferry-2025.jpg?w=600", caption="The ferry."),
        Image(url=PIER),
    ]
    assert with_lead(None, shown) == shown


def test_the_larger_size_of_a_declared_picture_is_kept():
    small, large = "https://news.test/quay.jpg?w=600", "https://news.test/quay.jpg?w=1200"
    assert with_lead(Image(url=small), [Image(url=large)]) == [Image(url=large)]


@pytest.mark.parametrize(
    ("head", "html"),
    [
        ("<meta property='og:logo' content='https://news.test/quay.jpg'>", ""),
        ("", "<a href='/'><img src='https://news.test/quay.jpg'></a>"),
        (
            '<script type="application/ld+json">{"publisher": {"logo": {"url": "/quay.jpg"}}}</script>',
            "",
        ),
    ],
)
def test_what_stands_for_the_site_is_no_picture_of_the_story(head, html):
    logos = site_pictures(document(head, html))
    assert with_lead(Image(url=QUAY), [Image(url=PIER)], logos) == [Image(url=PIER)]
