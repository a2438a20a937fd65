"""Captions and credits: which passages are some, and to which picture each belongs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newscrawl.pages.bodies.passages import HEADINGS

if TYPE_CHECKING:
    from newscrawl.items import Image
    from newscrawl.pages.bodies.passages import Passage

CREDIT = re.compile(
    r"^(?:(?:photo(?:graph)?|image|picture)\s?)?(?:credits?|crédits?)\s?[:：]\s*", re.IGNORECASE
)
"""The label of a credit, which says no more than the field's name."""
LOOK_BACK = 3
"""Passages before an NPR label that may be its caption and credit: caption, caption, credit."""


def read_labels(passages: list[Passage]) -> None:
    """The text before NPR's "hide caption" is a caption; its last bold run is the credit."""
    for at, passage in enumerate(passages):
        if not passage.labelled or passage.role == "credit":
            continue
        if passage.text:
            passage.role = "caption"
            credit = passage.bolds[-1] if passage.bolds else ""
            if credit and passage.text.endswith(credit) and passage.text != credit:
                passage.text = passage.text.removesuffix(credit).rstrip()
                passage.bolds = [credit]
            else:
                passage.bolds = []
        else:
            _read_bare_label(passages, at)


def _read_bare_label(passages: list[Passage], at: int) -> None:
    """A label in a passage of its own: caption and credit are the passages back to the picture."""
    before: list[Passage] = []
    for passage in reversed(passages[max(0, at - LOOK_BACK - 1) : at]):
        if passage.role != "text" or passage.tag in HEADINGS or passage.labelled:
            pictured = passage.role == "image"
            break
        before.insert(0, passage)
    else:
        pictured = False
    after = next((passage.folded for passage in passages[at + 1 : at + 3] if passage.text), "")
    if before and len(before) <= LOOK_BACK and (pictured or before[-1].folded == after):
        for passage in before if pictured else before[-2:]:
            passage.role = "caption"
        if len(before) > 1 or before[-1].folded == after:
            before[-1].role = "credit"


def give_captions(passages: list[Passage]) -> None:
    """Give each caption and credit to its picture; a caption without one is a paragraph."""
    for at, passage in enumerate(passages):
        if passage.role not in {"caption", "credit", "legend"}:
            continue
        image = _image_of(passages, at)
        if image is None:
            passage.role, passage.dropped = "text", passage.role != "caption"
            continue
        passage.dropped = True
        if passage.role == "credit":
            image.credit = image.credit or CREDIT.sub("", passage.text) or None
            continue
        if passage.labelled and passage.bolds:
            image.credit = image.credit or passage.bolds[0]
        if passage.text and passage.text not in (image.caption or ""):
            said = image.caption if image.caption != image.alt else None
            image.caption = " ".join(filter(None, (said, passage.text)))


def _image_of(passages: list[Passage], at: int) -> Image | None:
    frame = passages[at].frame
    if frame:
        framed = [
            (place, passage.image)
            for place, passage in enumerate(passages[max(0, at - 50) : at + 50], max(0, at - 50))
            if passage.frame == frame and passage.image is not None
        ]
        before = [image for place, image in framed if place < at]
        return before[-1] if before else framed[0][1] if framed else None
    for direction in (reversed(passages[max(0, at - 5) : at]), iter(passages[at + 1 : at + 3])):
        for passage in direction:
            if passage.image is not None:
                return passage.image
            if passage.role == "text" and passage.text and passage.folded != passages[at].folded:
                break
    return None
