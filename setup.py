"""Builds the egg that ``scrapyd-deploy`` and ``shub deploy`` send; all else is built by hatchling.

Both run ``setup.py bdist_egg``. What is in the egg is read from ``pyproject.toml`` here, since
setuptools before 77, which scrapyd may bring, refuses that file.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from setuptools import Distribution, find_namespace_packages, setup

ROOT = Path(__file__).resolve().parent


class Egg(Distribution):
    def parse_config_files(self, *_: Any, **__: Any) -> None:
        """Leave ``pyproject.toml`` alone: setup() was given all of it that counts."""


def entry_points(project: dict[str, Any]) -> dict[str, list[str]]:
    groups = {"console_scripts": project["scripts"], **project["entry-points"]}
    return {
        group: [f"{name} = {target}" for name, target in named.items()]
        for group, named in groups.items()
    }


def main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = find_namespace_packages(
        str(ROOT), include=["newscrawl", "newscrawl.*"], exclude=["*.__pycache__"]
    )
    setup(
        name=project["name"],
        version=project["version"],
        python_requires=project["requires-python"],
        install_requires=project["dependencies"],
        packages=packages,
        package_data={"": ["*"]},
        exclude_package_data={"": ["*.so", "*.pyd"]},
        entry_points=entry_points(project),
        zip_safe=True,
        distclass=Egg,
    )


main()
