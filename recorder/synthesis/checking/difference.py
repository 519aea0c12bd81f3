"""Differences: where one answer is not as another, once made-up values are taken for each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import orjson

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import Headers, Response, header
from cassettes.markup import Element, read_markup
from recorder.synthesis.nodes.kinds import looks_like_a_time
from recorder.synthesis.samples.masks import are_masked_alike
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.substitution import Substitution
from recorder.synthesis.samples.values import MISSING, Path, as_text, is_number, same

DifferenceKind: TypeAlias = Literal["status", "header", "shape", "value", "error"]
_LARGEST: Final = 64 << 20
_END: Final = r"[.:](?=\s|\Z)"  # what ends a sentence is no part of its last word
_PIECE: Final = re.compile(rf"([^\w.:+/=~-]+|{_END}|/)")
_LONG_PIECE: Final = re.compile(rf"([^\w.:+/=~-]+|{_END})")
_IN_HEADER: Final = re.compile(r"([^\w.+~-]+)")
_DIGIT: Final = re.compile(r"\d")
_OF_THE_MOMENT: Final = frozenset((b"date", b"content-length", b"connection", b"transfer-encoding", b"server"))


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs first. `where` is a JSON path, the name of a header, or `text` or `bytes`; "" for a status.

    `was` and `now` are the values there: of a shape its description, MISSING where there is none.
    """

    kind: DifferenceKind
    where: str
    was: Any
    now: Any

    @property
    def told(self) -> str:
        """Say it in short, without the values: the same for calls that go wrong in the same way."""
        if self.kind == "status":
            return f"status {self.now}, not {self.was}"
        if self.kind == "error":
            return str(self.now)
        if self.kind == "shape":
            return f"shape at {self.where}: {self.now}, not {self.was}"
        return f"{self.kind} at {self.where}"


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says: `json` is MISSING where the body is none, `text` None where it is no text.

    Of a cleaned one (`is_cleaned`) masked addresses are stand-ins, of which only the form says anything.
    """

    status: int
    headers: Headers
    json: Any
    text: str | None
    body: bytes
    is_cleaned: bool = False

    @classmethod
    def recorded(cls, sample: Sample) -> Content:
        """Give what was recorded, with URLs of the service as its clients saw them."""
        response = sample.interaction.exchange.response
        headers = response.headers if response is not None else ()
        told = _markup(headers, sample.answer_text)
        json = sample.answer_json if told is MISSING else told
        return cls(
            sample.answered_status, headers, json, sample.answer_text, sample.answer_body, is_cleaned=sample.is_cleaned
        )

    @classmethod
    def of(cls, response: Response) -> Content:
        """Give what a response says, its codings undone."""
        try:
            body = decode(content_codings(response.headers), response.body, limit_bytes=_LARGEST)
        except DecodingError:
            body = response.body
        text = _text(body)
        told = _markup(response.headers, text)
        return cls(response.status, response.headers, _json(body) if told is MISSING else told, text, body)


def compared(was: Content, now: Content, names: Substitution, *, method: str = "GET") -> Difference | None:
    """Give the first difference of status and body, or None; `names` learns which values stand for which.

    It learns also from what comes after a difference, so that one wrong value does not make every later call wrong.
    Bodies of HEAD are not looked at.
    """
    if was.status != now.status:
        return Difference("status", "", was.status, now.status)
    if method == "HEAD":
        return None
    if was.json is not MISSING:
        if now.json is MISSING:
            return Difference("shape", "$", kind_of(was.json), "no JSON")
        found = [*_differences(was.json, now.json, names, ())]  # all are looked at, and learnt from
        return next((one for one in found if not (was.is_cleaned and are_masked_alike(one.was, one.now))), None)
    if was.text is not None:
        told = now.text if now.text is not None else now.body.decode("utf-8", "replace")
        return None if _same_text(was.text, told, names) else Difference("value", "text", was.text, told)
    return None if was.body == now.body else Difference("value", "bytes", was.body, now.body)


def other_header(was: Content, now: Content, names: Substitution) -> Difference | None:
    """Give the first header that is not the same, but for those of the moment and of the connection."""
    ones, others = _lines(was.headers), _lines(now.headers)
    for name in [*ones, *(name for name in others if name not in ones)]:
        one, other = ones.get(name, MISSING), others.get(name, MISSING)
        if one == other or (one is not MISSING and other is not MISSING and _same_text(one, other, names)):
            continue
        return Difference("header", name, one, other)
    return None


def learn_headers(was: Content, now: Content, names: Substitution) -> None:
    """Have `names` learn from headers that both have: a client is handed cookies, tags and places there."""
    if was.status != now.status:
        return
    theirs, others = dict(_handed_whole(now.headers)), _lines(now.headers)
    for name, whole in _handed_whole(was.headers):
        names.hands(whole, theirs.get(name, whole))
    for name, line in _lines(was.headers).items():
        ones, twos = _IN_HEADER.split(line), _IN_HEADER.split(others.get(name, ""))
        if len(ones) == len(twos):
            for one, two in zip(ones, twos, strict=True):
                # A word without digits is one of HTTP's own, and stands for nothing.
                if one != two and _DIGIT.search(one) and _DIGIT.search(two):
                    names.fits(one, two)


def _handed_whole(headers: Headers) -> Iterator[tuple[str, str]]:
    """Give what clients send back as it was handed to them, whatever it looks like: cookies, times of changes."""
    for name, value in headers:
        lower, line = name.lower(), value.decode("latin-1")
        if lower == b"set-cookie":
            called, _, held = line.partition(";")[0].partition("=")
            yield f"cookie {called.strip()}", held.strip()
        elif lower == b"last-modified":
            yield "last-modified", line


def _lines(headers: Headers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in headers:
        if name.lower() not in _OF_THE_MOMENT:
            key, line = name.decode("latin-1").lower(), value.decode("latin-1")
            found[key] = f"{found[key]}, {line}" if key in found else line
    return found


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body) if body else MISSING
    except orjson.JSONDecodeError:
        return MISSING


def _markup(headers: Headers, text: str | None) -> Any:
    """Give what XML says, its elements in their order; MISSING where a body is none."""
    if text is None or b"xml" not in (header(headers, b"content-type") or b"").lower():
        return MISSING
    try:
        root = read_markup(text).root
    except ValueError:
        return MISSING
    return {root.name: _elements(root)}


def _elements(element: Element) -> Any:
    held: Any = [{child.name: _elements(child)} for child in element.children] or element.text.strip()
    return (
        held if not element.attributes else {**{f"@{key}": one for key, one in element.attributes.items()}, "#": held}
    )


def _text(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _differences(was: Any, now: Any, names: Substitution, where: Path) -> Iterator[Difference]:
    if isinstance(was, dict):
        yield from _in_objects(was, now, names, where)
    elif isinstance(was, list):
        yield from _in_lists(was, now, names, where)
    elif not _same_value(was, now, names, where):
        kind: DifferenceKind = "value" if kind_of(was) == kind_of(now) else "shape"
        told = (was, now) if kind == "value" else (kind_of(was), kind_of(now))
        yield Difference(kind, json_path(where), *told)


def _in_objects(was: dict[str, Any], now: Any, names: Substitution, where: Path) -> Iterator[Difference]:
    if not isinstance(now, dict):
        yield Difference("shape", json_path(where), kind_of(was), kind_of(now))
        return
    # Members may be called as something made up: balances by the numbers of accounts.
    called = {name: names.to_mock.get(name, name) if name not in now else name for name in was}
    for name in [*was, *(name for name in now if name not in called.values())]:
        one, other = was.get(name, MISSING), now.get(called.get(name, name), MISSING)
        if one is MISSING or other is MISSING:
            yield Difference("shape", json_path((*where, name)), kind_of(one), kind_of(other))
        else:
            yield from _differences(one, other, names, (*where, name))


def _in_lists(was: list[Any], now: Any, names: Substitution, where: Path) -> Iterator[Difference]:
    if not isinstance(now, list) or len(was) != len(now):
        # Items of lists of other lengths are not of the same things: nothing is learnt from them.
        yield Difference("shape", json_path(where), kind_of(was), kind_of(now))
        return
    for place, (one, other) in enumerate(zip(was, now, strict=True)):
        yield from _differences(one, other, names, (*where, place))


def _same_value(was: Any, now: Any, names: Substitution, where: Path) -> bool:
    if same(was, now) or _are_times(was, now, names):
        return True
    if isinstance(was, str) and isinstance(now, str):
        return _same_text(was, now, names)
    return is_number(was) and is_number(now) and bool(where) and names.fits(as_text(was), as_text(now))


def _same_text(was: str, now: str, names: Substitution) -> bool:
    if was == now or names.fits(was, now):
        return True
    if _same_pieces(_PIECE.split(was), _PIECE.split(now), names):
        return True
    if "/" not in was and "/" not in now:
        return False
    # A slash stands between the parts of a path, and within what is base64. What is tried so is learnt if it all fits.
    trial = names.copy()
    fits = _same_pieces(_LONG_PIECE.split(was), _LONG_PIECE.split(now), trial)
    if fits:
        names.take(trial)
    return fits


def _same_pieces(ones: list[str], others: list[str], names: Substitution) -> bool:
    if len(ones) != len(others):
        return False
    # All are looked at, also behind one that does not fit: a page with the time of day hands out a token further down.
    fits = [
        one == other or _are_times(one, other, names) or names.fits(one, other)
        for one, other in zip(ones, others, strict=True)
    ]
    return all(fits)


def _are_times(was: Any, now: Any, names: Substitution) -> bool:
    """Tell whether both are times, where the two are not told by one clock and may differ."""
    return names.allows is None and looks_like_a_time(was) and looks_like_a_time(now)


def pieces(text: str) -> list[str]:
    """Take a text apart: what may be an id or a word, with and without slashes, and what stands between."""
    return [*_PIECE.split(text), *_LONG_PIECE.split(text)]


def kind_of(value: Any) -> str:
    """Name what a JSON value is; of a list also its length."""
    if value is MISSING:
        return "nothing"
    if isinstance(value, list):
        return f"list of {len(value)}"
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    return "object" if isinstance(value, dict) else "text" if isinstance(value, str) else "number"


def json_path(where: Path) -> str:
    """Write a path as JSONPath does."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
