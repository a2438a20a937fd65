"""The recipes of ``docs/corpus-engines.md``, with those engines that are installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newscrawl.corpus.executors.child import ChildDiedError, told_by
from tests.corpus.executors.reading import files

PAGE = Path(__file__).parents[3] / "docs" / "corpus-engines.md"
BLOCK = re.compile(
    r'^```python title="(?P<name>\w+\.py)"\n(?P<text>.*?)^```', re.MULTILINE | re.DOTALL
)


def recipes() -> dict[str, str]:
    return {found["name"]: found["text"] for found in BLOCK.finditer(PAGE.read_text("utf-8"))}


@pytest.mark.parametrize(
    ("name", "engine"),
    [("on_spark.py", "pyspark"), ("on_ray.py", "ray"), ("on_datatrove.py", "datatrove")],
)
def test_a_recipe_makes_the_same_corpus(name, engine, usual, tmp_path):
    pytest.importorskip(engine)
    (tmp_path / name).write_text(recipes()[name])
    for _ in range(2):
        ended = subprocess.run(
            [sys.executable, name, "out", str(usual.inputs)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
    assert files(tmp_path / "out") == usual.files


def test_every_recipe_is_tried():
    assert sorted(recipes()) == ["on_datatrove.py", "on_ray.py", "on_spark.py"]


@pytest.mark.parametrize(
    ("status", "why"), [(-9, "was killed by signal 9"), (1, "ended with status 1")]
)
def test_a_child_that_ends_without_a_result_is_told(status, why):
    with pytest.raises(ChildDiedError, match=why):
        told_by(json.dumps({"unread": "it was there"}).encode(), status)
