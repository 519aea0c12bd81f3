"""Unseen rows: those that calls must have made though no list showed them, told by the gaps in the others' numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path, leaves, look
from recorder.synthesis.state.play import Found, Origins
from recorder.synthesis.state.world import World
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.timeline import whole_number

Kind: TypeAlias = tuple[Endpoint, int]
Place: TypeAlias = tuple[str | int, ...]
_LEAST: Final = 3
_RIGHT_TENTHS: Final = 8


@dataclass(frozen=True, slots=True)
class _Event:
    """A call that made, or may have made, a row: the numbers of those that are known."""

    scene: Scene
    numbers: Sequence[int]


def with_unseen(origins: Origins, world: World, bindings: Mapping[Endpoint, Binding]) -> Origins:
    """Add the rows that were never seen, where the numbers of those that were tell that calls always make one."""
    found = {number: list(rows) for number, rows in origins.items()}
    collections = {one.collection.name: one.collection for rows in origins.values() for one in rows}
    for collection in collections.values():
        rows = [one for made in origins.values() for one in made if one.collection is collection]
        path = _where_they_count(collection, rows)
        missing = (
            _told(collection, path, origins, world) or _missing(collection, path, origins, world, bindings)
            if path
            else ()
        )
        for scene, number in missing:
            item = {str(path[0]): str(number) if isinstance(look(rows[0].item, path), str) else number}
            key = str(number) if path == collection.id_path else f"unseen {number}"
            row = Found(scene.sample.session, collection, key, item, scene.moment, is_seen=False)
            found.setdefault(scene.sample.number, []).append(row)
    return found


def _where_they_count(collection: Collection, rows: Sequence[Found]) -> Path:
    """Give the member that numbers the rows of each session, best their id; () for none."""
    if collection.count != 1 or not all(isinstance(one.item, dict) for one in rows):
        return ()
    for path in [collection.id_path or (), *((name,) for name in rows[0].item)]:
        numbers: dict[int, list[int | None]] = defaultdict(list)
        for one in rows:
            numbers[one.session].append(whole_number(look(one.item, path)))
        are_told = all(None not in found and len(set(found)) == len(found) for found in numbers.values())
        if len(path) == 1 and are_told and any(len(found) > 1 for found in numbers.values()):
            return path
    return ()


def _told(collection: Collection, path: Path, origins: Origins, world: World) -> list[tuple[Scene, int]]:
    """Give the calls whose rows were never seen, with the numbers that their answers tell, where all that made some do.

    Signing in may tell which session it made, in a cookie or in the body.
    """
    seen: dict[int, int | None] = {}
    for number, rows in origins.items():
        for one in (one for one in rows if one.collection is collection):
            seen[number] = None if number in seen else whole_number(look(one.item, path))
    makers = [scene for scene in world.scenes if scene.sample.number in seen]
    places = [set(_numbers_in(scene, seen[scene.sample.number])) for scene in makers]
    common = set.intersection(*places) if len(places) >= _LEAST and len({*seen.values()}) > 1 else set()
    kinds = {(scene.endpoint, scene.sample.status) for scene in makers}
    found: list[tuple[Scene, int]] = []
    for scene in world.scenes if len(common) == 1 and len(kinds) == 1 else ():
        if (scene.endpoint, scene.sample.status) in kinds and scene.sample.number not in seen:
            found += [(scene, number) for place, number in _all_numbers(scene) if place in common]
    return found


def _numbers_in(scene: Scene, number: int | None) -> Iterator[Place]:
    return (place for place, one in _all_numbers(scene) if one == number)


def _all_numbers(scene: Scene) -> Iterator[tuple[Place, int]]:
    """Give the whole numbers of an answer, with the members or the cookies that have them."""
    for path, value in leaves(scene.sample.answer_json, longest_list=0):
        number = whole_number(value)
        if number is not None:
            yield path, number
    for name, text in scene.sample.answer_headers:
        cookie, _, value = text.partition(";")[0].partition("=")
        number = whole_number(value) if name.lower() == "set-cookie" else None
        if number is not None:
            yield ("set-cookie", cookie), number


def _missing(
    collection: Collection, path: Path, origins: Origins, world: World, bindings: Mapping[Endpoint, Binding]
) -> list[tuple[Scene, int]]:
    """Give the calls that made a row which was never seen, with its number at `path`."""
    kinds = {
        (scene.endpoint, scene.sample.status)
        for scene in world.scenes
        if any(one.collection is collection for one in origins.get(scene.sample.number, ()))
    }
    for made in [kinds, *({one} for one in kinds)] if len(kinds) > 1 else [kinds]:
        sessions: dict[int, list[_Event]] = defaultdict(list)
        for event in _events(collection, path, made, origins, world, bindings):
            sessions[event.scene.sample.session].append(event)
        right = wrong = 0
        missing: list[tuple[Scene, int]] = []
        for events in sessions.values():
            good, bad, told = _counted(events)
            right, wrong, missing = right + good, wrong + bad, [*missing, *told]
        if right >= _LEAST and right * 10 >= (right + wrong) * _RIGHT_TENTHS:
            return [(scene, number) for scene, number in missing if number not in _held(collection, path, scene)]
    return []


def _held(collection: Collection, path: Path, scene: Scene) -> set[int | None]:
    """Give the numbers that rows of a session have, whoever made them: no row that was not seen has one of them."""
    return {whole_number(look(item, path)) for item in scene.timeline.ever_held(collection.name).values()}


def _events(
    collection: Collection,
    path: Path,
    kinds: set[Kind],
    origins: Origins,
    world: World,
    bindings: Mapping[Endpoint, Binding],
) -> Iterator[_Event]:
    for scene in world.scenes:
        rows = [one for one in origins.get(scene.sample.number, ()) if one.collection is collection]
        numbers = [whole_number(look(one.item, path)) for one in rows]
        binding = bindings[scene.endpoint]
        is_own = binding.collection is collection and path == collection.id_path
        if scene.sample.succeeded and is_own and isinstance(binding.made, tuple):
            numbers.append(whole_number(look(scene.sample.answer_json, binding.made)))
        known = sorted(number for number in numbers if number is not None)
        if known or (scene.endpoint, scene.sample.status) in kinds:
            yield _Event(scene, known)


def _counted(events: Sequence[_Event]) -> tuple[int, int, list[tuple[Scene, int]]]:
    """Count on through one session: how often the next known number is the one that follows, and which are missing."""
    right = wrong = last = 0
    waiting: list[Scene] = []
    missing: list[tuple[Scene, int]] = []
    for event in events:
        if not event.numbers:
            waiting.append(event.scene)
            continue
        is_next = event.numbers[0] == last + len(waiting) + 1
        right, wrong = right + is_next, wrong + (not is_next)
        if is_next:
            missing += [(scene, last + place + 1) for place, scene in enumerate(waiting)]
        waiting, last = [], event.numbers[-1]
    return right, wrong, [*missing, *((scene, last + place + 1) for place, scene in enumerate(waiting))]
