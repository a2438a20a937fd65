"""The application: which address shows what, and what every answer forbids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newscrawl.browse import articles, ledger, work
from newscrawl.browse.rendering import environment
from newscrawl.browse.viewing import SECONDS, is_too_long
from newscrawl.store.database import reading

HOSTS = ("127.0.0.1", "localhost")
"""Names that may be asked for: a page of somewhere else whose name leads here is refused."""
NO_RUN = 2**31 - 1
"""The largest number that PostgreSQL can be asked for."""
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Values = dict[str, Any]
View = Callable[[Connection, Mapping[str, str]], Values]


def application(engine: Engine, pictures: Path | None = None) -> Starlette:
    """Return the pages over a database; ``pictures`` is the folder of those that are kept."""
    site = _Site(engine, environment(), pictures)
    pages: dict[str, tuple[str, View]] = {
        "/": ("home.html", work.home),
        "/search": ("search.html", articles.searched),
        "/url": ("url.html", ledger.url),
        "/urls": ("urls.html", ledger.listed),
        "/runs": ("runs.html", work.listed),
        "/now": ("now.html", work.now),
    }
    return Starlette(
        routes=[
            *(Route(path, site.page(*page)) for path, page in pages.items()),
            Route("/article/{key}", site.article),
            Route("/run/{number:int}", site.run),
            Route("/picture/{key}/{place:int}", site.picture),
            Mount("/static", StaticFiles(packages=[("newscrawl.browse", "static")])),
        ],
        middleware=[
            Middleware(_Headers),
            Middleware(TrustedHostMiddleware, allowed_hosts=HOSTS, www_redirect=False),
        ],
        exception_handlers={HTTPException: site.refused, DBAPIError: site.failed},
    )


class _Site:
    def __init__(self, engine: Engine, templates: Environment, pictures: Path | None) -> None:
        self._engine = engine
        self._templates = templates
        self._pictures = pictures

    def page(self, template: str, view: View) -> Callable[[Request], Response]:
        def shown(request: Request) -> Response:
            with reading(self._engine) as connection:
                values = view(connection, _given(request))
            return self._show(template, request, values)

        return shown

    def article(self, request: Request) -> Response:
        with reading(self._engine) as connection:
            values = articles.article(connection, _key(request), _given(request))
        values = _there(values, "No such article is stored.")
        kept = self._pictures is not None
        return self._show("article.html", request, {**values, "pictures_kept": kept})

    def run(self, request: Request) -> Response:
        with reading(self._engine) as connection:
            values = work.run(connection, min(request.path_params["number"], NO_RUN))
        return self._show("run.html", request, _there(values, "There was no such run."))

    def picture(self, request: Request) -> Response:
        """Show a picture that is kept: a file that the crawl itself has written as JPEG."""
        with reading(self._engine) as connection:
            path = articles.picture(connection, _key(request), request.path_params["place"])
        if self._pictures is None or path is None:
            raise HTTPException(404, "No such picture is kept.")
        place = (self._pictures / path).resolve()
        if not place.is_relative_to(self._pictures.resolve()) or not place.is_file():
            raise HTTPException(404, "No such picture is kept.")
        return FileResponse(place, media_type="image/jpeg")

    def refused(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return self._show("error.html", request, {"said": error.detail}, error.status_code)

    def failed(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, DBAPIError)
        if not is_too_long(error):
            raise error
        said = f"That took longer than {SECONDS:g} seconds. Ask for less: a site, a year, a word."
        return self._show("error.html", request, {"said": said}, 503)

    def _show(self, template: str, request: Request, values: Values, status: int = 200) -> Response:
        text = self._templates.get_template(template).render(path=request.url.path, **values)
        return HTMLResponse(text.encode("utf-8", "replace"), status)


def _given(request: Request) -> dict[str, str]:
    """Return the parameters of a request, without what PostgreSQL cannot be asked for."""
    return {name: value.replace("\0", "") for name, value in request.query_params.items()}


def _key(request: Request) -> str:
    return str(request.path_params["key"]).replace("\0", "")


def _there(values: Values | None, said: str) -> Values:
    if values is None:
        raise HTTPException(404, said)
    return values


class _Headers:
    """Gives every answer the headers that keep what it shows from doing anything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self._app(scope, receive, sending)
