from __future__ import annotations

from pathlib import Path

from tests.siege.site import serving
from tests.siege.status import Folder, SlowPage, beside, locked


def test_the_status_of_runs_in_each_others_way_tells_the_truth(tmp_path: Path):
    site = SlowPage()
    with serving(site) as url:
        folder = Folder(tmp_path, url, f"sqlite:///{tmp_path}/site.db?timeout=1")
        assert [case for case in beside(folder, site) if case.is_lie] == []


def test_the_status_on_a_locked_database_tells_the_truth(tmp_path: Path, postgresql):
    site = SlowPage()
    with postgresql.database() as database, serving(site) as url:
        options = "options=-c%20lock_timeout%3D1s"
        folder = Folder(tmp_path, url, f"{database}{'&' if '?' in database else '?'}{options}")
        table = "LOCK TABLE leases, pages, articles IN EXCLUSIVE MODE"
        assert [case for case in locked(folder, site, table) if case.is_lie] == []
