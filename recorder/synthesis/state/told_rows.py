"""Told rows: those that calls made though no list showed them, where the call tells all that is in such a row.

Who makes an organisation is its first member, and who accepts an invitation one more: so it is also where nobody
listed the members.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, common, leaves, look, parts, same
from recorder.synthesis.state.play import Found, Origins
from recorder.synthesis.state.tickets import Ticket, shown_item
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.scene import Scene

Source: TypeAlias = tuple[str, Path]
"""Where a value stands: in `answer`, `request`, `path`, or with a ticket of that name; `always` with what it is."""
Case: TypeAlias = tuple[Scene, Found]
_LEAST: Final = 3
_ALWAYS: Final = "always"
_CONTRARY_TENTHS: Final = 2
_RIGHT_TENTHS: Final = 8


def with_told(
    origins: Origins, world: World, bindings: Mapping[Endpoint, Binding], tickets: Sequence[Ticket]
) -> dict[int, list[Found]]:
    """Add the rows of calls that tell of them all that is in the rows of such calls which were seen."""
    found = {number: list(rows) for number, rows in origins.items()}
    by_kind: dict[tuple[Endpoint, int], list[Scene]] = defaultdict(list)
    for scene in world.scenes:
        if scene.sample.succeeded and scene.sample.method not in READS:
            by_kind[scene.endpoint, scene.sample.status].append(scene)
    looks = _last_looks(world, bindings)
    for scenes in by_kind.values():
        rows = [(scene, one) for scene in scenes for one in origins.get(scene.sample.number, ())]
        for collection in {one.collection.name: one.collection for _, one in rows}.values():
            seen = [(scene, one) for scene, one in rows if one.collection is collection]
            made = {scene.sample.number for scene, _ in seen}
            unseen = [scene for scene in scenes if scene.sample.number not in made]
            if len(made) < _LEAST or len(made) < len(seen):
                continue
            told = list(_told(unseen, seen, collection, tickets))
            if sum(_is_missed(one, looks) for _, one in told) * 10 <= len(made) * _CONTRARY_TENTHS:
                for scene, row in told:
                    found.setdefault(scene.sample.number, []).append(row)
    return found


@dataclass(slots=True)
class _Looks:
    """When each session last listed all rows of a collection, and which keys its paths named."""

    listed: dict[tuple[int, str], int] = field(default_factory=dict)
    named: set[tuple[int, str, str]] = field(default_factory=set)


def _last_looks(world: World, bindings: Mapping[Endpoint, Binding]) -> _Looks:
    found = _Looks()
    for scene in world.scenes:
        binding, session = bindings[scene.endpoint], scene.sample.session
        if binding.collection is None or not scene.sample.succeeded:
            continue
        if binding.rows is not None and not scene.sample.query:
            found.listed[session, binding.collection.name] = scene.moment
        if binding.role in ("item", "action"):
            found.named.add((session, binding.collection.name, binding.key(scene.endpoint.values(scene.sample))))
    return found


def _is_missed(row: Found, looks: _Looks) -> bool:
    """Tell whether a row should have been listed later: no call named it, and so none took it away."""
    place = (row.session, row.collection.name)
    return looks.listed.get(place, -1) > row.moment and (*place, row.key) not in looks.named


def _told(
    unseen: Sequence[Scene], seen: Sequence[Case], collection: Collection, tickets: Sequence[Ticket]
) -> Iterator[Case]:
    """Give the rows that these calls made, where each part of those that were seen stands in one place of the calls."""
    sources = _sources(seen, tickets) if unseen and collection.id_path is not None else None
    above = _above(seen, tickets) if sources is not None and collection.count > 1 else None
    if sources is None or (collection.count > 1 and above is None):
        return
    for scene in unseen:
        values = _values(scene, tickets)
        told = {path: _read(source, values) for path, source in sources.items()}
        before = "" if above is None else f"{_read(above, values)}/"
        own = told.get(collection.id_path or (), MISSING)
        if MISSING not in told.values() and own and (above is None or isinstance(_read(above, values), str)):
            row, key = _built(seen[0][1].item, told), f"{before}{own}"
            if scene.timeline.get(collection.name, key, scene.moment + 1) is MISSING:
                yield scene, Found(scene.sample.session, collection, key, row, scene.moment)


def _sources(seen: Sequence[Case], tickets: Sequence[Ticket]) -> dict[Path, Source] | None:
    """Give where the parts of rows stand in the calls that made them; None where one stands nowhere, or id in none."""
    rows = [dict(leaves(one.item, longest_list=0)) for _, one in seen]
    if any(set(row) != set(rows[0]) or not row for row in rows) or _has_lists(seen[0][1].item):
        return None
    places = [_values(scene, tickets) for scene, _ in seen]
    found: dict[Path, Source] = {}
    for path in rows[0]:
        source = _common([row[path] for row in rows], places)
        if source is None:
            return None
        found[path] = source
    return found


def _has_lists(item: Any) -> bool:
    return any(isinstance(value, list) for _, value in parts(item))


def _above(seen: Sequence[Case], tickets: Sequence[Ticket]) -> Source | None:
    """Give where that stands which the keys of rows begin with."""
    keys = [one.key.rpartition("/")[0] for _, one in seen]
    source = _common(keys, [_values(scene, tickets) for scene, _ in seen])
    return None if source is None or source[0] == _ALWAYS else source


def _common(wanted: Sequence[Any], places: Sequence[Mapping[Source, Any]]) -> Source | None:
    """Give the place at which nearly all calls have what is wanted, or what is nearly always the same.

    Some rows were changed before they were seen.
    """
    usual = common(list(wanted))
    counts: Counter[Source] = Counter({(_ALWAYS, (usual,)): sum(same(one, usual) for one in wanted)})
    for one, values in zip(wanted, places, strict=True):
        counts.update(source for source, value in values.items() if same(value, one))
    best, count = counts.most_common(1)[0]
    return best if count * 10 >= len(wanted) * _RIGHT_TENTHS else None


def _values(scene: Scene, tickets: Sequence[Ticket]) -> dict[Source, Any]:
    """Give what a call tells, by its places."""
    sample = scene.sample
    documents = {"answer": sample.answer_json, "request": sample.json, "path": scene.params}
    documents |= {ticket.name: shown_item(scene, ticket) for ticket in tickets}
    return {
        (name, path): value
        for name, document in documents.items()
        if isinstance(document, dict)
        for path, value in leaves(document, longest_list=0)
    }


def _read(source: Source, values: Mapping[Source, Any]) -> Any:
    return source[1][0] if source[0] == _ALWAYS else values.get(source, MISSING)


def _built(like: Any, told: Mapping[Path, Any], path: Path = ()) -> Any:
    """Make a row with the members of another one."""
    if isinstance(like, dict) and like:
        return {name: _built(inner, told, (*path, name)) for name, inner in like.items()}
    return told.get(path, look(like, ()))
