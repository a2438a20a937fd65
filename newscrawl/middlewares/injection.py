"""Page objects for callbacks: what scrapy-poet gives, by plans that are made once."""

from __future__ import annotations

from inspect import Parameter, ismethod, signature
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import NotConfigured
from scrapy_poet.downloadermiddlewares import InjectionMiddleware
from scrapy_poet.injection import is_callback_requiring_scrapy_response
from scrapy_poet.page_input_providers import (
    HttpClientProvider,
    HttpResponseProvider,
    PageParamsProvider,
)
from web_poet import HttpClient, HttpResponse, PageParams
from web_poet.exceptions import Retry
from web_poet.pages import is_injectable
from web_poet.utils import get_fq_class_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy_poet.api import DummyResponse

GIVEN = frozenset({HttpResponse, HttpClient, PageParams})
"""What page objects are made from here."""
_OF_ARGUMENTS = {Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD}


class PageMiddleware(InjectionMiddleware):
    """scrapy-poet's middleware, which remembers how the arguments of a callback are made.

    scrapy-poet finds it out anew for each request and each of its providers, from signatures and
    annotations: a twentieth of a crawl. Here it asks scrapy-poet once for each method of the spider
    and each choice that the rules (``@handle_urls``) make for an address. Whatever is not a method
    of the spider, needs more than an answer, a client and parameters, or is given by providers or a
    cache of the user's own is left to scrapy-poet. All requests share one client.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Make room for scrapy-poet's ``savefixture``, which has a middleware of its own.

        Raises:
            NotConfigured: this is a run of that command.
        """
        if crawler.settings.getbool("_SCRAPY_POET_SAVEFIXTURE"):
            raise NotConfigured
        super().__init__(crawler)
        own = ("SCRAPY_POET_CACHE", "SCRAPY_POET_PROVIDERS")
        self._is_usual = not any(crawler.settings[name] for name in own)
        self._reads: dict[Callable[..., Any], bool] = {}
        self._plans: dict[tuple[Any, ...], Sequence[Any] | None] = {}
        self._clients = HttpClientProvider(self.injector)  # type: ignore[no-untyped-call] # scrapy-poet's
        self._answers = HttpResponseProvider(self.injector)  # type: ignore[no-untyped-call] # as above
        self._params = PageParamsProvider(self.injector)  # type: ignore[no-untyped-call] # as above
        self._client: HttpClient | None = None

    def process_request(self, request: Request) -> DummyResponse | None:  # type: ignore[override] # Scrapy gives no spider any more
        method = self._method(request)
        if method is None or request.callback is None:
            return super().process_request(request)
        if method not in self._reads:
            self._reads[method] = is_callback_requiring_scrapy_response(request.callback)
        return None if self._reads[method] else super().process_request(request)

    async def process_response(self, request: Request, response: Response) -> Response | Request:  # type: ignore[override] # as above
        plan = self._plan(request)
        if plan is None:
            return await super().process_response(request, response)
        try:
            request.cb_kwargs.update(self._made(plan, request, response))
        except Retry:
            return await super().process_response(request, response)
        return response

    def _method(self, request: Request) -> Callable[..., Any] | None:
        """Return the method of the spider that a request is for, without the spider."""
        callback = request.callback
        if self._is_usual and ismethod(callback) and callback.__self__ is self.crawler.spider:
            return callback.__func__
        return None

    def _plan(self, request: Request) -> Sequence[Any] | None:
        """Return the steps to the arguments of a callback; ``None`` leaves them to scrapy-poet."""
        method = self._method(request)
        if method is None or not self._reads.get(method) or "inject" in request.meta:
            return None
        chosen = self.registry.overrides_for(request.url)
        key = (method, *chosen.items())
        if key not in self._plans:
            plan = self.injector.build_plan(request)
            self._plans[key] = plan if self._is_sure(plan) else None
        return self._plans[key]

    def _is_sure(self, plan: Sequence[Any]) -> bool:
        """Whether each address for which the rules choose the same page objects has this plan.

        It has not where something is left open that another rule, one for items, may give.
        """
        made = [step for step, _ in plan[:-1] if step not in GIVEN]
        by_rules = {rule.to_return for rule in self.registry.get_rules()}
        return (
            all(isinstance(step, type) and is_injectable(step) for step in made)
            and not any(map(self.injector.is_class_provided_by_any_provider, made))
            and by_rules.isdisjoint({step for step, _ in plan[:-1]})
            and not any(_left_open(*step) for step in plan[:-1] if step[0] not in GIVEN)
            and not _left_open(*plan[-1])[1:]
        )

    def _made(self, plan: Sequence[Any], request: Request, response: Response) -> dict[str, Any]:
        assert self.crawler.stats is not None
        made = self._given(request, response)
        for step, needs in plan[:-1]:
            if step not in made:
                made[step] = step(**needs.kwargs(made))
                self.crawler.stats.inc_value(f"poet/injector/{get_fq_class_name(step)}")
        arguments: dict[str, Any] = plan[-1][1].kwargs(made)
        return arguments

    def _given(self, request: Request, response: Response) -> dict[Any, Any]:
        if self._client is None:
            [self._client] = self._clients({HttpClient}, self.crawler)
        [answer] = self._answers({HttpResponse}, response)
        [params] = self._params({PageParams}, request)
        return {HttpResponse: answer, HttpClient: self._client, PageParams: params}


def _left_open(callable_: Callable[..., Any], given: dict[str, Any]) -> list[str]:
    """Return the parameters that a step has nothing for; of a callback the first is the answer."""
    parameters = signature(callable_).parameters.values()
    named = [each.name for each in parameters if each.kind not in _OF_ARGUMENTS]
    return [name for name in named if name not in given]
