"""A play: the sessions of a recording gone through once, on what their answers show of the service's collections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recorder.synthesis.collections.attributes import (
    Makers,
    as_row,
    attributes_of,
    has_other_members,
    is_bare,
    is_put,
    named_so,
    predicted,
    shown_in,
    told_in,
    usual_headers,
    with_unasked,
)
from recorder.synthesis.collections.binding import Binding, Bulk, Collection, Creation
from recorder.synthesis.collections.bulks import written_by
from recorder.synthesis.collections.folders import without_children
from recorder.synthesis.collections.last_sent import noted
from recorder.synthesis.collections.partial_views import with_left_out
from recorder.synthesis.collections.seeds import Held, Sightings
from recorder.synthesis.collections.withheld import completed, copied
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.reckoned import Reckoned
from recorder.synthesis.samples.sample import READS, Sample
from recorder.synthesis.samples.values import MISSING, as_text, leaves, look, same
from recorder.synthesis.state.beginnings import begun
from recorder.synthesis.state.cascades import going_with, names_below
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.last_shown import last_shown
from recorder.synthesis.state.moves import below_moved, new_key
from recorder.synthesis.state.polls import Polls, count_read
from recorder.synthesis.state.removals import tell_of_gone
from recorder.synthesis.state.sent_rows import see_shown_rows, send_rows
from recorder.synthesis.state.tickets import given_of
from recorder.synthesis.terms.scene import ABOVE, ASKED, GONE, HIDDEN, OWNER, Scene
from recorder.synthesis.terms.timeline import Timeline


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """An item that was seen though no answer had told of it: `moment` is when, `item` as what.

    `looked_before` is when the collection was looked at before, -1 for never. Without `is_seen` only its id is known.
    """

    session: int
    collection: Collection
    key: str
    item: Any
    moment: int
    looked_before: int = -1
    is_seen: bool = True


Origins = Mapping[int, Sequence[Found]]
"""Which items a call made without showing them, by the number of its sample."""


class Play:
    """The sessions played through once. `given` is what there was before all of them, `own` before single ones."""

    def __init__(
        self,
        endpoint_of: dict[int, Endpoint],
        bindings: dict[Endpoint, Binding],
        given: Held,
        own: dict[int, Held],
        effects: Sequence[Effect] = (),
        origins: Origins | None = None,
        makers: Makers | None = None,
        reckoned: Reckoned | None = None,
    ) -> None:
        self._makers = makers or {}
        self._reckoned = reckoned or Reckoned()
        self._endpoint_of = endpoint_of
        self._bindings = bindings
        self.given = given
        self._own = own
        self._effects: dict[Endpoint, list[Effect]] = defaultdict(list)
        for effect in sorted(effects, key=lambda one: one.follows):
            self._effects[effect.endpoint].append(effect)
        self._origins = origins or {}
        self.found: list[Found] = []
        self._looks: dict[tuple[int, str], tuple[int, int]] = {}
        self.scenes: list[Scene] = []
        self.timelines: dict[int, Timeline] = {}
        self._moments: Counter[int] = Counter()
        self._seen = Sightings()
        self._told: dict[int, set[str]] = defaultdict(set)
        self.polls = Polls()
        self._usual: frozenset[str] = frozenset()

    def seeds(self) -> tuple[Held, dict[int, Held]]:
        """Give what there was before: in all sessions, and in single ones."""
        return self._seen.seeds(len(self.timelines))

    def run(self, samples: Sequence[Sample]) -> None:
        """Play the samples in their order."""
        for binding in self._bindings.values():
            binding.changes_when_read = 0
        last = last_shown(samples, self._endpoint_of, self._bindings)
        self._usual = usual_headers([one.samples for one in self._bindings])
        for sample in samples:
            scene = self._scene(sample)
            self.scenes.append(scene)
            binding = self._bindings[scene.endpoint]
            if sample.method not in READS and sample.answer_json is not MISSING:
                told = {value for _, value in leaves(sample.answer_json) if isinstance(value, str) and len(value) > 5}
                self._told[sample.session] |= told
            self.polls.note_call(scene)
            if sample.succeeded or sample.status == 304:
                self._succeed(scene, binding)
            elif sample.status in (404, 410) and sample.method == "GET":
                self._miss(scene, binding, last)
            self._affect(scene)
            for one in self._origins.get(sample.number, ()):
                self._write(scene, one.collection, one.key, one.item, Binding("none", one.collection))
            self._reckoned.settle(scene)
            self._affect(scene, announces=True)

    def _scene(self, sample: Sample) -> Scene:
        timeline = self.timelines.get(sample.session)
        if timeline is None:
            own = self._own.get(sample.session, {})
            timeline = self.timelines[sample.session] = begun(self.given, own, self._bindings.values())
        moment = self._moments[sample.session]
        self._moments[sample.session] += 1
        return Scene(sample, self._endpoint_of[sample.number], timeline, moment)

    def _miss(self, scene: Scene, binding: Binding, last: Mapping[tuple[int, str, str], int]) -> None:
        """Have an item be gone that is not found, unless it is shown later: to somebody else it may be hidden."""
        if binding.role != "item" or binding.collection is None:
            return
        name, key = binding.collection.name, binding.key(scene.endpoint.values(scene.sample))
        is_last = last.get((scene.sample.session, name, key), -1) < scene.sample.number
        if is_last and scene.timeline.get(name, key, scene.moment) is not MISSING:
            scene.timeline.put(name, key, MISSING, scene.moment)

    def _affect(self, scene: Scene, *, announces: bool = False) -> None:
        """Have the items that the call changes as they were seen to become, or as what was learnt of it says."""
        for effect in (one for one in self._effects.get(scene.endpoint, ()) if one.announces is announces):
            scene.lookups = effect.lookups
            key, old = effect.lookup.find(scene)
            if effect.ends is not None and effect.is_over(scene) and old is not MISSING:
                self._remove(scene, effect.ends, key)
            elif effect.is_of(scene.sample.status) and isinstance(old, dict):
                done = scene.timeline.get(effect.lookup.collection, key, scene.moment + 1)
                scene.timeline.put(effect.lookup.collection, key, effect.on(scene, done), scene.moment)

    def _succeed(self, scene: Scene, binding: Binding) -> None:
        for one in binding.also:
            self._make_beside(scene, one)
        if binding.bulk is not None:
            self._write_many(scene, binding.bulk, binding.prefix(scene.endpoint.values(scene.sample)))
        if binding.shown_bulk is not None:
            prefix = binding.prefix(scene.endpoint.values(scene.sample))
            see_shown_rows(scene, binding.shown_bulk, prefix, self._write, self._remove)
        for rows in binding.sent_rows:
            send_rows(scene, rows, self._seen)
        for dropped, path in binding.drops:
            self._remove(scene, dropped, as_text(look(scene.sample.json, path)))
        if binding.collection is None or binding.is_told_only or binding.hands_out:
            return
        values = scene.endpoint.values(scene.sample)
        if binding.role == "collection":
            self._succeed_with_many(scene, binding, binding.collection, binding.prefix(values))
        elif scene.sample.method in READS:
            self._read(scene, binding, binding.collection, binding.key(values))
        else:
            self._change(scene, binding, binding.collection, binding.key(values))

    def _succeed_with_many(self, scene: Scene, binding: Binding, collection: Collection, prefix: str) -> None:
        sample = scene.sample
        if sample.method in READS or binding.lists_by_call:
            rows = look(sample.answer_json, binding.rows) if binding.rows is not None else MISSING
            self._see_rows(scene, collection, prefix, rows, binding)
        elif sample.method == "DELETE" and not sample.query:
            for key in scene.timeline.under(collection.name, prefix, scene.moment):
                self._remove(scene, collection, key)
        else:
            self._make(scene, binding, collection, prefix)

    def _read(self, scene: Scene, binding: Binding, collection: Collection, key: str) -> None:
        old = scene.timeline.get(collection.name, key, scene.moment)
        shown = with_left_out(binding, completed(collection, shown_in(scene.sample, binding), None, old), old)
        shown = without_children(collection, key, shown, old) if scene.endpoint.deep is not None else shown
        if binding.role == "item":
            is_known = old is not MISSING and isinstance(shown, dict) and not scene.sample.parameters
            if is_known and set(shown) >= set(old):
                changed = any(not same(shown[name], value) for name, value in old.items())
                binding.changes_when_read += changed
                self.polls.note_read(scene, key, has_changed=changed)
            self._see(scene, collection, key, {} if shown is MISSING else shown, old, is_whole=shown is not MISSING)
            if collection.counts_reads:
                count_read(scene, collection.name, key)
        elif isinstance(shown, dict) and old is not MISSING and set(old) <= set(shown):
            scene.timeline.put(collection.name, key, {**old, **shown}, scene.moment)

    def _change(self, scene: Scene, binding: Binding, collection: Collection, key: str) -> None:
        if binding.removes or (binding.role == "item" and scene.sample.method == "DELETE" and binding.entity is None):
            if binding.removes:
                self._remove(scene, collection, key)
                shown = shown_in(scene.sample, binding)
                told = shown if isinstance(shown, dict) else {}
                tell_of_gone(scene, collection, key, {**told, **told_in(scene.sample, binding)})
            return
        shown = shown_in(scene.sample, binding)
        old = scene.timeline.get(collection.name, key, scene.moment)
        if shown is MISSING:
            if binding.is_begun:
                return
            if binding.role == "action" or scene.endpoint.changes_by_arguments:
                self._change_unseen(scene, binding, collection, key, old)
                hidden = scene.timeline.get(collection.name + HIDDEN, key, scene.moment)
                if isinstance(hidden, dict) and (sent := noted(scene.sample, collection, hidden)):
                    scene.timeline.put(collection.name + HIDDEN, key, {**hidden, **sent}, scene.moment)
                return
            own = scene.endpoint.values(scene.sample)[collection.count - 1 :][:1]
            is_named = binding.sent is not None or is_bare(scene.sample) or is_put(scene.sample)
            named = named_so(collection, *own) if own and is_named and not binding.renamed else {}
            shown = predicted(scene.sample, binding, old) | named | told_in(scene.sample, binding)
        else:
            shown = with_left_out(binding, completed(collection, shown, scene.sample.json, old), old)
            if old is MISSING and binding.role == "action":  # it comes back as it was
                old = scene.timeline.get(collection.name + GONE, key, scene.moment)
        are_both = isinstance(old, dict) and isinstance(shown, dict)
        if are_both and (binding.role == "action" or scene.endpoint.changes_by_arguments):
            shown = {**old, **shown}
        elif are_both and OWNER in old:
            shown = {**shown, OWNER: old[OWNER]}  # whose it is is never shown
        called = new_key(scene.sample, binding, scene.endpoint.values(scene.sample)) if binding.moves else None
        if called is not None:
            below = below_moved(scene, collection, key, called)
            self._remove(scene, collection, key)
            scene.timeline.put_all(collection.name, below, scene.moment)
        self._write(scene, collection, called or key, shown, binding)

    def _change_unseen(self, scene: Scene, binding: Binding, collection: Collection, key: str, old: Any) -> None:
        """Have an item be changed by an operation that shows it in other answers: its arguments are members of it."""
        is_shown = scene.endpoint.operation is not None and binding.entity is not None
        is_shown = is_shown or scene.endpoint.changes_by_arguments
        if isinstance(old, dict) and (is_shown or binding.told):
            sent = scene.sample.arguments if is_shown else {}
            told = {name: value for name, value in sent.items() if name in old} | told_in(scene.sample, binding)
            done = scene.timeline.get(collection.name, key, scene.moment + 1)
            scene.timeline.put(collection.name, key, {**done, **told}, scene.moment)

    def _make(self, scene: Scene, binding: Binding, collection: Collection, prefix: str) -> None:
        sample = scene.sample
        made = binding.made_id(sample)
        if made is MISSING or made is None or made == "" or isinstance(made, dict | list):
            return
        shown = completed(collection, shown_in(sample, binding), sample.json, copied(scene, collection))
        if not isinstance(shown, dict):
            shown = given_of(sample)
            if binding.sent:
                shown = {str(binding.sent[-1]): shown}
            if collection.id_path is not None and len(collection.id_path) == 1:
                shown[str(collection.id_path[0])] = made
            shown |= told_in(sample, binding)
        key = f"{prefix}{collection.key_of(made)}"
        self._write(scene, collection, key, collection.begun(scene, key) | shown, binding)

    def _make_beside(self, scene: Scene, creation: Creation) -> None:
        document = scene.sample.json if creation.is_sent else scene.sample.answer_json
        made = look(document, creation.made)
        shown = look(document, creation.entity) if creation.entity is not None else MISSING
        if made is MISSING or made is None or isinstance(made, dict | list):
            return
        item = {
            own: one for own, one in (shown if isinstance(shown, dict) else {}).items() if own not in creation.aside
        }
        above = scene.endpoint.values(scene.sample)[: creation.above]
        name, key = creation.collection.name, "/".join([*above, creation.collection.key_of(made)])
        old = scene.timeline.get(name, key, scene.moment)
        if scene.sample.method in READS or (creation.is_told and old is MISSING):
            self._see(scene, creation.collection, key, item, old, is_whole=True)
        elif old is MISSING or not isinstance(old, dict) or not set(item) <= set(old) or not same(old, {**old, **item}):
            merged = {**old, **item} if isinstance(old, dict) else item
            self._write(scene, creation.collection, key, merged, Binding("none", creation.collection, creation.entity))

    def _write(self, scene: Scene, collection: Collection, key: str, item: Any, binding: Binding) -> None:
        self._seen.note_made(scene.sample.session, collection.name, key, item)
        scene.timeline.put(collection.name, key, item, scene.moment)
        if scene.timeline.get(collection.name + GONE, key, scene.moment) is not MISSING:
            scene.timeline.put(collection.name + GONE, key, MISSING, scene.moment)
        old = scene.timeline.get(collection.name + HIDDEN, key, scene.moment)
        told = attributes_of(scene.sample, binding.entity, item, self._usual)
        if binding.role == "action":  # what an action is asked for is not a member of the item
            told = {name: value for name, value in told.items() if not name.startswith("request.")}
        if collection.goes_on and binding.role in ("none", "collection") and isinstance(scene.sample.json, dict):
            told[ASKED] = scene.sample.json
        if binding.makes_items and binding.role == self._bindings[scene.endpoint].role:
            told |= dict([self._makers[scene.sample.number]] if scene.sample.number in self._makers else ())
            told |= {ABOVE + name: value for name, value in scene.params.items() if collection.keeps_above}
        hidden = {**(old if isinstance(old, dict) else {}), **told, **noted(scene.sample, collection, old)}
        scene.timeline.put(collection.name + HIDDEN, key, hidden, scene.moment)

    def _remove(self, scene: Scene, collection: Collection, key: str) -> None:
        for one, own in going_with(scene, collection, key):
            self._remove_one(scene, one, own)

    def _remove_one(self, scene: Scene, collection: Collection, key: str) -> None:
        names = names_below(collection, self._bindings.values())
        if scene.timeline.get(collection.name, key, scene.moment) is MISSING:
            scene.timeline.put(collection.name + GONE, key, MISSING, scene.moment)  # deleted a second time: for good
        for name in names:
            for known, item in scene.timeline.under(name, "", scene.moment).items():
                if known == key or known.startswith(f"{key}/"):
                    scene.timeline.put(name, known, MISSING, scene.moment)
                    if name == collection.name:
                        scene.timeline.put(name + GONE, known, item, scene.moment)
            for known in scene.timeline.under(name + GONE, f"{key}/", scene.moment) if name != collection.name else ():
                scene.timeline.put(name + GONE, known, MISSING, scene.moment)  # below another of that name, never made

    def _write_many(self, scene: Scene, bulk: Bulk, prefix: str) -> None:
        collection = bulk.collection
        for own, item, told in written_by(scene.sample, bulk):
            key = f"{prefix}{own}"
            if item is None:
                self._remove(scene, collection, key)
                tell_of_gone(scene, collection, key, told)
            else:
                made = {**item, **named_so(collection, own), **told}
                self._seen.note_made(scene.sample.session, collection.name, key, made)
                scene.timeline.put(collection.name, key, made, scene.moment)
                scene.timeline.put(collection.name + GONE, key, MISSING, scene.moment)
                scene.timeline.put(collection.name + HIDDEN, key, {}, scene.moment)

    def _see(self, scene: Scene, collection: Collection, key: str, shown: Any, old: Any, *, is_whole: bool) -> None:
        """Take note of an item that was read: one that nobody made was there before."""
        name, session = collection.name, scene.sample.session
        is_gone = old is MISSING and scene.timeline.get(name + GONE, key, scene.moment) is not MISSING
        if is_gone and (collection.reads_gone or not is_whole):
            return  # one that was deleted, shown all the same
        before, last = self._looks.get((session, name), (-1, -1))
        if scene.moment > last:
            self._looks[session, name] = before, last = last, scene.moment
        if old is MISSING and collection.is_implied:
            return  # as it always is before anything is done with it
        if old is MISSING:
            is_new = self._seen.has_made(session, name, key) or key.rpartition("/")[2] in self._told[session]
            if not is_new:
                self._seen.note_found(session, name, key, shown)
            self.found.append(Found(session, collection, key, shown, scene.moment, before))
            scene.timeline.put(name, key, shown, scene.moment)
            hidden = attributes_of(scene.sample, None, shown, self._usual, reads=True)
            scene.timeline.put(name + HIDDEN, key, hidden, scene.moment)
        elif is_whole and not same(old, shown):
            are_objects = isinstance(old, dict) and isinstance(shown, dict)
            if are_objects and scene.sample.parameters and has_other_members(shown, old):
                return  # a projection, or one with more in it
            aside = {one: old[one] for one in collection.aside if one in old} if are_objects else {}
            scene.timeline.put(name, key, {**aside, **shown} if aside else shown, scene.moment)
            if are_objects and set(old) < set(shown):
                if key in self.given.get(name, {}):
                    self.given[name][key] = shown
                if not self._seen.has_made(session, name, key):
                    self._seen.note_found(session, name, key, shown)

    def _see_rows(self, scene: Scene, collection: Collection, prefix: str, rows: Any, binding: Binding) -> None:
        are_ids = binding.rows_are_ids or (collection.id_path is None and binding.row_id is not None)
        if not isinstance(rows, list) or not (are_ids or collection.id_path is not None or collection.compound):
            return
        ids = [binding.own_id(row) for row in rows]
        if not prefix and not (binding.is_elsewhere and scene.params):  # below another item they are but its own
            self._seen.note_rows(scene.sample, collection.name, [*map(collection.key_of, ids)])
        for row, own in zip(rows, ids, strict=True):
            if own is not MISSING and own is not None and not isinstance(own, dict | list):
                shown = {} if are_ids else row if binding.row_id is None else named_so(collection, own)
                self._see_row(scene, collection, f"{prefix}{collection.key_of(own)}", shown, is_id=are_ids)

    def _see_row(self, scene: Scene, collection: Collection, key: str, row: Any, *, is_id: bool) -> None:
        old = scene.timeline.get(collection.name, key, scene.moment)
        if old is MISSING:
            self._see(scene, collection, key, row, old, is_whole=False)
        elif isinstance(old, dict) and isinstance(row, dict) and not (is_id or same(old, row)):
            shown = as_row(old, with_unasked(old, row, scene.sample))
            self._change_to_row(scene, collection.name, key, completed(collection, shown, None, old))

    @staticmethod
    def _change_to_row(scene: Scene, name: str, key: str, item: Any) -> None:
        """Have an item be what a row shows; of a thing without members, as a text, rows say what is worked out."""
        hidden = scene.timeline.get(name + HIDDEN, key, scene.moment)
        if not isinstance(hidden, dict) or "request.text" not in hidden:
            scene.timeline.put(name, key, item, scene.moment)
