"""Holdings: how many items who asks has made, and what their numbers come to, where it is kept who made them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.listings.listing import with_owner
from recorder.synthesis.samples.values import as_text, is_number
from recorder.synthesis.terms.callers import OWN_COUNT, callers_of
from recorder.synthesis.terms.scene import CALLER, HIDDEN, OWNER, Lookup, Scene
from recorder.synthesis.terms.term import Term, literal, member

"""What the count of one's own items is called: any number of the one who asks may be what it is compared with."""
_MOST_NUMBERS: Final = 4


def holding_terms(
    collections: Sequence[Collection], scenes: Sequence[Scene], lookups: Mapping[str, Lookup]
) -> Iterator[Term]:
    """Give the terms of what the one who asks has made: how many there are, and the sums of their numbers."""
    callers: Mapping[str, Term] | None = None
    for collection in collections:
        attribute = _kept(collection.name, scenes)
        if not attribute:
            continue
        callers = callers_of(scenes, lookups) if callers is None else callers
        whom = callers.get(f"{{{{ {attribute.removeprefix(CALLER)} }}}}")
        if whom is None:
            continue
        keeps = whom.keeps | {(collection.name, attribute)}
        own = f"{member('resource', (collection.name,))}.all() | selectattr({literal(OWNER)}, 'eq', {whom.text})"
        yield Term(f"({own} | length)", _count(collection.name, whom), OWN_COUNT, 1.2, whom.uses, keeps)
        for name in _numbers(collection.name, scenes):
            text = f"({own} | sum(attribute={literal(name)}))"
            yield Term(text, _sum(collection.name, whom, name), name, 1.4, whom.uses, keeps)


def _kept(name: str, scenes: Sequence[Scene]) -> str:
    """Give the attribute under which it is kept who made the items, "" where it is not."""
    for scene in scenes:
        for attributes in scene.timeline.under(name + HIDDEN, "", scene.moment).values():
            for one in attributes if isinstance(attributes, dict) else ():
                if one.startswith(CALLER):
                    return str(one)
    return ""


def _own(name: str, whom: Term, scene: Scene) -> Iterator[dict[str, Any]]:
    asking = as_text(whom.get(scene))
    hidden = scene.timeline.under(name + HIDDEN, "", scene.moment)
    for key, item in scene.timeline.under(name, "", scene.moment).items():
        known = with_owner(item, hidden.get(key))
        if isinstance(known, dict) and OWNER in known and as_text(known[OWNER]) == asking:
            yield known


def _count(name: str, whom: Term) -> Any:
    return lambda scene: sum(1 for _ in _own(name, whom, scene))


def _sum(name: str, whom: Term, field: str) -> Any:
    return lambda scene: sum(item[field] for item in _own(name, whom, scene) if is_number(item.get(field)))


def _numbers(name: str, scenes: Sequence[Scene]) -> list[str]:
    """Give the members that are numbers in all items of a collection."""
    items = [item for scene in scenes[:20] for item in scene.held(name) if isinstance(item, dict)]
    return [field for field in (items[0] if items else ()) if all(is_number(item.get(field)) for item in items)][
        :_MOST_NUMBERS
    ]
