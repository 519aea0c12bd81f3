"""Chance: answers of which nothing tells which one comes, so that they are given by weight."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Final, TypeAlias

from recorder.synthesis.nodes.node import inner, walk
from recorder.synthesis.outcomes.behaviour import Behaviour, Outcome
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import canon, look
from recorder.synthesis.state.occasions import Changes, came_back, occasions, passed_over
from recorder.synthesis.terms.scene import Scene

_FAILED: Final = frozenset((500, 502, 503, 504))
"""What a service answers when something else is wrong than the request (RFC 9110 §15.6)."""
_ABOUT_THE_CALLER: Final = frozenset((304, 429))
"""What follows from what the caller holds, and from how often it asked."""
_LEAST: Final = 2
_LEAST_IN_ALL: Final = 5
_MOST_VARIANTS: Final = 6
Learn: TypeAlias = Callable[[list[Scene]], Behaviour]


def learn_with_chance(scenes: list[Scene], learn: Learn, changes: Changes) -> Behaviour:
    """Learn how an endpoint behaves; what nothing tells, and what chance alone can be, becomes weighted answers.

    Chance is what answers otherwise though the same was asked of the same state: twice at least, of at least two calls
    for each answer and five in all.
    """
    behaviour = learn(scenes)
    found = occasions(scenes, changes)
    if not found:
        return behaviour
    by_chance = _statuses(behaviour, scenes, found)
    if by_chance:
        behaviour = _apart(scenes, by_chance, learn, found) or behaviour
    for outcome in dict.fromkeys(outcome for _, outcome in behaviour.cases):
        if outcome.answered.unknown and not outcome.answered.code:
            _split(outcome, learn, changes)
    return behaviour


def _statuses(behaviour: Behaviour, scenes: Sequence[Scene], found: Sequence[Sequence[Scene]]) -> set[int]:
    """Give the statuses that come by chance beside a success."""
    counts = Counter(_status(scene) for scene in scenes)
    fine = {status for status in counts if status < 300}
    if sum(counts[status] for status in fine) < _LEAST or len(scenes) < _LEAST_IN_ALL:
        return set()
    first = Counter(_status(occasion[0]) for occasion in found)
    made = set()
    for status in counts.keys() - fine - _ABOUT_THE_CALLER:
        # What always comes first, and never again, is no chance: the service waits for being asked twice.
        is_either = first[status] and any(first[one] for one in fine)
        if counts[status] < _LEAST or not (is_either or _comes_alone(scenes, found, fine)):
            continue
        missed = [occasion for occasion in found if any(_is_missed(behaviour, scene, status) for scene in occasion)]
        if status in _FAILED and passed_over(missed, _status, status, fine) >= _LEAST:
            made.add(status)
        elif all(scene.sample.method in READS for scene in scenes):
            alone = [[scene for scene in one if _status(scene) in {status, *fine}] for one in missed]
            if came_back([one for one in alone if one], _status) >= _LEAST:
                made.add(status)
    return made


def _comes_alone(scenes: Sequence[Scene], found: Sequence[Sequence[Scene]], fine: set[int]) -> bool:
    """Tell whether any success came at the first asking."""
    again = {id(scene) for occasion in found for scene in occasion[1:]}
    return any(_status(scene) in fine and id(scene) not in again for scene in scenes)


def _is_missed(behaviour: Behaviour, scene: Scene, status: int) -> bool:
    """Tell whether a call was answered with this status and no condition says so."""
    if _status(scene) != status:
        return False
    for rule, outcome in behaviour.cases:
        if rule is None or all(term.get(scene) is True for term in rule.terms):
            return outcome.answered.status != status
    return True


def _apart(
    scenes: list[Scene], by_chance: set[int], learn: Learn, found: Sequence[Sequence[Scene]]
) -> Behaviour | None:
    """Learn from the other calls as if there were no chance, and have it beside what is answered when no case holds."""
    calm = [scene for scene in scenes if _status(scene) not in by_chance]
    behaviour = learn(calm)
    usual = behaviour.cases[-1][1]
    others = [_told(learn, [scene for scene in scenes if _status(scene) == one]) for one in sorted(by_chance)]
    known = [one for one in others if one is not None]
    if not 200 <= usual.status < 300 or len(known) < len(others) or not all(_agree(usual, one) for one in known):
        return None
    usual.others, usual.weight = known, len(calm)
    flips = sum(passed_over(found, _status, status, {usual.answered.status}) for status in by_chance)
    usual.note = _note(usual, f"{flips} time{'s' * (flips != 1)} it was gone when the same was asked again")
    behaviour.scenes = scenes
    return behaviour


def _split(outcome: Outcome, learn: Learn, changes: Changes) -> None:
    """Have an outcome answer by weight where what is guessed in it goes to and fro between a few answers."""
    label = _label(outcome)
    clusters: dict[Hashable, list[Scene]] = defaultdict(list)
    for scene in outcome.scenes:
        clusters[label(scene)].append(scene)
    if not 2 <= len(clusters) <= _MOST_VARIANTS or len(outcome.scenes) < _LEAST_IN_ALL:
        return
    flips = came_back(occasions(outcome.scenes, changes), label)
    if flips < _LEAST or min(map(len, clusters.values())) < _LEAST:
        return
    told = [_told(learn, inside) for inside in sorted(clusters.values(), key=len, reverse=True)]
    first, *others = [one for one in told if one is not None and not one.answered.unknown]
    if len(others) + 1 < len(clusters) or not all(_agree(first, one) for one in others):
        return
    outcome.answered = first.answered
    outcome.others = [*others, *outcome.others]
    outcome.weight = len(first.scenes)
    outcome.note = _note(
        outcome, f"the same request in the same state was {flips} times answered as before, after another answer"
    )


def _label(outcome: Outcome) -> Callable[[Scene], Hashable]:
    """Give what tells the answers of an outcome apart: their values where only guesses stand."""
    body = outcome.answered.body
    if outcome.answered.form != "json" or body is None:
        return lambda scene: scene.sample.answer_body
    guessed = [path for path, node in walk(body) if node.unknown and not inner(node)]
    return lambda scene: tuple(canon(look(scene.sample.answer_json, path)) for path in guessed)


def _told(learn: Learn, scenes: list[Scene]) -> Outcome | None:
    """Give the one answer that these calls got; None where there is more than one, or tables tell it."""
    behaviour = learn(scenes)
    if len(behaviour.cases) != 1 or behaviour.unexplained or behaviour.tables:
        return None
    outcome = behaviour.cases[0][1]
    return Outcome(outcome.label, outcome.status, scenes, outcome.answered)


def _agree(one: Outcome, other: Outcome) -> bool:
    """Tell whether two answers can be worked out beside each other: what both name is the same."""
    names = one.answered.names
    return all(
        name not in names or names[name].document() == node.document() for name, node in other.answered.names.items()
    )


def _note(outcome: Outcome, evidence: str) -> str:
    counts = [
        (outcome.answered.status, outcome.weight),
        *((one.answered.status, len(one.scenes)) for one in outcome.others),
    ]
    told = ", ".join(f"{count} x {status}" for status, count in counts)
    return f"by weight, since nothing tells which: {told}; {evidence}"


def _status(scene: Scene) -> int:
    return scene.sample.answered_status
