"""An attack, where it may lead, and the answers it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

HTML = "text/html; charset=utf-8"
XML = "application/xml"
MB = 1_000_000
PROSE = (
    "The ferry company says number {} will sail again on Friday, after the crew had asked for a "
    "longer pause in the harbour of Port Elm and the council had agreed to pay for half of it. "
)


class Places:
    """Where the site is; ``forbidden`` is the port that nobody may be led to."""

    def __init__(self, port: int, forbidden: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.forbidden = forbidden

    def inner(self) -> list[str]:
        """Addresses of the forbidden port, and of others' inner services."""
        port = self.forbidden
        return [
            f"http://127.0.0.1:{port}/",
            f"http://localhost:{port}/",
            f"http://[::1]:{port}/",
            f"http://0.0.0.0:{port}/",
            f"http://127.1:{port}/",
            f"http://2130706433:{port}/",
            f"http://0x7f000001:{port}/",
            f"http://[::ffff:127.0.0.1]:{port}/",
            "http://169.254.169.254/latest/meta-data/",
        ]


Answering: TypeAlias = Callable[[Places, str], bytes | Iterator[bytes]]
"""Gives the raw bytes of an answer to a path."""


class Attack(NamedTuple):
    """``tried`` in a few words."""

    name: str
    tried: str
    answer: Answering

    @property
    def path(self) -> str:
        return f"/{self.name}/"


def reply(
    body: bytes, media_type: str = HTML, status: int = 200, headers: dict[str, str] | None = None
) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Type: {media_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def page(title: str, text: str, head: str = "", rest: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>'
        f'<meta property="og:type" content="article">{head}</head><body><main><article>'
        f"<h1>{title}</h1>{text}</article>{rest}</main></body></html>"
    ).encode(errors="surrogatepass")


def story(number: int) -> str:
    texts = (PROSE.format(f"{number}-{part} of {number * 7 + part}") for part in range(5))
    return "".join(f"<p>{text}</p>" for text in texts)


def honest(number: int) -> bytes:
    return page(f"Honest story number {number}", story(number))


def shows(make: Callable[[Places], bytes]) -> Answering:
    return lambda site, _: reply(make(site))


def raw(data: bytes) -> Answering:
    return lambda _, __: data
