from __future__ import annotations

import pytest
from sqlalchemy import select, update

from newscrawl.discovery.links import Way
from newscrawl.frontier import claims, rows, visits
from newscrawl.frontier.circles import break_circles
from newscrawl.frontier.claims import Stage
from newscrawl.frontier.revisit import RevisitPolicy
from newscrawl.frontier.rows import found_at
from newscrawl.frontier.visits import Visit
from newscrawl.outcomes import Outcome
from newscrawl.store.schema import QUEUED, pages
