"""robots.txt by RFC 9309 a second time: files at random, and what they allow."""

from __future__ import annotations

import re
from random import Random
from typing import NamedTuple

AGENTS = (
    *("*", "*", "newscrawl", "newscrawl", "NewsCrawl", "Newscrawl/1.0", "NEWSCRAWL # ours"),
    *("news", "scrapy", "crawler", "archive", "newscrawl-images", "newscrawler", "obeys", "crawl"),
    *("study-bot", "Study-Bot/2", "study"),
)
PATTERNS = (
    *("/", "/", "", "/town", "/town/", "/story", "/story-1", "/story-2$", "/*-3", "/split/2"),
    *("/split", "/img", "/img/1", "/*.xml$", "/feed", "/wp-json", "/hop", "/hop-0", "/hidden"),
    *("/data", "/data/1", "/st*y-4", "/*?per_page", "/story-1$", "/*.json", "/nowhere"),
)
OTHERS = ("Host: daily.localhost", "Noindex: /x", "# a comment", "", "Request-rate: 9/1", "words")
ENDINGS = ("\n", "\n", "\n", "\r\n", "\r")


def written(random: Random) -> str:
    """Return a robots.txt of some groups, whose lines end in one way."""
    lines: list[str] = []
    for _ in range(random.randint(0, 4)):
        for agent in random.sample(AGENTS, random.choice((1, 1, 1, 2, 3))):
            lines.append(f"{random.choice(('User-agent', 'user-agent'))}: {agent}")
            lines += random.sample(OTHERS, random.choice((0, 0, 0, 1)))
        for _ in range(random.choice((0, 1, 1, 2, 4))):
            lines.append(f"{random.choice(('Disallow', 'Disallow', 'Allow'))}: {_pattern(random)}")
            lines += random.sample(OTHERS, random.choice((0, 0, 0, 1)))
        if random.random() < 0.7:
            lines.append("")
    return random.choice(ENDINGS).join([*lines, ""])


def _pattern(random: Random) -> str:
    return random.choice(PATTERNS) + random.choice(("", "", "", " ", " # why"))


class Rule(NamedTuple):
    allows: bool
    pattern: str

    def matches(self, path: str) -> bool:
        anchored = self.pattern.endswith("$")
        parts = map(re.escape, self.pattern.removesuffix("$").split("*"))
        return re.match(".*".join(parts) + ("$" if anchored else ""), path) is not None


def allowed(robots: str, token: str, path: str) -> bool:
    """Whether a file lets a crawler have a path (RFC 9309, 2.2)."""
    rules = [rule for rule in _rules(robots, token) if rule.pattern and rule.matches(path)]
    best = max(rules, key=lambda rule: (len(rule.pattern), rule.allows), default=None)
    return best is None or best.allows or path == "/robots.txt"


def _rules(robots: str, token: str) -> list[Rule]:
    groups: list[tuple[set[str], list[Rule]]] = []
    may_name = False
    for line in re.split(r"\r\n|\r|\n", robots):
        key, _, value = (part.strip() for part in line.partition("#")[0].partition(":"))
        match key.lower():
            case "user-agent":
                if not may_name:
                    groups.append((set(), []))
                may_name = True
                name = re.match(r"\*|[A-Za-z_-]*", value)
                groups[-1][0].add(name[0].lower() if name else "")
            case "allow" | "disallow" if groups:
                may_name = False
                groups[-1][1].append(Rule(key.lower() == "allow", value))
    named = [rules for names, rules in groups if token in names]
    named = named or [rules for names, rules in groups if "*" in names]
    return [rule for rules in named for rule in rules]
