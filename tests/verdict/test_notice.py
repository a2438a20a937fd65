from __future__ import annotations

from newscrawl.verdict.notice import Notice


def test_a_subject_counts_the_alarms():
    one = Notice(["news.example"], "site", 7, "finished", ["it changed"])
    assert one.subject == "newscrawl: news.example: 1 alarm"
    two = Notice(["a.example", "b.example"], "site", 7, "finished", ["one", "two"])
    assert two.subject == "newscrawl: a.example, b.example: 2 alarms"


def test_a_spider_without_sites_or_run_is_told_as_such():
    notice = Notice([], "plain", None, None, ["it broke"])
    assert notice.subject == "newscrawl: plain: 1 alarm"
    assert "Spider plain, no run in the database, ended as unknown." in notice.text


def test_the_job_of_a_service_is_named():
    notice = Notice(["news.example"], "site", 7, "finished", ["it changed"], "6487ec79")
    assert "Spider site, run 7, job 6487ec79, ended as finished." in notice.text
    assert notice.as_dict()["job"] == "6487ec79"
