"""The filters of the trips' people: comparisons, functions, `not`, `and` and `or`."""

from __future__ import annotations

import re
from typing import Any, Final

Row = dict[str, Any]

CLAUSE: Final = re.compile(
    r"(?:(?P<call>contains|startswith|endswith)\((?P<of>\w+), ?(?P<part>'(?:[^']|'')*')\)"
    r"|(?P<name>\w+) (?P<how>eq|ne|gt|ge|lt|le) (?P<value>'(?:[^']|'')*'|-?[\d.]+|null))"
)


class RefusedError(Exception):
    """A refusal: a status and a message."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def literal(text: str) -> Any:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return None if text == "null" else float(text)


def property_of(name: str, known: tuple[str, ...]) -> str:
    if name not in known:
        raise RefusedError(400, f"Could not find a property named '{name}' on type 'Trippin.Person'.")
    return name


def clause_holds(row: Row, text: str) -> bool:
    found = CLAUSE.fullmatch(text)
    if not found:
        raise RefusedError(400, f"Syntax error at position {len(text)} in '{text}'.")
    if call := found["call"]:
        value, part = row[property_of(found["of"], tuple(row))] or "", literal(found["part"])
        ways = {"contains": part in value, "startswith": value.startswith(part), "endswith": value.endswith(part)}
        return ways[call]
    value, other = row[property_of(found["name"], tuple(row))], literal(found["value"])
    if found["how"] in ("eq", "ne"):
        return (value == other) is (found["how"] == "eq")
    if value is None or other is None:
        return False
    return {"gt": value > other, "ge": value >= other, "lt": value < other, "le": value <= other}[found["how"]]


def holds(row: Row, text: str) -> bool:
    """Tell whether a row is what `$filter` asks for; `and` binds closer than `or`."""
    return any(
        all(
            not clause_holds(row, clause[4:]) if clause.startswith("not ") else clause_holds(row, clause)
            for clause in either.split(" and ")
        )
        for either in text.split(" or ")
    )
