"""Namesakes: live values that share one stand-in, told apart by what stood beside them when they were sent.

Values of a few characters have one stand-in for all of their shape: both names of somebody called Zoe Ito are `Xxx`.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import orjson

from cassettes.coding import content_codings, decode, encode
from cassettes.errors import DecodingError
from recorder.answer import with_body
from sanitizers.pseudonym import little

if TYPE_CHECKING:
    from cassettes.exchange import Request, Response

_MOST: Final = 1000
_LARGEST: Final = 1 << 20
_DEEPEST: Final = 40


@dataclass(frozen=True, slots=True)
class _Sent:
    """A value that a client sent under a name, and what it sent beside it in the same object."""

    name: str
    value: str
    beside: frozenset[str]


@dataclass(slots=True, eq=False)
class Namesakes:
    """What one client sent in JSON that has a shared stand-in, by that; the latest of it."""

    _sent: dict[str, deque[_Sent]] = field(default_factory=dict)

    def learn(self, request: Request, stand_ins: Mapping[str, str]) -> bool:
        """Take note of what a request says, cleaned with these stand-ins; say whether that is news."""
        shared = {made for made, live in stand_ins.items() if little(live) == made}
        document = _document(request.body) if shared else None
        is_news = False
        for name, value, beside in _texts(document) if document is not None else ():
            made = little(value)
            if made not in shared:
                continue
            known = self._sent.setdefault(str(made), deque(maxlen=_MOST))
            new = _Sent(name, value, beside)
            if new not in known:
                known.append(new)
                is_news = True
        return is_news

    def is_shared(self, stand_in: str) -> bool:
        """Say whether several values have this stand-in."""
        return len({one.value for one in self._sent.get(stand_in, ())}) > 1

    def told_apart(self, response: Response) -> Response:
        """Give a response with JSON in which each shared stand-in is the value that was sent with what is beside it."""
        codings = content_codings(response.headers)
        try:
            text = decode(codings, response.body, limit_bytes=_LARGEST) if codings else response.body
        except DecodingError:
            return response
        changed = self._put_in(text, _document(text))
        if changed == text:
            return response
        return with_body(response, encode(codings, changed) if codings else changed)

    def _put_in(self, text: bytes, document: Any) -> bytes:
        chosen: dict[str, list[str]] = {}
        for name, value, beside in _texts(document) if document is not None else ():
            if self.is_shared(value):
                chosen.setdefault(value, []).append(self._chosen(value, name, beside))
        for stand_in, values in chosen.items():
            # What is followed by a colon is a name. Values come in the order in which the document has them.
            places = re.compile(rb'"' + re.escape(stand_in.encode()) + rb'"(?!\s*:)')
            if len(places.findall(text)) == len(values):
                following = iter(values)
                text = places.sub(lambda _found, rest=following: orjson.dumps(next(rest)), text)  # type: ignore[misc]
        return text

    def _chosen(self, stand_in: str, name: str, beside: frozenset[str]) -> str:
        """Give the value sent under this name with most of what is beside it, the latest of several."""
        known = self._sent[stand_in]
        ranked = [(one.name == name, len(one.beside & beside), place) for place, one in enumerate(known)]
        return known[max(ranked)[2]].value


def _document(body: bytes) -> Any:
    """Give JSON, None where it is none."""
    try:
        return orjson.loads(body) if 0 < len(body) <= _LARGEST else None
    except orjson.JSONDecodeError:
        return None


def _texts(document: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Give all texts of a document in its order: the name, the text, and what else the same object says."""
    if depth > _DEEPEST:
        return
    members = (
        document.items()
        if isinstance(document, dict)
        else [(name, one) for one in document]
        if isinstance(document, list)
        else ()
    )
    said = frozenset(str(one) for _, one in members if isinstance(one, str | int | float))
    for key, value in members:
        if isinstance(value, str):
            yield key, value, said - {value}
        elif isinstance(value, dict | list):
            yield from _texts(value, key, depth + 1)
