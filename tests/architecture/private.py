"""Private names of other libraries that the project uses, and those that its docs list."""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import NamedTuple

from tests.architecture.house import ROOT, modules, parsed

PAGE = ROOT.parent / "docs" / "why" / "dependencies.md"
PRIVATE = re.compile(r"_[A-Za-z]\w*")


class Use(NamedTuple):
    """A private name in a file of the project."""

    file: str
    name: str


class Row(NamedTuple):
    """A line of the list in the docs."""

    names: frozenset[str]
    files: frozenset[str]
    way_out: str


def is_private(name: str) -> bool:
    return PRIVATE.fullmatch(name) is not None


def own(module: str) -> bool:
    return module.partition(".")[0] == "newscrawl"


@cache
def defined(module: str) -> frozenset[str]:
    """Return the private names that a module itself gives to anything."""
    found = set()
    for node in ast.walk(parsed(module)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.arg():
                found.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                found.add(node.id)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), ctx=ast.Store()):
                found.add(node.attr)
            case ast.ImportFrom() if own(node.module or ""):
                found.update(alias.asname or alias.name for alias in node.names)
    return frozenset(filter(is_private, found))


@cache
def defined_anywhere() -> frozenset[str]:
    return frozenset().union(*map(defined, modules()))


@cache
def classes() -> dict[str, list[type]]:
    """Return the classes of each module."""
    found: dict[str, list[type]] = defaultdict(list)
    for module in modules():
        if module.endswith("__main__") or ".migrations." in module:
            continue
        loaded = import_module(module.removesuffix(".__init__"))
        for each in vars(loaded).values():
            if inspect.isclass(each) and each.__module__ == loaded.__name__:
                found[module].append(each)
    return found


def overridden() -> Iterator[tuple[str, str]]:
    """Yield modules, and paths of private names of others that their classes define anew."""
    for module, inside in classes().items():
        for each in inside:
            for name in defined(module).intersection(vars(each)):
                for base in each.__mro__[1:]:
                    if not own(base.__module__) and name in vars(base):
                        yield module, f"{base.__module__}:{base.__qualname__}.{name}"


def imported_privately() -> Iterator[tuple[str, str]]:
    """Yield modules, and paths of what they import by a private name or from a private module."""
    for module in modules():
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.ImportFrom) and not own(node.module or ""):
                for alias in node.names:
                    path = f"{node.module}:{alias.name}"
                    if any(map(is_private, re.split("[.:]", path))):
                        yield module, path


def touched() -> Iterator[tuple[str, str]]:
    """Yield modules, and private attributes and keys that nothing of the project defines."""
    for module in modules():
        inherits = any(not own(base.__module__) for each in _bases(module) for base in each)
        for node in ast.walk(parsed(module)):
            known = defined_anywhere()
            match node:
                case ast.Attribute(value=ast.Name(id="self" | "cls")) if inherits:
                    known = defined(module) | _inherited(module)
                    names = [node.attr]
                case ast.Attribute():
                    names = [node.attr]
                case ast.Call() | ast.Subscript() | ast.Compare():
                    names = list(_keys(node))
                case _:
                    names = []
            yield from ((module, name) for name in names if is_private(name) and name not in known)


def _keys(node: ast.Call | ast.Subscript | ast.Compare) -> Iterator[str]:
    """Yield what is looked up by name in a ``meta``, or by ``getattr`` and its like."""
    text = ast.unparse(node)
    if re.match(r"((has|get|set|del)attr\(|([\w.]+\.)?meta[.\[])", text) or re.search(
        r" in ([\w.]+\.)?meta$", text
    ):
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def _bases(module: str) -> list[tuple[type, ...]]:
    return [each.__mro__[1:-1] for each in classes().get(module, ())]


def _inherited(module: str) -> frozenset[str]:
    """Return what bases within the project define."""
    above = {base.__module__ for bases in _bases(module) for base in bases}
    return frozenset().union(*(defined(each) for each in above if each in modules()))


def importable() -> list[str]:
    """Return what must be there to be imported or overridden, as ``pkgutil.resolve_name`` reads it."""
    return sorted({path for _, path in (*imported_privately(), *overridden())})


def uses() -> set[Use]:
    """Return every private name of another library, by the file that uses it."""
    parts = {
        (module, part) for module, path in imported_privately() for part in re.split("[.:]", path)
    }
    parts |= {(module, path.rpartition(".")[2]) for module, path in overridden()}
    parts |= set(touched())
    found = {Use(file_of(module), part) for module, part in parts if is_private(part)}
    return {use for use in found if use.name not in public_in_spite_of_its_name()}


def file_of(module: str) -> str:
    return modules()[module].relative_to(ROOT).as_posix()


def _told() -> str:
    return PAGE.read_text(encoding="utf-8").partition("## Private names of other libraries")[2]


def public_in_spite_of_its_name() -> frozenset[str]:
    return frozenset(PRIVATE.findall(_code(_told().partition("Not a debt:")[2])))


def listed() -> list[Row]:
    """Return what the docs list: names, files, and what would end their use."""
    found = []
    for line in _told().partition("Not a debt:")[0].splitlines():
        cells = line.strip("| ").split(" | ")
        if line.startswith("| ") and len(cells) == 4 and "`" in cells[1]:
            names = frozenset(re.findall(rf"\b{PRIVATE.pattern}", _code(cells[0])))
            files = frozenset(re.findall(r"`([\w/]+\.py)`", cells[1]))
            found.append(Row(names, files, cells[3]))
    return found


def _code(text: str) -> str:
    """Return what stands between backquotes."""
    return " ".join(re.findall(r"`([^`]+)`", text))
