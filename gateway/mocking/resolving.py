"""How the fields of a GraphQL document come about: items of collections, lists of them, what is made and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cassettes.comparing import as_text
from cassettes.conventions import told_by_name, words_of
from cassettes.definition import GraphField
from cassettes.listing import excerpt, query_of

MOST_LOOKED_AT: Final = 2_000_000
"""So many items one document may go through: links that lead back and forth multiply."""
Tables = dict[str, dict[str, Any]]
"""The items of collections by their keys, as they are while a document is run."""


class AbsentError(Exception):
    """There is no such item; the message and `extensions` are the field's error."""

    def __init__(self, message: str, extensions: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.extensions = dict(extensions)


@dataclass(frozen=True, slots=True)
class Listed:
    """A part of a list as an object: its members tell of it as they are called."""

    part: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """An object that has an item in its member `within`, and other members beside it."""

    item: Any
    within: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Run:
    """One document's run over collections. `writes` are what is to be kept, as (collection, key, item or None).

    `render` gives what a field's `item` says for its arguments and the item that there was; `numbers` are those that
    were drawn for new items.
    """

    tables: Tables
    render: Callable[[GraphField, Mapping[str, Any], Any], dict[str, Any]]
    numbers: dict[str, list[int]] = field(default_factory=dict)
    writes: list[tuple[str, str, Any]] = field(default_factory=list)
    left: int = MOST_LOOKED_AT

    @property
    def is_too_much(self) -> bool:
        """Tell whether the document asked to go through more items than it may."""
        return self.left < 0

    def resolve(self, how: GraphField, parent: Any, arguments: Mapping[str, Any]) -> Any:
        """Give what a field is, nothing once too much was asked for. Raises AbsentError."""
        self.left -= 1 + len(self.tables[how.in_])
        if self.is_too_much:
            return None
        match how.gives:
            case "one":
                return self._one(how, parent, arguments)
            case "list":
                return self._list(how, parent, arguments)
            case "made":
                return self._shown(how, self._made(how, arguments))
            case "changed":
                return self._shown(how, self._changed(how, arguments))
            case _:
                return self._shown(how, self._removed(how, arguments))

    def _find(self, how: GraphField, wanted: Any) -> tuple[str, Any]:
        if wanted is not None:
            for key, item in self.tables[how.in_].items():
                if as_text(item.get(how.by)) == as_text(wanted):
                    return key, item
        return "", None

    def _one(self, how: GraphField, parent: Any, arguments: Mapping[str, Any]) -> Any:
        wanted = parent.get(how.of) if how.of is not None else sent(arguments).get(how.argument or how.by)
        _, item = self._find(how, wanted)
        return self._present(how, item, arguments) if how.of is None else item

    def _present(self, how: GraphField, item: Any, arguments: Mapping[str, Any]) -> Any:
        if item is None and how.missing is not None:
            message = how.missing.message
            for name, value in sent(arguments).items():
                message = message.replace(f"{{{name}}}", as_text(value))
            raise AbsentError(message, how.missing.extensions)
        return item

    def _list(self, how: GraphField, parent: Any, arguments: Mapping[str, Any]) -> Listed:
        items = list(self.tables[how.in_].values())
        if how.of is not None:
            wanted = parent.get(how.of)
            if isinstance(wanted, list):
                by_key = {as_text(item.get(how.by)): item for item in items}
                items = [by_key[as_text(one)] for one in wanted if as_text(one) in by_key]
            else:
                items = [item for item in items if _names(item.get(how.by), wanted)]
        asked = {name: value for name, value in sent(arguments).items() if value is not None}
        return Listed(excerpt(how.listed, items, query_of(asked)))

    def _made(self, how: GraphField, arguments: Mapping[str, Any]) -> Any:
        own = self.render(how, arguments, None)
        item = {**{name: value for name, value in sent(arguments).items() if name != how.by}, **own}
        if how.by not in item:
            given = sent(arguments).get(how.by)
            drawn = self.numbers.get(how.in_)
            number = max(drawn.pop(0), how.first) if drawn else how.first
            item = {how.by: number if given is None else given, **item}
        self._keep(how.in_, as_text(item[how.by]), item)
        return item

    def _changed(self, how: GraphField, arguments: Mapping[str, Any]) -> Any:
        given = sent(arguments)
        name = how.argument or how.by
        key, old = self._find(how, given.get(name))
        if self._present(how, old, arguments) is None:
            return None
        more = {member: value for member, value in given.items() if member != name}
        self._keep(how.in_, key, {**old, **more, **self.render(how, arguments, old)})
        return self.tables[how.in_][key]

    def _removed(self, how: GraphField, arguments: Mapping[str, Any]) -> Any:
        key, item = self._find(how, sent(arguments).get(how.argument or how.by))
        if self._present(how, item, arguments) is not None:
            self._keep(how.in_, key, None)
        return item

    def _shown(self, how: GraphField, item: Any) -> Any:
        if how.within is not None or how.values:
            return Held(item, how.within or "", how.values)
        return item

    def _keep(self, name: str, key: str, item: Any) -> None:
        if item is None:
            self.tables[name].pop(key, None)
        else:
            self.tables[name][key] = item
        self.writes.append((name, key, item))


def _names(value: Any, wanted: Any) -> bool:
    """Tell whether a member is what is wanted, or a list that has it."""
    if wanted is None or value is None:
        return False
    return as_text(wanted) in map(as_text, value if isinstance(value, list) else [value])


def sent(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Give the arguments as the members of an item: those of objects, such as `input`, in their places."""
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        found.update(value if isinstance(value, dict) else {name: value})
    return found


def member(parent: Any, name: str, kind: str) -> Any:
    """Give a member of an object; `kind` is what it has to be: `list`, `rows` (edges), `object`, `flag`, or a value."""
    if isinstance(parent, Listed):
        return _told(parent, name, kind)
    if isinstance(parent, Held):
        return parent.item if name == parent.within else parent.values.get(name)
    return parent.get(name) if isinstance(parent, Mapping) else None


def _told(parent: Listed, name: str, kind: str) -> Any:
    part = parent.part
    if kind == "list":
        return part["items"]
    if kind == "rows":
        return [{"node": item, "cursor": as_text(item.get("id"))} for item in part["items"]]
    if kind == "object":
        return parent
    words = words_of(name)
    if kind == "flag":
        return part["has_previous"] if {"previous", "prev"} & set(words) else part["has_more"]
    if "cursor" in words:
        ends = part["items"]
        return as_text(ends[-1 if "end" in words or "next" in words else 0].get("id")) if ends else None
    known = (part.get(one) for one in told_by_name(name))
    return next((one for one in known if one is not None), None)
