"""The grammar of JSONPath (RFC 9535), read to closures: what it refuses says where and why."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import orjson

from gateway.matchers import jsonwalk
from gateway.matchers.jsonwalk import Logical, Nodes, Segment, Selector, Value

LONGEST: Final = 1_000
NESTED: Final = 24
_BLANK: Final = " \t\n\r"
_NAME: Final = re.compile(r"[A-Za-z_\u0080-\ud7ff\ue000-\U0010ffff][0-9A-Za-z_\u0080-\ud7ff\ue000-\U0010ffff]*")
_INTEGER: Final = re.compile(r"0|-?[1-9][0-9]{0,16}")
_NUMBER: Final = re.compile(r"(?:-0|0|-?[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FUNCTION: Final = re.compile(r"([a-z][a-z0-9_]*)\(")
_UNICODE: Final = re.compile(
    r"\\u(?:[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?![dD][89a-fA-F])[0-9a-fA-F]{4})"
)
_OPERATOR: Final = re.compile(r"==|!=|<=|>=|<|>")
_SAFE: Final = 2**53 - 1
_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "/": "/", "\\": "\\"}
_FUNCTIONS: Final = {"length": "v", "count": "n", "value": "n", "match": "vv", "search": "vv"}


class PathError(ValueError):
    """A text that is not a JSONPath; the message says where."""


class _Term(NamedTuple):
    """A part of a filter expression as far as it is known: each way that it can be used, or None."""

    value: Value | None = None
    nodes: Nodes | None = None
    test: Logical | None = None


def parse(source: str) -> tuple[Nodes, tuple[str | int, ...] | None]:
    """Read a path: the function that walks it, and its steps where it is singular. Raises PathError."""
    if len(source) > LONGEST:
        raise PathError(f"a JSONPath has at most {LONGEST} characters, and this has {len(source)}")
    if not source.startswith("$"):
        raise PathError(f"a JSONPath begins with $: write '$.{source.lstrip('.@')[:80]}'")
    reader = _Reader(source)
    reader.at = 1
    nodes, steps = reader.query(from_root=True)
    if reader.at < len(source):
        raise reader.error("this does not go on a path")
    return nodes, steps


class _Reader:
    """A recursive-descent reader of one path."""

    __slots__ = ("at", "depth", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.depth = 0

    def error(self, reason: str) -> PathError:
        rest = self.source[self.at : self.at + 20]
        place = f"at character {self.at + 1} ('{rest}')" if rest else "at the end"
        hint = "; use match() or search()" if rest.startswith("=~") else ""
        return PathError(f"{reason}, {place}{hint}")

    def blank(self) -> None:
        while self.at < len(self.source) and self.source[self.at] in _BLANK:
            self.at += 1

    def takes(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def needs(self, text: str) -> None:
        if not self.takes(text):
            raise self.error(f"'{text}' is missing")

    def query(self, *, from_root: bool) -> tuple[Nodes, tuple[str | int, ...] | None]:
        segments: list[Segment] = []
        steps: list[str | int] | None = []
        while True:
            before = self.at
            self.blank()
            if self.source.startswith((".", "["), self.at):
                segment, step = self.segment()
                segments.append(segment)
                steps = None if steps is None or step is None else [*steps, step]
                continue
            self.at = before
            return jsonwalk.query(tuple(segments), from_root=from_root), None if steps is None else tuple(steps)

    def segment(self) -> tuple[Segment, str | int | None]:
        if self.takes(".."):
            selectors = self.bracket()[0] if self.source.startswith("[", self.at) else (self.shorthand()[0],)
            return jsonwalk.descendant_segment(selectors), None
        if self.takes("."):
            selector, name = self.shorthand()
            return jsonwalk.child_segment((selector,)), name
        selectors, step = self.bracket()
        return jsonwalk.child_segment(selectors), step

    def shorthand(self) -> tuple[Selector, str | None]:
        if self.takes("*"):
            return jsonwalk.every, None
        found = _NAME.match(self.source, self.at)
        if found is None:
            raise self.error("a name or * is missing")
        self.at = found.end()
        if self.source.startswith("(", self.at):
            raise self.error("a function stands only in a filter, as in $[?length(@.name) > 3]")
        return jsonwalk.named(found[0]), found[0]

    def bracket(self) -> tuple[tuple[Selector, ...], str | int | None]:
        self.needs("[")
        selectors: list[Selector] = []
        step: str | int | None = None
        while True:
            self.blank()
            selector, step = self.selector()
            selectors.append(selector)
            self.blank()
            if self.takes("]"):
                return tuple(selectors), step if len(selectors) == 1 else None
            if not self.takes(","):
                raise self.error("']' or ',' is missing")

    def selector(self) -> tuple[Selector, str | int | None]:
        if self.takes("*"):
            return jsonwalk.every, None
        if self.takes("?"):
            self.blank()
            return jsonwalk.filtered(self.any_of()), None
        if self.source.startswith(("'", '"'), self.at):
            name = self.string()
            return jsonwalk.named(name), name
        start = self.integer()
        after = self.at
        self.blank()
        if self.takes(":"):
            return self.rest_of_slice(start), None
        self.at = after
        if start is None:
            raise self.error("a name in quotes, an index, a slice, * or ? is missing")
        return jsonwalk.indexed(start), start

    def rest_of_slice(self, start: int | None) -> Selector:
        self.blank()
        stop = self.integer()
        after = self.at
        self.blank()
        step = None
        if self.takes(":"):
            after_colon = self.at
            self.blank()
            step = self.integer()
            if step is None:
                self.at = after_colon
        else:
            self.at = after
        return jsonwalk.sliced(start, stop, step)

    def integer(self) -> int | None:
        found = _INTEGER.match(self.source, self.at)
        if found is None:
            return None
        end = found.end()
        number = int(found[0])
        if abs(number) > _SAFE or self.source[end : end + 1].isdigit():
            raise self.error("not a whole number from -(2^53)+1 to 2^53-1 without leading zeros")
        self.at = end
        return number

    def string(self) -> str:
        quote = self.source[self.at]
        self.at += 1
        out: list[str] = []
        while self.at < len(self.source):
            letter = self.source[self.at]
            if letter == quote:
                self.at += 1
                return "".join(out)
            if letter == "\\":
                out.append(self.escape(quote))
                continue
            if letter < " " or "\ud800" <= letter <= "\udfff":
                raise self.error("a text cannot hold this character as it is")
            out.append(letter)
            self.at += 1
        raise self.error("a text is not closed")

    def escape(self, quote: str) -> str:
        letter = self.source[self.at + 1 : self.at + 2]
        if letter == "u":
            return self.unicode_escape()
        if letter == quote or letter in _ESCAPES:
            if not letter:
                raise self.error("a text is not closed")
            self.at += 2
            return _ESCAPES.get(letter, letter)
        raise self.error("not an escape that there is")

    def unicode_escape(self) -> str:
        found = _UNICODE.match(self.source, self.at)
        if found is None:
            raise self.error("not an escape that there is")
        self.at = found.end()
        return str(orjson.loads(f'"{found[0]}"'))

    def any_of(self) -> Logical:
        self.depth += 1
        if self.depth > NESTED:
            raise self.error(f"nested deeper than {NESTED} levels")
        tests = self.chain("||", self.all_of)
        self.depth -= 1
        return tests[0] if len(tests) == 1 else jsonwalk.either(tests)

    def all_of(self) -> Logical:
        tests = self.chain("&&", self.basic)
        return tests[0] if len(tests) == 1 else jsonwalk.both(tests)

    def chain(self, operator: str, part: Any) -> tuple[Logical, ...]:
        tests: list[Logical] = [part()]
        while True:
            before = self.at
            self.blank()
            if not self.takes(operator):
                self.at = before
                return tuple(tests)
            self.blank()
            tests.append(part())

    def basic(self) -> Logical:
        if self.takes("!"):
            self.blank()
            return jsonwalk.negated(self.group() if self.source.startswith("(", self.at) else self.test(self.term()))
        if self.source.startswith("(", self.at):
            return self.group()
        left = self.term()
        before = self.at
        self.blank()
        operator = _OPERATOR.match(self.source, self.at)
        if operator is None:
            self.at = before
            return self.test(left)
        self.at = operator.end()
        self.blank()
        right = self.term()
        return jsonwalk.compared(operator[0], self.value(left), self.value(right))

    def group(self) -> Logical:
        self.needs("(")
        self.blank()
        test = self.any_of()
        self.blank()
        self.needs(")")
        return test

    def test(self, term: _Term) -> Logical:
        if term.test is not None:
            return term.test
        if term.nodes is not None:
            return jsonwalk.exists(term.nodes)
        raise self.error("a value alone is no test: compare it with something")

    def value(self, term: _Term) -> Value:
        if term.value is None:
            raise self.error("only one value can be compared: a path without *, .., slices and filters")
        return term.value

    def term(self) -> _Term:
        if self.takes("@") or self.takes("$"):
            nodes, steps = self.query(from_root=self.source[self.at - 1] == "$")
            return _Term(value=None if steps is None else jsonwalk.single(nodes), nodes=nodes)
        if self.source.startswith(("'", '"'), self.at):
            return _Term(value=jsonwalk.constant(self.string()))
        found = _FUNCTION.match(self.source, self.at)
        if found is not None:
            return self.function(found[1], found.end())
        return self.literal()

    def literal(self) -> _Term:
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.takes(word):
                return _Term(value=jsonwalk.constant(value))
        found = _NUMBER.match(self.source, self.at)
        if found is None:
            raise self.error("a path, a value or a function is missing")
        self.at = found.end()
        try:
            return _Term(value=jsonwalk.constant(orjson.loads(found[0])))
        except orjson.JSONDecodeError:
            raise self.error(f"{found[0]} is too large a number") from None

    def function(self, name: str, after: int) -> _Term:
        if name not in _FUNCTIONS:
            raise self.error(f"there is no function {name}(); there are {', '.join(_FUNCTIONS)}")
        self.at = after
        terms: list[_Term] = []
        for index, kind in enumerate(_FUNCTIONS[name]):
            if index:
                self.needs(",")
            self.blank()
            terms.append(self.argument(name, kind))
            self.blank()
        self.needs(")")
        return _applied(name, terms)

    def argument(self, name: str, kind: str) -> _Term:
        self.depth += 1
        if self.depth > NESTED:
            raise self.error(f"nested deeper than {NESTED} levels")
        term = self.term()
        self.depth -= 1
        if kind == "n" and term.nodes is None:
            raise self.error(f"{name}() takes a path")
        if kind == "v":
            self.value(term)
        return term


def _applied(name: str, terms: list[_Term]) -> _Term:
    values = [term.value for term in terms if term.value is not None]
    nodes = [term.nodes for term in terms if term.nodes is not None]
    if name == "length":
        return _Term(value=jsonwalk.length(values[0]))
    if name == "count":
        return _Term(value=jsonwalk.count(nodes[0]))
    if name == "value":
        return _Term(value=jsonwalk.single(nodes[0]))
    return _Term(test=jsonwalk.like(values[0], values[1], whole=name == "match"))
