"""From sites that a user gives to jobs in ``sites.toml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from newscrawl.addresses.address import site_of
from newscrawl.addresses.unfetchable import UnfetchableURL
from newscrawl.exit_status import ExitStatus
from newscrawl.mistakes import BadInput
from newscrawl.probing.asking import probe
from newscrawl.probing.findings import Finding, job_of
from newscrawl.schedule.appending import NewJob, append, text_of
from newscrawl.schedule.given import Given
from newscrawl.schedule.jobs import NAME, Check, Job, read_jobs
from newscrawl.schedule.tables import DEFAULTS, read_tables


class Adding:
    """Adds jobs to a file, which may not be there yet; ``text`` is what a dry run would write."""

    def __init__(self, path: Path, check: Check, settings: BaseSettings) -> None:
        self._path = path
        self._check = check
        self._settings = settings
        self.text = ""
        self.status = ExitStatus.GOOD

    def add(self, given: Sequence[Given], *, dry_run: bool) -> Iterator[str]:
        """Yield a line for each site when it is known what becomes of it, and the sum.

        Raises:
            BadInput: the file is wrong; nothing was asked. Or it cannot be written.
        """
        known = Known(self._jobs())
        fresh = []
        for each in given:
            there = known.job_for(each.url, each.section)
            if there is None:
                fresh.append(each)
            else:
                yield _there(each.url, there)
        findings = probe(fresh, self._settings) if fresh else []
        if findings is None:
            self.status = ExitStatus.FAILED
            yield "Broken off: nothing is added"
            return
        jobs, lines = jobs_of(findings, known)
        if dry_run:
            self.text = "\n".join(text_of(job, self._defaults()) for job in jobs)
        else:
            jobs = append(self._path, jobs, self._check)
        yield from lines
        missing = sum(bool(finding.problem) for finding in findings)
        if missing:
            self.status = ExitStatus.FAILED
        yield self._sum(len(jobs), len(given) - len(jobs) - missing, missing, dry_run=dry_run)

    def _jobs(self) -> list[Job]:
        if not self._path.resolve().parent.is_dir():
            raise BadInput([f"{self._path}: there is no such folder"])
        return read_jobs(self._path, self._check, may_be_empty=True) if self._path.exists() else []

    def _defaults(self) -> Mapping[str, str]:
        return read_tables(self._path).defaults if self._path.exists() else {}

    def _sum(self, added: int, there: int, missing: int, *, dry_run: bool) -> str:
        would = "would be added" if dry_run else "added"
        return f"{self._path}: {added} {would}, {there} there already, {missing} not added"


class Known:
    """The sites and names that have jobs; what is added is known from then on."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._names: dict[str, str] = {}
        self._sites: dict[str, str] = {}
        for job in jobs:
            self._take(job.name, job.arguments)

    def _take(self, name: str, arguments: Mapping[str, str]) -> None:
        self._names[name] = name
        for url in arguments.get("url", "").split(","):
            try:
                self._sites.setdefault(_key(url.strip(), arguments.get("sections", "")), name)
            except UnfetchableURL:
                continue

    def job_for(self, url: str, section: str) -> str | None:
        """Return the name of the job that crawls a site, or this section of it, if there is one."""
        return self._sites.get(_key(url, section)) or self._sites.get(_key(url, ""))

    def take(self, job: NewJob) -> str:
        """Take a job; returns why it cannot be one, or nothing."""
        if job.name in self._names or job.name == DEFAULTS:
            return f"the name {job.name} is taken; give it another in a table with a column name"
        if not NAME.fullmatch(job.name):
            return f"{job.name!r} can be no name of a job; give it one in a table"
        self._take(job.name, job.arguments)
        return ""


def _key(url: str, section: str) -> str:
    return f"{site_of(url)} {section}"


def jobs_of(findings: Collection[Finding], known: Known) -> tuple[list[NewJob], list[str]]:
    """Return the jobs for sites that were found, and a line for each site whether it is one.

    A site that turns out to have a job already gets no second one.
    """
    jobs, lines = [], []
    day = datetime.now(UTC)
    for finding in findings:
        url, there = finding.given.url, None
        if not finding.problem:
            there = known.job_for(finding.url, finding.given.section)
        if there is not None:
            lines.append(_there(url, there))
            continue
        job = None if finding.problem else job_of(finding, day)
        problem = finding.problem if job is None else known.take(job)
        if problem or job is None:
            finding.problem = problem
            lines.append(f"{url}: not added: {problem}")
            continue
        jobs.append(job)
        lines.append(f"{url}: [{job.name}] {job.cron}: {finding.sentence()}")
    return jobs, lines


def _there(url: str, name: str) -> str:
    return f"{url}: there already as [{name}]"
