"""A path in a definition, compiled: exact, template, prefix, glob or regex."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias

import re2

from cassettes.definition import PathMatch
from gateway.errors import ConfigError
from gateway.spelling import bigrams, decoded, normal

PatternName: TypeAlias = Literal["exact", "template", "prefix", "glob", "regex"]
Convert: TypeAlias = Callable[[bytes], Any]
"""Gives a segment's value, or None where the segment is not of that type."""

REGEX_CHARACTERS: Final = 1000
REGEX_BYTES: Final = 8 << 20
MAX_SEGMENTS: Final = 200
_KINDS: Final[Mapping[PatternName, int]] = {"exact": 0, "template": 1, "prefix": 2, "glob": 2, "regex": 2}
_TOKEN: Final = re.compile(r"\{([^{}/:]+)(?::([^{}/]*))?\}|\*+")
_STARS: Final = re.compile(r"\*+")
_INT: Final = re.compile(rb"-?[0-9]{1,20}").fullmatch
_FLOAT: Final = re.compile(rb"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?").fullmatch
_UUID: Final = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}").fullmatch


def _text_of(part: bytes) -> str | None:
    return decoded(part) if part else None


def _int_of(part: bytes) -> int | None:
    return int(part) if _INT(part) else None


def _float_of(part: bytes) -> float | None:
    return float(part) if _FLOAT(part) else None


def _uuid_of(part: bytes) -> str | None:
    return part.decode() if _UUID(part) else None


@dataclass(frozen=True, slots=True)
class _Type:
    source: str
    convert: Convert


_TYPES: Final[Mapping[str, _Type]] = {
    "": _Type("[^/]+", _text_of),
    "str": _Type("[^/]+", _text_of),
    "int": _Type("-?[0-9]{1,20}", _int_of),
    "float": _Type(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,2})?", _float_of),
    "uuid": _Type("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", _uuid_of),
    "path": _Type("(?s:.*)", decoded),
}
_KNOWN_TYPES: Final = "int, float, uuid, path or none"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A place in a template that takes what is there; `type` is "" where any text will do."""

    name: str
    type: str


_Token: TypeAlias = str | Placeholder
"""A literal text in normal spelling, `*`, `**`, or a placeholder."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment that is not one literal: `key` is the same for segments that take the same texts.

    `takes` gives None where the segment does not fit. Where the segment takes any text, `key` is "".
    """

    key: str
    takes: Convert


Step: TypeAlias = bytes | Part


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """What a path must be.

    `text` is the path as written, `kind` its rank (0 exact, 1 template, 2 the rest). `steps` are the segments that an
    index can walk, and `end` says what comes after them: nothing, anything below (`/**`) or a rest that is a
    parameter; a pattern without steps is found by its regex. `bits` are the bigrams of its literal text.
    """

    text: str
    name: PatternName
    kind: int
    steps: tuple[Step, ...] | None
    end: Literal["here", "below", "rest"]
    source: bytes
    literal: bytes = b""
    bits: int = field(default=0, repr=False)
    names: tuple[tuple[str, Convert], ...] = ()
    simple: tuple[tuple[int, str, Convert], ...] | None = None
    """Where each parameter is a whole segment, or the rest of the path: its place, name and type."""
    _regex: Any = field(default=None, repr=False)

    @property
    def has_params(self) -> bool:
        """Whether a path that matches has parameters."""
        return bool(self.names)

    def covers(self, path: bytes) -> bool:
        """Say whether a request's path (as sent) matches."""
        return self.match(path) is not None

    def match(self, path: bytes) -> Mapping[str, Any] | None:
        """Give the path's parameters, decoded, or None where the path (as sent) does not match."""
        path = normal(path)
        if self.name == "exact":
            return {} if path == self.literal else None
        if self.simple is not None:
            return self._match_segments(path, self.simple)
        found = self._regex.search(path)
        if found is None:
            return None
        if self.name == "regex":
            return {name.decode(): decoded(value) for name, value in found.groupdict().items() if value is not None}
        values = {name: convert(value) for (name, convert), value in zip(self.names, found.groups(), strict=True)}
        return None if None in values.values() else values

    def _match_segments(self, path: bytes, simple: tuple[tuple[int, str, Convert], ...]) -> Mapping[str, Any] | None:
        steps = self.steps or ()
        parts = path.split(b"/", -1 if self.end == "here" else len(steps) + 1)
        if not self._may_have(len(parts) - 1, len(steps)):
            return None
        for step, part in zip(steps, parts[1:], strict=False):
            if type(step) is bytes and step != part:
                return None
        values: dict[str, Any] = {}
        for place, name, convert in simple:
            value = convert(parts[place])
            if value is None:
                return None
            values[name] = value
        return values

    def _may_have(self, segments: int, steps: int) -> bool:
        if self.end == "here":
            return segments == steps
        return segments > steps or (segments == steps and self.end == "below")


def compile_pattern(path: str | PathMatch) -> Pattern:
    """Compile a definition's path; raises ConfigError with a sentence where it cannot be used.

    A text is a regex, for the whole path, where it begins with `^`; else it is literal but for `{name}`, `{name:type}`,
    `*` and `**`.
    """
    if isinstance(path, str):
        return _regex(path) if path.startswith("^") else _compiled(path, _TOKEN)
    if path.regex is not None:
        return _regex(path.regex)
    if path.template is not None:
        return _compiled(path.template, _TOKEN)
    if path.glob is not None:
        return _compiled(path.glob, _STARS)
    _check_slash(path.equals or "")
    return _exact(path.equals or "")


def _check_slash(text: str) -> None:
    if not text.startswith("/"):
        raise ConfigError(f"a path begins with '/': write '/{text}'")


def _literal(text: str) -> str:
    return normal(text.encode()).decode("ascii")


def _exact(text: str) -> Pattern:
    literal = normal(text.encode())
    steps = tuple(literal.split(b"/")[1:])
    source = re.escape(literal)
    return Pattern(text, "exact", 0, steps, "here", rb"\A" + source + rb"\z", literal, bigrams(literal))


def _tokens(text: str, token: re.Pattern[str]) -> Iterator[_Token]:
    place = 0
    for found in token.finditer(text):
        yield _literal_token(text, text[place : found.start()], token)
        place = found.end()
        if found[0].startswith("*"):
            yield "*" if len(found[0]) == 1 else "**"
        else:
            yield _placeholder(text, found[1], found[2])
    yield _literal_token(text, text[place:], token)


def _literal_token(text: str, literal: str, token: re.Pattern[str]) -> str:
    if token is _TOKEN and ("{" in literal or "}" in literal):
        raise ConfigError(
            f"the path {text!r} has a brace that is no placeholder: write {{name}} or {{name:type}}, "
            "or path: {equals: …} for a literal brace"
        )
    return _literal(literal)


def _placeholder(text: str, name: str, kind: str | None) -> Placeholder:
    if kind is not None and kind not in _TYPES:
        raise ConfigError(f"the path {text!r}: {kind!r} is not a type of parameter: use {_KNOWN_TYPES}")
    return Placeholder(name, kind or "")


def _compiled(text: str, token: re.Pattern[str]) -> Pattern:
    _check_slash(text)
    tokens = tuple(token for token in _tokens(text, token) if token)
    names = [token.name for token in tokens if isinstance(token, Placeholder)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ConfigError(f"the path {text!r} has two parameters {twice!r}: give each a name of its own")
    for first, second in pairwise(tokens):
        if isinstance(first, Placeholder) and isinstance(second, Placeholder):
            raise ConfigError(f"the path {text!r} has two parameters with nothing between them: put a text there")
    if not names and not {"*", "**"} & set(tokens):
        return _exact(text)
    steps, end = _walkable(tokens)
    if steps is not None and len(steps) > MAX_SEGMENTS:
        raise ConfigError(f"the path has {len(steps)} segments; {MAX_SEGMENTS} are allowed in a template")
    name: PatternName = "template"
    if {"*", "**"} & set(tokens):
        name = "glob" if steps is None else "prefix"
    source = b"\\A" + _source(tokens).encode() + b"\\z"
    literal = "".join(token for token in tokens if isinstance(token, str) and not token.startswith("*")).encode()
    converts = tuple((token.name, _TYPES[token.type].convert) for token in tokens if isinstance(token, Placeholder))
    simple = _simple(steps, end, converts) if steps is not None else None
    regex = None if simple is not None else _compile(text, source)
    return Pattern(text, name, _KINDS[name], steps, end, source, literal, bigrams(literal), converts, simple, regex)


def _segments(tokens: tuple[_Token, ...]) -> list[list[_Token]]:
    """Split the tokens where the literals have a slash."""
    segments: list[list[_Token]] = [[]]
    for token in tokens:
        if isinstance(token, Placeholder) or token.startswith("*"):
            segments[-1].append(token)
            continue
        first, *others = token.split("/")
        if first:
            segments[-1].append(first)
        segments += [[other] if other else [] for other in others]
    return segments[1:]


def _walkable(tokens: tuple[_Token, ...]) -> tuple[tuple[Step, ...] | None, Literal["here", "below", "rest"]]:
    """Give the steps of a path and what ends it, or None where only a regex can compare it."""
    segments = _segments(tokens)
    end: Literal["here", "below", "rest"] = "here"
    last = segments[-1]
    if last == ["**"]:
        segments, end = segments[:-1], "below"
    elif len(last) == 1 and isinstance(last[0], Placeholder) and last[0].type == "path":
        segments, end = segments[:-1], "rest"
    for segment in segments:
        for token in segment:
            if token in ("*", "**") or (isinstance(token, Placeholder) and token.type == "path"):
                return None, "here"
    return tuple(_step(segment) for segment in segments), end


def _step(segment: list[_Token]) -> Step:
    if len(segment) == 1 and isinstance(segment[0], Placeholder):
        wanted = segment[0].type
        return Part("" if wanted in ("", "str") else wanted, _TYPES[wanted].convert)
    if all(isinstance(token, str) for token in segment):
        return "".join(token for token in segment if isinstance(token, str)).encode()
    source = _source(tuple(segment), groups=False)
    fits = _compile(source, b"\\A" + source.encode() + b"\\z")
    return Part(source, lambda part: True if fits.search(part) else None)


def _simple(
    steps: tuple[Step, ...], end: str, names: tuple[tuple[str, Convert], ...]
) -> tuple[tuple[int, str, Convert], ...] | None:
    places = [place for place, step in enumerate(steps, 1) if isinstance(step, Part)]
    if any(isinstance(step, Part) and step.key not in _TYPES for step in steps):
        return None
    if end == "rest":
        places.append(len(steps) + 1)
    return tuple((place, name, convert) for place, (name, convert) in zip(places, names, strict=True))


def _source(tokens: tuple[_Token, ...], *, groups: bool = True) -> str:
    """Give the regex of a path's tokens, a group for each parameter."""
    made: list[str] = []
    for number, piece in enumerate(tokens):
        if isinstance(piece, Placeholder):
            source = _TYPES[piece.type].source
            made.append(f"({source})" if groups else source)
        elif piece == "**":
            before, after = tokens[number - 1], tokens[number + 1] if number + 1 < len(tokens) else ""
            whole = str(before).endswith("/") and (not after or str(after).startswith("/"))
            # `/a/**` is `/a` and all below it; `/a/**/b` has any number of segments between, none included.
            if whole:
                made[-1] = made[-1][:-1]
            made.append("(?s:/.*)?" if whole else "(?s:.*)")
        elif piece == "*":
            alone = str(tokens[number - 1]).endswith("/") and (
                number + 1 == len(tokens) or str(tokens[number + 1]).startswith("/")
            )
            made.append("[^/]+" if alone else "[^/]*")
        else:
            made.append(re.escape(piece))
    return "".join(made)


def _regex(text: str) -> Pattern:
    # Paths are compared as they are sent, escaped; a letter beyond ASCII stands in a request as its escapes.
    source = "^(?:" + "".join(sign if sign.isascii() else _literal(sign) for sign in text) + ")$"
    written = source.encode()
    compiled = _compile(text, written)
    literal = re.sub(rb"[^A-Za-z0-9/_-]+", b"", re.sub(rb"\\.|\[[^\]]*\]|\(\?P?<\w+>", b"", written))
    names = tuple((name.decode(), decoded) for name in compiled.groupindex)
    return Pattern(text, "regex", 2, None, "here", written, literal, bigrams(literal), names, None, compiled)


def regex_options(max_mem: int = REGEX_BYTES) -> Any:
    """Give the options under which the paths' regexes are compiled."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = max_mem
    options.log_errors = False
    return options


def _compile(text: str, source: bytes) -> Any:
    if len(text) > REGEX_CHARACTERS:
        raise ConfigError(
            f"the path has {len(text)} characters; {REGEX_CHARACTERS} are allowed in a regex, template or glob"
        )
    try:
        return re2.compile(source, regex_options())
    except re2.error as error:
        raise ConfigError(_reason(text, error)) from None


def _reason(text: str, error: Exception) -> str:
    told = error.args[0] if error.args else ""
    reason = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    if re.search(r"\(\?(?:[=!]|<[=!])", text):
        return (
            f"the path's regex {text!r} looks around, which is not supported (google-re2 takes linear time): "
            "match the path as a whole, or use two definitions with different priorities"
        )
    return f"the path's regex {text!r} cannot be used: {reason}"
