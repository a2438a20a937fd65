"""Events come to a program: all of them, in order, each again only where that is not known."""

from __future__ import annotations

import http.server
import json
import signal
import subprocess
import threading
from contextlib import contextmanager
from typing import Any

import pytest

from newscrawl.events.cursor import Cursor
from newscrawl.events.delivery import DeliveryError, deliver, last_over, receiver
from tests.crawl.crawling import ENVIRONMENT, NEWSCRAWL
from tests.serving import BusyServer


class Receiver(BusyServer):
    """Keeps what is posted to it; ``answers`` are its next statuses, then always 204."""

    def __init__(self, answers: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.taken: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.asked = 0
        self.slow = threading.Event()
        self.slow.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def handle_error(self, request: object, client_address: object) -> None:
        """A killed sender hangs up."""


class Handler(http.server.BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += 1
        self.server.slow.wait(60)
        status = self.server.answers.pop(0) if self.server.answers else 204
        if status == 204:
            self.server.taken.append(told)
            self.server.keys.append(self.headers["Idempotency-Key"])
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiving(*answers: int):
    with Receiver([*answers]) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def cursor(tmp_path):
    return Cursor(tmp_path / "cursor", 0, {})


def test_all_events_come_in_order_with_the_article(engine, cursor):
    with receiving() as server:
        assert deliver(engine, server.url, cursor) == 6
    kinds = [each["event"] for each in server.taken]
    assert kinds[:4] == ["new"] * 4
    assert sorted(kinds[4:]) == ["changed", "gone"]
    assert server.taken[0]["article"]["headline"]
    assert "html" not in server.taken[0]["article"]
    assert server.keys == [each["key"] for each in server.taken]


def test_what_was_told_is_not_told_again(engine, cursor):
    with receiving() as server:
        deliver(engine, server.url, cursor)
        again = Cursor.read(cursor._path)
        assert again is not None
        assert deliver(engine, server.url, again) == 0


def test_a_trouble_that_may_pass_is_waited_for(engine, cursor):
    waited: list[float] = []
    with receiving(503, 429) as server:
        assert deliver(engine, server.url, cursor, sleep=waited.append) == 6
    assert waited == [1.0, 4.0]
    assert len({*server.keys}) == 6


@pytest.mark.parametrize("status", [400, 401, 404, 302])
def test_what_will_not_pass_ends_at_once_and_the_next_time_begins_there(engine, cursor, status):
    with receiving(204, status) as server:
        with pytest.raises(DeliveryError, match=f"answered {status}"):
            deliver(engine, server.url, cursor, sleep=lambda _: pytest.fail("it waits"))
        again = Cursor.read(cursor._path)
        assert again is not None
        assert deliver(engine, server.url, again) == 5
    assert len({*server.keys}) == len(server.keys) == 6


def test_a_receiver_that_is_not_there_is_named_without_its_address(engine, cursor):
    with pytest.raises(DeliveryError) as raised:
        deliver(engine, "http://127.0.0.1:9/secret-path", cursor, sleep=lambda _: None)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["ftp://a/", "hook", "http://", "http://a b/", "file:///etc/passwd"]
)
def test_an_address_that_cannot_be_posted_to_is_refused(url):
    with pytest.raises(ValueError, match="no http or https URL"):
        receiver(url)


def test_a_sender_that_is_killed_loses_nothing(told, tmp_path):
    crawl, _ = told
    with receiving() as server:
        command = [*NEWSCRAWL, "webhook", server.url, "--all", "--cursor", str(tmp_path / "c")]
        command += ["-s", f"NEWSCRAWL_DATABASE_URL={crawl.database}"]
        for _ in range(3):
            before = server.asked
            server.slow.clear()
            process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
            while server.asked == before and process.poll() is None:
                server.slow.wait(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            server.slow.set()
            command = [each for each in command if each != "--all"]
        assert subprocess.run(command, env=ENVIRONMENT, check=False).returncode == 0
    assert len({*server.keys}) == 6
    assert len(server.keys) <= 6 + 3


def test_the_first_time_it_begins_with_the_crawls_to_come(told, tmp_path):
    crawl, _ = told
    with receiving() as server:
        ended = crawl.do("webhook", server.url, "--cursor", str(tmp_path / "c"))
    assert ended.stdout == "0 events delivered\n"
    assert server.asked == 0
    assert json.loads((tmp_path / "c").read_text()) == {"before": 2, "runs": {}}


def test_a_run_at_work_is_told_as_far_as_it_has_come(engine):
    assert last_over(engine) == 2


def test_a_file_that_is_no_cursor_is_not_written_over(told, tmp_path):
    crawl, _ = told
    (tmp_path / "c").write_text("thesis")
    ended = crawl.do("webhook", "http://127.0.0.1:9/", "--cursor", str(tmp_path / "c"))
    assert ended.returncode == 2
    assert (tmp_path / "c").read_text() == "thesis"
