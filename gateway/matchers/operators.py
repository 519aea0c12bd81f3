"""The operators of a comparison, one factory each: how one value is tested, and how near one came that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final, Literal, TypeAlias

import orjson

from gateway.matcher import Place, shown
from gateway.matchers.dates import instant, moment
from gateway.matchers.formats import FORMATS, JSON_TYPES, PLAIN_TYPES, as_number, json_type, of_text
from gateway.matchers.jsontree import compared, equal_to, require_json
from gateway.matchers.regex import RegexError, compile_regex

Domain: TypeAlias = Literal["text", "json"]
"""What values there are: texts, of headers, query and the like; or JSON values, whose types count."""
Near: TypeAlias = Callable[[Any], tuple[float, str]]

_COMPARED: Final = 64


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator with its operand: the test of one value, its words, and closeness and hint for one that failed."""

    holds: Callable[[Any], bool] = field(repr=False)
    wanted: str
    near: Near = field(repr=False)


def as_text(value: Any) -> str | None:
    """Give a scalar as the text that a pattern is matched against, or None for an object, array or null."""
    if type(value) is str:
        return value
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is int or type(value) is float:
        return orjson.dumps(value).decode() if abs(value) < 1 << 63 else str(value)
    return None


def likeness(wanted: str, found: str) -> float:
    """Give how alike two texts are, from 0.0 to 1.0, by their first characters."""
    return SequenceMatcher(None, wanted[:_COMPARED], found[:_COMPARED], autojunk=False).ratio()


def plain(value: Any, place: Place) -> str:
    """Give an operand as the text that it is compared as; raises ConfigError for null, an object or an array."""
    text = as_text(value)
    if text is None:
        what = "null: to ask for absence write present: false" if value is None else f"an {json_type(value)}"
        raise place.refusal(f"this value is a text, and never {what}")
    return text


def equals(operand: Any, place: Place, domain: Domain) -> Operator:
    """Equal: as text, or as JSON."""
    if domain == "text":
        wanted = plain(operand, place)
        return Operator(lambda value: bool(value == wanted), f'"{wanted}"', lambda value: _text_near(wanted, value))
    require_json(operand, place)
    return Operator(
        equal_to(operand),
        f'"{operand}"' if isinstance(operand, str) else shown(operand),
        lambda value: _json_near(operand, value, place),
    )


def equals_ignore_case(operand: str, _place: Place, _domain: Domain) -> Operator:
    """Equal whatever the case."""
    wanted = operand.casefold()
    return _of_text(
        lambda text: text.casefold() == wanted,
        f'"{operand}" in any case',
        lambda text: (likeness(wanted, text.casefold()), ""),
    )


def one_of(operand: list[Any], place: Place, domain: Domain) -> Operator:
    """Equal to one of several."""
    if not operand:
        raise place.refusal("an empty list holds for nothing: name at least one value")
    choices = [equals(item, place.item(index), domain) for index, item in enumerate(operand)]
    checks = tuple(choice.holds for choice in choices)
    wanted = "one of " + ", ".join(choice.wanted for choice in choices[:20])

    def near(value: Any) -> tuple[float, str]:
        return max((choice.near(value) for choice in choices[:20]), default=(0.0, ""))

    if domain == "text":
        texts = frozenset(plain(item, place) for item in operand)
        return Operator(lambda value: value in texts, wanted, near)
    return Operator(lambda value: any(check(value) for check in checks), wanted, near)


def contains(operand: str, _place: Place, _domain: Domain) -> Operator:
    """Hold a part of a text, or an item of an array."""

    def holds(value: Any) -> bool:
        if type(value) is list:
            return operand in value
        text = as_text(value)
        return text is not None and operand in text

    def near(value: Any) -> tuple[float, str]:
        text = as_text(value) or ""
        if operand.casefold() in text.casefold():
            return 0.9, f'it holds "{shown(operand, 60)}" in another case'
        return 0.0, ""

    return Operator(holds, f'contains "{operand}"', near)


def starts_with(operand: str, _place: Place, _domain: Domain) -> Operator:
    """Begin with."""
    return _of_text(
        lambda text: text.startswith(operand),
        f'begins with "{operand}"',
        lambda text: (likeness(operand, text[: len(operand)]), ""),
    )


def ends_with(operand: str, _place: Place, _domain: Domain) -> Operator:
    """End with."""
    return _of_text(
        lambda text: text.endswith(operand),
        f'ends with "{operand}"',
        lambda text: (likeness(operand, text[-len(operand) :]), ""),
    )


def regex(operand: str, place: Place, _domain: Domain) -> Operator:
    """Match a pattern from the first character to the last."""
    try:
        compiled = compile_regex(operand)
    except RegexError as error:
        raise place.refusal(str(error)) from None

    def near(text: str) -> tuple[float, str]:
        if len(text) > compiled.longest // 4 and len(text.encode("utf-8", "replace")) > compiled.longest:
            return 0.0, f"a text over {compiled.longest} bytes is not matched against this pattern"
        if compiled.found_in(text):
            return 0.8, "the pattern is found inside the value, and has to match all of it: put .* around it"
        return 0.0, ""

    return _of_text(compiled.matches, f"matches {operand}", near)


def glob(operand: str, place: Place, _domain: Domain) -> Operator:
    """Match a pattern in which `*` stands for any characters and `?` for one."""
    translated = "".join({"*": ".*", "?": "."}.get(letter) or _quoted(letter) for letter in operand)
    try:
        compiled = compile_regex(translated)
    except RegexError as error:
        raise place.refusal(str(error)) from None
    return _of_text(compiled.matches, f"like {operand}", lambda text: (likeness(operand.replace("*", ""), text), ""))


def _quoted(letter: str) -> str:
    return letter if letter.isalnum() or letter == "_" or ord(letter) > 127 else "\\" + letter


def order(name: str) -> Callable[[float, Place, Domain], Operator]:
    """Make the factory of `gt`, `ge`, `lt` or `le`."""
    words, compare = _ORDERS[name]

    def factory(operand: float, _place: Place, domain: Domain) -> Operator:
        def number(value: Any) -> float | int | None:
            return as_number(value) if domain == "text" or type(value) is not str else None

        def holds(value: Any) -> bool:
            found = number(value)
            return found is not None and compare(found, operand)

        def near(value: Any) -> tuple[float, str]:
            found = number(value)
            if found is None:
                is_text = as_number(value) is not None
                return 0.0, f'the value is the text "{shown(value, 60)}", not a number' if is_text else "not a number"
            return 0.9 / (1 + abs(found - operand) / max(abs(operand), 1)), ""

        return Operator(holds, f"{words} {operand:g}", near)

    return factory


_ORDERS: Final[dict[str, tuple[str, Callable[[float, float], bool]]]] = {
    "gt": ("greater than", lambda found, limit: found > limit),
    "ge": ("at least", lambda found, limit: found >= limit),
    "lt": ("less than", lambda found, limit: found < limit),
    "le": ("at most", lambda found, limit: found <= limit),
}


def _time(operand: str, place: Place) -> Callable[[], float]:
    found = moment(operand)
    if found is None:
        raise place.refusal(
            f"'{operand}' is not a point in time: write 2026-01-31, 2026-01-31T12:00:00Z, now, 'now -1h' or "
            "'now +2 days'"
        )
    return found


def _dated(wanted: str, inside: Callable[[float], float]) -> Operator:
    """Make a test of a point in time; `inside` gives how many seconds it is outside, and 0 or less for none."""

    def holds(value: Any) -> bool:
        found = instant(value)
        return found is not None and inside(found) <= 0

    def near(value: Any) -> tuple[float, str]:
        found = instant(value)
        if found is None:
            return 0.0, "not a date that can be read"
        return 0.9 / (1 + inside(found) / 86_400), ""

    return Operator(holds, wanted, near)


# Half a microsecond, the finest that a date is told in: what is exactly at the limit is outside.
_STRICTLY: Final = 5e-7


def before(operand: str, place: Place, _domain: Domain) -> Operator:
    """Be a date before."""
    limit = _time(operand, place)
    return _dated(f"before {operand}", lambda found: found - limit() + _STRICTLY)


def after(operand: str, place: Place, _domain: Domain) -> Operator:
    """Be a date after."""
    limit = _time(operand, place)
    return _dated(f"after {operand}", lambda found: limit() - found + _STRICTLY)


def within(operand: tuple[str, str], place: Place, _domain: Domain) -> Operator:
    """Be a date from the first to the second, both included."""
    first, last = _time(operand[0], place.item(0)), _time(operand[1], place.item(1))
    return _dated(f"from {operand[0]} to {operand[1]}", lambda found: max(first() - found, found - last()))


def of_type(operand: str, place: Place, domain: Domain) -> Operator:
    """Be of a type."""
    plain_types = PLAIN_TYPES if domain == "text" else JSON_TYPES
    if operand in FORMATS:
        check: Callable[[Any], bool] = of_text(FORMATS[operand])
    elif operand in plain_types:
        check = plain_types[operand]
    else:
        raise place.refusal(f"'{operand}' is not a type: there are {', '.join((*plain_types, *FORMATS))}")
    return Operator(check, f"of type {operand}", lambda value: (0.0, f"it is of type {json_type(value)}"))


def has_length(operand: int, place: Place, _domain: Domain) -> Operator:
    """Have so many characters, items or members."""
    if operand < 0:
        raise place.refusal("a length is 0 or more")

    def near(value: Any) -> tuple[float, str]:
        if type(value) not in {str, list, dict}:
            return 0.0, f"a {json_type(value)} has no length"
        return 0.9 / (1 + abs(len(value) - operand)), f"its length is {len(value)}"

    return Operator(lambda value: type(value) in {str, list, dict} and len(value) == operand, f"length {operand}", near)


def _of_text(holds: Callable[[str], bool], wanted: str, near: Callable[[str], tuple[float, str]]) -> Operator:
    def check(value: Any) -> bool:
        text = value if type(value) is str else as_text(value)
        return text is not None and holds(text)

    def distance(value: Any) -> tuple[float, str]:
        text = as_text(value)
        return (0.0, f"an {json_type(value)} is no text") if text is None else near(text)

    return Operator(check, wanted, distance)


def _text_near(wanted: str, value: str) -> tuple[float, str]:
    if value.casefold() == wanted.casefold():
        return 0.95, "it differs only in case: equals_ignore_case would hold"
    if value.strip() == wanted.strip():
        return 0.95, "it differs only in white space at its ends"
    return likeness(wanted, value), ""


def _json_near(wanted: Any, value: Any, place: Place) -> tuple[float, str]:
    if isinstance(wanted, str) and isinstance(value, str):
        return _text_near(wanted, value)
    if as_number(wanted) is not None and type(wanted) is not str and type(value) in {int, float}:
        return 0.9 / (1 + abs(value - wanted) / max(abs(wanted), 1)), ""
    share, first = compared(wanted, value, place, partial=False)
    is_same_text = as_text(wanted) is not None and as_text(wanted) == as_text(value)
    return max(share, 0.8 if is_same_text else 0.0), first


OPERATORS: Final[dict[str, Callable[[Any, Place, Domain], Operator]]] = {
    "equals": equals,
    "equals_ignore_case": equals_ignore_case,
    "one_of": one_of,
    "contains": contains,
    "starts_with": starts_with,
    "ends_with": ends_with,
    "regex": regex,
    "glob": glob,
    "gt": order("gt"),
    "ge": order("ge"),
    "lt": order("lt"),
    "le": order("le"),
    "before": before,
    "after": after,
    "within": within,
    "type": of_type,
    "length": has_length,
}
"""The operators that ask something of one value; `not_equals`, `not` and `present` ask about all of a field's."""
