from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from newscrawl.demo import process
from tests.demo.serving import run_demo


@pytest.fixture(scope="module")
def server():
    with run_demo(articles=20) as running:
        yield running


@pytest.fixture
def connection(server):
    opened = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    yield opened
    opened.close()


def fetch(connection, path, method="GET", **headers):
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    return response, response.read()


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "newscrawl.demo", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_serves_the_bytes_of_the_site_over_one_connection(server, connection):
    for path in ("/", "/category/health/", "/robots.txt"):
        response, body = fetch(connection, path)
        assert response.status == 200
        assert body == server.site.respond(path, {}).body


def test_access_log_has_a_line_for_every_request(server, connection):
    fetch(connection, "/?s=logged")
    fetch(connection, "/nothing-here/")
    assert server.hits[-2:] == [(200, "/?s=logged"), (404, "/nothing-here/")]


def test_flaky_page_recovers_at_the_second_request(server, connection):
    site = server.site
    path = next(
        path
        for path in (urlsplit(article.url).path for article in site.truth())
        if site.first_response(path) and site.first_response(path).status == 500
    )
    assert [fetch(connection, path)[0].status for _ in range(2)] == [500, 200]


def test_conditional_request_gets_304(server, connection):
    path = urlsplit(next(server.site.truth()).url).path
    response, _ = fetch(connection, path)
    again, body = fetch(connection, path, **{"If-None-Match": response.headers["ETag"]})
    assert (again.status, body) == (304, b"")


def test_head_has_no_body(connection):
    response, body = fetch(connection, "/", method="HEAD")
    assert int(response.headers["Content-Length"]) > 1000
    assert body == b""


def test_other_methods_are_refused_and_their_body_skipped(connection):
    connection.request("POST", "/", body=b"GET / HTTP/1.1\r\n\r\n")
    response = connection.getresponse()
    response.read()
    assert response.status == 405
    assert fetch(connection, "/robots.txt")[0].status == 200


def test_pipelined_requests_are_answered_in_order(server):
    site = server.site
    slow = next(
        path
        for path in (urlsplit(article.url).path for article in site.truth())
        if site.respond(path, {}).delay
    )
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as client:
        client.sendall(
            f"GET {slow} HTTP/1.1\r\nHost: x\r\n\r\n"
            "GET /robots.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.index(b"text/html") < answer.index(b"User-agent: *")


@pytest.mark.parametrize("junk", [b"\x00\r\n\r\n", b"GET\r\n\r\n", b"a" * 70_000])
def test_junk_gets_an_answer(server, junk):
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as client:
        client.sendall(junk)
        assert client.recv(4096).startswith(b"HTTP/1.1 4")


def test_stops_cleanly_on_sigterm():
    with run_demo(articles=5) as running:
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(20) == 0


def test_port_in_use_is_one_line_and_status_2(server):
    done = run("--port", str(urlsplit(server.url).port))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot start" in done.stderr


def test_a_site_that_does_not_start_is_told_with_its_command(server):
    port = urlsplit(server.url).port
    with (
        pytest.raises(RuntimeError, match=f"did not start: .* --port={port} "),
        process.run_demo(port=port),
    ):
        pass


@pytest.mark.parametrize(
    "arguments",
    [
        ("--articles", "0"),
        ("--articles", "many"),
        ("--port", "70000"),
        ("--generation", "-1"),
        ("--page-kb", "0"),
        ("--theme", "other"),
        ("--nonsense",),
    ],
)
def test_bad_arguments_end_with_status_2(arguments):
    done = run(*arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
