"""The self-check: every recorded session asked again of the definitions, and compared with what was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

import orjson

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import Request, Response
from recorder.synthesis.kinds import looks_like_a_time
from recorder.synthesis.sample import Sample, sessions_of
from recorder.synthesis.values import MISSING, Path, as_text, is_number, is_scalar, parts, same

_OPAQUE: Final = re.compile(r"(?=.*[0-9])[\w.:+/=~-]{6,}|[A-Za-z0-9_-]{8,}")
_SHORTEST: Final = 6


class Answering(Protocol):
    """What answers requests from definitions, and can begin again."""

    def answer(self, request: Request) -> tuple[Response, str]: ...
    def reset(self) -> None: ...


Serve = Callable[[Sequence[dict[str, Any]], Callable[[], float]], Answering]
"""Makes what answers from definitions; the function gives its time in Unix seconds."""


@dataclass(frozen=True, slots=True)
class Checked:
    """How one recorded interaction came out: whether it is answered as recorded, by which tier, and if not, why."""

    sample: Sample
    right: bool
    tier: str
    why: str = ""


@dataclass(slots=True)
class _Names:
    """Which made-up value of the definitions stands for which recorded one, through one session."""

    to_mock: dict[str, str] = field(default_factory=dict)
    to_real: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)

    def fits(self, real: str, mock: str) -> bool:
        """Tell whether the one may stand for the other, and remember it."""
        if real in self.to_mock or mock in self.to_real:
            return self.to_mock.get(real) == mock and self.to_real.get(mock) == real
        if real in self.sent or not _OPAQUE.fullmatch(real) or not _OPAQUE.fullmatch(mock):
            return False
        self.to_mock[real], self.to_real[mock] = mock, real
        return True

    def in_text(self, text: str) -> str:
        """Give a text of the recording as a client of the definitions would say it."""
        known = self.to_mock.get(text)
        if known is not None:
            return known
        for real, mock in self.to_mock.items():
            if len(real) >= _SHORTEST and real in text:
                text = text.replace(real, mock)
        return text


def check(samples: Sequence[Sample], definitions: Sequence[dict[str, Any]], serve: Serve) -> list[Checked]:
    """Ask for every recorded interaction again, each session from the beginning, with the values that were answered."""
    now = [0.0]
    answering = serve(definitions, lambda: now[0])
    found: list[Checked] = []
    for session in sessions_of(samples):
        answering.reset()
        names = _Names()
        for sample in session:
            now[0] = sample.ended
            found.append(_check_one(sample, names, answering))
    return found


def _check_one(sample: Sample, names: _Names, answering: Answering) -> Checked:
    request = _asked_again(sample, names)
    _note_sent(sample, names)
    try:
        response, match = answering.answer(request)
    except Exception as error:  # noqa: BLE001  # whatever a definition does wrong is to be told of it, and no more
        return Checked(sample, right=False, tier="", why=f"{type(error).__name__}: {error}"[:300])
    tier = match.partition(";")[0]
    return Checked(sample, *_compared(sample, response, names, tier))


def _asked_again(sample: Sample, names: _Names) -> Request:
    request = sample.interaction.exchange.request
    if not names.to_mock:
        return request
    body = request.body
    if body and sample.body == body:
        text = sample.text
        body = names.in_text(text).encode() if "\ufffd" not in text else body
    target = names.in_text(request.target.decode("latin-1")).encode("latin-1", "replace")
    headers = tuple(
        (name, names.in_text(value.decode("latin-1")).encode("latin-1", "replace")) for name, value in request.headers
    )
    headers = tuple(
        (name, str(len(body)).encode()) if name.lower() == b"content-length" else (name, value)
        for name, value in headers
    )
    return replace(request, target=target, headers=headers, body=body)


def _note_sent(sample: Sample, names: _Names) -> None:
    names.sent |= set(sample.segments) | {value for values in sample.query.values() for value in values}
    if sample.json is not MISSING:
        names.sent |= {as_text(value) for _, value in parts(sample.json) if is_scalar(value)}
    names.sent |= {value for values in sample.form.values() for value in values}


def _compared(sample: Sample, response: Response, names: _Names, tier: str) -> tuple[bool, str, str]:
    if response.status != sample.status:
        return False, tier, f"status {response.status}, not {sample.status}"
    try:
        body = decode(content_codings(response.headers), response.body, limit_bytes=64 << 20)
    except DecodingError:
        body = response.body
    if sample.method == "HEAD":
        return True, tier, ""
    if sample.answer_json is not MISSING:
        try:
            given = orjson.loads(body) if body else MISSING
        except orjson.JSONDecodeError:
            return False, tier, "the body is no JSON"
        wrong = _differs(sample.answer_json, given, names, ())
        return wrong is None, tier, f"value at {wrong}" if wrong is not None else ""
    if sample.answer_text is not None:
        fits = _same_text(sample.answer_text, body.decode("utf-8", "replace"), names)
        return fits, tier, "" if fits else "text"
    return body == sample.answer_body, tier, "" if body == sample.answer_body else "bytes"


def _differs(real: Any, mock: Any, names: _Names, where: Path) -> str | None:
    """Give the place of the first value that is not as recorded, or None."""
    if isinstance(real, dict):
        if not isinstance(mock, dict) or set(real) != set(mock):
            return _told(where)
        for name, inner in real.items():
            wrong = _differs(inner, mock[name], names, (*where, name))
            if wrong is not None:
                return wrong
        return None
    if isinstance(real, list):
        if not isinstance(mock, list) or len(real) != len(mock):
            return _told(where)
        for place, (one, other) in enumerate(zip(real, mock, strict=True)):
            wrong = _differs(one, other, names, (*where, place))
            if wrong is not None:
                return wrong
        return None
    if same(real, mock) or looks_like_a_time(real) and looks_like_a_time(mock):
        return None
    if isinstance(real, str) and isinstance(mock, str) and _same_text(real, mock, names):
        return None
    if is_number(real) and is_number(mock) and where and names.fits(as_text(real), as_text(mock)):
        return None
    return _told(where)


_PIECE: Final = re.compile(r"([^\w.:+/=~-]+|/)")


def _same_text(real: str, mock: str, names: _Names) -> bool:
    if real == mock or names.fits(real, mock):
        return True
    ones, others = _PIECE.split(real), _PIECE.split(mock)
    return len(ones) == len(others) and all(
        one == other or looks_like_a_time(one) and looks_like_a_time(other) or names.fits(one, other)
        for one, other in zip(ones, others, strict=True)
    )


def _told(where: Path) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
