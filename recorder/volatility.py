"""Volatility: which values of two recordings of one journey stay, which change, and by what rule they change."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from recorder.alignment import Endpoint, align, endpoints_of
from recorder.leaves import Leaf, general, pointer_of, request_leaves, response_leaves
from recorder.provenance import provenance
from recorder.variation import CLASSES, DIGITS, Sample, Source, Volatile, digests_of, variation

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cassettes.cassette import Interaction
    from recorder.graph import Graph

_FRAMING: Final = frozenset(
    ("content-length", "transfer-encoding", "connection", "keep-alive", "host", "x-mimic-session", "x-mimic-trace")
)
_GIVEN_UP: Final = frozenset({"clock", "counter", "uuid", "token", "random"})
"""What a client makes anew for each request, so that a key must not depend on it."""


@dataclass(frozen=True, slots=True)
class LeafClass:
    """What a place of an endpoint does, over all its pairs: its class, what is known of it, and how many pairs say so.

    `place` has `[*]` for a position in a list. `of` counts the pairs that have the place, `support` those of the class.
    """

    place: str
    volatile: Volatile
    note: str
    support: int
    of: int


@dataclass(frozen=True, slots=True)
class EndpointClasses:
    """The places of one endpoint, those of requests first; `pairs` is how often both recordings have it."""

    endpoint: Endpoint
    pairs: int
    leaves: tuple[LeafClass, ...]


@dataclass(frozen=True, slots=True)
class Volatility:
    """What two recordings of one journey have in common; `only_first` and `only_second` count unpaired interactions."""

    endpoints: tuple[EndpointClasses, ...]
    pairs: int = 0
    only_first: int = 0
    only_second: int = 0

    def volatile_fields(self) -> tuple[str, ...]:
        """Give the JSON pointers of request bodies that a key must not depend on, sorted."""
        found = {pointer_of(leaf.place) for leaf in self._given_up() if leaf.place.startswith("request.body ")}
        return tuple(sorted(pointer for pointer in found if pointer))

    def volatile_query(self) -> tuple[str, ...]:
        """Give the query parameters that a key must not depend on, in lower case, sorted."""
        prefix = "request.query."
        found = {leaf.place.removeprefix(prefix) for leaf in self._given_up() if leaf.place.startswith(prefix)}
        return tuple(sorted({name.partition("[")[0].lower() for name in found}))

    def _given_up(self) -> Iterator[LeafClass]:
        # A client's number of six digits is a code or an amount rather than a nonce.
        leaves = (leaf for row in self.endpoints for leaf in row.leaves if leaf.note != DIGITS)
        return (leaf for leaf in leaves if leaf.volatile in _GIVEN_UP)


def volatility(first: Sequence[Interaction], second: Sequence[Interaction]) -> Volatility:
    """Align two recordings of one journey and class every value of the steps that both have."""
    graphs = (provenance(first), provenance(second))
    endpoints = (endpoints_of(first, graphs[0]), endpoints_of(second, graphs[1]))
    aligned = align(first, second, endpoints)
    steps = {one.number: other.number for one, other in aligned.pairs}
    flows = (_flows(graphs[0], steps), _flows(graphs[1], {number: number for number in steps.values()}))
    rows: dict[Endpoint, _Row] = {}
    for one, other in aligned.pairs:
        row = rows.setdefault(endpoints[0][one.number], _Row())
        row.pairs += 1
        for sample in _samples(one, other, flows):
            row.samples.setdefault(general(sample.place), []).append(sample)
    classes = tuple(EndpointClasses(endpoint, row.pairs, row.classes()) for endpoint, row in rows.items())
    return Volatility(classes, len(aligned.pairs), len(aligned.only_first), len(aligned.only_second))


def volatility_document(found: Volatility) -> dict[str, Any]:
    """Give it as plain values for JSON: pointers and classes by endpoint, and what a replay may give up."""
    return {
        "pairs": found.pairs,
        "only_first": found.only_first,
        "only_second": found.only_second,
        "endpoints": [
            {
                "method": row.endpoint.method,
                "path": row.endpoint.path,
                **({"operation": row.endpoint.operation} if row.endpoint.operation else {}),
                "query": list(row.endpoint.query),
                "pairs": row.pairs,
                "leaves": [_leaf_document(leaf) for leaf in row.leaves],
            }
            for row in found.endpoints
        ],
        "volatile": volatile_section(found),
    }


def volatile_section(found: Volatility) -> dict[str, list[str]]:
    """Give the section `volatile` of a replay definition: the fields and parameters that a key gives up."""
    return {"fields": list(found.volatile_fields()), "query": list(found.volatile_query())}


def _leaf_document(leaf: LeafClass) -> dict[str, Any]:
    pointer = pointer_of(leaf.place)
    return {
        "place": leaf.place,
        **({"pointer": pointer} if pointer is not None else {}),
        "class": leaf.volatile,
        **({"note": leaf.note} if leaf.note else {}),
        "support": leaf.support,
        "of": leaf.of,
    }


class _Flow(NamedTuple):
    """Where a value came from, said alike in both recordings: which step (0: its own), which place, how."""

    step: int
    place: str
    how: str
    is_part: bool


_Flows: TypeAlias = dict[tuple[int, str], _Flow]


@dataclass(slots=True)
class _Row:
    pairs: int = 0
    samples: dict[str, list[Sample]] = field(default_factory=dict)

    def classes(self) -> tuple[LeafClass, ...]:
        found = [_class_of(place, samples) for place, samples in self.samples.items()]
        return tuple(sorted(found, key=lambda leaf: not leaf.place.startswith("request.")))


def _class_of(place: str, samples: list[Sample]) -> LeafClass:
    """Class a place by most of its samples; a constant in some pairs does not count against what varies in others."""
    told = variation(samples)
    counts = Counter(kind for kind, _ in told)
    varying = [kind for kind in CLASSES if kind != "constant" and counts[kind]]
    winner: Volatile = max(varying, key=lambda kind: counts[kind], default="constant")
    notes = Counter(note for kind, note in told if kind == winner and note)
    note = notes.most_common(1)[0][0] if notes else ""
    return LeafClass(place, winner, note, counts[winner], len(told))


def _samples(one: Interaction, other: Interaction, flows: tuple[_Flows, _Flows]) -> Iterator[Sample]:
    sides = (_leaves(one), _leaves(other))
    digests = (digests_of(one.exchange), digests_of(other.exchange))
    times = (one.exchange.started_at, other.exchange.started_at)
    for place in dict.fromkeys((*sides[0], *sides[1])):
        ours, theirs = sides[0].get(place), sides[1].get(place)
        flow = flows[0].get((one.number, place))
        is_same = flow is not None and flow == flows[1].get((other.number, place))
        yield Sample(place, ours, theirs, times, digests, _source(flow) if is_same and flow is not None else None)


def _source(flow: _Flow) -> Source:
    told = f"holds {flow.place}" if flow.is_part else f"of {flow.place}" + (f", {flow.how}" if flow.how else "")
    return Source("echo" if flow.step == 0 else "link", told, is_whole=not flow.is_part)


def _leaves(interaction: Interaction) -> dict[str, Leaf]:
    exchange = interaction.exchange
    found = {leaf.place: leaf for leaf in request_leaves(exchange.request) if not _is_framing(leaf)}
    if exchange.response is not None:
        found |= {leaf.place: leaf for leaf in response_leaves(exchange.response) if not _is_framing(leaf)}
    return found


def _is_framing(leaf: Leaf) -> bool:
    return ".headers." in leaf.place and leaf.name in _FRAMING


def _flows(graph: Graph, steps: Mapping[int, int]) -> _Flows:
    """Give the first flow into each place; steps are numbered as in the second recording, the unpaired left out."""
    found: _Flows = {}
    for edge in graph.edges:
        source, target = edge.source, edge.target
        is_own = source.interaction == target.interaction
        step = 0 if is_own else steps.get(source.interaction, -1)
        if step >= 0:
            is_part = edge.kind == "composed"
            found.setdefault((target.interaction, target.place), _Flow(step, general(source.place), edge.how, is_part))
    return found
