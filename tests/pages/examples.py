"""Pages and bodies to be read, in the words of a test."""

from __future__ import annotations

from urllib.parse import urljoin

from lxml import etree
from web_poet import HttpResponse

from newscrawl.pages.bodies.body import read_body
from newscrawl.pages.documents.document import Document

URL = "https://news.test/story/"


def document(head="", html=""):
    page = f"<html><head>{head}</head><body>{html}</body></html>"
    return Document(HttpResponse(URL, page.encode()))


def resolve(href):
    url = urljoin(URL, href)
    return url if url.startswith(("http://", "https://")) else None


def body(html, **kwargs):
    root = etree.HTML(f"<html><body><div>{html}</div></body></html>")
    return read_body(root.find("body/div"), resolve, **kwargs)
