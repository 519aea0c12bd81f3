"""A level: what there is of one thing with another, as the stock of an article in a place; nought without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.synthesis.samples.values import MISSING, as_text, is_number
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Get, Term, literal, member

_COST: Final = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Level(Lookup):
    """A look-up of a level; where nothing is kept, it is one of `nothing`: noughts under the names of its numbers.

    It is none where what `told` are, parts of its key, is not told.
    """

    nothing: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    told: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    def text(self) -> str:
        """The expression that looks it up."""
        found = f"(resource.{self.collection}.get({self.key.text}) | default({literal(dict(self.nothing))}))"
        is_named = " and ".join(f"{text} is string" for text in self.told)
        return f"({found} if {is_named} else none)" if is_named else found

    def find(self, scene: Scene) -> tuple[str, Any]:
        """Give the key and the level."""
        wanted = self.key.get(scene)
        if wanted is MISSING:
            return "", MISSING
        key = as_text(wanted)
        found = scene.timeline.get(self.collection, key, scene.moment)
        return key, dict(self.nothing) if found is MISSING else found


def pair_term(one: Term, other: Term) -> Term:
    """Give the term of the key of a level: that of the one thing, a slash, and that of the other."""

    def get(scene: Scene) -> Any:
        first, second = one.get(scene), other.get(scene)
        is_told = isinstance(first, str) and isinstance(second, str)
        return f"{first}/{second}" if is_told else MISSING

    return Term(
        f"{one.text} ~ '/' ~ {other.text}", get, other.name, 1.0, one.uses | other.uses, one.keeps | other.keeps
    )


@dataclass(frozen=True, slots=True)
class Order:
    """The order in which the levels of a thing are shown: as they came, by the member `by`, or as the items of `like`.

    `own` is the member of those items that is the level's.
    """

    by: str = ""
    like: str = ""
    own: str = ""

    def text(self, collection: str, key: str) -> str:
        """Write the levels of the thing that an expression gives."""
        if self.like:
            one = f"resource.{collection}.get({key} ~ '/' ~ {member('row', (self.own,))})"
            return f"(each(resource.{self.like}.all(), {one}) | select | list)"
        rows = f"resource.{collection}.under({key} ~ '/')"
        return f"({rows} | sort(attribute={literal(self.by)}))" if self.by else rows

    def rows(self, collection: str, key: str, scene: Scene) -> list[dict[str, Any]]:
        """Give the levels of a thing by its key."""
        held = scene.timeline.under(collection, f"{key}/", scene.moment)
        if self.like:
            items = scene.timeline.under(self.like, "", scene.moment).values()
            keys = [f"{key}/{as_text(item.get(self.own))}" for item in items if isinstance(item, dict)]
            return [held[one] for one in keys if one in held]
        return sorted(held.values(), key=lambda row: as_text(row.get(self.by))) if self.by else list(held.values())


def level_terms(collection: str, key: Term, numbers: Sequence[str], order: Order) -> Iterator[Term]:
    """Give the levels of the thing that a term gives, and what their numbers come to."""
    yield Term(order.text(collection, key.text), _rows(collection, key, order), "levels", _COST, key.uses)
    every = f"resource.{collection}.under({key.text} ~ '/')"
    for name in numbers:
        yield Term(f"total({every}, {literal(name)})", _sum(collection, key, name), name, _COST, key.uses)


def _rows(collection: str, key: Term, order: Order) -> Get:
    def get(scene: Scene) -> Any:
        own = key.get(scene)
        return order.rows(collection, as_text(own), scene) if own is not MISSING and own is not None else MISSING

    return get


def _sum(collection: str, key: Term, name: str) -> Get:
    def get(scene: Scene) -> Any:
        own = key.get(scene)
        if own is MISSING or own is None:
            return MISSING
        rows = Order().rows(collection, as_text(own), scene)
        return sum(row[name] for row in rows if is_number(row.get(name)))

    return get
