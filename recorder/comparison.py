"""The comparison of an answer with the one recorded: what differs that should not, knowing what always does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from recorder.alignment import endpoint_of
from recorder.leaves import Leaf, general, response_leaves
from recorder.specificity import FAINT, weight
from recorder.transformation import seconds_of

if TYPE_CHECKING:
    from cassettes.cassette import Interaction
    from cassettes.exchange import Exchange
    from recorder.volatility import Volatility

Sort: TypeAlias = Literal["missing", "added", "type", "value"]

_FRAMING: Final = frozenset(("content-length", "transfer-encoding", "connection", "keep-alive", "date"))
_VARIES: Final = frozenset({"clock", "counter", "uuid", "token", "random", "link", "hash"})


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs at a place: it is missing now, was added, has another type, or another value.

    `recorded` and `live` are the values as texts, "" where there is none.
    """

    place: str
    sort: Sort
    recorded: str = ""
    live: str = ""


def compare(recorded: Interaction, live: Exchange, volatility: Volatility | None = None) -> tuple[Difference, ...]:
    """Give the differences of a live answer from the recorded one, in the order of places.

    A value that `volatility` classes as one that varies may be another, but must be there and of the same type; a
    moment must stay a moment. Positions in lists are compared one by one, except where only the list's length
    differs at a volatile place.
    """
    classes = _classes(recorded, volatility)
    before, after = _leaves(recorded.exchange), _leaves(live)
    found: list[Difference] = []
    for place in dict.fromkeys((*before, *after)):
        one, other = before.get(place), after.get(place)
        difference = _difference(place, one, other, varies=classes.get(general(place), "") in _VARIES)
        if difference is not None:
            found.append(difference)
    return tuple(found)


def _difference(place: str, one: Leaf | None, other: Leaf | None, *, varies: bool) -> Difference | None:
    if one is None or other is None:
        if other is not None:
            return None if varies and "[" in place else Difference(place, "added", live=other.value)
        assert one is not None
        return None if varies and "[" in place else Difference(place, "missing", recorded=one.value)
    if one.kind != other.kind:
        return Difference(place, "type", one.value, other.value)
    if one.value == other.value:
        return None
    if varies:
        was_moment = weight(one) > FAINT and seconds_of(one.value) is not None
        is_moment = seconds_of(other.value) is not None
        return Difference(place, "type", one.value, other.value) if was_moment and not is_moment else None
    return Difference(place, "value", one.value, other.value)


def _classes(recorded: Interaction, volatility: Volatility | None) -> dict[str, str]:
    """Give the classes of the recorded endpoint's places; endpoints of the same method and path count together."""
    if volatility is None:
        return {}
    endpoint = endpoint_of(recorded.exchange.request)
    rows = [row for row in volatility.endpoints if row.endpoint.method == endpoint.method]
    mine = [row for row in rows if _fits(row.endpoint.path, recorded.exchange.request.path.decode("utf-8", "replace"))]
    leaves = [leaf for row in mine for leaf in row.leaves if leaf.place.startswith("response.")]
    return {leaf.place: "link" if leaf.note.startswith("holds ") else leaf.volatile for leaf in leaves}


def _fits(template: str, path: str) -> bool:
    segments, given = template.split("/"), path.split("/")
    return len(segments) == len(given) and all(one in {"{}", other} for one, other in zip(segments, given, strict=True))


def _leaves(exchange: Exchange) -> dict[str, Leaf]:
    if exchange.response is None:
        return {}
    leaves = response_leaves(exchange.response)
    return {
        leaf.place: leaf
        for leaf in leaves
        if not (
            leaf.place.startswith("response.headers.") and (leaf.name in _FRAMING or leaf.name.startswith("x-mimic-"))
        )
    }
