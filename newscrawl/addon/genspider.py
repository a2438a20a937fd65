"""``scrapy genspider`` with the template ``news``, where newscrawl is turned on."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy.commands.genspider import Command as ScrapyGenspiderCommand

from newscrawl.addon.layers import COMMANDS

if TYPE_CHECKING:
    import argparse

TEMPLATES = Path(__file__).with_name("templates")


class Command(ScrapyGenspiderCommand):
    """Scrapy's command; in a project without newscrawl nothing is added to it.

    ``TEMPLATES_DIR`` cannot do it: it takes the place of all templates, and add-ons are loaded
    too late for it.
    """

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if not self._has_news():
            super().run(args, opts)
            return
        with tempfile.TemporaryDirectory(prefix="newscrawl-") as folder:
            spiders = Path(folder, "spiders")
            shutil.copytree(self.templates_dir, spiders)
            for template in TEMPLATES.iterdir():
                if not (spiders / template.name).exists():
                    shutil.copy(template, spiders)
            self.settings.set("TEMPLATES_DIR", folder, priority="cmdline")
            super().run(args, opts)

    def _has_news(self) -> bool:
        from newscrawl.addon.addon import is_on  # noqa: PLC0415 - only here it is needed

        assert self.settings is not None
        return self.settings["COMMANDS_MODULE"] == COMMANDS or is_on(self.settings)
