"""Answers as WARC 1.1 records (ISO 28500:2017), each a gzip member of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import NamedTuple
from urllib.parse import urlsplit

from warcio.recordbuilder import RecordBuilder
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl import __version__
from newscrawl.answer import Answer

LEVEL = 6
"""Of gzip; warcio's own 9 takes half as long again for 1 % of the size."""
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
KIND, FOUND_VIA, RENDERED_BY = "X-Page-Kind", "X-Found-Via", "X-Rendered-By"
"""Fields of ours in the head of a record; readers pass over fields they do not know."""
WAYS = "urn:x-newscrawl:found-via"
"""The target of ``metadata`` records: a JSON object from URLs of articles to how they were found."""
ORIGINAL = b"X-Archive-Orig-"
CODED, LENGTH = b"transfer-encoding", b"content-length"


class Referred(NamedTuple):
    """The earlier record whose payload an answer has again."""

    url: str
    at: str
    """Its ``WARC-Date``."""


class _Head(StatusAndHeaders):  # type: ignore[misc] # warcio ships no types
    """The head of a message as bytes; warcio would percent-encode what is not ASCII."""

    def __init__(self, block: bytes) -> None:
        super().__init__("", [("", "")])
        self._block = block

    def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002 - the signature is warcio's
        self.headers_buff = self._block


def digest_of(payload: bytes) -> str:
    """Return the digest of a payload as WARC files write it."""
    sha1 = hashlib.sha1(payload, usedforsecurity=False)
    return f"sha1:{base64.b32encode(sha1.digest()).decode()}"


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"


class Records:
    """Makes records, ready to be appended to a file."""

    def __init__(self) -> None:
        self._builder = RecordBuilder(warc_version="1.1")

    def info(self, filename: str) -> bytes:
        """Return the record at the head of each file."""
        told = {
            "software": f"newscrawl/{__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        }
        return _member(self._builder.create_warcinfo_record(filename, told))

    def answer(
        self,
        answer: Answer,
        digest: str,
        told: Mapping[str, str],
        *,
        identical: Referred | None = None,
        unmodified: Referred | None = None,
    ) -> bytes:
        """Return the record of an answer, then that of its request where it is known.

        ``told`` goes into the head of the record. An answer whose payload was archived before
        becomes a ``revisit``, as does each 304.
        """
        head = {"WARC-Date": stamp(answer.at), **told}
        if answer.ip is not None:
            head["WARC-IP-Address"] = answer.ip
        if answer.rendered:
            head[RENDERED_BY] = "browser"
        is_unmodified = answer.status == HTTPStatus.NOT_MODIFIED
        if is_unmodified:
            head |= {"WARC-Profile": NOT_MODIFIED, **_refers_to(unmodified)}
        else:
            head["WARC-Payload-Digest"] = digest
        if identical is not None:
            head |= {"WARC-Profile": IDENTICAL, **_refers_to(identical)}
        is_revisit = is_unmodified or identical is not None
        payload = b"" if is_revisit else answer.body
        record = self._builder.create_warc_record(
            answer.url,
            "revisit" if is_revisit else "response",
            payload=BytesIO(payload),
            length=len(payload),
            http_headers=_Head(_head_of(answer)),
            warc_headers_dict=head,
        )
        return _member(record) + self._request(answer, record)

    def ways(self, site: str, found: Mapping[str, str]) -> bytes:
        """Return a record of how articles were found, as is known at the end of a run."""
        payload = json.dumps(found, ensure_ascii=False, indent=0).encode()
        record = self._builder.create_warc_record(
            WAYS,
            "metadata",
            payload=BytesIO(payload),
            length=len(payload),
            warc_content_type="application/json",
            warc_headers_dict={"X-Site": site},
        )
        return _member(record)

    def _request(self, answer: Answer, record: ArcWarcRecord) -> bytes:
        if answer.asked is None:
            return b""
        parts = urlsplit(answer.url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = ((b"Host", parts.netloc.encode()), *answer.asked.headers)
        block = _block(f"{answer.asked.method} {path} HTTP/1.1", headers)
        request = self._builder.create_warc_record(
            answer.url,
            "request",
            http_headers=_Head(block),
            warc_headers_dict={
                "WARC-Date": stamp(answer.at),
                "WARC-Concurrent-To": record.rec_headers.get_header("WARC-Record-ID"),
            },
        )
        return _member(request)


def _refers_to(referred: Referred | None) -> dict[str, str]:
    if referred is None:
        return {}
    return {"WARC-Refers-To-Target-URI": referred.url, "WARC-Refers-To-Date": referred.at}


def _member(record: ArcWarcRecord) -> bytes:
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
    return packing.compress(plain.getvalue()) + packing.flush()


def _head_of(answer: Answer) -> bytes:
    phrase = next((each.phrase for each in HTTPStatus if each == answer.status), "")
    status = f"{answer.protocol} {answer.status} {phrase}".rstrip()
    return _block(status, _true_of(answer))


def _true_of(answer: Answer) -> Iterable[tuple[bytes, bytes]]:
    """Yield the headers, those that do not fit the body renamed as other archives do.

    The engine has taken the body out of its chunks, a browser has written another one.
    """
    length = str(len(answer.body)).encode()
    for name, value in answer.headers:
        if name.lower() == CODED:
            yield ORIGINAL + name, value
        elif name.lower() == LENGTH and value.strip() != length and answer.body:
            yield ORIGINAL + name, value
            yield name, length
        else:
            yield name, value


def _block(first: str, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the head of a message; a value of several lines, as browsers give, is several headers."""
    lines = [first.encode("ascii", "replace")]
    lines += [
        name + b": " + line for name, value in headers for line in value.splitlines() or [b""]
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"
