"""Objects and lists in templates: merged, patched, picked from, added up and looked into."""

from __future__ import annotations

from typing import Any, Final

import orjson

from cassettes.elements import with_lists
from cassettes.jsonpatch import PatchError, patched
from cassettes.scimpatch import attributes_patched
from cassettes.xmltree import write_tree
from gateway.templates.budget import Budget
from gateway.templates.errors import ExpressionError
from gateway.templates.operators import within
from gateway.templates.values import OMIT, Absent, kind, plain, text, weigh

_STEPS: Final = 100
_PATH: Final = 1000
_PARSED: Final = 1 << 20


def merge(budget: Budget, *objects: Any) -> dict[str, Any]:
    """Give one object of the members of several: later ones win, what is no object is passed over."""
    made: dict[str, Any] = {}
    for one in objects:
        if isinstance(one, dict):
            budget.spend(len(one))
            made.update(one)
    return {name: value for name, value in made.items() if value is not OMIT} if OMIT in made.values() else made


def from_pairs(budget: Budget, pairs: Any) -> dict[str, Any]:
    """Give the object whose members are these pairs of a name and a value: of one name the last."""
    found = [one for one in pairs if isinstance(one, list) and len(one) == 2] if isinstance(pairs, list) else []
    budget.spend(len(found))
    return {text(budget, name): value for name, value in found if value is not OMIT}


def merge_patch(budget: Budget, target: Any, patch: Any) -> Any:
    """Apply a JSON merge patch (RFC 7396): null removes a member."""
    weigh(budget, patch)
    weigh(budget, target)
    return _merged(target, patch, 0)


def _merged(target: Any, patch: Any, depth: int) -> Any:
    if not isinstance(patch, dict):
        return patch
    if depth > _STEPS:
        raise ExpressionError("the patch is nested too deep")
    made = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            made.pop(name, None)
        else:
            made[name] = _merged(made.get(name), value, depth + 1)
    return made


def json_patch(budget: Budget, target: Any, operations: Any) -> Any:
    """Apply a JSON patch (RFC 6902): all of it, or null where a part of it fails."""
    weigh(budget, target)
    weigh(budget, operations)
    if not isinstance(operations, list | tuple):
        return None
    # Each operation copies what it passes on its way, at worst the whole.
    budget.spend(10 * len(operations))
    try:
        return patched(plain(target), operations, lambda value: weigh(budget, value))
    except PatchError:
        return None


def scim_patch(budget: Budget, target: Any, operations: Any) -> Any:
    """Apply operations on attributes (RFC 7644 §3.5.2): all of them, or null where one fails."""
    weigh(budget, target)
    weigh(budget, operations)
    if not isinstance(target, dict) or not isinstance(operations, list | tuple):
        return None
    budget.spend(10 * len(operations))
    try:
        return attributes_patched(plain(target), plain(operations), lambda value: weigh(budget, value))
    except PatchError:
        return None


def pick(budget: Budget, value: Any, *names: Any) -> dict[str, Any]:
    """Give an object of the members of these names that are there, in this order."""
    budget.spend(len(names))
    if not isinstance(value, dict):
        return {}
    return {name: value[name] for name in names if isinstance(name, str) and name in value}


def without(budget: Budget, value: Any, *names: Any) -> Any:
    """Give an object, or each object of a list, without the members of these names."""
    if isinstance(value, list | tuple):
        budget.spend(len(value))
        return [without(budget, one, *names) for one in value]
    if not isinstance(value, dict):
        return {}
    budget.spend(len(value))
    return {name: one for name, one in value.items() if name not in names}


def find(budget: Budget, items: Any, field: Any, value: Any) -> Any:
    """Give the first object of a list whose field is that, compared as text; null where there is none."""
    wanted = _key(budget, value)
    return next((item for item in _objects(budget, items) if _has(budget, item, field, wanted)), None)


def drop_rows(budget: Budget, items: Any, field: Any, value: Any) -> list[Any]:
    """Give a list without the objects whose field is that."""
    wanted = _key(budget, value)
    return [item for item in _objects(budget, items) if not _has(budget, item, field, wanted)]


def keep_rows(budget: Budget, items: Any, field: Any, value: Any) -> list[Any]:
    """Give the objects of a list whose field is that, compared as text."""
    wanted = _key(budget, value)
    return [item for item in _objects(budget, items) if _has(budget, item, field, wanted)]


def put_rows(budget: Budget, items: Any, field: Any, new: Any) -> list[Any]:
    """Give a list with these objects put in: each in the place of the one whose field is the same, else at the end."""
    made: list[Any] = list(_objects(budget, items))
    for row in _objects(budget, new):
        wanted = _key(budget, row.get(field)) if isinstance(row, dict) and isinstance(field, str) else None
        budget.spend(len(made))
        place = next((at for at, item in enumerate(made) if _has(budget, item, field, wanted)), len(made))
        made[place : place + 1] = [row]
    return made


def rows_in(budget: Budget, items: Any, name: Any) -> list[Any]:
    """Give the objects in the lists of this name of all items, each with the item, without the list, as `_of`."""
    found: list[Any] = []
    for item in _objects(budget, items):
        inside = item.get(name) if isinstance(item, dict) and isinstance(name, str) else None
        if isinstance(inside, list | tuple):
            of = {key: value for key, value in item.items() if key != name}
            budget.spend(len(inside) + len(of))
            found += [{**row, "_of": of} for row in inside if isinstance(row, dict)]
    return found


def overlapping(budget: Budget, items: Any, since: Any, until: Any, begins: Any, ends: Any, whole: Any = False) -> Any:
    """Give the first object whose time, between these two fields, overlaps the one from `begins` to `ends`, or null.

    Times are compared as they are written; one that ends when the other begins does not overlap it, but for `whole`
    days: both have the last one.
    """
    for item in _objects(budget, items):
        own = (item.get(since), item.get(until)) if isinstance(item, dict) else (None, None)
        times = (*own, begins, ends)
        is_one_kind = all(isinstance(one, str) for one in times) or all(type(one) in (int, float) for one in times)
        if is_one_kind and ((own[0] < ends and begins < own[1]) or (whole and (own[0] == ends or begins == own[1]))):
            return item
    return None


def rows(budget: Budget, items: Any, cost: int) -> list[Any]:
    """Give the items that `each` goes through, and take what going through them costs."""
    if not isinstance(items, list | tuple):
        return []
    budget.spend(len(items) * (cost + 1))
    return list(items)


def _objects(budget: Budget, items: Any) -> list[Any]:
    return rows(budget, items, 4)


def _key(budget: Budget, value: Any) -> str | None:
    return None if value is None or isinstance(value, Absent) else text(budget, value)


def _has(budget: Budget, item: Any, field: Any, wanted: str | None) -> bool:
    if not isinstance(item, dict) or not isinstance(field, str):
        return False
    found = item[field] if field in item else _at(item, field) if "." in field else None
    return found is not None and not isinstance(found, Absent) and wanted is not None and text(budget, found) == wanted


def total(budget: Budget, items: Any, *fields: Any) -> int | float:
    """Add up, over the items, the product of these dotted fields; an item without one of them counts nothing."""
    if not fields:
        raise ExpressionError("total takes the fields to multiply: total(items, 'price', 'quantity')")
    if items is None or isinstance(items, Absent):
        return 0
    if not isinstance(items, list | tuple):
        raise ExpressionError(f"total needs a list, and this is {kind(items)}")
    budget.spend(4 * len(items) * len(fields))
    result: int | float = 0
    for item in items:
        product: int | float = 1
        for field in fields:
            found = _at(item, text(budget, field))
            product = within(product * found) if type(found) in (int, float) else 0
        result = within(result + product)
    return result


def parse_json(budget: Budget, value: Any) -> Any:
    """Give the value that a JSON text says, or null where it is none."""
    shown = text(budget, value)
    if len(shown) > _PARSED:
        return None
    budget.spend(len(shown) >> 3)
    try:
        return orjson.loads(shown.encode("utf-8", "replace"))
    except orjson.JSONDecodeError:
        return None


def dig(budget: Budget, value: Any, path: Any) -> Any:
    """Give what is found at a dotted path (`a.b.0.c`), absent where nothing is."""
    shown = text(budget, path)[:_PATH]
    budget.spend(len(shown) >> 2)
    return _at(value, shown)


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list | tuple) and step.isascii() and step.isdigit() and int(step[:9]) < len(value):
            value = value[int(step[:9])]
        else:
            return Absent(step, "the path")
    return value


def xml_object(budget: Budget, element: Any, *lists: Any) -> Any:
    """Give an element of `request.xml` as an object, also an empty one; absent where it is.

    The elements that the dotted names lead to are lists, whether there are none, one or several.
    """
    if isinstance(element, Absent) or element is None:
        return Absent("the element")
    names = [text(budget, name)[:_PATH] for name in lists]
    if len(names) > _STEPS:
        raise ExpressionError(f"xml_object takes at most {_STEPS} names")
    for _ in names:
        weigh(budget, element)
    return with_lists(element, names)


def xml_text(budget: Budget, value: Any) -> str:
    """Write an object as XML: its one member is the root element."""
    weigh(budget, value)
    if not isinstance(value, dict):
        raise ExpressionError(f"xml_text takes an object, not {kind(value)}")
    try:
        return write_tree(_pruned(value))
    except ValueError as error:
        raise ExpressionError(f"this cannot be written as XML: {error}") from None


def _pruned(value: Any) -> Any:
    """Give a value as plain JSON: nothing absent or left out is in it."""
    if isinstance(value, dict):
        return {str(name): _pruned(plain(one)) for name, one in value.items() if one is not OMIT}
    if isinstance(value, list | tuple):
        return [_pruned(plain(one)) for one in value if one is not OMIT]
    return value
