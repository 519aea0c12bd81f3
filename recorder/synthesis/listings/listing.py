"""A listing: one recorded list with what there was to choose from, and how well a draft of a `list` gives it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from cassettes.conventions import part_by_name
from cassettes.definition import ListSpec
from cassettes.listing import excerpt
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.scene import CALLER, HIDDEN, OWNER, Scene
from recorder.synthesis.terms.spread import scattered
from recorder.synthesis.terms.term import Term

Draft: TypeAlias = dict[str, Any]
"""The `list` of a definition, as far as it is known, as a document."""
_SAME_ITEMS: Final = 0.3
_SHARED_ITEMS: Final = 0.2


@dataclass(slots=True)
class Listing:
    """`pool` are the items that there were, with their `ids`; `given` are the ids that were answered, in order.

    `query` are the parameters as the list is to understand them; `callers` is who asks, by expressions, and
    `selector` are the conditions that were sent. `reached` is how many items were given up to its end, by cursors.
    """

    scene: Scene
    pool: list[Any]
    ids: list[str]
    given: list[str]
    query: dict[str, list[str]]
    callers: dict[str, Any]
    selector: Any = None
    reached: int = 0
    marked: list[_Marked] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.marked = [_Marked(item, place) for place, item in enumerate(self.pool)]

    @property
    def is_nameless(self) -> bool:
        """Tell whether its rows do not say which items they are, since they show only members that were asked for."""
        return bool(self.given) and not any(self.given) and any(part_by_name(name) == "fields" for name in self.query)


def listing_of(scene: Scene, binding: Binding, prefix: str, callers: Mapping[str, Term]) -> Listing | None:
    """Give the list that a scene's answer shows, or None; `prefix` begins the keys of the items there are."""
    collection = binding.collection
    assert collection is not None
    assert binding.rows is not None
    rows = look(scene.sample.answer_json, binding.rows)
    if not isinstance(rows, list):
        return None
    held = scene.timeline.under(collection.name, prefix, scene.moment)
    made = scene.timeline.under(collection.name + HIDDEN, prefix, scene.moment)
    return Listing(
        scene,
        pool=[with_owner(item, made.get(key)) for key, item in held.items()],
        ids=[key[len(prefix) :] for key in held],
        given=[collection.key_of(binding.own_id(row)) for row in rows],
        query=scene.sample.parameters,
        callers={text: term.get(scene) for text, term in callers.items()},
        selector=selector_in(scene, binding),
    )


def some_of(listings: Sequence[Listing], most: int) -> Sequence[Listing]:
    """Give at `most` of very many lists: about as many of those that were asked for with some parameters as of others.

    Not every third or fourth: sessions do the same in turn.
    """
    if len(listings) < 2 * most:
        return listings
    kinds: dict[frozenset[str], list[int]] = defaultdict(list)
    for place in sorted(range(len(listings)), key=scattered):
        kinds[frozenset(listings[place].query)].append(place)
    in_turn = sorted((turn, place) for places in kinds.values() for turn, place in enumerate(places))
    return [listings[place] for place in sorted(place for _, place in in_turn[:most])]


def selector_in(scene: Scene, binding: Binding) -> Any:
    """Give the conditions on items that a request has in its body, None where it has none."""
    if binding.selector is None:
        return None
    asked = look(scene.sample.json, binding.selector)
    return asked if binding.compound is None or asked is MISSING else binding.compound.around(asked)


def with_owner(item: Any, attributes: Any) -> Any:
    """Give an item with who made it, where that is kept of it."""
    if not isinstance(item, dict) or not isinstance(attributes, dict):
        return item
    who = next((value for name, value in attributes.items() if name.startswith(CALLER)), MISSING)
    return item if who is MISSING else {**item, OWNER: who}


def values_of(model: ListSpec, callers: Mapping[str, Any]) -> list[Any]:
    """Give what the conditions of a list compare with, who asks put in."""
    return [
        callers.get(one.value, one.value) if isinstance(one.value, str) else one.value
        for one in (*model.where, *model.any)
    ]


def picked(model: ListSpec, one: Listing) -> list[str]:
    """Give the ids that a list would give."""
    # Which members are shown is another matter than which items.
    query = {
        name: values
        for name, values in one.query.items()
        if name != model.fields_param and not (model.free and part_by_name(name) == "fields")
    }
    found = excerpt(model, one.marked, query, values_of(model, one.callers), selector=one.selector)["items"]
    return [one.ids[item.place] for item in found if isinstance(item, _Marked)]


class _Marked(dict[str, Any]):
    """An item that knows its place among those there were."""

    def __init__(self, item: Any, place: int) -> None:
        super().__init__(item if isinstance(item, dict) else {})
        self.place = place


def gives(model: ListSpec, one: Listing) -> bool:
    """Tell whether a list gives the recorded items; where rows do not say which they are, as many of them."""
    made = picked(model, one)
    return len(made) == len(one.given) if one.is_nameless else made == one.given


def is_right(draft: Draft, one: Listing) -> bool:
    """Tell whether a draft gives just what was recorded."""
    return picked(ListSpec.model_validate(draft), one) == one.given


def scores(draft: Draft, listings: Sequence[Listing]) -> list[float]:
    """Give for each listing how near a draft comes to it: 1 is equal, 0 has nothing of it or cannot be."""
    try:
        model = ListSpec.model_validate(draft)
    except ValueError:
        return [0.0] * len(listings)
    return [_closeness(model, one) for one in listings]


def _closeness(model: ListSpec, one: Listing) -> float:
    made = picked(model, one)
    if made == one.given:
        return 1.0
    if set(made) == set(one.given) and len(made) == len(one.given):
        return _SAME_ITEMS
    shared = len(set(made) & set(one.given))
    return _SHARED_ITEMS * shared / max(1, len(set(made) | set(one.given)))
