"""Near misses: the recorded requests that come closest to one that has no answer, and the fields that differ."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from cassettes.body import Fields, form_pairs, media_type, plain_body, read_json
from cassettes.key import decoded_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cassettes.credential import Pairs
    from cassettes.exchange import Request
    from cassettes.key import Key
    from recorder.index import Index
    from recorder.track import Track

_NEAREST: Final = 3
_GROUPS: Final = 24
_TRACKS: Final = 2000
_DIFFERENCES: Final = 8
_SHOWN: Final = 60
_LEAVES: Final = 2000


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A recorded request that comes near: its number, its cleaned target, how near (0 to 1), what differs."""

    number: int
    method: str
    target: str
    score: float
    differs: tuple[str, ...]


def near_misses(index: Index, request: Request, key: Key, *, shows_values: bool = True) -> tuple[NearMiss, ...]:
    """Give the recorded requests nearest to a sanitized live one, the nearest first.

    Without `shows_values` (a cassette that was recorded uncleaned) the texts name fields only. The work is bounded
    however large the cassette is: the nearest paths are looked at, and of those the first tracks.
    """
    tracks = islice(chain.from_iterable(_nearest_groups(index, key)), _TRACKS)
    best = heapq.nsmallest(_NEAREST, tracks, key=lambda track: (-_likeness(key, track.key), track.number))
    return tuple(_near_miss(request, key, track, shows_values=shows_values) for track in best)


def differences(
    asked: Request, key: Key, recorded: Request, recorded_key: Key, *, shows_values: bool = True
) -> Iterator[str]:
    """Give each field in which a live request differs from a recorded one, in words; of credentials the kind only."""
    tell = _Teller(shows_values=shows_values)
    if key.method != recorded_key.method:
        yield f"method: recorded {recorded_key.method}, asked {key.method}"
    if key.path != recorded_key.path:
        yield tell.differ("path", _text(recorded_key.path), _text(key.path))
    yield from tell.pairs("query.", decoded_query(recorded_key.query), decoded_query(key.query))
    yield from _credential_differences(recorded_key, key)
    yield from tell.pairs("header ", recorded_key.told, key.told)
    yield from tell.body(recorded, recorded_key, asked, key)
    yield from tell.pairs("header ", recorded_key.negotiated, key.negotiated)
    yield from tell.pairs("header ", recorded_key.headers, key.headers)


def _nearest_groups(index: Index, key: Key) -> list[list[Track]]:
    segments = key.segments
    wanted = ((_path_likeness(key.method, segments, place), number) for number, place in enumerate(index.groups))
    best = heapq.nsmallest(_GROUPS, ((-likeness, number) for likeness, number in wanted))
    groups = list(index.groups.values())
    return [groups[number].tracks for _, number in best]


def _path_likeness(method: str, segments: tuple[bytes, ...], place: tuple[str, tuple[bytes, ...]]) -> float:
    others = place[1]
    longest = max(len(segments), len(others)) - 1 or 1
    same = sum(map(bytes.__eq__, segments, others)) - 1
    return max(same, 0) / longest + (0.4 if method == place[0] else 0.0) + (0.5 if segments == others else 0.0)


def _likeness(asked: Key, recorded: Key) -> float:
    """Give how like two keys are, from 0 to 1: the path counts most, then method, body, query, who asks, headers."""
    path = 1.0 if asked.path == recorded.path else 0.7 * _path_likeness("", asked.segments, ("-", recorded.segments))
    body = asked.body
    bodies = 1.0 if body.exact == recorded.body.exact else 0.6 if body.shape == recorded.body.shape else 0.0
    bodies = bodies or (0.3 if body.kind == recorded.body.kind else 0.0)
    who = 1.0 if asked.credentials == recorded.credentials else 0.5 if asked.slots == recorded.slots else 0.0
    return (
        0.35 * min(path, 1.0)
        + 0.15 * (asked.method == recorded.method)
        + 0.15 * bodies
        + 0.15 * _overlap(asked.query, recorded.query)
        + 0.1 * who
        + 0.08 * (asked.told == recorded.told)
        + 0.02 * (asked.negotiated == recorded.negotiated and asked.headers == recorded.headers)
    )


def _overlap(left: Pairs, right: Pairs) -> float:
    if left == right:
        return 1.0
    mine, theirs = Counter(left), Counter(right)
    names = {name for name, _ in left} & {name for name, _ in right}
    whole = max(len(left), len(right))
    return (sum((mine & theirs).values()) + 0.3 * len(names)) / (1.3 * whole)


def _near_miss(request: Request, key: Key, track: Track, *, shows_values: bool) -> NearMiss:
    step = track.steps[0]
    recorded = step.exchange.request
    every = tuple(differences(request, key, recorded, track.key, shows_values=shows_values))
    told = every[:_DIFFERENCES]
    if len(every) > _DIFFERENCES:
        told = (*told, f"and {len(every) - _DIFFERENCES} more")
    target = _text(recorded.target if shows_values else recorded.path)
    return NearMiss(step.number, recorded.method, target, round(_likeness(key, track.key), 3), told)


def _credential_differences(recorded: Key, asked: Key) -> Iterator[str]:
    for slot in recorded.slots:
        if slot not in asked.slots:
            yield f"{slot}: recorded with it, asked without"
    for slot in asked.slots:
        if slot not in recorded.slots:
            yield f"{slot}: recorded without it, asked with it"
    theirs = {credential.slot: credential.value for credential in recorded.credentials}
    for credential in asked.credentials:
        if theirs.get(credential.slot, credential.value) != credential.value:
            yield f"{credential.slot}: another value"


class _Teller:
    """Puts differences into words, with the cleaned values or without any."""

    def __init__(self, *, shows_values: bool) -> None:
        self._shows = shows_values

    def differ(self, place: str, recorded: str | None, asked: str | None) -> str:
        if not self._shows and recorded is not None and asked is not None:
            return f"{place}: another value"
        return f"{place}: recorded {self._shown(recorded)}, asked {self._shown(asked)}"

    def pairs(self, prefix: str, recorded: Pairs, asked: Pairs) -> Iterator[str]:
        theirs, mine = _by_name(recorded), _by_name(asked)
        for name in sorted({*theirs, *mine}):
            if theirs.get(name) != mine.get(name):
                yield self.differ(prefix + name, theirs.get(name), mine.get(name))

    def body(self, recorded: Request, recorded_key: Key, asked: Request, key: Key) -> Iterator[str]:
        if key.body.exact == recorded_key.body.exact and key.body.kind == recorded_key.body.kind:
            return
        if key.body.kind != recorded_key.body.kind:
            yield f"body: recorded {_kind(recorded)}, asked {_kind(asked)}"
            return
        theirs, mine = _leaves(recorded, key.body.kind), _leaves(asked, key.body.kind)
        if theirs is None or mine is None:
            yield f"body: recorded {len(recorded.body)} bytes, asked {len(asked.body)} bytes, not the same"
            return
        for place in dict.fromkeys(chain(theirs, mine)):
            if theirs.get(place) != mine.get(place):
                yield self.differ(f"body {place}", theirs.get(place), mine.get(place))

    def _shown(self, text: str | None) -> str:
        if text is None:
            return "none"
        if not self._shows:
            return "a value"
        return repr(text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…")


def _by_name(pairs: Pairs) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        label = _text(name)
        joined[label] = f"{joined[label]}, {_text(value)}" if label in joined else _text(value)
    return joined


def _leaves(request: Request, kind: str) -> dict[str, str] | None:
    data = plain_body(request)
    if kind == "form":
        return _by_name(tuple(form_pairs(data)))
    if kind not in ("json", "graphql"):
        return None
    try:
        return dict(islice(_walk(read_json(data), "$"), _LEAVES))
    except (ValueError, RecursionError):
        return None


def _walk(node: Any, place: str) -> Iterator[tuple[str, str]]:
    children: Iterable[tuple[str, Any]]
    if isinstance(node, Fields):
        children = ((f"{place}.{name}", value) for name, value in node)
    elif isinstance(node, list):
        children = ((f"{place}[{number}]", value) for number, value in enumerate(node))
    else:
        yield place, str(node) if isinstance(node, str) else {None: "null", True: "true", False: "false"}[node]
        return
    empty = True
    for below, value in children:
        empty = False
        yield from _walk(value, below)
    if empty:
        yield place, "{}" if isinstance(node, Fields) else "[]"


def _kind(request: Request) -> str:
    if not request.body:
        return "no body"
    return _text(media_type(request.headers)) or "a body without a type"


def _text(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")
