"""The locks: what CI and the image install is in the ranges of pyproject.toml, and whole."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ROOT / "locks"
MADE = {
    "run": (),
    "image": ("postgres", "worker", "export", "report"),
    "dev": ("test", "lint"),
}
"""The extras that each lock is made for."""
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lines(lock: str) -> list[str]:
    text = (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def locked(lock: str) -> dict[NormalizedName, list[Requirement]]:
    found = defaultdict(list)
    for line in lines(lock):
        if not line.startswith(" "):
            requirement = Requirement(line.removesuffix("\\"))
            found[canonicalize_name(requirement.name)].append(requirement)
    return found


def needed(extras: tuple[str, ...]) -> Iterator[Requirement]:
    """What the project needs with these extras, and those that they name in turn."""
    told = project()["project"]
    waiting = [*map(Requirement, told["dependencies"])]
    for extra in extras:
        waiting += map(Requirement, told["optional-dependencies"][extra])
    for each in waiting:
        if each.name == told["name"]:
            yield from needed(tuple(each.extras))
        else:
            yield each


def holds(requirement: Requirement, environment: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(environment)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(("lock", "extras"), MADE.items())
def test_each_dependency_is_locked_in_its_range(lock, extras, python):
    minor = python.rpartition(".")[0]
    environment = {
        **{name: str(value) for name, value in default_environment().items()},
        "python_version": minor,
        "python_full_version": python,
    }
    pins = locked(lock)
    for each in needed(extras):
        if holds(each, environment):
            found = [pin for pin in pins[canonicalize_name(each.name)] if holds(pin, environment)]
            assert len(found) == 1, each
            (version,) = found[0].specifier
            assert version.operator == "=="
            assert each.specifier.contains(version.version, prereleases=True), each


@pytest.mark.parametrize("lock", MADE)
def test_a_lock_has_versions_and_hashes_and_names_no_host(lock):
    names = [line for line in lines(lock) if not line.startswith(" ")]
    assert len(names) > 30
    for line, following in zip(lines(lock), [*lines(lock)[1:], ""], strict=True):
        if line.startswith(" "):
            assert HASH.fullmatch(line), line
        else:
            assert line.endswith(" \\"), line
            assert HASH.fullmatch(following), line
    assert "://" not in (LOCKS / f"{lock}.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("lock", ["run", "image"])
def test_the_locks_agree_on_every_version(lock):
    dev = locked("dev")
    for name, pins in locked(lock).items():
        assert {str(pin.specifier) for pin in pins} <= {str(pin.specifier) for pin in dev[name]}


def test_what_builds_the_package_is_locked_too():
    text = (LOCKS / "build.in").read_text(encoding="utf-8")
    asked = [line for line in text.splitlines() if not line.startswith("#")]
    assert set(project()["build-system"]["requires"]) <= set(asked)
    for lock in MADE:
        assert {canonicalize_name(Requirement(each).name) for each in asked} <= set(locked(lock))


def test_make_and_the_image_install_what_is_locked():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for lock, extras in MADE.items():
        (line,) = re.findall(rf"^\t\$\(LOCK\) .*locks/{lock}\.txt$", makefile, re.MULTILINE)
        assert tuple(re.findall(r"--extra (\w+)", line)) == extras
    installed = re.findall(r"^\t\$\(LOCKED\) locks/(\w+)\.txt$", makefile, re.MULTILINE)
    assert sorted(installed) == ["dev", "run"]
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r locks/image.txt" in dockerfile
    (extras,) = re.findall(r'"\.\[([\w,]+)\]"', dockerfile)
    assert tuple(extras.split(",")) == MADE["image"]
