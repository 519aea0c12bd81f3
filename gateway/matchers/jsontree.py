"""JSON compared as JSON: numbers by value, members in any order, `true` never 1; and trees with placeholders."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, Final

from gateway.matcher import Place, shown
from gateway.matchers.formats import FORMATS, JSON_TYPES, json_type, of_text
from gateway.matchers.regex import RegexError, compile_regex
from gateway.view import MISSING

Check = Callable[[Any], bool]

DEEPEST: Final = 64
_IGNORED_ELEMENT: Final = "${json-unit.ignore-element}"
PLACEHOLDERS: Final[dict[str, Check]] = {
    "any": JSON_TYPES["any"],
    **{f"any-{name}": check for name, check in JSON_TYPES.items() if name not in {"any", "null"}},
    **{name: of_text(check) for name, check in FORMATS.items()},
}
_JSON_UNIT: Final = {
    "any": "any", "any-string": "any-string", "any-number": "any-number", "any-boolean": "any-boolean",
    "ignore": "any",
}  # fmt: skip


def require_json(value: Any, place: Place, depth: int = 0) -> None:
    """Raise the error that says which value of a definition is not JSON, or that it is nested too deeply."""
    if depth > DEEPEST:
        raise place.refusal(f"nested deeper than {DEEPEST} levels")
    if isinstance(value, dict):
        for name, member in value.items():
            if not isinstance(name, str):
                raise place.refusal(f"the key {name!r} is not a text: put it in quotes")
            require_json(member, place, depth + 1)
    elif isinstance(value, list):
        for item in value:
            require_json(item, place, depth + 1)
    elif isinstance(value, float) and not math.isfinite(value):
        raise place.refusal(f"{value} is not a JSON number")
    elif value is not None and not isinstance(value, str | int | float):
        raise place.refusal(f"a {type(value).__name__} is not JSON: put it in quotes")


def equal_to(wanted: Any) -> Check:
    """Compile the test that a value is the same JSON as `wanted`."""
    kind = type(wanted)
    if kind is bool or wanted is None:
        return lambda value: value is wanted
    if kind is str:
        return lambda value: bool(value == wanted)
    if kind is int or kind is float:
        return lambda value: value == wanted and type(value) is not bool
    if not _holds_ambiguous(wanted):
        return lambda value: bool(value == wanted)
    # Python's 1 == True is coarser than JSON's, so that only what is equal in Python needs the second look.
    return lambda value: value == wanted and _same_kinds(wanted, value)


def same(left: Any, right: Any) -> bool:
    """Say whether two values are the same JSON. Raises RecursionError where both are nested very deeply."""
    return left == right and _same_kinds(left, right)


def _holds_ambiguous(wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return any(_holds_ambiguous(value) for value in wanted.values())
    if isinstance(wanted, list):
        return any(_holds_ambiguous(value) for value in wanted)
    return isinstance(wanted, bool | int | float) and wanted in {0, 1}


def _same_kinds(left: Any, right: Any) -> bool:
    if isinstance(left, dict):
        return all(_same_kinds(value, right[name]) for name, value in left.items())
    if isinstance(left, list):
        return all(_same_kinds(one, other) for one, other in zip(left, right, strict=True))
    return (type(left) is bool) == (type(right) is bool)


def tree_test(wanted: Any, place: Place, *, partial: bool) -> Check:
    """Compile a tree with placeholders: equal, or (partial) contained.

    Contained means: each member of an object is there, others may be too; each item of an array is found, in this
    order, others may stand between. Raises ConfigError for a placeholder that cannot be.
    """
    if isinstance(wanted, str):
        return _leaf(wanted, place)
    if isinstance(wanted, dict) and (partial or _has_placeholder(wanted)):
        return _object_test(wanted, place, partial=partial)
    if isinstance(wanted, list) and (partial or _has_placeholder(wanted)):
        checks = tuple(tree_test(item, place, partial=partial) for item in wanted)
        return _items_in_order(checks) if partial else _items_equal(checks)
    return equal_to(wanted)


def _has_placeholder(wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return any(_has_placeholder(value) for value in wanted.values())
    if isinstance(wanted, list):
        return any(_has_placeholder(value) for value in wanted)
    return isinstance(wanted, str) and wanted.startswith("${")


def _leaf(wanted: str, place: Place) -> Check:
    if wanted.startswith("${json-unit.regex}"):
        return _regex_leaf(wanted.removeprefix("${json-unit.regex}"), place)
    if not (wanted.startswith("${") and wanted.endswith("}")):
        return equal_to(wanted)
    name = wanted[2:-1]
    if name.startswith("regex:"):
        return _regex_leaf(name.removeprefix("regex:"), place)
    if name.startswith("json-unit."):
        known = _JSON_UNIT.get(name.removeprefix("json-unit."))
        if known is None:
            raise place.refusal(f"the placeholder {wanted} is not known; write one of {_listed()}")
        return PLACEHOLDERS[known]
    if name in PLACEHOLDERS:
        return PLACEHOLDERS[name]
    near = get_close_matches(name, PLACEHOLDERS, 1, 0.8)
    if near:
        raise place.refusal(f"the placeholder {wanted} is not known; did you mean ${{{near[0]}}}?")
    return equal_to(wanted)


def _listed() -> str:
    return ", ".join(f"${{{name}}}" for name in (*PLACEHOLDERS, "regex:…"))


def _regex_leaf(pattern: str, place: Place) -> Check:
    try:
        return of_text(compile_regex(pattern).matches)
    except RegexError as error:
        raise place.refusal(str(error)) from None


def _object_test(wanted: dict[str, Any], place: Place, *, partial: bool) -> Check:
    free = {name for name, value in wanted.items() if value == _IGNORED_ELEMENT}
    checks = tuple(
        (name, tree_test(value, place, partial=partial)) for name, value in wanted.items() if name not in free
    )
    names = wanted.keys()
    size = len(checks)

    def contained(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name, check in checks:  # noqa: SIM110 a generator costs as much as the test
            if not (name in value and check(value[name])):
                return False
        return True

    def equal(value: Any) -> bool:
        if not contained(value):
            return False
        return len(value) == size or (bool(free) and value.keys() <= names)

    return contained if partial else equal


def _items_equal(checks: tuple[Check, ...]) -> Check:
    def equal(value: Any) -> bool:
        if type(value) is not list or len(value) != len(checks):
            return False
        return all(check(item) for check, item in zip(checks, value, strict=True))

    return equal


def _items_in_order(checks: tuple[Check, ...]) -> Check:
    def contained(value: Any) -> bool:
        if type(value) is not list or len(value) < len(checks):
            return False
        items = iter(value)
        # Each check takes the first item that it can have, which leaves the most for those after it.
        return all(any(check(item) for item in items) for check in checks)

    return contained


def compared(wanted: Any, found: Any, place: Place, *, partial: bool) -> tuple[float, str]:
    """Give the share of `wanted`'s leaves that are as wanted, and a sentence on the first that is not."""
    total = right = 0
    first = ""
    for pointer, leaf, value in _leaves(wanted, found, ""):
        total += 1
        if tree_test(leaf, place, partial=partial)(value):
            right += 1
        elif not first:
            first = _difference(pointer or "the value", leaf, value)
    if not first and not partial:
        first = _extra(wanted, found, "")
    return (right / total if total else 0.0), first


def _leaves(wanted: Any, found: Any, pointer: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(wanted, dict) and wanted and isinstance(found, dict):
        for name, value in wanted.items():
            step = name.replace("~", "~0").replace("/", "~1")
            yield from _leaves(value, found.get(name, MISSING), f"{pointer}/{step}")
    elif isinstance(wanted, list) and wanted and isinstance(found, list):
        for index, value in enumerate(wanted):
            yield from _leaves(value, found[index] if index < len(found) else MISSING, f"{pointer}/{index}")
    else:
        yield pointer, wanted, found


def _difference(pointer: str, wanted: Any, found: Any) -> str:
    if found is MISSING:
        return f"{pointer} is not there"
    is_text = isinstance(found, str) and not isinstance(wanted, str)
    if is_text and str(wanted).lower() == found.lower():
        return f'{pointer} is the text "{shown(found, 60)}", not the {json_type(wanted)}'
    if isinstance(wanted, str) and not isinstance(found, str | dict | list) and str(found).lower() == wanted.lower():
        return f"{pointer} is the {json_type(found)} {shown(found, 60)}, not a text"
    return f"{pointer} is {shown(found, 60)}"


def _extra(wanted: Any, found: Any, pointer: str) -> str:
    """Say which member is there and is not wanted, where nothing wanted is missing."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        extra = [name for name in found if name not in wanted]
        if extra:
            return f"{pointer}/{shown(extra[0], 60)} is there and was not asked for: use partial to allow it"
        told = (_extra(wanted[name], found[name], f"{pointer}/{name}") for name in wanted if name in found)
        return next((text for text in told if text), "")
    if isinstance(wanted, list) and isinstance(found, list):
        if len(found) > len(wanted):
            return f"{pointer or 'the array'} has {len(found)} items, not {len(wanted)}"
        told = (
            _extra(one, other, f"{pointer}/{at}") for at, (one, other) in enumerate(zip(wanted, found, strict=False))
        )
        return next((text for text in told if text), "")
    return ""
