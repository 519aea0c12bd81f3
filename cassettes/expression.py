"""Filter expressions: conditions on fields as one text, as SCIM, OData and SQL write them: `n gt 3 and not a = 1`.

What they have in common is understood: comparisons by words and signs, `and`, `or`, `not`, parentheses, `in`, `is null`
and the functions `contains`, `startswith` and `endswith` (RFC 7644 §3.4.2.2, OData 4.01 §5.1.1, google.aip.dev/160);
so are the signs of RSQL, `n=gt=3;a==1`, and words between colons, `n:gt:3`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeAlias

from cassettes.comparing import MISSING, as_number, contains, equals, order, read_field

Test: TypeAlias = Callable[[Any], bool]
_LONGEST: Final = 2_000
_DEEPEST: Final = 20
_INSIDE: Final = 3
_TOKEN: Final = re.compile(
    r"""\s*(?:
      '(?P<single>(?:[^'\\]|''|\\.)*)'
    | "(?P<double>(?:[^"\\]|\\.)*)"
    | (?P<sign>=[a-z]{2,5}=|<=|>=|!=|<>|==|&&|\|\||[=<>:!(),;])
    | (?P<word>(?:`[^`]*`|[^\s'"`<>=!:(),;&|])+)
    )""",
    re.VERBOSE,
)
_COMPARED: Final[Mapping[str, str]] = {
    "=": "eq", "==": "eq", ":": "eq", "eq": "eq", "is": "eq",
    "!=": "ne", "<>": "ne", "ne": "ne",
    "<": "lt", "lt": "lt", "<=": "le", "le": "le", "lte": "le",
    ">": "gt", "gt": "gt", ">=": "ge", "ge": "ge", "gte": "ge",
    "co": "co", "contains": "co", "sw": "sw", "ew": "ew", "like": "like", "ilike": "ilike", "in": "in", "out": "in",
}  # fmt: skip
_FUNCTIONS: Final[Mapping[str, str]] = {
    "contains": "co", "substringof": "co", "startswith": "sw", "starts_with": "sw", "endswith": "ew", "ends_with": "ew",
}  # fmt: skip
_AND: Final = ("and", "&&", ";")
_OR: Final = ("or", "||", ",")
_NOT: Final = ("not", "!")
_SIGNS: Final[Mapping[str, tuple[int, ...]]] = {"lt": (-1,), "le": (-1, 0), "gt": (1,), "ge": (0, 1)}
_SIGNED: Final = ("<", "<=", ">", ">=")
_SIGN: Final = 3
"""How long a sign is at most that is no word between two others."""
_AFTER_IS: Final = ("null", "true", "false")
_KEYS: Final = ("key", "name", "Key", "Name")
_VALUES: Final = ("value", "Value")


class ExpressionError(ValueError):
    """A text that is no filter expression; says what was expected."""


@dataclass(frozen=True, slots=True)
class Expression:
    """What a text asks of items: `holds` tells it of one, `fields` are the names that it compares."""

    holds: Test = field(repr=False)
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    is_quoted: bool = False

    @property
    def word(self) -> str:
        """The word or sign in small letters, "" of what is quoted."""
        return "" if self.is_quoted else self.text.lower()


@lru_cache(256)
def parse(text: str, *, caseless: bool = False, exact: bool = False) -> Expression:
    """Read a filter expression; raises ExpressionError where it is none.

    With `caseless` texts are compared whatever the case of their letters; with `exact` also a part that a text contains
    is as it is written.
    """
    if len(text) > _LONGEST:
        raise ExpressionError(f"it has more than {_LONGEST} characters")
    reading = _Reading(list(_tokens(text)), caseless=caseless, exact=exact)
    test = reading.either(0)
    if not reading.is_done:
        raise ExpressionError(f"{reading.next.text!r} is not expected there")
    return Expression(test, tuple(dict.fromkeys(reading.fields)))


def find_field(item: Any, name: str) -> Any:
    """Give what a name in an expression stands for in an item, MISSING where it stands for nothing.

    What the item itself does not have is looked for in the objects in it, whatever the case of its letters, and in
    lists of keys with values, as `[{"key": "a", "value": 1}]`; a first word that nothing is called is left out.
    """
    steps = [step.strip("`") for step in re.findall(r"`[^`]*`|[^.`]+", name)]
    found = read_field(item, steps)
    if found is not MISSING:
        return found
    found = _inside(item, steps, _INSIDE)
    return _inside(item, steps[1:], _INSIDE) if found is MISSING and len(steps) > 1 else found


def _inside(item: Any, steps: Sequence[str], depth: int) -> Any:
    found = _follow(item, steps)
    if found is not MISSING or not depth or not isinstance(item, dict):
        return found
    told = (_inside(one, steps, depth - 1) for one in item.values() if isinstance(one, dict))
    return next((one for one in told if one is not MISSING), MISSING)


def _follow(item: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if isinstance(item, dict):
            name = step if step in item else next((one for one in item if one.lower() == step.lower()), None)
            item = item[name] if name is not None else MISSING
        else:
            item = _under_key(item, step) if isinstance(item, list) else MISSING
    return item


def _under_key(rows: Sequence[Any], key: str) -> Any:
    """Give the value of the row with a key, in a list of keys with values."""
    for row in rows:
        if isinstance(row, dict) and any(row.get(name) == key for name in _KEYS):
            return next((row[name] for name in _VALUES if name in row), MISSING)
    return MISSING


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ExpressionError(f"{text[at : at + 20]!r} cannot be read")
        at = found.end()
        if (single := found["single"]) is not None:
            yield _Token(re.sub(r"''|\\(.)", lambda one: one[1] or "'", single), is_quoted=True)
        elif (double := found["double"]) is not None:
            yield _Token(re.sub(r"\\(.)", r"\1", double), is_quoted=True)
        else:
            yield _Token(found["sign"] or found["word"])


class _Reading:
    """Reads the tokens from left to right."""

    def __init__(self, tokens: Sequence[_Token], *, caseless: bool, exact: bool) -> None:
        self._tokens = tokens
        self._at = 0
        self._is_caseless = caseless
        self._is_exact = exact
        self.fields: list[str] = []

    @property
    def is_done(self) -> bool:
        return self._at == len(self._tokens)

    @property
    def next(self) -> _Token:
        if self.is_done:
            raise ExpressionError("it ends too early")
        return self._tokens[self._at]

    def take(self) -> _Token:
        token = self.next
        self._at += 1
        return token

    def either(self, depth: int) -> Test:
        """Read conditions of which one has to hold."""
        if depth > _DEEPEST:
            raise ExpressionError(f"it is nested deeper than {_DEEPEST} times")
        tests = [self._all(depth)]
        while self._skips(*_OR):
            tests.append(self._all(depth))
        return tests[0] if len(tests) == 1 else lambda item: any(test(item) for test in tests)

    def _all(self, depth: int) -> Test:
        tests = [self._one(depth)]
        while self._skips(*_AND):
            tests.append(self._one(depth))
        return tests[0] if len(tests) == 1 else lambda item: all(test(item) for test in tests)

    def _one(self, depth: int) -> Test:
        if self._skips(*_NOT):
            test = self._one(depth + 1) if depth < _DEEPEST else self.either(depth + 1)
            return lambda item: not test(item)
        if self._skips("("):
            test = self.either(depth + 1)
            self._expect(")")
            return test
        name = self.take()
        if name.word in _FUNCTIONS and self._skips("("):
            test = self._function(_FUNCTIONS[name.word])
            # `contains(name, 'x') eq true` says what `contains(name, 'x')` says.
            is_turned = self._skips("eq", "=", "==") and self.take().word == "false"
            return (lambda item: not test(item)) if is_turned else test
        return self._comparison(name)

    def _function(self, operator: str) -> Test:
        one = self.take()
        self._expect(",")
        other = self.take()
        self._expect(")")
        # `substringof('x', name)` has them the other way round.
        name, value = (other, one) if one.is_quoted else (one, other)
        return self._tested(name, operator, [value])

    def _comparison(self, name: _Token) -> Test:
        if self._skips("pr"):
            told = self._field(name)
            return lambda item: find_field(item, told) not in (MISSING, None)
        said = self.take().word
        turns = said in _NOT
        said = self._sign(self.take().word if turns else said)
        if said not in _COMPARED:
            raise ExpressionError(f"{said!r} compares nothing")
        if said == "is":
            turns = self._skips("not")
            if self.next.word not in _AFTER_IS:
                raise ExpressionError(f"{self.next.text!r} is nothing that anything is")
        turns = turns or said == "out"
        operator = _COMPARED[said]
        test = self._tested(name, operator, self._values() if operator == "in" else [self.take()])
        return (lambda item: not test(item)) if turns else test

    def _sign(self, said: str) -> str:
        """Give a comparison by its own name: `=lt=` of RSQL, and `:lt:`, are `lt`; after a colon signs may follow."""
        if said != ":":
            return said.strip("=") if len(said) > _SIGN else said
        if self.next.word in (*_SIGNED, "!="):
            return self.take().word
        is_between = self._at + 1 < len(self._tokens) and self._tokens[self._at + 1].word == ":"
        if not is_between or self.next.word not in _COMPARED:
            return said
        told = self.take().word
        self.take()
        return told

    def _values(self) -> list[_Token]:
        self._expect("(")
        found = [self.take()]
        while self._skips(","):
            found.append(self.take())
        self._expect(")")
        return found

    def _tested(self, name: _Token, operator: str, values: Sequence[_Token]) -> Test:
        told, is_caseless = self._field(name), self._is_caseless
        for value in values:
            if value.word and not re.match(r"[\w+*.-]", value.text):
                raise ExpressionError(f"{value.text!r} is no value")
        operator = "part" if operator == "co" and self._is_exact else operator
        return lambda item: _holds(find_field(item, told), operator, values, is_caseless=is_caseless)

    def _field(self, name: _Token) -> str:
        if name.is_quoted or not re.match(r"[A-Za-z_@$`]", name.text):
            raise ExpressionError(f"{name.text!r} is no field")
        self.fields.append(name.text)
        return name.text

    def _skips(self, *words: str) -> bool:
        """Pass over one of some words or signs, if it comes next."""
        found = not self.is_done and self.next.word in words
        self._at += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._skips(sign):
            raise ExpressionError(f"{sign!r} is missing")


def _holds(found: Any, operator: str, values: Sequence[_Token], *, is_caseless: bool) -> bool:
    if found is MISSING:
        return operator == "eq" and values[0].word == "null"
    if operator in ("eq", "in", "ne"):
        is_one: bool = any(_equals(found, one, is_caseless=is_caseless) for one in values)
        return is_one is not (operator == "ne")
    text = values[0].text
    if operator in _SIGNS:
        return order(found, text) in _SIGNS[operator]
    if operator == "co":
        return contains(found, text.casefold())
    return _is_like(found, operator, text, is_caseless=is_caseless)


def _equals(found: Any, value: _Token, *, is_caseless: bool) -> bool:
    if is_caseless and isinstance(found, str):
        return found.casefold() == value.text.casefold()
    # A number that is compared with a quoted one is the same everywhere but in the strictest of services.
    return equals(found, value.text if value.is_quoted or as_number(value.text) is not None else _plain(value))


def _plain(value: _Token) -> str:
    return value.word if value.word in ("true", "false", "null") else value.text


def _is_like(found: Any, operator: str, text: str, *, is_caseless: bool) -> bool:
    if not isinstance(found, str):
        return False
    if is_caseless or operator == "ilike":
        found, text = found.casefold(), text.casefold()
    if operator in ("sw", "ew"):
        return bool(found.startswith(text) if operator == "sw" else found.endswith(text))
    if operator == "part":
        return text in found
    return _is_spelled(found, text)


def _is_spelled(text: str, pattern: str) -> bool:
    """Tell whether a text is like a pattern in which `%` stands for any letters and `_` for one.

    Each letter is looked at at most once for each of the pattern's, whatever stands there.
    """
    at = place = 0
    turn: tuple[int, int] | None = None
    while at < len(text):
        if place < len(pattern) and pattern[place] == "%":
            turn, place = (place + 1, at), place + 1
        elif place < len(pattern) and pattern[place] in ("_", text[at]):
            at, place = at + 1, place + 1
        elif turn is not None:
            place, at = turn[0], turn[1] + 1
            turn = (place, at)
        else:
            return False
    return not pattern[place:].strip("%")
