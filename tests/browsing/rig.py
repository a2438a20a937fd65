"""``python rig.py SITE SCRIPT``: the proxy of the browser in a real crawl, asked by plain sockets.

SCRIPT is JSON: a list of steps, each ``[page, sent]``. A permit is made for the page, the bytes
are sent to the proxy with ``{secret}`` filled in, and what comes back is the step's answer. A list
of two as ``sent`` is a tunnel: the second is sent through it, by TLS where the first is https.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from collections.abc import AsyncIterator
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from newscrawl.browsing.proxy import BrowserProxy

SITE, STEPS = sys.argv[1], json.loads(sys.argv[2])
UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname = False
UNVERIFIED.verify_mode = ssl.CERT_NONE


async def ask(port: int, sent: str | list[str], *, tls: bool) -> str:
    protocols = ["http/1.1"] if "Upgrade" in str(sent) else ["h2", "http/1.1"]
    UNVERIFIED.set_alpn_protocols(protocols)  # as browsers do, for sockets and for pages
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    first, *more = [sent] if isinstance(sent, str) else sent
    found = b""
    try:
        writer.write(first.encode("latin-1"))
        if more:
            found = await reader.readuntil(b"\r\n\r\n")
            if tls:
                await writer.start_tls(UNVERIFIED, server_hostname="own.example")
            writer.write(more[0].encode("latin-1"))
        found += await asyncio.wait_for(reader.read(-1), 30)
    except (OSError, asyncio.IncompleteReadError) as error:
        found += f"<{type(error).__name__}>".encode()
    finally:
        writer.close()
    return found.decode("latin-1")


class Rigged(Spider):
    name = "rigged"
    start_urls = SITE.split(",")
    own_urls: ClassVar[list[str]] = []
    sites: ClassVar[list[str]] = []

    async def start(self) -> AsyncIterator[Any]:
        for url in self.start_urls:
            yield Request(url, dont_filter=True)

    async def parse(self, response: Any) -> None:
        if response.url != self.start_urls[0]:
            return
        proxy = BrowserProxy(self.crawler)
        port = await proxy.start()
        answers = [await self.step(proxy, port, *each) for each in STEPS]
        proxy.close()
        refused = self.crawler.stats.get_value("newscrawl/browser/refused", 0)
        print(json.dumps({"answers": answers, "refused": refused, "port": port}))

    async def step(self, proxy: BrowserProxy, port: int, page: str, sent: Any) -> str:
        request = Request(page)
        permit = proxy.permit(request)
        secret = permit.authorization.decode()
        parts = [sent] if isinstance(sent, str) else sent
        parts = [each.replace("{secret}", secret) for each in parts]
        asked = ask(port, parts if len(parts) > 1 else parts[0], tls=page.startswith("https"))
        if "revoked" not in page:
            answer = await asked
            proxy.revoke(permit)
            return answer
        task = asyncio.ensure_future(asked)
        while permit.asked == 0 and not task.done():
            await asyncio.wait({task}, timeout=0.01)
        proxy.revoke(permit)
        return await task


def main() -> None:
    settings = Settings()
    settings.setmodule("newscrawl.settings")
    settings.update(
        {
            "NEWSCRAWL_LEDGER": "False",
            "DOWNLOAD_DELAY": 0,
            "AUTOTHROTTLE_ENABLED": False,
            "DOWNLOAD_VERIFY_CERTIFICATES": False,
            "DOWNLOAD_MAXSIZE": 100_000,
            "SPIDERMON_ENABLED": False,
        }
    )
    process = AsyncCrawlerProcess(settings)
    process.crawl(Rigged)
    process.start()


if __name__ == "__main__":
    main()
