"""Provenance: for each value of a recording, where it came from."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from cassettes.key import TRANSPORT
from recorder.graph import SHOWN, Edge, EdgeKind, Graph, Node, Step
from recorder.leaves import Leaf, body_of, request_leaves, response_leaves
from recorder.sources import Origin, Sources
from recorder.specificity import FAINT, MADE, NOTHING, RICH, WEAK, collection_of, is_rare, names_of, singular, weight
from recorder.specificity import weight_of_text as weight_of
from recorder.transformation import Digests, from_base64, hash_algorithm, relation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cassettes.cassette import Interaction

_Reach: TypeAlias = Literal["here", "read", "written"]

EDGES: Final = 1_000_000
"""A graph holds so many edges at most."""
_SILENT: Final = TRANSPORT - {b"x-request-id", b"x-correlation-id", b"request-id", b"correlation-id", b"referer"} | {
    *(
        b"accept",
        b"accept-language",
        b"accept-charset",
        b"accept-ranges",
        b"content-type",
        b"vary",
        b"server",
        b"allow",
    ),
    *(b"x-powered-by", b"content-language", b"content-disposition", b"retry-after", b"age", b"origin", b"expires"),
    *(b"x-content-type-options", b"x-frame-options", b"strict-transport-security", b"referrer-policy", b"p3p"),
    *(b"access-control-request-method", b"access-control-request-headers"),
}
_SILENT_NAMES: Final = frozenset(f"headers.{name.decode()}" for name in _SILENT)
_SILENT_STARTS: Final = ("headers.access-control-", "headers.sec-", "headers.x-mimic-", "headers.content-security-")
_PIECE: Final = re.compile(r"[^\s\"'<>,;]+")
_FINE: Final = re.compile(r"[^\s\"'<>,;=&?/:()\[\]{}|#@]+")
_COMPOSED: Final = (6, 2048, 24)  # the shortest and the longest text that is taken to pieces, and into how many
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_TOLERANCE_S: Final = 0.05


def provenance(interactions: Iterable[Interaction]) -> Graph:
    """Trace the values of interactions, which are in the order of their completion.

    Only values that can hardly be equal by accident flow; small numbers, words and booleans only under the same name.
    Takes time in proportion to the number of values, by an index of those seen before, one for each session.
    """
    tracer = _Tracer()
    steps = []
    for interaction in interactions:
        tracer.add(interaction)
        steps.append(_step(interaction))
    return Graph(tuple(steps), tracer.edges(len(steps)), tracer.is_cut)


def _step(interaction: Interaction) -> Step:
    exchange = interaction.exchange
    status = exchange.response.status if exchange.response else None
    target = exchange.request.target.decode("utf-8", "replace")
    return Step(interaction.number, exchange.request.method, target, status, exchange.trace)


class _Found(NamedTuple):
    edge: Edge
    key: str  # what must be rare for the edge to stay; "" where nothing must


class _Side(NamedTuple):
    """One message of an interaction, ready to be looked at."""

    number: int
    leaves: tuple[Leaf, ...]
    is_response: bool
    at: float
    collection: str
    segments: tuple[str, ...]
    is_read: bool

    def names(self, leaf: Leaf) -> tuple[str, ...]:
        if not leaf.place.startswith("request.path."):
            return names_of(leaf, self.collection)
        position = int(leaf.place.rpartition(".")[2])
        return names_of(leaf, self.collection, self.segments[position - 1])


class _Tracer:
    """Goes over interactions once; what turns out to stand everywhere is dropped at the end."""

    def __init__(self) -> None:
        self.is_cut = False
        self._found: list[_Found] = []
        self._sources: dict[str, Sources] = {}
        self._counts: Counter[str] = Counter()

    def edges(self, interactions: int) -> tuple[Edge, ...]:
        """Give the edges whose values are rare enough among so many interactions."""
        counts = self._counts
        return tuple(edge for edge, key in self._found if not key or is_rare(counts[key], interactions))

    def add(self, interaction: Interaction) -> None:
        """Trace the request's values, then the answer's, then remember both."""
        exchange = interaction.exchange
        sources = self._sources.setdefault(interaction.session, Sources())
        segments = tuple(segment.decode("utf-8", "replace") for segment in exchange.request.path.split(b"/"))
        collection = collection_of(list(segments))
        started, ended = exchange.started_at, exchange.started_at + exchange.duration_ms / 1000
        is_read = exchange.request.method in _SAFE
        leaves = _speaking(request_leaves(exchange.request))
        asked = _Side(interaction.number, leaves, False, started, collection, segments, is_read)
        before = len(self._found)
        self._trace(asked, (sources,))
        reach: _Reach = "read" if is_read else "written"
        own = Sources()
        self._remember(asked, own, "here")
        if len(exchange.request.path) > 2:
            own.add(Origin(interaction.number, "request.path", _text(exchange.request.path), "text", False, started))
        if exchange.response is not None:
            leaves = _speaking(response_leaves(exchange.response))
            told = _Side(interaction.number, leaves, True, ended, collection, segments, is_read)
            self._trace(told, (own, sources))
            self._trace_own_body(told, before)
            self._trace_hashes(interaction, told, asked)
            # What an error tells is made of constants; nothing was written either.
            is_error = exchange.response.status >= 400
            reach = "read" if is_error else reach
            self._remember(told, sources, reach, least=MADE if is_error else FAINT)
        self._remember(asked, sources, reach, after=ended)

    def _trace(self, side: _Side, known: tuple[Sources, ...]) -> None:
        counted: set[str] = set()
        for leaf in side.leaves:
            if len(self._found) >= EDGES:
                self.is_cut = True
                return
            heavy = weight(leaf)
            if heavy >= RICH:
                key = leaf.value
                if heavy == RICH and key not in counted:
                    counted.add(key)
                    self._counts[key] += 1
                if self._trace_whole(side, leaf, known, "" if heavy == MADE else key):
                    continue
                if not side.is_response and self._trace_part(side, leaf, known[0], "" if heavy == MADE else key):
                    continue
                self._trace_pieces(side, leaf, known)
            elif heavy > NOTHING and ".headers." not in leaf.place:
                self._trace_weak(side, leaf, known, heavy)

    def _trace_whole(self, side: _Side, leaf: Leaf, known: tuple[Sources, ...], rare: str) -> bool:
        for sources in known:
            origin = self._best(sources.like(leaf.value), side, leaf)
            if origin is not None:
                how = relation(origin.value, leaf.value) or _retyped(origin.kind, leaf.kind)
                self._keep(side, leaf, origin, _kind(origin, side), how, "" if _is_echo(origin, side, leaf) else rare)
                return True
        return False

    def _trace_part(self, side: _Side, leaf: Leaf, sources: Sources, rare: str) -> bool:
        origin = self._best(sources.holding(leaf.value), side, leaf)
        if origin is None:
            return False
        self._keep(side, leaf, origin, "link", "part", rare)
        return True

    def _trace_weak(self, side: _Side, leaf: Leaf, known: tuple[Sources, ...], heavy: int) -> None:
        for sources in known:
            names = side.names(leaf)
            if not side.is_response:
                names = _known_as(names, "read")
            elif not side.is_read:  # what a write answers beside ids is its own
                names = (*names[:1], *_known_as(names, "read"))
            origins = [origin for name in names for origin in sources.named(name, leaf.value)]
            if heavy < WEAK:
                origins = [origin for origin in origins if origin.number == side.number]
            origin = self._best(origins, side, leaf)
            if origin is not None:
                self._keep(side, leaf, origin, _kind(origin, side), _retyped(origin.kind, leaf.kind), "")
                return

    def _trace_pieces(self, side: _Side, leaf: Leaf, known: tuple[Sources, ...]) -> None:
        shortest, longest, most = _COMPOSED
        if leaf.kind != "text" or not shortest <= len(leaf.value) <= longest:
            return
        seen: set[str] = {leaf.value}
        room = most
        for piece in _pieces(leaf.value):
            if piece in seen or room == 0:
                continue
            seen.add(piece)
            room -= 1
            heavy = weight_of(piece)
            if heavy < RICH:
                continue
            for sources in known:
                origin = self._best(sources.like(piece), side, leaf)
                if origin is not None:
                    how = relation(origin.value, piece) or ""
                    self._keep(side, leaf, origin, "composed", how, "" if heavy == MADE else piece)
                    break
        if "/" in leaf.value and side.is_response:
            self._trace_url(side, leaf, known)

    def _trace_url(self, side: _Side, leaf: Leaf, known: tuple[Sources, ...]) -> None:
        """Trace a small id in a URL by the segment before it, and the URL's beginning to the request's own path."""
        for name, segment in _small_ids(leaf.value):
            origins = [one for sources in known for one in sources.named(name, segment)]
            if origins:
                self._keep(side, leaf, origins[0], "composed", "", "")
        whole = next((one for one in known[0].placed("request.path") if one.value in leaf.value), None)
        if whole is not None:
            self._keep(side, leaf, whole, "composed", "", "")

    def _trace_own_body(self, side: _Side, before: int) -> None:
        """Trace headers of an answer that equal nothing earlier may repeat its body: `Location` names the new id."""
        explained = {found.edge.target.place for found in self._found[before:] if found.edge.kind != "composed"}
        heads = tuple(
            leaf for leaf in side.leaves if leaf.place.startswith("response.headers.") and leaf.place not in explained
        )
        if not heads:
            return
        own = Sources()
        body = tuple(leaf for leaf in side.leaves if leaf.place.startswith("response.body"))
        self._remember(side._replace(leaves=body), own, "here")
        for leaf in heads:
            if weight(leaf) >= RICH and not self._trace_whole(side, leaf, (own,), ""):
                self._trace_pieces(side, leaf, (own,))
            elif "/" in leaf.value:
                self._trace_url(side, leaf, (own,))

    def _trace_hashes(self, interaction: Interaction, told: _Side, asked: _Side) -> None:
        hashes = [leaf for leaf in told.leaves if len(leaf.value) < 140 and hash_algorithm(leaf.value)]
        if not hashes:
            return
        telling = [leaf for leaf in asked.leaves if weight(leaf) > FAINT]
        fields = [(leaf.place, leaf.value.encode("utf-8", "replace")) for leaf in telling]
        digests = Digests([*_bodies(interaction), *fields])
        for leaf in hashes:
            for place in digests.places_of(leaf.value)[:4]:
                self._hash(told, leaf, place)

    def _hash(self, side: _Side, leaf: Leaf, place: str) -> None:
        origin = Origin(side.number, place, "", "text", place.startswith("response."), side.at)
        self._keep(side, leaf, origin, "echo", hash_algorithm(leaf.value) or "", "")

    def _keep(self, side: _Side, leaf: Leaf, origin: Origin, kind: EdgeKind, how: str, rare: str) -> None:
        source, target = Node(origin.number, origin.place), Node(side.number, leaf.place)
        value = leaf.value if len(leaf.value) <= SHOWN else leaf.value[: SHOWN - 1] + "…"
        self._found.append(_Found(Edge(source, target, kind, how, value), rare))

    def _best(self, origins: Sequence[Origin], side: _Side, leaf: Leaf) -> Origin | None:
        """Give the earliest that can have flown here; first of the same name, then answers before requests."""
        possible = [origin for origin in origins if self._may_flow(origin, side)]
        if not possible:
            return None
        best = min(possible, key=lambda one: (one.name != leaf.name, not one.is_response, one.number))
        sent = min((one.number for one in origins if not one.is_response), default=best.number + 1)
        # What the client sent before any answer had it, it has from itself.
        return None if sent <= best.number and not side.is_response else best

    def _may_flow(self, origin: Origin, side: _Side) -> bool:
        if origin.number == side.number:
            return True
        if not origin.is_response and not side.is_response:
            return False
        return side.is_response or not origin.at or not side.at or origin.at <= side.at + _TOLERANCE_S

    def _remember(
        self, side: _Side, sources: Sources, reach: _Reach, *, after: float = 0.0, least: int = FAINT
    ) -> None:
        for leaf in side.leaves:
            heavy = weight(leaf)
            if heavy < least:
                continue
            origin = Origin(
                side.number, leaf.place, leaf.value, leaf.kind, side.is_response, after or side.at, leaf.name
            )
            if heavy >= RICH:
                sources.add(origin)
                if side.is_response and leaf.kind == "text" and len(leaf.value) <= _COMPOSED[1]:
                    self._remember_parts(origin, sources)
            else:
                sources.add_named(origin, _known_as(side.names(leaf), reach))

    def _remember_parts(self, origin: Origin, sources: Sources) -> None:
        """Remember what a client takes out of a text: the code in a message, the id in a URL."""
        text = origin.value
        for piece in dict.fromkeys(piece.strip(".!") for piece in _FINE.findall(text)[: _COMPOSED[2]]):
            if piece != text and weight_of(piece) >= RICH:
                sources.add_part(origin, piece)
        for name, segment in _small_ids(text):
            sources.add_named(origin._replace(value=segment), (name,))


def _speaking(leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Leave out the headers of the connection and of negotiation, and the status: they flow from nowhere."""
    kept = []
    for leaf in leaves:
        part = leaf.place.partition(".")[2]
        if part == "status" or (
            part.startswith("headers.") and (part.partition("[")[0] in _SILENT_NAMES or part.startswith(_SILENT_STARTS))
        ):
            continue
        kept.append(leaf)
    return tuple(kept)


def _pieces(text: str) -> Iterator[str]:
    """Give what a text can be composed of: runs between spaces and quotes, then the finer parts of each."""
    for coarse in _PIECE.findall(text):
        yield coarse
        decoded = from_base64(coarse)
        if decoded is not None:
            yield from _FINE.findall(decoded)
        yield from _FINE.findall(coarse)


def _bodies(interaction: Interaction) -> Iterator[tuple[str, bytes]]:
    request, response = interaction.exchange.request, interaction.exchange.response
    if request.body:
        yield "request.body", body_of(request.headers, request.body)[0]
    if response is not None and response.body:
        yield "response.body", body_of(response.headers, response.body)[0]


def _small_ids(text: str) -> list[tuple[str, str]]:
    """Give (name, id) of the small numbers in a URL's path, as in `/users/3`: (`userid`, `3`)."""
    if "/" not in text:
        return []
    segments = text.partition("?")[0].split("/")[:32]
    return [
        (f"{singular(before)}id", one)
        for before, one in pairwise(segments)
        if before and one.isdigit() and len(one) < 7
    ]


def _is_echo(origin: Origin, side: _Side, leaf: Leaf) -> bool:
    return origin.number == side.number and origin.name == leaf.name


def _kind(origin: Origin, side: _Side) -> EdgeKind:
    return "echo" if origin.number == side.number else "link"


def _known_as(names: tuple[str, ...], reach: _Reach) -> tuple[str, ...]:
    """Leave out what does not reach so far: a `status` that was only read says nothing about the next one."""
    if reach == "here":
        return names
    return tuple(name for name in names[1:] if reach == "written" or "." not in name)


def _retyped(source: str, target: str) -> str:
    if source == target or "boolean" in (source, target):
        return ""
    return "as-text" if target == "text" else "as-number"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
