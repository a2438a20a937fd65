from __future__ import annotations

import pytest

from newscrawl.items import Image
from newscrawl.pages.fields.pictures import declared_picture, shared_picture
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
