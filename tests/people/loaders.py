"""The exports in the tools that people have: each loads them by itself, types and counts right.

The tools are not of the project: those of Python are installed into an environment of their own,
LibreOffice and jq are Debian's. What is not there is named and not counted.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

PACKAGES = (
    *("datasets", "datasette", "duckdb", "frictionless[json]", "mlcroissant[parquet]"),
    *("openpyxl", "pandas", "polars", "pyarrow", "sqlite-utils"),
)
PYTHON: Mapping[str, str] = {
    "pandas: Parquet": "frame = pandas.read_parquet('a.parquet'); told(len(frame)); assert str(frame.published.dtype).startswith('datetime64')",
    "pandas: folder": "told(len(pandas.read_parquet('parts')))",
    "pandas: CSV": "frame = pandas.read_csv('a.csv', dtype={'id': str}); told(len(frame)); assert frame.id.str.len().eq(16).all()",
    "pandas: CSV for Excel": "told(len(pandas.read_csv('excel/a.csv', encoding='utf-8-sig')))",
    "pandas: JSON Lines": "told(len(pandas.read_json('a.jsonl', lines=True, dtype={'id': str})))",
    "pandas: Excel": "frame = pandas.read_excel('a.xlsx', dtype={'id': str}); told(len(frame)); assert frame.id.str.len().eq(16).all()",
    "polars: Parquet": "told(polars.read_parquet('a.parquet').height)",
    "polars: folder": "told(polars.scan_parquet('parts/').collect().height)",
    "polars: JSON Lines": "told(polars.read_ndjson('a.jsonl', infer_schema_length=None).height)",
    "DuckDB: Parquet": "told(duckdb.sql(\"select count(distinct id) from 'a.parquet'\").fetchall()[0][0])",
    "DuckDB: folder": "told(duckdb.sql(\"select count(*) from 'parts/**/*.parquet'\").fetchall()[0][0])",
    "DuckDB: CSV": "told(duckdb.sql(\"select count(distinct id) from 'a.csv' where length(id) = 16\").fetchall()[0][0])",
    "DuckDB: JSON Lines": "told(duckdb.sql(\"select count(distinct id) from 'a.jsonl'\").fetchall()[0][0])",
    "Arrow: Parquet": "told(pyarrow.parquet.read_table('a.parquet').num_rows)",
    "Arrow: folder": "told(pyarrow.dataset.dataset('parts').count_rows())",
    "datasets: Parquet": "told(datasets.load_dataset('parquet', data_files='a.parquet', split='train').num_rows)",
    "datasets: JSON Lines": "told(datasets.load_dataset('json', data_files='a.jsonl', split='train').num_rows)",
    "datasets: folder of one export": "told(datasets.load_dataset('one', split='train').num_rows)",
    "datasets: folder of several formats": "told(datasets.load_dataset('mixed', split='train').num_rows)",
    "datasets: folder by month": "told(datasets.load_dataset('parts', split='train').num_rows)",
    "frictionless": "report = frictionless.validate('mixed/datapackage.json'); assert report.valid, report; told(min(each.stats['rows'] for each in report.tasks if each.type == 'table'))",
    "mlcroissant": "told(len(list(mlcroissant.Dataset('one/croissant.json').records('articles'))))",
    "sqlite-utils": "told(sqlite_utils.Database('newscrawl.db')['articles'].count_where('duplicate_of is null'))",
}
IMPORTS = """
import datasets, duckdb, frictionless, json, mlcroissant, pandas, polars, pyarrow.dataset, pyarrow.parquet, sqlite_utils
datasets.disable_progress_bars()
def told(number): print(json.dumps(int(number)))
"""
SHELL: Mapping[str, tuple[str, str]] = {
    "Datasette": (
        "datasette",
        "datasette --get '/newscrawl.json?sql=select+count(*)+as+n+from+articles+where+duplicate_of+is+null&_shape=array' newscrawl.db | sed 's/.*\"n\": *//; s/}.*//'",
    ),
    "jq": ("jq", "jq -c .id a.jsonl | wc -l"),
    "LibreOffice: Excel": (
        "soffice",
        "soffice --headless --convert-to csv:'Text - txt - csv (StarCalc)':44,34,76 --outdir back a.xlsx >/dev/null 2>&1 && {python} -c \"import pandas; print(len(pandas.read_csv('back/a.csv', dtype=str).id.str.fullmatch('[0-9a-f]{16}').loc[lambda s: s]))\"",
    ),
    "LibreOffice: CSV for Excel": (
        "soffice",
        "soffice --headless --infilter='CSV:44,34,76,1' --convert-to xlsx --outdir back excel/a.csv >/dev/null 2>&1 && {python} -c \"import pandas; print(len(pandas.read_excel('back/a.xlsx', dtype=str).id.str.fullmatch('[0-9a-f]{16}').loc[lambda s: s]))\"",
    ),
}


class Loaded(NamedTuple):
    name: str
    rows: int | None
    told: str


def install(folder: Path, python: str) -> Path:
    """Make an environment with the tools; return its folder of programs."""
    subprocess.run([python, "-m", "venv", str(folder)], check=True)
    programs = folder / "bin"
    subprocess.run([programs / "pip", "install", "-q", *PACKAGES], check=True)
    return programs


def export(program: str, database: Path, folder: Path) -> None:
    """Write what is loaded: single files, a folder by month, one export, several formats."""
    for name in ("one", "mixed", "excel"):
        (folder / name).mkdir()
    for targets in (
        ["a.parquet", "a.csv", "a.jsonl", "a.xlsx"],
        ["parts/"],
        ["one/articles.parquet"],
        ["mixed/articles.parquet", "mixed/articles.jsonl", "mixed/articles.csv"],
        ["--excel", "excel/a.csv"],
    ):
        command = [program, "export", *targets, "--data", str(database.parent)]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    shutil.copy(database, folder / "newscrawl.db")


def load(programs: Path, folder: Path) -> list[Loaded]:
    """Load everything with everything; what is not installed is left out."""
    python = str(programs / "python")
    found = [
        _loaded(name, [python, "-W", "ignore", "-c", IMPORTS + code], folder)
        for name, code in PYTHON.items()
    ]
    path = f"{programs}:/usr/local/bin:/usr/bin:/bin"
    for name, (needed, line) in SHELL.items():
        if shutil.which(needed, path=path):
            command = ["env", f"PATH={path}", "sh", "-c", line.replace("{python}", python)]
            found.append(_loaded(name, command, folder))
        else:
            print(f"  {name}: {needed} is not installed")
    return found


def _loaded(name: str, command: list[str], folder: Path) -> Loaded:
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    *_, last = ["", *ended.stdout.split()]
    rows = json.loads(last) if ended.returncode == 0 and last.isdigit() else None
    return Loaded(name, rows, ended.stderr.strip()[-500:])
