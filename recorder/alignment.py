"""The alignment of two recordings of one journey: which interaction of the one is which of the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from cassettes.body import Fields, media_type, plain_body, read_json
from cassettes.exchange import header
from cassettes.key import query_pairs
from recorder.specificity import WEAK, is_word, weight_of_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from cassettes.cassette import Interaction
    from cassettes.exchange import Request
    from recorder.graph import Graph

_CELLS: Final = 4_000_000
_OPERATIONS: Final = (b"x-amz-target", b"soapaction", b"x-http-method-override")
_NUMBERED: Final = re.compile(r"[A-Za-z]{1,12}[-_]?\d+|\d+")
_GRAPHQL_NAME: Final = re.compile(r"\b(query|mutation|subscription)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is asked, without the values that vary: `{}` stands for an id in the path.

    `operation` is what a header or body names (GraphQL, an RPC), "" else; `query` the names of the parameters.
    """

    method: str
    path: str
    operation: str = ""
    query: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.method} {self.path}" + (f" ({self.operation})" if self.operation else "")


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs of interactions that are the same step, in order, and those that only one of the recordings has."""

    pairs: tuple[tuple[Interaction, Interaction], ...]
    only_first: tuple[Interaction, ...]
    only_second: tuple[Interaction, ...]


def linked_segments(graph: Graph) -> Mapping[int, AbstractSet[int]]:
    """Give, by interaction, the positions of the path's segments that came from an earlier answer."""
    found: dict[int, set[int]] = {}
    for edge in graph.edges:
        if edge.kind == "link" and edge.target.place.startswith("request.path."):
            found.setdefault(edge.target.interaction, set()).add(int(edge.target.place.rpartition(".")[2]))
    return found


def endpoint_of(request: Request, linked: AbstractSet[int] = frozenset()) -> Endpoint:
    """Give the endpoint of a request; `linked` are the positions of segments that are known to vary."""
    segments = request.path.decode("utf-8", "replace").split("/")
    path = "/".join(
        "{}" if position in linked or _is_id(segment) else segment for position, segment in enumerate(segments)
    )
    names = tuple(dict.fromkeys(name.decode("utf-8", "replace") for name, _ in query_pairs(request.query)))
    return Endpoint(request.method, path, _operation(request), names)


def align(
    first: Sequence[Interaction],
    second: Sequence[Interaction],
    endpoints: tuple[Mapping[int, Endpoint], Mapping[int, Endpoint]],
) -> Alignment:
    """Pair interactions of the same endpoint, order kept: the longest common subsequence.

    Where both are so long that this would take minutes, Python's `difflib` pairs them, which is near to it. A step
    counts as the same whatever came of it: another status is a difference, not another step.
    """
    ours = [endpoints[0][one.number] for one in first]
    theirs = [endpoints[1][one.number] for one in second]
    pairs = _common(ours, theirs)
    paired = ({one for one, _ in pairs}, {other for _, other in pairs})
    return Alignment(
        tuple((first[one], second[other]) for one, other in pairs),
        tuple(item for index, item in enumerate(first) if index not in paired[0]),
        tuple(item for index, item in enumerate(second) if index not in paired[1]),
    )


def endpoints_of(interactions: Iterable[Interaction], graph: Graph) -> dict[int, Endpoint]:
    """Give the endpoint of each interaction by its number."""
    linked = linked_segments(graph)
    return {one.number: endpoint_of(one.exchange.request, linked.get(one.number, frozenset())) for one in interactions}


def _common(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Give the index pairs of a longest common subsequence."""
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    end = 0
    while end < min(len(first), len(second)) - start and first[-1 - end] == second[-1 - end]:
        end += 1
    inner = (first[start : len(first) - end], second[start : len(second) - end])
    pairs = [(index, index) for index in range(start)]
    pairs += [(one + start, other + start) for one, other in _longest(*inner)]
    pairs += [(len(first) - index, len(second) - index) for index in range(end, 0, -1)]
    return pairs


def _longest(first: Sequence[Hashable], second: Sequence[Hashable]) -> list[tuple[int, int]]:
    if len(first) * len(second) > _CELLS:
        blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
        return [(block.a + index, block.b + index) for block in blocks for index in range(block.size)]
    rows = [[0] * (len(second) + 1)]
    for one in reversed(first):
        row = [0] * (len(second) + 1)
        below = rows[-1]
        for index in range(len(second) - 1, -1, -1):
            row[index] = below[index + 1] + 1 if one == second[index] else max(below[index], row[index + 1])
        rows.append(row)
    rows.reverse()
    pairs, one, other = [], 0, 0
    while one < len(first) and other < len(second):
        if first[one] == second[other]:
            pairs.append((one, other))
            one, other = one + 1, other + 1
        elif rows[one + 1][other] >= rows[one][other + 1]:
            one += 1
        else:
            other += 1
    return pairs


def _is_id(segment: str) -> bool:
    """Tell whether a segment is an id by its looks; `v1` and words are none."""
    if len(segment) == 2 and segment[0] in "vV":
        return False
    if not segment or is_word(segment):
        return False
    return _NUMBERED.fullmatch(segment) is not None or weight_of_text(segment) > WEAK


def _operation(request: Request) -> str:
    for name in _OPERATIONS:
        value = header(request.headers, name)
        if value is not None:
            return value.decode("latin-1")
    if not request.body or len(request.body) > 1 << 20 or b"json" not in media_type(request.headers):
        return ""
    try:
        tree: Any = read_json(plain_body(request))
    except ValueError:
        return ""
    members = dict(tree) if isinstance(tree, Fields) else {}
    query = members.get("query")
    if isinstance(query, str):
        named = _GRAPHQL_NAME.search(query)
        return str(members.get("operationName") or (named[2] if named else "")) if "{" in query else ""
    return str(members["method"]) if "jsonrpc" in members and "method" in members else ""
