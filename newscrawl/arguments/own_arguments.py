"""The arguments that a user's own spider takes beside those of every spider."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import Enum
from types import SimpleNamespace
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from newscrawl.arguments.annotations import Unfit, is_readable, read
from newscrawl.mistakes import Mistakes

NEAR = 0.75
"""How alike a name is, as difflib has it, to one that was meant."""
_NO_DEFAULT = inspect.Parameter.empty


@dataclass(slots=True)
class OwnArguments:
    """What the classes of a spider below ours take.

    ``parameters`` are those of its ``__init__`` and its annotated attributes, by name with their
    annotations. ``takes_any`` says that its ``__init__`` takes ``**kwargs``, ``takes_ours`` that
    these can reach ours. ``defaults`` are values that it gives to arguments of every spider.
    ``models`` are of pydantic (scrapy-spider-metadata).
    """

    parameters: dict[str, Any] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    defaults: dict[str, str] = field(default_factory=dict)
    models: list[Any] = field(default_factory=list)
    takes_any: bool = False
    takes_ours: bool = True
    first: type | None = None
    """The class whose ``__init__`` is called: others get what it hands on."""

    @classmethod
    def of(cls, spider: type, base: type, ours: Collection[str]) -> OwnArguments:
        """Read them off the classes of ``spider`` before ``base``."""
        own = cls()
        order = spider.__mro__
        classes = order[: order.index(base)]
        for each in classes:
            own._read_attributes(each, base, ours)
            own.models += _models(each)
        for each in (one for one in classes if "__init__" in vars(one)):
            if own.takes_ours:
                own._read_init(each, is_first=own.first is None)
                own.first = own.first or each
        return own

    def _read_attributes(self, owner: type, base: type, ours: Collection[str]) -> None:
        for name in ours:
            value = vars(owner).get(name)
            if value is not None and not callable(value) and not isinstance(value, property):
                self.defaults.setdefault(name, as_text(value))
        scope = vars(sys.modules[owner.__module__])
        for name, annotation in inspect.get_annotations(owner).items():
            hint = _resolved(annotation, scope)
            is_own = not name.startswith("_") and name not in ours and not hasattr(base, name)
            if is_own and get_origin(hint) is not ClassVar and is_readable(hint):
                self.parameters.setdefault(name, hint)

    def _read_init(self, owner: type, *, is_first: bool) -> None:
        init: Callable[..., Any] = vars(owner)["__init__"]
        scope = getattr(inspect.unwrap(init), "__globals__", {})
        kinds = set()
        for name, parameter in [*inspect.signature(init).parameters.items()][1:]:
            kinds.add(parameter.kind)
            if name == "name" or parameter.kind in {
                parameter.VAR_KEYWORD,
                parameter.VAR_POSITIONAL,
                parameter.POSITIONAL_ONLY,
            }:
                continue
            self.parameters[name] = _resolved(parameter.annotation, scope)
            if is_first and parameter.default is _NO_DEFAULT:
                self.required.add(name)
        self.takes_ours = inspect.Parameter.VAR_KEYWORD in kinds
        self.takes_any |= self.takes_ours and not _models(owner) and not _is_of_models(owner)

    @property
    def names(self) -> list[str]:
        fields = (name for model in self.models for name in model.model_fields)
        return [*dict.fromkeys((*self.parameters, *fields))]

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what was given, texts for parameters as the values that they write.

        Raises:
            BadInput: one is missing or malformed; each is named.
        """
        mistakes = Mistakes(map(missing, sorted(self.required - given.keys())))
        values = {
            name: mistakes.trying(value, _value, name, value, self.parameters[name])
            if name in self.parameters and isinstance(value, str)
            else value
            for name, value in given.items()
        }
        for model in self.models:
            mistakes += _faults(model, given)
        mistakes.tell()
        return values

    def kept(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return what a run was given, with the zone of the spider: its pages are read in it again."""
        zone = {name: text for name, text in self.defaults.items() if name == "timezone"}
        return zone | {name: text for name, text in given.items() if not name.startswith("_")}

    def unknown(
        self, given: Iterable[str], ours: Collection[str], taken: Collection[str]
    ) -> Iterator[str]:
        """Yield what to say of names that no class takes; ``taken`` are names of the spider's own code.

        Where it takes any, one that is nearly a known one is refused all the same.
        """
        known = [*(ours if self.takes_ours else ()), *self.names]
        for name in sorted(given):
            if name in known or name.startswith("_"):
                continue
            near = get_close_matches(name, known, n=1, cutoff=NEAR)
            if not self.takes_any or near or name in taken:
                hint = f"; did you mean {near[0]!r}?" if near else ""
                yield f"unknown spider argument {name!r}{hint}; there are: {', '.join(known)}"


def missing(name: str) -> str:
    return f"spider argument {name!r} is missing; add -a {name}=…"


def texts(given: Mapping[str, Any]) -> dict[str, str]:
    """Return values as the command line would have them; ``None`` is not given."""
    return {name: as_text(value) for name, value in given.items() if value is not None}


def as_text(value: Any) -> str:
    """Return a value that a script or a class gave as the command line would have it."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return as_text(value.value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple, set, frozenset)):
        return ",".join(map(as_text, value))
    return str(value)


def _value(name: str, text: str, hint: Any) -> Any:
    try:
        return read(text, hint)
    except Unfit as error:
        raise ValueError(f"spider argument {name!r} is {text!r}; wanted: {error}") from None


def _resolved(annotation: Any, scope: Mapping[str, Any]) -> Any:
    """Return what an annotation names; one that cannot be read here is any."""
    if annotation is _NO_DEFAULT:
        return Any
    holder = SimpleNamespace(__annotations__={"it": annotation})
    try:
        return get_type_hints(holder, dict(scope), include_extras=True)["it"]
    except (NameError, TypeError, AttributeError, SyntaxError):
        return Any


def _models(owner: type) -> list[Any]:
    """Return the models of pydantic that a class gives to a generic base."""
    bases = vars(owner).get("__orig_bases__", ())
    named = (each for base in bases for each in get_args(base))
    return [each for each in named if isinstance(each, type) and hasattr(each, "model_fields")]


def _is_of_models(owner: type) -> bool:
    """Whether its ``**kwargs`` are for a model, as those of scrapy-spider-metadata's ``Args``."""
    return "get_param_schema" in vars(owner)


def _faults(model: Any, given: Mapping[str, Any]) -> Iterator[str]:
    try:
        model(**given)
    except ValueError as error:
        told = getattr(error, "errors", None)
        if told is None:
            raise
        for each in told():
            name = ".".join(map(str, each["loc"]))
            if each["type"] == "missing":
                yield missing(name)
            else:
                yield f"spider argument {name!r} is wrong: {each['msg']}: {each['input']!r}"
