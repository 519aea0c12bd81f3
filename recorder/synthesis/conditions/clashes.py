"""Clashes: conditions that an item has already what a call asks for, in several fields taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice
from typing import Any, Final, TypeAlias

from recorder.synthesis.conditions.condition import Condition
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, canon, is_scalar, same
from recorder.synthesis.terms.scene import GONE, HIDDEN, Scene
from recorder.synthesis.terms.term import Term, alike, literal
from recorder.synthesis.terms.vocabulary import Vocabulary

Pair: TypeAlias = tuple[str, Term]
"""A field of items and what a request sends for it."""
State: TypeAlias = tuple[str, Any]
"""A field of items that has few values, and one of these."""
_SENT: Final = ("request.json", "request.form", "request.path_params")
_DEAREST: Final = 2
_SOME: Final = 40
_MOST_ITEMS: Final = 300
_MOST_PAIRS: Final = 4
_MOST_STATES: Final = 8
_MOST_TOGETHER: Final = 3
_MOST_CONDITIONS: Final = 120
_MOST_VALUES: Final = 4
_COST: Final = 0.25
_COST_OF_EACH: Final = 0.1


def of_clashes(scenes: Sequence[Scene], vocabulary: Vocabulary) -> Iterator[Condition]:
    """Give the conditions that some item agrees with a write in two fields or more, perhaps only while it is active.

    One field alone is what items are looked up by.
    """
    fine = [scene for scene in scenes if scene.sample.succeeded]
    if not fine or len(fine) == len(scenes) or fine[0].sample.method in READS:
        return
    some = scenes[:: max(1, len(scenes) // _SOME)]
    sent = _sent(some, vocabulary)
    for name in dict.fromkeys(name for scene in some for name in scene.timeline.names()):
        if not name.endswith((HIDDEN, GONE)):
            yield from islice(_of_collection(name, some, sent), _MOST_CONDITIONS)


def _sent(scenes: Sequence[Scene], vocabulary: Vocabulary) -> list[Term]:
    found: dict[str, Term] = {}
    for scene in scenes:
        for term, value in vocabulary.everything(scene):
            if term.text.startswith(_SENT) and not term.uses and term.cost < _DEAREST and _is_telling(value):
                found.setdefault(term.text, term)
    return list(found.values())


def _is_telling(value: Any) -> bool:
    return is_scalar(value) and value is not None and not isinstance(value, bool)


def _of_collection(name: str, some: Sequence[Scene], sent: Sequence[Term]) -> Iterator[Condition]:
    fields: dict[str, dict[Any, Any]] = defaultdict(dict)
    for item in (item for scene in some for item in scene.held(name)[-_MOST_ITEMS:] if isinstance(item, dict)):
        for field, value in item.items():
            if is_scalar(value):
                fields[field][canon(value)] = value
    pairs = [(field, term) for field in fields for term in sent if alike(field, term.name)][:_MOST_PAIRS]
    if len(pairs) < 2:  # a clash takes two
        return
    named = {field for field, _ in pairs}
    few = [one for one, values in fields.items() if one not in named and 2 <= len(values) <= _MOST_VALUES]
    states = [(field, value) for field in few for value in fields[field].values() if isinstance(value, str | bool)]
    rows = _Rows(name, pairs, states[:_MOST_STATES])
    for size in range(2, min(len(pairs), _MOST_TOGETHER) + 1):
        for chosen in combinations(range(len(pairs)), size):
            if len({pairs[place][0] for place in chosen}) == size:
                yield rows.condition(chosen, None)
                yield from (rows.condition(chosen, place) for place in range(len(rows.states)))


class _Rows:
    """The items of a collection: in which of them each part of a condition holds is worked out once for each scene."""

    def __init__(self, name: str, pairs: Sequence[Pair], states: Sequence[State]) -> None:
        self.states = states
        self._name = name
        self._pairs = pairs
        self._masks: dict[int, list[int]] = {}

    def condition(self, pairs: Sequence[int], state: int | None) -> Condition:
        """Give the condition that an item has all that these pairs say, and is in a state."""
        tests = [f"selectattr({literal(self._pairs[place][0])}, 'eq', {self._pairs[place][1].text})" for place in pairs]
        if state is not None:
            field, value = self.states[state]
            tests.append(f"selectattr({literal(field)}, 'eq', {literal(value)})")
        text = f"(resource.{self._name}.all() | {' | '.join(tests)} | list | length) > 0"
        places = [*pairs, *([len(self._pairs) + state] if state is not None else [])]
        cost = _COST + _COST_OF_EACH * len(places)
        return Condition(Term(text, self._holds(places), "", cost), f"exists.{self._name}")

    def _holds(self, places: Sequence[int]) -> Callable[[Scene], bool]:
        def holds(scene: Scene) -> bool:
            masks = self._masks.get(id(scene))
            if masks is None:
                masks = self._masks[id(scene)] = self._held(scene)
            found = -1
            for place in places:
                found &= masks[place]
            return found != 0

        return holds

    def _held(self, scene: Scene) -> list[int]:
        wanted = [(field, term.get(scene)) for field, term in self._pairs] + list(self.states)
        items = [item for item in scene.held(self._name)[-_MOST_ITEMS:] if isinstance(item, dict)]
        return [_places(items, field, value) for field, value in wanted]


def _places(items: Sequence[dict[str, Any]], field: str, value: Any) -> int:
    """Give the places (bits) of the items that have a value in a field."""
    if value is MISSING:
        return 0
    return sum(1 << place for place, item in enumerate(items) if same(item.get(field, MISSING), value))
