"""The places where documents pick objects, such as `Query.allAlbums`, and of which kind the objects there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from cassettes.conventions import told_by_name, words_of
from recorder.synthesis.endpoints.paths import singular
from recorder.synthesis.graphs.documents import Asked, Pick

At: TypeAlias = tuple[str, ...]
"""The fields from a root to an object: `("Query", "album", "artist")`."""
Role: TypeAlias = Literal["item", "page", "held", "other"]
KEY: Final = "id"
_CARRIERS: Final = frozenset(
    ("node", "nodes", "edge", "edges", "item", "items", "data", "result", "results", "list", "record", "records", "row")
)
_ASIDE: Final = frozenset(("connection", "list", "page", "meta", "count", "total", "payload", "info", "aggregate"))
_LEADS: Final = frozenset(("all", "get", "list", "find", "fetch", "create", "add", "new", "update", "edit", "delete"))
_LEADS_MORE: Final = frozenset(("remove", "set", "my", "search", "insert", "make", "save", "change", "destroy"))


@dataclass(eq=False, slots=True)
class Shown:
    """One object that an answer shows: its members by their own names, and the objects in it."""

    asked: Asked
    members: dict[str, Any]
    parts: dict[str, Shown | list[Shown] | None] = field(default_factory=dict)
    parent: Shown | None = None


@dataclass(slots=True)
class Place:
    """What was picked at one place: `shown` are the objects; `kind` names what they are, or hold, once it is known."""

    at: At
    shown: list[Shown] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    arguments: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    asked: int = 0
    is_list: bool = False
    is_object: bool = False
    values: list[Any] = field(default_factory=list)
    role: Role = "other"
    kind: str = ""
    by_field: dict[Asked, list[Shown]] = field(default_factory=lambda: defaultdict(list), repr=False)

    def shown_by(self, asked: Asked) -> Sequence[Shown]:
        """Give the objects that one field of a root showed here."""
        return self.by_field.get(asked, ())

    @property
    def name(self) -> str:
        return ".".join(self.at)

    def values_of(self, member: str) -> list[Any]:
        """Give the values that a member was shown with."""
        return [one.members[member] for one in self.shown if member in one.members]


def places_of(asked: Sequence[Asked]) -> dict[At, Place]:
    """Give each place of these fields, with what was shown there; they are in the order of their depth."""
    found: dict[At, Place] = {}
    for one in asked:
        _note(found, (one.root, one.pick.name), one.pick, one, one.value, None)
    places = dict(sorted(found.items(), key=lambda pair: len(pair[0])))
    _name_kinds(places)
    return places


def _note(
    found: dict[At, Place], at: At, pick: Pick, asked: Asked, value: Any, parent: Shown | None
) -> Shown | list[Shown] | None:
    place = found.setdefault(at, Place(at))
    place.asked += 1
    for name, type_ in pick.types.items():
        place.arguments[name].append(type_)
    place.is_list |= isinstance(value, list)
    place.is_object |= bool(pick.inside)
    if not pick.inside:
        place.values.append(value)
        return None
    if isinstance(value, list):
        return [_shown(found, at, pick, asked, row, parent) for row in value if isinstance(row, dict)]
    return _shown(found, at, pick, asked, value, parent) if isinstance(value, dict) else None


def _shown(
    found: dict[At, Place], at: At, pick: Pick, asked: Asked, value: Mapping[str, Any], parent: Shown | None
) -> Shown:
    place, made = found[at], Shown(asked, {}, parent=parent)
    place.shown.append(made)
    place.by_field[asked].append(made)
    for one in pick.inside:
        told = value.get(one.alias)
        if one.name == "__typename":
            place.told[str(told)] += 1
            continue
        if one.on:
            place.told[one.on] += 1
        part = _note(found, (*at, one.name), one, asked, told, made)
        if one.inside:
            made.parts[one.name] = part
        else:
            made.members[one.name] = told
    return made


def stem(at: At) -> str:
    """Give the word for what is at a place, by what the fields are called: `("Query", "allAlbums")` is an `album`."""
    for name in reversed(at[1:]):
        words = list(words_of(name))
        words = words[: words.index("by")] if "by" in words[1:] else words
        while len(words) > 1 and words[-1] in _ASIDE:
            words.pop()
        word = singular(words[-1]) if words else ""
        if word and word not in _CARRIERS and words[-1] not in _CARRIERS:
            return word
    return ""


def spelled(at: At) -> str:
    """Give a type's name from that of a field: `createTodoItem` and `todoItems` are a `TodoItem`."""
    words = [word for word in words_of(at[-1]) if word not in _ASIDE]
    while len(words) > 1 and words[0] in _LEADS | _LEADS_MORE:
        words = words[1:]
    words = words[: words.index("by")] if "by" in words[1:] else words
    return "".join(word.capitalize() for word in [*words[:-1], singular(words[-1])]) if words else "Thing"


def children(places: Mapping[At, Place], at: At) -> Iterator[Place]:
    """Give the places right below one."""
    return (place for other, place in places.items() if len(other) == len(at) + 1 and other[: len(at)] == at)


def _name_kinds(places: dict[At, Place]) -> None:
    """Say what the objects of each place are: items of a kind, pages of them, what holds one, or something else."""
    objects = [place for place in places.values() if place.is_object]
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in objects:
        if place.values_of(KEY):
            groups[stem(place.at)].append(place)
    same = _joined(groups)
    names = {
        word: _type_name([place for one, of in groups.items() if same[one] == word for place in of])
        for word in dict.fromkeys(same.values())
    }
    for word, inside in groups.items():
        for place in inside:
            place.role, place.kind = "item", names[same[word]]
    for place in sorted(objects, key=lambda one: -len(one.at)):
        if place.role == "other":
            _settle(place, places, {word: names[same[word]] for word in groups})


def _settle(place: Place, places: Mapping[At, Place], kinds: Mapping[str, str]) -> None:
    below = list(children(places, place.at))
    rows = [one for one in below if one.is_object and one.kind and (one.is_list or one.role == "page")]
    flat = [one for one in below if not one.is_object]
    carried = [one for one in rows if words_of(one.at[-1])[-1] in _CARRIERS or stem(one.at) == stem(place.at)]
    kind = kinds.get(stem(place.at), "")
    single = [one for one in below if one.role == "item" and not one.is_list]
    if carried:
        place.role, place.kind = "page", carried[0].kind
    elif len(place.at) > 2 and place.at[-1].lower().startswith("pageinfo"):
        place.role, place.kind = "page", "PageInfo"
    elif place.at[-1] in _CARRIERS and len(single) == 1 and place.is_list:
        place.role, place.kind = "page", single[0].kind
    elif kind and flat and len(flat) == len(below) and all(told_by_name(one.at[-1]) for one in flat):
        place.role, place.kind = "page", kind
    elif place.at[0] == "Mutation" and len(single) == 1 and len(place.at) == 2:
        place.role, place.kind = "held", single[0].kind
    elif kind:
        place.role, place.kind = "item", kind


def _type_name(places: Sequence[Place]) -> str:
    told = Counter(name for place in places for name, count in place.told.items() for _ in range(count))
    if told:
        return told.most_common(1)[0][0]
    return Counter(spelled(place.at) for place in places if len(place.at) == 2 or place.shown).most_common(1)[0][0]


def _joined(groups: Mapping[str, Sequence[Place]]) -> dict[str, str]:
    """Give for each word the one that it means: an `author` is a `user` where each was shown as that user was."""
    known: dict[str, dict[tuple[int, str], list[dict[str, Any]]]] = {word: defaultdict(list) for word in groups}
    for word, places in groups.items():
        for one in (one for place in places for one in place.shown if one.members.get(KEY) is not None):
            known[word][one.asked.sample.session, str(one.members[KEY])].append(one.members)
    same = {word: word for word in groups}
    for word in sorted(groups, key=lambda word: (sum(len(place.shown) for place in groups[word]), word)):
        best = max(
            (other for other in groups if same[other] == other != word),
            key=lambda other: _agree(known[word], known[other]),
            default="",
        )
        if best and _agree(known[word], known[best]) > 0:
            same = {one: best if to == word else to for one, to in same.items()}
    for word in groups:
        if same[word] == word and all(place.at[0] == "Mutation" for place in groups[word]):
            wide = [other for other in groups if same[other] == other != word and _holds(known[other], known[word])]
            same[word] = wide[0] if len(wide) == 1 else word
    return same


def _holds(ones: Mapping[Any, list[dict[str, Any]]], others: Mapping[Any, list[dict[str, Any]]]) -> bool:
    """Tell whether the others can be some of the ones: the same ids, and no members that these never have."""
    members = {name for shown in ones.values() for one in shown for name in one}
    told = {name for shown in others.values() for one in shown for name in one}
    return others.keys() <= ones.keys() and told <= members and len(told) > 1


def _agree(ones: Mapping[Any, list[dict[str, Any]]], others: Mapping[Any, list[dict[str, Any]]]) -> int:
    """Count the items that both show alike, in a text beside the id; -1 where one is another thing there."""
    alike = 0
    for key, shown in ones.items():
        if key not in others:
            continue
        texts = {
            (name, value) for one in shown for name, value in one.items() if name != KEY and isinstance(value, str)
        }
        there = {(name, value) for one in others[key] for name, value in one.items() if name != KEY}
        shared = {pair for pair in texts if any(pair[0] == name for name, _ in there)}
        if shared and not shared & there:
            return -1
        alike += bool(shared)
    return alike if alike * 2 >= len(ones) else -1
