"""Pages and bodies to be read, in the words of a test."""

from __future__ import annotations

from urllib.parse import urljoin

from lxml import etree
from web_poet import HttpResponse

from newscrawl.pages.bodies.body import read_body
from newscrawl.pages.documents.document import Document

URL = "https://news.test/story/"
FIRST = (
    "The ferry to the outer islands sailed on Monday for the first time since the storms of "
    "January, with forty passengers, two vans and a great deal of post on board."
)
SECOND = (
    "Its captain said that the channel had silted up more than in any winter she remembers, "
    "and that the dredgers would have to come back before the summer timetable begins."
)
THIRD = (
    "Islanders who had waited for spare parts, seed and newspapers met the boat at the quay; "
    "the school sent its band, which knows three pieces and played all of them twice."
)
STORY = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"


def document(head="", html=""):
    page = f"<html><head>{head}</head><body>{html}</body></html>"
    return Document(HttpResponse(URL, page.encode()))


def resolve(href):
    url = urljoin(URL, href)
    return url if url.startswith(("http://", "https://")) else None


def body(html, **kwargs):
    root = etree.HTML(f"<html><body><div>{html}</div></body></html>")
    return read_body(root.find("body/div"), resolve, **kwargs)
