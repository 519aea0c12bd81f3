"""What a GraphQL service held: items that were there, and those that each session made, changed and removed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from cassettes.conventions import words_of
from recorder.synthesis.graphs.documents import Asked
from recorder.synthesis.graphs.places import KEY, At, Place, Shown
from recorder.synthesis.samples.values import as_text, is_scalar

Way: TypeAlias = Literal["made", "changed", "removed"]
Items: TypeAlias = dict[str, dict[str, dict[str, Any]]]
"""The items of each kind by their ids."""
_REMOVING: Final = frozenset(("delete", "remove", "destroy", "drop", "erase"))


@dataclass(slots=True)
class Writing:
    """What a field of Mutation does, to which kind; `argument` names the item, "" where it is made."""

    way: Way
    kind: str
    argument: str = ""


@dataclass(slots=True)
class Stock:
    """`seeds` are what was there before any session; `before` is what there was when each field was asked for.

    A member that is not known is not there.
    """

    seeds: Items = field(default_factory=lambda: defaultdict(dict))
    before: dict[Asked, Items] = field(default_factory=dict)
    made: dict[Asked, str] = field(default_factory=dict)
    """The ids of items that were made."""
    later: dict[Asked, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    """What was shown of an item that was made, by what made it, before anything changed it."""


def id_of(shown: Shown | None, place: Place, argument: str) -> str | None:
    """Give the id of an object that is shown, or that its field was asked for by."""
    if shown is not None and shown.members.get(KEY) is not None:
        return as_text(shown.members[KEY])
    if len(place.at) == 2 and argument:
        wanted = shown.asked.arguments.get(argument) if shown is not None else None
        return as_text(wanted) if is_scalar(wanted) and wanted is not None else None
    return None


def keys_of(places: Mapping[At, Place], asked: Sequence[Asked]) -> dict[str, str]:
    """Give by `Query.field` the argument that names the item which it reads: it is the id, or the only one."""
    found: dict[str, str] = {}
    for place in places.values():
        if place.at[0] != "Query" or len(place.at) != 2 or place.role != "item" or place.is_list:
            continue
        names = [name for one in asked if one.name == place.name for name in one.arguments]
        shown = [(one.asked.arguments, one.members) for one in place.shown]
        said = [(given, of) for given, of in shown if of.get(KEY) is not None]
        fits = [
            name
            for name in dict.fromkeys(names)
            if said and all(as_text(given.get(name)) == as_text(of[KEY]) for given, of in said)
        ]
        named = [name for name in dict.fromkeys(names) if words_of(name)[-1:] == (KEY,)]
        if fits or (named and not said):
            found[place.name] = (fits or named)[0]
    return found


def writings_of(places: Mapping[At, Place], asked: Sequence[Asked], keys: Mapping[str, str]) -> dict[str, Writing]:
    """Tell what each field of Mutation does; one that cannot be told is left out."""
    calls: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        if one.root == "Mutation":
            calls[one.name].append(one)
    found = {name: _writing(places, inside) for name, inside in calls.items()}
    known = {name: one for name, one in found.items() if one is not None}
    later = _gone(asked, places, keys, known)
    for name, writing in known.items():
        gone, there = later.get(name, (0, 0))
        is_called = bool(_REMOVING & set(words_of(name)))
        if writing.way == "changed" and (gone > there or (is_called and not there)):
            writing.way = "removed"
    return known


def _writing(places: Mapping[At, Place], calls: Sequence[Asked]) -> Writing | None:
    place = places[calls[0].root, calls[0].pick.name]
    results = [(one, shown) for one in calls if (shown := result_of(one, place)) is not None]
    told = [(one, as_text(shown.members[KEY])) for one, shown in results if shown.members.get(KEY) is not None]
    if place.kind and told:
        names = dict.fromkeys(name for one, _ in told for name in one.arguments)
        fits = [name for name in names if all(as_text(one.arguments.get(name)) == key for one, key in told)]
        return Writing("changed", place.kind, fits[0]) if fits else Writing("made", place.kind)
    if place.is_object and not place.kind:
        return None
    named = [name for name in dict.fromkeys(n for one in calls for n in one.arguments) if words_of(name)[-1:] == (KEY,)]
    kinds = {
        one.kind for one in places.values() if one.role == "item" and one.kind.lower() in calls[0].pick.name.lower()
    }
    kind = place.kind or (max(kinds, key=len) if kinds else "")
    is_called = bool(_REMOVING & set(words_of(calls[0].pick.name)))
    return Writing("removed", kind, named[0]) if kind and named and (place.kind or is_called) else None


def result_of(asked: Asked, place: Place) -> Shown | None:
    """Give the item that a field of a root shows, also where an object around it holds it."""
    own = place.shown_by(asked)
    if place.role == "item":
        return own[0] if own else None
    if place.role == "held":
        return next((part for one in own for part in one.parts.values() if isinstance(part, Shown)), None)
    return None


def _gone(
    asked: Sequence[Asked], places: Mapping[At, Place], keys: Mapping[str, str], writings: Mapping[str, Writing]
) -> dict[str, tuple[int, int]]:
    """Count for each writing the items that were gone, and those that were still there, when they were read next."""
    last: dict[tuple[int, str, str], str] = {}
    found: dict[str, tuple[int, int]] = {}
    for one in asked:
        session = one.sample.session
        writing = writings.get(one.name)
        if writing is not None:
            wanted = one.arguments.get(writing.argument)
            if writing.argument and one.value is not None and is_scalar(wanted):
                last[session, writing.kind, as_text(wanted)] = one.name
        elif one.name in keys:
            kind = places[one.root, one.pick.name].kind
            name = last.pop((session, kind, as_text(one.arguments.get(keys[one.name]))), None)
            if name is not None:
                gone, there = found.get(name, (0, 0))
                found[name] = (gone + (one.value is None), there + (one.value is not None))
    return found


def stock_of(
    places: Mapping[At, Place], asked: Sequence[Asked], keys: Mapping[str, str], writings: Mapping[str, Writing]
) -> Stock:
    """Follow the sessions: what was shown before a call of its session touched it was there from the beginning."""
    made = Stock()
    shown: dict[Asked, list[tuple[Place, Shown]]] = defaultdict(list)
    for place in places.values():
        if place.role == "item":
            for part in place.shown:
                shown[part.asked].append((place, part))
    items: Items = {}
    touched: set[tuple[str, str]] = set()
    fresh: dict[tuple[str, str], Asked] = {}
    session: int | None = None
    for one in asked:
        if one.sample.session != session:
            session, items, touched, fresh = one.sample.session, defaultdict(dict), set(), {}
        made.before[one] = {kind: dict(of) for kind, of in items.items()}
        writing = writings.get(one.name)
        if writing is not None and one.value is not None:
            touched.add(of := _write(one, writing, items, made, places))
            fresh.pop(of, None)
            if one in made.made:
                fresh[of] = one
        is_removal = writing is not None and writing.way == "removed"
        for place, part in shown[one] if not is_removal else ():
            own = writing.argument if writing is not None and place.name == one.name else ""
            key = id_of(part, place, own or keys.get(place.name, ""))
            if key is None:
                continue
            maker = fresh.get((place.kind, key))
            if maker is not None:
                made.later[maker].update(part.members)
            told = {name: value for name, value in part.members.items() if name != KEY}
            number = part.members.get(KEY, key)
            items[place.kind][key] = {KEY: number, **items[place.kind].get(key, {}), **told}
            if (place.kind, key) not in touched:
                seed = made.seeds[place.kind].setdefault(key, {KEY: number})
                seed.update({name: value for name, value in told.items() if name not in seed})
    _settle_seeds(made)
    return made


def _write(one: Asked, writing: Writing, items: Items, made: Stock, places: Mapping[At, Place]) -> tuple[str, str]:
    """Take note of what a call writes; give the kind and the id of the item."""
    place = places[one.root, one.pick.name]
    sent = {name: value for name, value in one.arguments.items() if name != writing.argument}
    if writing.way == "made":
        shown = result_of(one, place)
        if shown is None or shown.members.get(KEY) is None:
            return writing.kind, ""
        key = as_text(shown.members[KEY])
        made.made[one] = key
        items[writing.kind][key] = {**sent, KEY: shown.members[KEY]}
    else:
        key = as_text(one.arguments.get(writing.argument))
        if writing.way == "removed":
            items[writing.kind].pop(key, None)
        else:
            items[writing.kind][key] = {KEY: key, **items[writing.kind].get(key, {}), **sent}
    return writing.kind, key


def _settle_seeds(made: Stock) -> None:
    """Put seeds in the order of their numbers, and under every state that was before."""
    for kind, items in made.seeds.items():
        if all(key.isdigit() for key in items):
            made.seeds[kind] = dict(sorted(items.items(), key=lambda pair: int(pair[0])))
    for items in made.before.values():
        for kind, seeds in made.seeds.items():
            there = items.setdefault(kind, {})
            for key, seed in seeds.items():
                if key in there:
                    there[key] = {**seed, **there[key]}


def rows_at(stock: Stock, asked: Asked, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the items of a kind that are known to have been there, those that were seeded among them."""
    there = stock.before.get(asked, {}).get(kind, {})
    yield from ((key, {**seed, **there.get(key, {})}) for key, seed in stock.seeds.get(kind, {}).items())
    yield from ((key, item) for key, item in there.items() if key not in stock.seeds.get(kind, {}))
