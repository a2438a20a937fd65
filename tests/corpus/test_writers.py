"""WARC files are read whoever wrote them: wget, warcio, FastWARC and a crawl of ours, of one site."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastwarc.stream_io import GzipWriter, ZstdWriter
from fastwarc.warc import WarcRecord, WarcRecordType
from pyarrow import parquet
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawl.corpus.account import accounts
from newscrawl.corpus.layout import Layout
from newscrawl.demo.responses import DemoResponse
from tests.archive.checking import warc_files
from tests.corpus.test_build import do
from tests.crawl.crawling import Crawl
from tests.demo.serving import DemoServer, run_demo

NEEDED = ["url", "headline", "published", "text"]


@pytest.fixture(scope="module")
def demo() -> Iterator[DemoServer]:
    with run_demo(articles=12) as server:
        yield server


def answers(demo: DemoServer) -> Iterator[tuple[str, DemoResponse]]:
    """Yield the pages of the site's articles, those of split ones too."""
    for article in demo.site.truth():
        path = article.url.removeprefix(demo.url)
        page = demo.site.respond(path, {})
        yield article.url, page
        number = 2
        while f"{demo.url}{path}{number}/".encode() in page.body:
            page = demo.site.respond(f"{path}{number}/", {})
            yield f"{demo.url}{path}{number}/", page
            number += 1


def by_wget(demo: DemoServer, folder: Path) -> None:
    if shutil.which("wget") is None:
        pytest.skip("there is no wget")
    urls = [url for url, _ in answers(demo)]
    retried = ("--tries=3", "--retry-on-http-error=429,500,502,503")
    line = ["wget", "-q", *retried, "--warc-file=site", "--no-directories", "--input-file=-"]
    subprocess.run(line, input="\n".join(urls), text=True, cwd=folder, check=True)


def by_warcio(demo: DemoServer, folder: Path) -> None:
    with (folder / "site.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, page in answers(demo):
            head = StatusAndHeaders("200 OK", list(page.headers.items()), protocol="HTTP/1.1")
            record = writer.create_warc_record(
                url,
                "response",
                payload=BytesIO(page.body),
                length=len(page.body),
                http_headers=head,
            )
            writer.write_record(record)


def by_fastwarc(demo: DemoServer, folder: Path, packing: type[GzipWriter | ZstdWriter]) -> None:
    ending = "gz" if packing is GzipWriter else "zst"
    with (folder / f"site.warc.{ending}").open("wb") as file, packing(file) as packed:
        for url, page in answers(demo):
            head = "".join(f"{name}: {value}\r\n" for name, value in page.headers.items())
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.response)
            record.headers["WARC-Target-URI"] = url
            record.headers["Content-Type"] = "application/http; msgtype=response"
            record.set_bytes_content(f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + page.body)
            record.write(packed)


def by_us(demo: DemoServer, folder: Path) -> None:
    crawl = Crawl(folder / "crawl")
    crawl.folder.mkdir()
    crawl.run("site", "-a", f"url={demo.url}/", NEWSCRAWL_ARCHIVE=str(folder / "kept"))
    assert warc_files(folder / "kept")


WRITERS = {
    "wget": by_wget,
    "warcio": by_warcio,
    "fastwarc": lambda demo, folder: by_fastwarc(demo, folder, GzipWriter),
    "fastwarc with zstd": lambda demo, folder: by_fastwarc(demo, folder, ZstdWriter),
    "a crawl": by_us,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_the_articles_of_a_site_are_read_whoever_wrote_it_down(write, demo, tmp_path):
    inputs = tmp_path / "in"
    inputs.mkdir()
    write(demo, inputs)
    ended = do("build", tmp_path / "out", inputs, "--jobs=1")
    assert ended.returncode == 0, ended.stderr
    layout = Layout(tmp_path / "out")
    rows = {
        row["url"]: row
        for _, account in accounts(layout)
        for row in parquet.read_table(layout.parts / account.part, columns=NEEDED).to_pylist()
    }
    for article in demo.site.truth():
        assert rows[article.url]["headline"] == article.headline
        assert rows[article.url]["text"] == article.text
        assert rows[article.url]["published"] == article.published
