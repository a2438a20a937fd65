"""Shows the fields of page objects in the documentation as what they are for a reader: attributes."""

from __future__ import annotations

from typing import Any

from griffe import Attribute, Class, Extension, Function


class FieldsAreAttributes(Extension):
    """The decorator of web-poet makes a method an attribute, as ``property`` does."""

    def on_class_members(self, *, cls: Class, **_: Any) -> None:
        for name, member in list(cls.members.items()):
            if isinstance(member, Function) and any(
                each.callable_path.rpartition(".")[2] == "field" for each in member.decorators
            ):
                shown = Attribute(
                    name,
                    lineno=member.lineno,
                    endlineno=member.endlineno,
                    annotation=member.returns,
                    docstring=member.docstring,
                    parent=cls,
                )
                shown.labels = {"field"}
                cls.set_member(name, shown)
