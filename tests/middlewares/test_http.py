"""Bytes of answers as a server's connection gives them."""

from __future__ import annotations

import pytest
from twisted.internet.testing import StringTransport
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers
from twisted.web.iweb import IResponse

from newscrawl.middlewares.http import BoundedProtocol

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nright"


class Connection:
    """One that is kept, and the codes of the answers that came over it."""

    def __init__(self) -> None:
        self.codes: list[int] = []
        self.protocol = BoundedProtocol(lambda _: None, lambda _: None)
        self.protocol.makeConnection(StringTransport())

    def ask(self, times: int = 1) -> None:
        """Ask for so many pages, each as soon as the one before is answered."""
        request = Request(b"GET", b"/", Headers({b"Host": [b"a.example"]}), None, persistent=True)
        self.protocol.request(request).addCallback(self._note, times - 1)

    def _note(self, answer: IResponse, times: int) -> None:
        self.codes.append(answer.code)
        if times:
            self.ask(times)


def test_what_follows_an_answer_without_a_body_is_not_of_the_next_request():
    connection = Connection()
    connection.ask(times=2)
    connection.protocol.dataReceived(b"HTTP/1.1 204 No Content\r\n\r\n" + ANSWER)
    assert connection.codes == [204]
    connection.protocol.dataReceived(ANSWER)
    assert connection.codes == [204, 200]


def test_an_answer_may_follow_one_that_only_informs():
    connection = Connection()
    connection.ask()
    connection.protocol.dataReceived(b"HTTP/1.1 103 Early Hints\r\n\r\n" + ANSWER)
    assert connection.codes == [200]


@pytest.mark.parametrize("end", range(1, len(ANSWER)))
def test_an_answer_may_be_cut_anywhere(end):
    connection = Connection()
    connection.ask()
    connection.protocol.dataReceived(ANSWER[:end])
    connection.protocol.dataReceived(ANSWER[end:])
    assert connection.codes == [200]
