"""The world of a recording: each session played again on what its answers show of the service's collections."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.entities import Binding, Collection, Creation
from recorder.synthesis.node import MADE_UP, Node
from recorder.synthesis.references import path_lookups
from recorder.synthesis.sample import Sample
from recorder.synthesis.scene import GONE, HIDDEN, Scene
from recorder.synthesis.timeline import Timeline
from recorder.synthesis.values import MISSING, Path, as_text, canon, common, leaves, look, same

_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SEVERAL: Final = 3
_ASIDE: Final = frozenset(
    "date server connection content-length transfer-encoding keep-alive via vary content-encoding x-powered-by".split()
)


@dataclass(slots=True)
class World:
    """All scenes in the order of the samples, and what each collection held before anything was recorded."""

    scenes: list[Scene]
    seeds: dict[str, dict[str, Any]] = field(default_factory=dict)
    timelines: dict[int, Timeline] = field(default_factory=dict)


Follow = Callable[[Sequence[Scene]], Mapping[Endpoint, Sequence["Changing"]]]
"""Finds from scenes what calls change of the items above them."""


class Changing(Protocol):
    """What a call changes of an item: which, and what it was seen to become, by the number of the sample."""

    @property
    def collection(self) -> Collection: ...
    @property
    def count(self) -> int: ...
    @property
    def node(self) -> Node: ...
    @property
    def seen(self) -> Mapping[int, Any]: ...


def play(
    samples: Sequence[Sample], endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding], follow: Follow
) -> World:
    """Play the sessions: once to learn what was there before them, again with that, and with what calls change beside."""
    endpoint_of = {sample.number: endpoint for endpoint in endpoints for sample in endpoint.samples}
    _learn_removal(samples, endpoint_of, bindings)
    first = _Play(endpoint_of, bindings, {})
    first.run(samples)
    for binding in bindings.values():
        binding.changes_when_read = 0
    second = _Play(endpoint_of, bindings, first.seeds())
    second.own = first.own
    second.run(samples)
    changes = follow(second.scenes)
    if changes:
        for binding in bindings.values():
            binding.changes_when_read = 0
        second = _Play(endpoint_of, bindings, first.seeds(), changes)
        second.own = first.own
        second.run(samples)
    return World(second.scenes, second.given, second.timelines)


def _learn_removal(
    samples: Sequence[Sample], endpoint_of: dict[int, Endpoint], bindings: dict[Endpoint, Binding]
) -> None:
    """Tell for each endpoint that deletes whether what it deleted is gone: what the next look at it showed."""
    votes: Counter[Endpoint] = Counter()
    waiting: dict[tuple[int, str, str], Endpoint] = {}
    for sample in samples:
        endpoint = endpoint_of[sample.number]
        binding = bindings[endpoint]
        if binding.role not in ("item", "action") or binding.collection is None:
            continue
        place = (sample.session, binding.collection.name, binding.key(endpoint.values(sample)))
        if binding.role == "item" and sample.method == "DELETE" and sample.succeeded:
            waiting[place] = endpoint
            votes[endpoint] += 0
        elif place in waiting:
            deleted = waiting[place]
            if sample.method == "GET" and binding.role == "item":
                votes[deleted] += 1 if sample.status in (404, 410) else -1 if sample.succeeded else 0
            elif sample.method == "PUT" and sample.succeeded:
                del waiting[place]
    for endpoint, count in votes.items():
        bindings[endpoint].removes = count >= 0


class _Play:
    def __init__(
        self,
        endpoint_of: dict[int, Endpoint],
        bindings: dict[Endpoint, Binding],
        given: dict[str, dict[str, Any]],
        changes: Mapping[Endpoint, Sequence[Changing]] | None = None,
    ) -> None:
        self._endpoint_of = endpoint_of
        self._bindings = bindings
        self.given = given
        self.own: dict[int, dict[str, dict[str, Any]]] = {}
        self._changes = changes or {}
        self.scenes: list[Scene] = []
        self.timelines: dict[int, Timeline] = {}
        self._moments: Counter[int] = Counter()
        self._made: dict[str, dict[str, set[Hashable]]] = defaultdict(lambda: defaultdict(set))
        self._made_in: dict[tuple[int, str], set[str]] = defaultdict(set)
        self._found: dict[str, dict[str, list[tuple[int, Any]]]] = defaultdict(lambda: defaultdict(list))
        self._listed: dict[str, dict[int, set[str]]] = defaultdict(dict)
        self._told: dict[int, set[str]] = defaultdict(set)

    def run(self, samples: Sequence[Sample]) -> None:
        last = self._last_shown(samples)
        for sample in samples:
            timeline = self.timelines.get(sample.session)
            if timeline is None:
                timeline = self.timelines[sample.session] = self._begun(sample.session)
            moment = self._moments[sample.session]
            self._moments[sample.session] += 1
            endpoint = self._endpoint_of[sample.number]
            scene = Scene(sample, endpoint, timeline, moment)
            self.scenes.append(scene)
            binding = self._bindings[endpoint]
            if sample.method not in _READS and sample.answer_json is not MISSING:
                self._told[sample.session] |= {
                    as_text(value)
                    for _, value in leaves(sample.answer_json)
                    if isinstance(value, str) and len(value) > 5
                }
            if sample.succeeded or sample.status == 304:
                self._succeed(scene, binding)
            elif (
                sample.status in (404, 410) and binding.role == "item" and binding.collection and sample.method == "GET"
            ):
                key = binding.key(endpoint.values(sample))
                # To somebody else it may be hidden: it is gone only where nobody is shown it any more.
                is_last = last.get((sample.session, binding.collection.name, key), -1) < sample.number
                if is_last and timeline.get(binding.collection.name, key, moment) is not MISSING:
                    timeline.put(binding.collection.name, key, MISSING, moment)

    def _last_shown(self, samples: Sequence[Sample]) -> dict[tuple[int, str, str], int]:
        """Give for each item the number of the last sample that had to do with it and succeeded."""
        last: dict[tuple[int, str, str], int] = {}
        for sample in samples:
            endpoint = self._endpoint_of[sample.number]
            binding = self._bindings[endpoint]
            if (
                sample.succeeded
                and sample.method != "DELETE"
                and binding.role in ("item", "action")
                and binding.collection
            ):
                last[sample.session, binding.collection.name, binding.key(endpoint.values(sample))] = sample.number
        return last

    def _begun(self, session: int) -> Timeline:
        timeline = Timeline()
        for name, items in self.given.items():
            for key, item in self.own.get(session, {}).get(name, items).items():
                timeline.put(name, key, item, -1)
        return timeline

    def seeds(self) -> dict[str, dict[str, Any]]:
        """What was there before: what was read and had not been made, in this session or an earlier one."""
        made = {
            name: {
                key: common([shown for _, shown in versions])
                for key, versions in found.items()
                if self._was_there(name, key, {session for session, _ in versions})
            }
            for name, found in self._found.items()
        }
        for name, found in self._found.items():
            made[name] = made[name] or self._alike_in_sessions(name, found)
        return made

    def _alike_in_sessions(self, name: str, found: Mapping[str, list[tuple[int, Any]]]) -> dict[str, Any]:
        """Give what one session found, where each found as much that differs only in what is made up at a start."""
        sessions: dict[int, dict[str, Any]] = defaultdict(dict)
        for key, versions in found.items():
            for session, shown in versions:
                sessions[session].setdefault(key, shown)
        seen: dict[str, set[int]] = defaultdict(set)
        for session, items in sessions.items():
            for item in items.values():
                seen[_outline(item)].add(session)
        known = {one for one, where in seen.items() if len(where) >= _SEVERAL and len(where) * 4 >= len(sessions)}
        if not known:
            return {}
        kept = {
            session: {key: item for key, item in items.items() if _outline(item) in known}
            for session, items in sessions.items()
        }
        fullest = max(kept.values(), key=len)
        for session, items in kept.items():
            there = {_outline(item) for item in items.values()}
            unseen = {key: item for key, item in fullest.items() if _outline(item) not in there}
            self.own.setdefault(session, {})[name] = unseen | items
        return fullest

    def _was_there(self, name: str, key: str, sessions: set[int]) -> bool:
        """Tell whether an item was there before all sessions: no session listed everything first without it."""
        everybody = len(self.timelines)
        if self._made[name] and everybody > _SEVERAL and len(sessions) < 2:
            return False  # one session's own, made in a way that its answers did not show
        lists = self._listed[name]
        return not any(key not in shown for session, shown in lists.items() if session not in sessions)

    def _change_above(self, scene: Scene) -> None:
        """Have the items above as they were seen to become, or as what was learnt of it says."""
        for one in self._changes.get(scene.endpoint, ()):
            name, key = one.collection.name, "/".join(scene.endpoint.values(scene.sample)[: one.count])
            old = scene.timeline.get(name, key, scene.moment)
            if not isinstance(old, dict):
                continue
            after = one.seen.get(scene.sample.number)
            if after is None:
                scene.lookups = path_lookups(scene.endpoint, self._bindings[scene.endpoint])
                made = one.node.value(scene)
                after = (
                    {part: old.get(part) if value is MADE_UP else value for part, value in made.items()}
                    if isinstance(made, dict)
                    else old
                )
            scene.timeline.put(name, key, after, scene.moment)

    def _succeed(self, scene: Scene, binding: Binding) -> None:
        self._change_above(scene)
        for one in binding.also:
            self._make_beside(scene, one)
        for dropped, path in binding.drops:
            self._remove(scene, dropped, as_text(look(scene.sample.json, path)))
        collection = binding.collection
        if collection is None:
            return
        sample, values = scene.sample, scene.endpoint.values(scene.sample)
        if binding.role == "collection":
            prefix = binding.prefix(values)
            if sample.method in _READS or binding.lists_by_call:
                self._see_rows(
                    scene,
                    collection,
                    prefix,
                    look(sample.answer_json, binding.rows) if binding.rows is not None else MISSING,
                    binding,
                )
            elif sample.method == "DELETE" and not sample.query:
                for key in scene.timeline.under(collection.name, prefix, scene.moment):
                    self._remove(scene, collection, key)
            else:
                self._make(scene, binding, collection, prefix)
            return
        key = binding.key(values)
        if binding.role == "item" and sample.method == "DELETE":
            if binding.removes:
                self._remove(scene, collection, key)
                return
        shown = look(sample.answer_json, binding.entity) if binding.entity is not None else MISSING
        old = scene.timeline.get(collection.name, key, scene.moment)
        if sample.method in _READS:
            if binding.role == "item":
                if old is not MISSING and isinstance(shown, dict) and not scene.sample.query and set(shown) >= set(old):
                    binding.changes_when_read += not same(old, shown)
                self._see(
                    scene, collection, key, shown if shown is not MISSING else {}, old, is_whole=shown is not MISSING
                )
            elif isinstance(shown, dict) and old is not MISSING and set(old) <= set(shown):
                scene.timeline.put(collection.name, key, {**old, **shown}, scene.moment)
            return
        if shown is MISSING:
            if binding.role == "action":
                return
            shown = self._predicted(sample, binding, old)
        elif binding.role == "action" and isinstance(old, dict) and isinstance(shown, dict):
            shown = {**old, **shown}
        self._write(scene, collection, key, shown, binding)

    def _predicted(self, sample: Sample, binding: Binding, old: Any) -> Any:
        given = sample.json if isinstance(sample.json, dict) else {}
        if binding.entity and isinstance(inner := look(given, binding.entity), dict):
            given = inner
        if isinstance(old, dict) and sample.method in ("PATCH", "DELETE"):
            return {**old, **given}
        return dict(given)

    def _make(self, scene: Scene, binding: Binding, collection: Collection, prefix: str) -> None:
        sample = scene.sample
        if binding.made is None:
            return
        if binding.made == "location":
            made: Any = (sample.answer_header("location") or "").partition("?")[0].rstrip("/").rpartition("/")[2]
        else:
            made = look(sample.answer_json, binding.made)
        if made is MISSING or made is None or made == "" or isinstance(made, dict | list):
            return
        shown = look(sample.answer_json, binding.entity) if binding.entity is not None else MISSING
        if not isinstance(shown, dict):
            shown = dict(sample.json) if isinstance(sample.json, dict) else {k: v[0] for k, v in sample.form.items()}
            if collection.id_path is not None and len(collection.id_path) == 1:
                shown[str(collection.id_path[0])] = made
        self._write(scene, collection, f"{prefix}{as_text(made)}", shown, binding)

    def _make_beside(self, scene: Scene, creation: Creation) -> None:
        document = scene.sample.json if creation.is_sent else scene.sample.answer_json
        made = look(document, creation.made)
        shown = look(document, creation.entity) if creation.entity is not None else MISSING
        if made is MISSING or made is None or isinstance(made, dict | list):
            return
        item = shown if isinstance(shown, dict) else {}
        name, key = creation.collection.name, as_text(made)
        old = scene.timeline.get(name, key, scene.moment)
        if scene.sample.method in _READS or creation.is_told and old is MISSING:
            self._see(scene, creation.collection, key, item, old, is_whole=True)
        elif old is MISSING or not isinstance(old, dict) or not set(item) <= set(old) or not same(old, {**old, **item}):
            merged = {**old, **item} if isinstance(old, dict) else item
            self._write(scene, creation.collection, key, merged, Binding("none", creation.collection, creation.entity))

    def _write(self, scene: Scene, collection: Collection, key: str, item: Any, binding: Binding) -> None:
        self._made[collection.name][key].add(canon(item))
        self._made_in[scene.sample.session, collection.name].add(key)
        scene.timeline.put(collection.name, key, item, scene.moment)
        if scene.timeline.get(collection.name + GONE, key, scene.moment) is not MISSING:
            scene.timeline.put(collection.name + GONE, key, MISSING, scene.moment)
        old = scene.timeline.get(collection.name + HIDDEN, key, scene.moment)
        told = attributes_of(scene.sample, binding.entity, item)
        if binding.role == "action":  # what an action is asked for is not a member of the item
            told = {name: value for name, value in told.items() if not name.startswith("request.")}
        hidden = {**(old if isinstance(old, dict) else {}), **told}
        scene.timeline.put(collection.name + HIDDEN, key, hidden, scene.moment)

    def _remove(self, scene: Scene, collection: Collection, key: str) -> None:
        names = {collection.name} | {
            binding.collection.name
            for binding in self._bindings.values()
            if binding.collection is not None
            and binding.collection.template[: len(collection.template)] == collection.template
        }
        if scene.timeline.get(collection.name, key, scene.moment) is MISSING:
            scene.timeline.put(collection.name + GONE, key, MISSING, scene.moment)  # deleted a second time: for good
        for name in names:
            for known, item in scene.timeline.under(name, "", scene.moment).items():
                if known == key or known.startswith(f"{key}/"):
                    scene.timeline.put(name, known, MISSING, scene.moment)
                    scene.timeline.put(name + GONE, known, item, scene.moment)

    def _see(self, scene: Scene, collection: Collection, key: str, shown: Any, old: Any, *, is_whole: bool) -> None:
        """Take note of an item that was read: one that nobody made was there before."""
        name = collection.name
        if old is MISSING:
            is_new = (
                key in self._made_in[scene.sample.session, name]
                or key.rpartition("/")[2] in self._told[scene.sample.session]
            )
            if not is_new and not self._is_carried(name, key, shown):
                self._found[name][key].append((scene.sample.session, shown))
            scene.timeline.put(name, key, shown, scene.moment)
            hidden = attributes_of(scene.sample, None, shown, reads=True)
            scene.timeline.put(name + HIDDEN, key, hidden, scene.moment)
        elif is_whole and not same(old, shown):
            if isinstance(old, dict) and isinstance(shown, dict) and scene.sample.query and set(shown) != set(old):
                return  # a projection, or one with more in it
            scene.timeline.put(name, key, shown, scene.moment)
            if (
                key in self.given.get(name, {})
                and isinstance(shown, dict)
                and isinstance(old, dict)
                and set(old) < set(shown)
            ):
                self.given[name][key] = shown

    def _see_rows(self, scene: Scene, collection: Collection, prefix: str, rows: Any, binding: Binding) -> None:
        if not isinstance(rows, list) or collection.id_path is None and not binding.rows_are_ids:
            return
        session, name = scene.sample.session, collection.name
        if (
            not scene.sample.query
            and not prefix
            and session not in self._listed[name]
            and not self._made_in[session, name]
        ):
            shown = [row if binding.rows_are_ids else look(row, collection.id_path or ()) for row in rows]
            self._listed[name][session] = {as_text(one) for one in shown}
        for row in rows:
            made = row if binding.rows_are_ids else look(row, collection.id_path or ())
            if made is MISSING or made is None or isinstance(made, dict | list):
                continue
            key = f"{prefix}{as_text(made)}"
            old = scene.timeline.get(collection.name, key, scene.moment)
            if old is MISSING and scene.timeline.get(collection.name + GONE, key, scene.moment) is not MISSING:
                continue  # one that was deleted, shown all the same
            if old is MISSING:
                self._see(scene, collection, key, {} if binding.rows_are_ids else row, old, is_whole=False)
            elif isinstance(old, dict) and isinstance(row, dict) and not same(old, row):
                if set(row) >= set(old):
                    scene.timeline.put(collection.name, key, row, scene.moment)
                elif all(name in old for name in row):
                    scene.timeline.put(collection.name, key, {**old, **row}, scene.moment)

    def _is_carried(self, name: str, key: str, shown: Any) -> bool:
        return canon(shown) in self._made[name].get(key, ())


_MADE_UP: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-]\d\d:\d\d)?|[0-9a-f]{8,}|[\w-]*\d[\w-]{5,}", re.IGNORECASE
)


def _outline(item: Any) -> str:
    """Give an item as text, without ids and times."""
    shown = (
        {str(name): _MADE_UP.sub("#", as_text(value)) for name, value in leaves(item)} if isinstance(item, dict) else {}
    )
    return repr(sorted(shown.items()))


def attributes_of(sample: Sample, entity: Path | None, item: Any, *, reads: bool = False) -> dict[str, Any]:
    """Give what a write tells of an item beside the item itself: headers of the answer, members that are not shown."""
    found: dict[str, Any] = {
        f"answer.headers.{name}": value for name, value in sample.answer_headers if name not in _ASIDE
    }
    if reads:
        if not isinstance(sample.answer_json, dict | list):
            found["request.text"] = sample.answer_text
            found["request.content_type"] = sample.answer_header("content-type")
        return found
    for name, part in sample.parts.items():
        found |= {
            f"request.parts.{name}.text": part.text,
            f"request.parts.{name}.filename": part.filename,
            f"request.parts.{name}.content_type": part.content_type,
        }
    if sample.json is MISSING and sample.body and not sample.parts:
        found["request.text"] = sample.text
    if sample.content_type:
        found["request.content_type"] = sample.headers.get("content-type")
    if isinstance(sample.json, dict):
        given = sample.json
        if entity and isinstance(inner := look(given, entity), dict):
            given = inner
        shown = item if isinstance(item, dict) else {}
        found.update({f"request.json.{name}": value for name, value in given.items() if name not in shown})
    if entity and isinstance(sample.answer_json, dict):
        for name, value in sample.answer_json.items():
            if name != entity[0]:
                found[f"answer.json.{name}"] = value
    return found
