"""A capsule: the fewest interactions of a recording that one of them depends on, as a document of their own."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from cassettes.codec import dump_interaction, load_interaction
from cassettes.errors import CodecError
from recorder.provenance import provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cassettes.cassette import Interaction
    from recorder.graph import Edge

_Item = TypeVar("_Item")

RUNS: Final = 200
"""So often a subset is tried at most."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def slice_of(interactions: Sequence[Interaction], number: int) -> tuple[Interaction, ...]:
    """Give the interactions that the one of this number depends on, and it, in their order.

    These are the ones its request's values and credentials came from, the accepted writes to what it asks for and
    those whose values it answers with, and what all these depend on in turn.
    """
    by_number = {one.number: one for one in interactions if one.number <= number}
    target = by_number[number]
    mine = [one for one in by_number.values() if one.session == target.session]
    edges: dict[int, list[Edge]] = {}
    for edge in provenance(mine).edges:
        if edge.source.interaction != edge.target.interaction:
            edges.setdefault(edge.target.interaction, []).append(edge)
    needed = {number}
    waiting = [number]
    while waiting:
        one = by_number[waiting.pop()]
        sources = {edge.source.interaction for edge in edges.get(one.number, ()) if _is_asked(edge)}
        if one is target:
            told = {edge.source.interaction for edge in edges.get(number, ()) if not _is_asked(edge)}
            sources |= {source for source in told if _is_write(by_number[source])}
        sources |= {other.number for other in mine if other.number < one.number and writes_to(other, one)}
        waiting += sources - needed
        needed |= sources
    return tuple(by_number[one] for one in sorted(needed))


def fewest(items: Sequence[_Item], still_fails: Callable[[Sequence[_Item]], bool]) -> list[_Item]:
    """Give a subset that still fails and of which no single item can be left out; order kept.

    Zeller and Hildebrandt's ddmin ("Simplifying and Isolating Failure-Inducing Input", 2002). All items together are
    taken to fail. After `RUNS` trials the smallest subset found so far is given.
    """
    kept, parts, runs = list(items), 2, 0
    while kept and runs < RUNS:
        size = -(-len(kept) // parts)
        chunks = [kept[start : start + size] for start in range(0, len(kept), size)]
        rests = [_without(chunks, index) for index in range(len(chunks))]
        tried: list[list[_Item]] = [[]] if runs == 0 else []
        tried += [*(chunks if len(chunks) > 2 else ()), *rests]
        for subset in tried:
            runs += 1
            if len(subset) < len(kept) and still_fails(subset):
                parts = max(parts - 1, 2) if subset in rests else 2
                kept = subset
                break
            if runs >= RUNS:
                return kept
        else:
            if parts >= len(kept):
                return kept
            parts = min(2 * parts, len(kept))
    return kept


def _without(chunks: Sequence[Sequence[_Item]], index: int) -> list[_Item]:
    return [item for other, chunk in enumerate(chunks) if other != index for item in chunk]


def capsule_text(interactions: Sequence[Interaction]) -> str:
    """Write interactions as JSON for people: a list of the lines of a cassette, and the bodies that lie beside it.

    The text is ASCII and holds no three double quotes in a row, so it may stand in a raw string of Python.
    """
    blobs: dict[str, bytes] = {}
    lines = []
    for number, interaction in enumerate(interactions, 1):
        line, more = dump_interaction(replace(interaction, number=number, session="", findings=()))
        document = json.loads(line)
        document.pop("crc32", None)  # a person may edit it
        lines.append(document)
        blobs |= more
    bodies = {name: base64.b64encode(content).decode("ascii") for name, content in blobs.items()}
    return json.dumps({"interactions": lines, **({"bodies": bodies} if bodies else {})}, indent=1)


def read_capsule(text: str) -> tuple[Interaction, ...]:
    """Read what `capsule_text` wrote; raises CodecError that names the interaction and what is wrong with it."""
    try:
        document = json.loads(text)
        lines, bodies = document["interactions"], document.get("bodies", {})
    except (ValueError, TypeError, KeyError) as error:
        raise CodecError(f"the capsule is not a JSON object with a list of interactions: {error}") from None
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(load_interaction(json.dumps(line).encode(), lambda name: base64.b64decode(bodies[name])))
        except (CodecError, KeyError, ValueError) as error:
            raise CodecError(f"interaction {number} of the capsule: {error}") from None
    return tuple(found)


def _is_asked(edge: Edge) -> bool:
    return edge.target.place.startswith("request.")


def _is_write(interaction: Interaction) -> bool:
    exchange = interaction.exchange
    accepted = exchange.response is not None and exchange.response.status < 400
    return exchange.request.method not in _SAFE and accepted


def writes_to(write: Interaction, reader: Interaction) -> bool:
    """Tell whether an accepted write is to what the other asks for, to something below it, or to what holds it.

    A POST to a collection makes something new: for what is below it that counts only where the new id is used, which
    provenance knows.
    """
    if not _is_write(write):
        return False
    path, other = write.exchange.request.path.rstrip(b"/"), reader.exchange.request.path.rstrip(b"/")
    if not path or not other:
        return path == other
    is_above = other.startswith(path + b"/") and write.exchange.request.method != "POST"
    return path == other or path.startswith(other + b"/") or is_above
