"""Features: what is to be seen of a call without knowing its service, by which calls of one kind are known."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final, NamedTuple, TypeAlias

from recorder.synthesis.endpoints.discriminators import graphql_field
from recorder.synthesis.endpoints.paths import is_typed
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, is_number, leaves, shape

ONE: Final = "*"
"""Stands for a part of a path or a value that looks made for one thing."""
Words: TypeAlias = tuple[str, ...]
"""The parts of a path, those that look made for one thing as `*`."""
_MOST_LEAVES: Final = 40
_DEEPEST: Final = 4
_LONGEST_WORD: Final = 40
_WORD: Final = re.compile(r"[A-Za-z_][\w.:/# -]*")
_DIGIT: Final = re.compile(r"\d")
_MADE: Final = re.compile(r"[\w+/=-]*\d[\w+/=-]*|\"[^\"]*\"|'[^']*'")
_TELLING: Final = re.compile(
    r"x-(?!mimic-|request-id|correlation-id|forwarded-).*|soapaction|accept|content-type|prefer"
)
_PRESENT: Final = re.compile(r"if-.*|idempotency-key|range")


class Call(NamedTuple):
    """What a call is at first sight: its method, the parts of its path, and the status of its answer."""

    method: str
    words: Words
    status: int


class Mark(NamedTuple):
    """Something seen of a call: `kind` is `answer`, `asked`, `said`, `sent`, `told` or `after`; `place` where."""

    kind: str
    place: str
    value: str


def call_of(sample: Sample) -> Call:
    """Tell what a call is at first sight."""
    return Call(sample.method, tuple(ONE if is_typed(part) else part for part in sample.segments), sample.status)


def marks_of(sample: Sample) -> Iterator[Mark]:
    """Give what is to be seen of a call: the shapes of both sides, what refusals say, and values that are words."""
    yield Mark("answer", "", _answer(sample))
    yield Mark("asked", "", _asked(sample))
    if sample.status >= 400:
        yield Mark("said", "", _said(sample))
    for place, value in _sent(sample):
        yield Mark("sent", place, _word(value))
    for path, value in _few_leaves(sample.answer_json):
        if isinstance(value, bool) or (isinstance(value, str) and _is_word(value)):
            yield Mark("told", _dotted(path), _word(value))


def _answer(sample: Sample) -> str:
    if sample.answer_json is not MISSING:
        return _digest(repr(shape(sample.answer_json)))
    tags = ",".join(re.findall(r"<([\w:]+)", (sample.answer_text or "")[:600])[:6])
    return f"{sample.answer_type or 'nothing'} {tags}".strip()


def _asked(sample: Sample) -> str:
    body: Any = shape(sample.json) if sample.json is not MISSING else (sample.content_type, bool(sample.body))
    names = (sorted(sample.query), sorted(sample.form), sorted(sample.parts), sorted(sample.cookies))
    return _digest(repr((body, names, sample.auth.scheme)))


def _said(sample: Sample) -> str:
    """Give what a refusal says, without what is of one call only."""
    texts = [value for _, value in _few_leaves(sample.answer_json) if isinstance(value, str)]
    told = "\n".join(texts) if texts else (sample.answer_text or "")[:400]
    return _digest(_MADE.sub(ONE, told))


def _sent(sample: Sample) -> Iterator[tuple[str, Any]]:
    for name, values in sample.query.items():
        yield f"query.{name}", values[0]
    for name, values in sample.form.items():
        yield f"form.{name}", values[0]
    for path, value in _few_leaves(sample.json):
        yield f"body.{_dotted(path)}", value
    for name, line in sample.headers.items():
        if _TELLING.fullmatch(name):
            yield f"header.{name}", line
        elif _PRESENT.fullmatch(name):
            yield f"header.{name}", True
    asked = graphql_field(sample)
    if asked is not None:
        yield "graphql", asked


def _few_leaves(document: Any) -> Iterator[tuple[Path, Any]]:
    if document is MISSING:
        return
    for path, value in islice(leaves(document, longest_list=1), _MOST_LEAVES):
        if len(path) <= _DEEPEST:
            yield path, value


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _word(value: Any) -> str:
    """Give a value as it tells of kinds: words as they are, of numbers the sign, of all else that there is one."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if is_number(value):
        return "zero" if value == 0 else "negative" if value < 0 else "fraction" if value % 1 else "number"
    if value == "":
        return "empty"
    return value if _is_word(value) else "negative" if str(value).startswith("-") else ONE


def _is_word(value: str) -> bool:
    is_short = len(value) <= _LONGEST_WORD
    return is_short and _WORD.fullmatch(value) is not None and _DIGIT.search(value) is None


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()
