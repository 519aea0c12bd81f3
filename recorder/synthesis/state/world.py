"""The world of a recording: each session played again on what its answers show of the service's collections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from recorder.synthesis.collections.attributes import (
    Makers,
)
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.seeds import Held
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.reckoned import Reckoned
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.state.between import Retelling
from recorder.synthesis.state.cascades import learn_cascades
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.moves import learn_moves
from recorder.synthesis.state.play import Found, Origins, Play
from recorder.synthesis.state.polls import Polls
from recorder.synthesis.state.removals import learn_removal
from recorder.synthesis.state.removing_actions import learn_removing_actions
from recorder.synthesis.state.results import delete_at_once, find_begun, find_results
from recorder.synthesis.state.told_only import learn_told_only
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.timeline import Timeline


@dataclass(slots=True)
class World:
    """All scenes in the order of the samples, what each collection held before anything was recorded, and effects.

    `found` are the items that were seen and of which nothing tells where they come from.
    """

    scenes: list[Scene]
    seeds: Held = field(default_factory=dict)
    timelines: dict[int, Timeline] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)
    reckoned: Reckoned = field(default_factory=Reckoned)

    @property
    def totals(self) -> Sequence[Total]:
        """Give the members of items that are sums."""
        return self.reckoned.totals


Follow = Callable[[Sequence[Scene], Sequence[Effect]], Sequence[Effect]]
"""Finds from scenes what calls change of items that they name, beside the effects that are known."""
Reckon = Callable[[Sequence[Scene]], Reckoned]
"""Finds from scenes which members of items follow from other items."""


def first_look(samples: Sequence[Sample], endpoints: Sequence[Endpoint], bindings: dict[Endpoint, Binding]) -> World:
    """Play the sessions once, as if nothing had been there before them."""
    endpoint_of = {sample.number: endpoint for endpoint in endpoints for sample in endpoint.samples}
    _learn_ends(samples, endpoint_of, bindings)
    first = Play(endpoint_of, bindings, {}, {})
    first.run(samples)
    return World(first.scenes, {}, first.timelines, found=first.found)


def play(
    samples: Sequence[Sample],
    endpoints: Sequence[Endpoint],
    bindings: dict[Endpoint, Binding],
    follows: Sequence[Follow] = (),
    origins: Origins | None = None,
    makers: Makers | None = None,
    reckon: Reckon | None = None,
    retell: Retelling | None = None,
    keyed: Callable[[Sequence[Scene]], list[Effect]] | None = None,
    endings: Callable[[Sequence[Scene]], list[Effect]] | None = None,
) -> World:
    """Play the sessions: to learn what was there before them, again with that, and with what calls change beside.

    Each of `follows` sees what the ones before it found already done, and what `reckon` found to follow from other
    items. `keyed` finds what is done with rows by their keys, `endings` when things are gone by operations, `retell`
    what items were between two looks. `origins` are items that calls made unseen, `makers` those who made others.
    """
    endpoint_of = {sample.number: endpoint for endpoint in endpoints for sample in endpoint.samples}
    _learn_ends(samples, endpoint_of, bindings)
    first = Play(endpoint_of, bindings, {}, {}, (), origins, makers)
    first.run(samples)
    learn_cascades(first.scenes, bindings)
    ended: list[Effect] = []

    def played(some: Sequence[Effect], known: Reckoned | None = None) -> Play:
        made = Play(endpoint_of, bindings, *first.seeds(), [*ended, *some], origins, makers, known)
        made.run(samples)
        return made

    ended += _ended(first.polls, bindings, endings, lambda: played(()).scenes)
    second = played(())
    known = reckon(second.scenes) if reckon is not None else Reckoned()
    if known.totals or known.means or known.backlinks or known.withdrawals or known.takings or known.ranks:
        second = played((), known)
    effects = [*(rows := keyed(second.scenes) if keyed is not None else [])]
    if rows:
        second = played(rows, known)
    if retell is not None and ((changes := retell.changes(second.scenes)) or retell.has_beginnings):
        trial = played([*effects, *retell.seen(changes, second.scenes)], known)
        told = retell.effects(changes, trial.scenes)
        effects += _apart([one.without(known.linked(one.lookup.collection)) for one in told], rows)
        second = played(effects, known)
    for follow in follows:
        if found := _apart(follow(second.scenes, effects), rows):
            effects += found
            second = played(effects, known)
    effects = [*ended, *sorted(effects, key=lambda one: one.follows)]
    return World(second.scenes, second.given, second.timelines, effects, second.found, known)


def _ended(
    polls: Polls,
    bindings: dict[Endpoint, Binding],
    endings: Callable[[Sequence[Scene]], list[Effect]] | None,
    replayed: Callable[[], Sequence[Scene]],
) -> list[Effect]:
    """Learn what operations that go on bring about, and give when things are gone by them."""
    polls.learn(bindings)
    find_results(bindings)
    deleting = find_begun(bindings)
    if endings is None or not any(one.collection and one.collection.goes_on for one in bindings.values()):
        return []
    found = endings(replayed())
    delete_at_once(deleting, bindings, {one.lookup.collection for one in found})
    return found


def _learn_ends(samples: Sequence[Sample], endpoint_of: dict[int, Endpoint], bindings: dict[Endpoint, Binding]) -> None:
    learn_removal(samples, endpoint_of, bindings)
    learn_removing_actions(samples, endpoint_of, bindings)
    learn_moves(samples, endpoint_of, bindings)
    learn_told_only(samples, endpoint_of, bindings)


def _apart(found: Sequence[Effect], rows: Sequence[Effect]) -> list[Effect]:
    """Give effects without what their calls are known to do with rows."""
    told: dict[tuple[Endpoint, str], set[str]] = defaultdict(set)
    for one in rows:
        told[one.endpoint, one.lookup.collection] |= one.members
    return [one.without(told[one.endpoint, one.lookup.collection]) for one in found]
