"""Page objects whose pages hold their readers up, or kill them, by what their addresses say."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from web_poet import field, handle_urls

from newscrawl.pages.article import ArticlePage
from newscrawl.pages.news import NewsPage


class Held(ArticlePage):
    @field
    def subtitle(self) -> str | None:
        path = str(self.url).partition("://")[2].partition("/")[2]
        Path("begun").mkdir(exist_ok=True)
        begun = Path("begun", path.replace("/", "-"))
        with begun.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if path.startswith("poison"):
            os.kill(os.getpid(), signal.SIGKILL)
        if path.startswith("held") and len(begun.read_text().splitlines()) == 1:
            time.sleep(600)
        return None


@handle_urls("held.example", instead_of=NewsPage)
class HeldPage(NewsPage):
    article_class = Held
