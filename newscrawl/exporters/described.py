"""What says to programs what the card says to people: a Data Package and a Croissant description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from newscrawl import __version__
from newscrawl.exporters.card import MARK, Counts, Part, hints_of, known_type, title_of

_OWN = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject"),
    *("fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _OWN},
}
"""The context that Croissant 1.0 prescribes."""


class _Format(NamedTuple):
    """A format of files as the two descriptions name it."""

    name: str
    media_type: str
    compression: str = ""


_FORMATS = {
    ".parquet": _Format("parquet", "application/x-parquet"),
    ".jsonl": _Format("jsonl", "application/jsonlines"),
    ".jsonl.gz": _Format("jsonl", "application/gzip", "gz"),
    ".jsonl.zst": _Format("jsonl", "application/zstd", "zst"),
    ".csv": _Format("csv", "text/csv"),
    ".xlsx": _Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
_FILE_SET = "files"
_AS_TABLES = {"csv", "jsonl"}
"""Formats whose rows a Data Package describes; the others have their types in themselves."""
_OF_PACKAGES: Mapping[Any, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    datetime: "datetime",
}
_OF_CROISSANT: Mapping[Any, str] = {
    str: "sc:Text",
    int: "sc:Integer",
    float: "sc:Float",
    bool: "sc:Boolean",
    datetime: "sc:DateTime",
}


def data_package(counts: Counts, files: Sequence[Part]) -> dict[str, Any]:
    """Describe files as a Data Package (version 2 of the standard)."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": MARK,
        "title": title_of(counts),
        "version": __version__,
        "contributors": [{"title": f"newscrawl {__version__}", "roles": ["creator"]}],
        "resources": [_resource(number, each, counts) for number, each in enumerate(files, 1)],
    }


def _resource(number: int, file: Part, counts: Counts) -> dict[str, Any]:
    found = _format(file.name)
    resource: dict[str, Any] = {
        "name": f"{re.sub('[^a-z0-9]+', '-', file.name.lower()).strip('-')}-{number}",
        "path": file.name,
        "format": found.name,
        "mediatype": found.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if found.compression:
        resource["compression"] = found.compression
    if found.name not in _AS_TABLES:
        return {**resource, "type": "file"}
    schema = {"fields": [*_columns(counts)]}
    return {**resource, "type": "table", "encoding": "utf-8", "schema": schema}


def _columns(counts: Counts) -> Iterator[dict[str, str]]:
    for name, hint in hints_of(counts.names):
        kind = _OF_PACKAGES.get(hint, "array" if get_origin(hint) is list else "object")
        yield {"name": name, "type": kind, **({"format": "any"} if kind == "datetime" else {})}


def croissant(counts: Counts, files: Sequence[Part]) -> dict[str, Any]:
    """Describe files as Croissant 1.0.

    The columns are those of the Parquet file, else of the CSV, else of all Parquet files of a
    folder without folders in it.
    """
    described: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": MARK,
        "description": title_of(counts),
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "version": __version__,
        "distribution": [_distributed(each) for each in files if each.sha256],
    }
    whole = [each for each in files if "/" not in each.name]
    tables = [each for each in whole if _format(each.name).name in {"parquet", "csv"}]
    folder = _one_folder(files)
    if tables:
        first = min(tables, key=lambda each: _format(each.name).name != "parquet")
        described["recordSet"] = [
            _record_set(counts, first.name, {"fileObject": {"@id": first.name}})
        ]
    elif folder is not None:
        described["distribution"] += [_file_set(folder)]
        described["recordSet"] = [_record_set(counts, "", {"fileSet": {"@id": _FILE_SET}})]
    return described


def _one_folder(files: Sequence[Part]) -> str | None:
    """Return the pattern of files that are all Parquet and lie in one folder."""
    folders = {each.name.rpartition("/")[0] for each in files}
    is_parquet = all(_format(each.name).name == "parquet" for each in files)
    return f"{folders.pop()}/*.parquet" if is_parquet and len(folders) == 1 else None


def _file_set(pattern: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileSet",
        "@id": _FILE_SET,
        "name": _FILE_SET,
        "includes": pattern,
        "encodingFormat": _FORMATS[".parquet"].media_type,
    }


def _record_set(counts: Counts, name: str, source: Mapping[str, Any]) -> dict[str, Any]:
    is_csv = _format(name).name == "csv"
    fields = [*_fields(counts, source, is_csv=is_csv)]
    return {"@type": "cr:RecordSet", "@id": "articles", "field": fields}


def _distributed(file: Part) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.name,
        "name": file.name,
        "contentUrl": file.name,
        "contentSize": f"{file.size} B",
        "encodingFormat": _format(file.name).media_type,
        "sha256": file.sha256,
    }


def _fields(counts: Counts, files: Mapping[str, Any], *, is_csv: bool) -> Iterator[dict[str, Any]]:
    """Yield the columns of a file, or of files; in CSV lists are JSON text."""
    for name, hint in hints_of(counts.names):
        source = {**files, "extract": {"column": name}}
        if get_origin(hint) is not list or is_csv:
            yield _field(f"articles/{name}", hint, source)
            continue
        (inner,) = get_args(hint)
        if is_dataclass(inner):
            yield {**_field(f"articles/{name}"), "repeated": True, "subField": _sub(inner, source)}
        else:
            yield {**_field(f"articles/{name}", inner, source), "repeated": True}


def _sub(inner: Any, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    column = source["extract"]["column"]
    return [
        _field(
            f"articles/{column}/{name}",
            known_type(hint),
            {**source, "transform": {"jsonPath": name}},
        )
        for name, hint in get_type_hints(inner).items()
    ]


def _field(key: str, hint: Any = None, source: Mapping[str, Any] | None = None) -> dict[str, Any]:
    named = {"@type": "cr:Field", "@id": key, "name": key.rpartition("/")[2]}
    if source is None:
        return named
    return {**named, "dataType": _OF_CROISSANT.get(hint, "sc:Text"), "source": source}


def is_table(name: str) -> bool:
    """Whether a file of an export has a row for each article, by its name."""
    return any(name.endswith(ending) for ending in _FORMATS)


def _format(name: str) -> _Format:
    for ending in sorted(_FORMATS, key=len, reverse=True):
        if name.endswith(ending):
            return _FORMATS[ending]
    return _Format(name.rpartition(".")[2], "application/octet-stream")


DESCRIPTIONS: Mapping[str, Callable[[Counts, Sequence[Part]], dict[str, Any]]] = {
    "datapackage.json": data_package,
    "croissant.json": croissant,
}
"""What makes each file that describes an export."""


def is_description(path: Path) -> bool:
    """Whether a file is a description that newscrawl wrote."""
    try:
        return bool(json.loads(path.read_bytes()).get("name") == MARK)
    except (OSError, ValueError, AttributeError):
        return False
