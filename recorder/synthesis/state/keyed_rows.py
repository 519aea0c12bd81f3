"""Keyed rows: lists of keys with values in items, of which calls put rows, one or many, or drop one, by the key.

Tags, labels, parameters and the last values of metrics are so. Calls answer with receipts, and several of them lie
between two looks at an item; so what they do is believed where, done one after the other, it comes to what is shown.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.nodes.node import Node, Object, Said
from recorder.synthesis.samples.values import MISSING, Path, as_text, look, same
from recorder.synthesis.state.effects import Effect
from recorder.synthesis.state.spells import Kind, Spell, spells_of
from recorder.synthesis.terms.request_terms import json_term, path_term
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, literal, member

Row: TypeAlias = dict[str, Any]
_LEAST: Final = 3
_LEAST_NEW: Final = 2
_TENTHS: Final = 9
_ENOUGH: Final = 8
"""In how many of ten looks what calls did one after the other is what is shown."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A list in items of a collection: where it stands, one or two steps into them, and the field that tells rows.

    `fields` are all that rows have.
    """

    path: Path
    key: str
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Way:
    """What calls of a kind do with such a list: put one row, put those of a list that is sent, or drop one.

    `sent` gives the key, or the list of rows; `fields` are the other members of a row, which are sent by their names.
    """

    does: Literal["put", "put all", "drop"]
    sent: Term
    base: Path = ()
    fields: tuple[str, ...] = ()

    def rows(self, scene: Scene, key: str) -> list[Row]:
        """Give the rows that a call puts."""
        value = self.sent.get(scene)
        if self.does == "put all":
            return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        told = {name: look(scene.sample.json, (*self.base, name)) for name in self.fields}
        return [{key: value, **{name: one for name, one in told.items() if one is not MISSING}}]

    def done(self, rows: Sequence[Row], scene: Scene, key: str) -> list[Row]:
        """Give what becomes of a list."""
        if self.does == "drop":
            gone = as_text(self.sent.get(scene))
            return [row for row in rows if as_text(row.get(key)) != gone]
        return put_rows(rows, key, self.rows(scene, key))

    def text(self, old: str, key: str) -> str:
        """Write what becomes of a list that an expression gives."""
        if self.does == "drop":
            return f"drop_rows({old}, {literal(key)}, {self.sent.text})"
        if self.does == "put all":
            return f"put_rows({old}, {literal(key)}, {self.sent.text})"
        picked = f"pick({member('request.json', self.base)}, {', '.join(map(literal, self.fields))})"
        return f"put_rows({old}, {literal(key)}, [merge({{{literal(key)}: {self.sent.text}}}, {picked})])"


def put_rows(rows: Sequence[Row], key: str, new: Sequence[Row]) -> list[Row]:
    """Give a list with new rows, each in the place of the one with its key, else at the end."""
    made = {as_text(row.get(key)): row for row in rows}
    return list((made | {as_text(row.get(key)): row for row in new}).values())


def find_keyed_rows(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    name: Callable[[Sequence[Scene]], Mapping[Endpoint, Mapping[str, Lookup]]],
) -> list[Effect]:
    """Find what calls put into such lists and drop from them, as effects on the items that they name.

    `name` gives the look-ups of these, by endpoint.
    """
    named = name(scenes)
    found: dict[Kind, list[tuple[_Place, _Way]]] = defaultdict(list)
    for spells in spells_of(scenes, bindings, named).values():
        for place in _places(spells):
            for kind, way in _ways(place, spells).items():
                found[kind].append((place, way))
    return [_effect(endpoint, named[endpoint], own, ways) for (endpoint, own), ways in found.items()]


def _places(spells: Sequence[Spell]) -> Iterator[_Place]:
    """Give the lists of rows that a field tells apart, in items that calls came between two looks at."""
    lists: dict[Path, list[list[Any]]] = defaultdict(list)
    for spell in spells:
        for path, value in _lists_in(spell.after) if spell.calls else ():
            lists[path].append(value)
    for path, some in lists.items():
        rows = [row for one in some for row in one]
        if not rows or not all(isinstance(row, dict) and len(row) > 1 for row in rows):
            continue
        for name in rows[0]:
            are_keys = all(isinstance(row.get(name), str) for row in rows)
            if are_keys and all(len({row[name] for row in one}) == len(one) for one in some):
                yield _Place(path, name, frozenset(name for row in rows for name in row))
                break


def _lists_in(item: Mapping[str, Any]) -> Iterator[tuple[Path, list[Any]]]:
    for name, value in item.items():
        if isinstance(value, list):
            yield (name,), value
        elif isinstance(value, dict):
            yield from (((name, inner), one) for inner, one in value.items() if isinstance(one, list))


def _ways(place: _Place, spells: Sequence[Spell]) -> dict[Kind, _Way]:
    """Give what kinds of calls do with a list, where all of it together comes to what is shown nearly always."""
    kinds = list(dict.fromkeys(kind for spell in spells for kind, _ in spell.calls))
    ways = {kind: way for kind in kinds if (way := _way(kind, place, spells)) is not None}
    touched = [spell for spell in spells if ways and spell.of(ways)]
    right = sum(same(_done(spell, place, ways), _rows(spell.after, place)) for spell in touched)
    return ways if touched and right * 10 >= len(touched) * _ENOUGH else {}


def _done(spell: Spell, place: _Place, ways: Mapping[Kind, _Way]) -> list[Row]:
    rows = _rows(spell.before, place)
    for kind, scene in spell.of(ways):
        rows = ways[kind].done(rows, scene, place.key)
    return rows


def _rows(item: Mapping[str, Any], place: _Place) -> list[Row]:
    found = look(item, place.path)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _way(kind: Kind, place: _Place, spells: Sequence[Spell]) -> _Way | None:
    """Give what calls of a kind do with a list, None where they have nothing to do with it."""
    calls = [(spell, scene) for spell in spells for own, scene in spell.of([kind]) if not _is_done_again(spell, scene)]
    for way in _possible(kind[0], place, [scene for _, scene in calls]):
        judged = [one for spell, scene in calls if (one := _judged(way, place, spell, scene)) is not None]
        new = sum(is_new for is_right, is_new in judged if is_right)
        right = sum(is_right for is_right, _ in judged)
        least = _LEAST_NEW if way.does == "drop" else _LEAST
        if right >= least and right * 10 >= len(judged) * _TENTHS and new >= _LEAST_NEW:
            return way
    return None


def _is_done_again(spell: Spell, scene: Scene) -> bool:
    """Tell whether a later call before the next look sends the same texts, and may undo what this one did."""
    sent = _texts(scene.sample.json)
    later = (other for _, other in spell.calls if other.moment > scene.moment)
    return any(sent & _texts(other.sample.json) - {spell.key} for other in later)


def _texts(sent: Any) -> set[str]:
    values = sent.values() if isinstance(sent, dict) else ()
    lists = (value for value in values if isinstance(value, list))
    inner = (one for rows in lists for row in rows if isinstance(row, dict) for one in row.values())
    return {one for one in (*values, *inner) if isinstance(one, str)}


def _possible(endpoint: Endpoint, place: _Place, scenes: Sequence[Scene]) -> Iterator[_Way]:
    """Give what calls may do with a list by what they send: a list of rows, or a key with perhaps other members."""
    bodies = [scene.sample.arguments for scene in scenes if isinstance(scene.sample.json, dict)]
    operation = endpoint.operation
    base = operation.base if operation is not None and operation.given == "json" else ()
    names = Counter(name for one in bodies for name in one)
    for name in names:
        lists = [one[name] for one in bodies if isinstance(one.get(name), list)]
        if lists and all(isinstance(row, dict) and place.key in row for one in lists for row in one):
            yield _Way("put all", json_term((*base, name)))
    keys: list[tuple[str, Term]] = [
        (name, json_term((*base, name))) for name in names if all(isinstance(one.get(name), str) for one in bodies)
    ]
    keys += [(name, path_term(name)) for name in endpoint.params] if operation is None else []
    for name, term in sorted(keys, key=lambda one: one[0] != place.key):
        fields = tuple(other for other in names if other != name and other in place.fields - {place.key})
        if fields:
            yield _Way("put", term, base, fields)
        yield _Way("drop", term)


def _judged(way: _Way, place: _Place, spell: Spell, scene: Scene) -> tuple[bool, bool] | None:
    """Tell whether the next look shows what a call would have done, and whether it did not before; None for neither."""
    before, after = ({row.get(place.key): row for row in _rows(one, place)} for one in (spell.before, spell.after))
    if way.does == "drop":
        own = way.sent.get(scene)
        return (own not in after, True) if own in before else None
    rows = {as_text(row.get(place.key)): row for row in way.rows(scene, place.key)}
    if not rows:
        return None
    is_right = all(_is_shown(row, after.get(own)) for own, row in rows.items())
    return is_right, any(not same(before.get(own), after.get(own)) for own in rows)


def _is_shown(row: Row, shown: Row | None) -> bool:
    """Tell whether a row is shown as it was put: what else was sent may be of something else."""
    return (
        shown is not None and len(shown) > 1 and all(same(row.get(name, MISSING), one) for name, one in shown.items())
    )


def _effect(
    endpoint: Endpoint, lookups: Mapping[str, Lookup], name: str, ways: Sequence[tuple[_Place, _Way]]
) -> Effect:
    members: dict[str, tuple[Node, Term | None]] = {}
    inside: dict[str, dict[str, tuple[Node, Term | None]]] = defaultdict(dict)
    for place, way in ways:
        text = way.text(member(f"vars.{name}", place.path), place.key)
        term = Term(text, _doing(name, place, way), str(place.path[-1]), uses=frozenset({name}))
        if len(place.path) == 1:
            members[str(place.path[0])] = (Said(term), None)
        else:
            inside[str(place.path[0])][str(place.path[1])] = (Said(term), None)
    members |= {first: (Object(own), None) for first, own in inside.items()}
    return Effect(endpoint, lookups[name], Object(members), lookups)


def _doing(name: str, place: _Place, way: _Way) -> Callable[[Scene], Any]:
    def get(scene: Scene) -> Any:
        item = scene.looked_up(name)
        return way.done(_rows(item, place), scene, place.key) if isinstance(item, dict) else MISSING

    return get
