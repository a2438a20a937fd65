"""A web server for tests."""

from __future__ import annotations

from http.server import ThreadingHTTPServer


class BusyServer(ThreadingHTTPServer):
    """Lets many connections wait: of the usual five a busy machine loses some."""

    request_queue_size = 128
