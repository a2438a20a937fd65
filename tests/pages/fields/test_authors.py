from __future__ import annotations

import pytest

from newscrawl.pages.fields.authors import declared_authors, meta_authors
from tests.pages.examples import document

ANN = {"@type": "Person", "@id": "#ann", "name": "Ann Lee"}


@pytest.mark.parametrize(
    ("story", "names"),
    [
        ({"author": "Ann Lee"}, ["Ann Lee"]),
        ({"author": [{"name": "Ann Lee"}, "Bo Ek"]}, ["Ann Lee", "Bo Ek"]),
        ({"creator": {"name": "Ann Lee"}}, ["Ann Lee"]),
        ({"author": {"@id": "#ann"}}, ["Ann Lee"]),
        ({"author": {"@id": "#nobody"}}, []),
        ({"author": {"@type": "Person"}}, []),
        ({}, []),
    ],
)
def test_an_author_is_named_or_refers_to_another_object(story, names):
    assert declared_authors(story, [story, ANN]) == names


def test_the_first_meta_that_names_somebody_else_than_the_newsroom_counts():
    head = '<meta name="author" content="The Post"><meta name="byl" content="By Ann Lee">'
    assert meta_authors(document(head), ["The Post"]) == ["By Ann Lee"]


def test_creators_are_the_last_resort_and_stand_surname_first():
    head = '<meta name="dc.creator" content="Lee, Ann">'
    assert meta_authors(document(head), []) == ["Ann Lee"]
