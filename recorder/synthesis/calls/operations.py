"""Operations: calls told apart by their body, given the methods and paths that they would have if each had its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from recorder.synthesis.calls.arguments import (
    Argument,
    Kind,
    Place,
    argument_of_kind,
    base_of,
    kinds_of,
    operation_name,
    subject_of,
)
from recorder.synthesis.calls.makings import find_makings
from recorder.synthesis.calls.nesting import find_owners
from recorder.synthesis.calls.path_names import name_operations
from recorder.synthesis.calls.wholes import Shown, Wholes
from recorder.synthesis.collections.places import lists_in, objects_in
from recorder.synthesis.endpoints.discriminators import is_remote_call
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.endpoints.verbs import Does, does, does_at, is_called_id
from recorder.synthesis.samples.operation import JSON_RPC, Given, Operation
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, look
from recorder.synthesis.samples.verdicts import judged_status

_ROOT: Final = "operations"
_LEAST_ALIKE: Final = 0.5
_METHODS: Final[Mapping[str, Does]] = {"GET": "read", "HEAD": "read", "DELETE": "remove"}
_LEAST_SHOWN: Final = 3
"""In how many of ten answers a thing is shown at least: others may say that there is none."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an operation is seen as: a method and a path, with the arguments that are the path's parameters."""

    method: str
    template: Template
    keys: tuple[Argument, ...] = ()
    lists: bool = False
    made: Path = ()


def see_operations(endpoints: Sequence[Endpoint]) -> None:
    """Give the endpoints that members of bodies tell apart, or their paths name, paths of their own; samples, too.

    Answers that tell an error count as refused, whatever their status, also beside them on the same path.
    """
    name_operations(endpoints)
    shared = {(one.method, one.template) for one in endpoints if _is_operation(one)}
    for endpoint in endpoints:
        if (endpoint.method, endpoint.template) in shared:
            for sample in endpoint.samples:
                sample.status = judged_status(sample)
    operations = [one for one in endpoints if _is_operation(one)]
    if not operations:
        return
    for endpoint in operations:
        _read_arguments(endpoint)
    samples = sorted((sample for one in endpoints for sample in one.samples), key=lambda one: one.number)
    bases = {one: base_of(one) for one in operations}
    kinds = kinds_of(operations, bases, samples)
    seeing = _Seeing(operations, kinds, samples, bases)
    seen = {one: seeing.seen(one) for one in operations}
    for endpoint, found in seen.items():
        inside = found.keys[-1].path[:1] if found.method == "PUT" and len(found.keys[-1].path) > 1 else ()
        _see(endpoint, found, bases[endpoint] or inside)
        if found.keys and found.template[-1] is None:
            _miss(endpoint, seeing.place(found.keys[-1]))


def _is_operation(endpoint: Endpoint) -> bool:
    told = endpoint.discriminator
    if endpoint.operation is not None:
        return True
    return told is not None and told.is_operation(endpoint.samples) and None not in endpoint.template


def _read_arguments(endpoint: Endpoint) -> None:
    """Have calls whose operation is told beside the path say their arguments: forms count as objects."""
    told = endpoint.discriminator
    is_form = sum(bool(one.form) for one in endpoint.samples) * 2 > len(endpoint.samples)
    if told is not None and told.names_operation and is_form:
        endpoint.is_form = True
        for sample in endpoint.samples:
            sample.json = {name: values[0] for name, values in sample.form.items()} if sample.form else MISSING
            sample.form = {}
    elif endpoint.operation is None and _given(endpoint) == "query":
        operation = Operation(endpoint.method, tuple(part or "" for part in endpoint.template), given="query")
        for sample in endpoint.samples:
            sample.operation = operation


def _see(endpoint: Endpoint, seen: _Seen, base: Path) -> None:
    """Have an endpoint and its samples be what they are seen as."""
    named = endpoint.operation
    operation = Operation(
        endpoint.method,
        endpoint.sent_segments,
        base,
        tuple(key.path for key in seen.keys),
        lists=seen.lists,
        envelope=JSON_RPC if any(map(is_remote_call, endpoint.samples)) else frozenset(),
        name=named.name if named is not None else "",
        given=named.given if named is not None else _given(endpoint),
        made=seen.made,
    )
    endpoint.operation, endpoint.method, endpoint.template = operation, seen.method, seen.template
    endpoint.params = _apart([key.label for key in seen.keys])
    for sample in endpoint.samples:
        sample.operation, sample.method = operation, seen.method
        keys = iter(operation.keys_in(sample.asked))
        sample.segments = tuple(next(keys) if part is None else part for part in seen.template)


def _given(endpoint: Endpoint) -> Given:
    """Tell where calls have their arguments whose operation is told beside a path."""
    told = endpoint.discriminator
    return "query" if told is not None and told.where == "query" else "json"


def _apart(names: Sequence[str]) -> tuple[str, ...]:
    """Tell equal names apart by numbers."""
    return tuple(f"{name}{at + 1}" if name in names[:at] else name for at, name in enumerate(names))


def _miss(endpoint: Endpoint, place: Shown | None) -> None:
    """Have answers that show nothing where others show the item that the call names count as not found."""
    where = place[0] if place is not None else ()
    for sample in endpoint.samples if where else ():
        shown = [look(sample.answer_json, where[:size]) for size in range(1, len(where) + 1)]
        if sample.succeeded and any(one is None or one is MISSING for one in shown):
            sample.status = 404


class _Seeing:
    """What is known of all operations, to tell what each of them is seen as."""

    def __init__(
        self,
        operations: Sequence[Endpoint],
        kinds: Sequence[Kind],
        samples: Sequence[Sample],
        bases: Mapping[Endpoint, Path],
    ) -> None:
        self._kinds = kinds
        self._wholes = Wholes(operations)
        self._names = {one: operation_name(one) for one in operations}
        self._does = {one: self._doing(one) for one in operations}
        writing = [one for one in operations if self._does[one] != "read" and not self._varies(one)]
        self._made, new = find_makings(writing, kinds, samples)
        self._readers = {kind: self._reader(kind, operations) for kind in kinds}
        self._is_held = {kind: self._are_held(kind) for kind in kinds}
        self._put = self._find_put([one for one in writing if one not in self._made], bases)
        self._ids = {kind: self._known_ids(kind) for kind in kinds}
        self._made |= {one: found for one in writing if one not in self._made and (found := self._like_made(one, new))}
        self._above = find_owners(self._held(), self._made, set(self._put.values()))

    def seen(self, endpoint: Endpoint) -> _Seen:
        """Tell what an operation is seen as."""
        if self._varies(endpoint):
            return self._alone(endpoint)
        if endpoint in self._made:
            kind, path = self._made[endpoint]
            made = self._at(endpoint, "POST", kind)
            return replace(made, made=path) if made is not None else self._alone(endpoint)
        if endpoint in self._put:
            item = self._item(endpoint, self._put[endpoint])
            return replace(item, method="PUT") if item is not None else self._alone(endpoint)
        keyed = [(kind, item) for kind in self._held() if (item := self._item(endpoint, kind)) is not None]
        own = next((item for kind, item in keyed if self._readers[kind] is endpoint), None)
        if own is not None:
            return own
        if self._does[endpoint] in ("read", ""):
            for kind in self._held():
                is_own = subject_of(endpoint) == kind.name
                is_other = not is_own and (kind.arguments[0].is_small or self._names_others(kind, keyed))
                if not is_other and self._lists(endpoint, kind):
                    listed = self._at(endpoint, "GET", kind)
                    if listed is not None:
                        return replace(listed, lists=True)
        if not keyed:
            return self._alone(endpoint)
        nearest = min(keyed, key=lambda one: (-len(one[1].keys), one[1].keys[-1].label != one[0].name))
        return self._of_item(endpoint, *nearest)

    def _find_put(self, writing: Sequence[Endpoint], bases: Mapping[Endpoint, Path]) -> dict[Endpoint, Kind]:
        """Find operations that are sent the id of a new thing and do not tell it: it is put where its id says."""
        found: dict[Endpoint, Kind] = {}
        for endpoint in writing:
            kind = next((one for one in self._held() if one.name == subject_of(endpoint)), None)
            if kind is not None and self._does[endpoint] == "write" and not kind.keys_of(endpoint):
                key = argument_of_kind(endpoint, bases[endpoint], kind)
                if key is not None:
                    kind.arguments.append(key)
                    found[endpoint] = kind
        return found

    def _names_others(self, kind: Kind, keyed: Sequence[tuple[Kind, _Seen]]) -> bool:
        """Tell whether an operation names things that those of a kind do not belong to, as an account's statement."""
        above, one = set(), self._above.get(kind)
        while one is not None:
            above.add(one)
            one = self._above.get(one)
        return any(other is not kind and other not in above for other, _ in keyed)

    def _at(self, endpoint: Endpoint, method: str, kind: Kind) -> _Seen | None:
        """See an operation as one on all things of a kind, None where it does not say under which others."""
        if kind not in self._above:
            return _Seen(method, (_ROOT, _plural(kind.name)))
        owner = self._item(endpoint, self._above[kind])
        return _Seen(method, (*owner.template, _plural(kind.name)), owner.keys) if owner is not None else None

    def _item(self, endpoint: Endpoint, kind: Kind) -> _Seen | None:
        """See an operation as a look at the thing of a kind that it names, None where it names none."""
        keys, home = kind.keys_of(endpoint), self._at(endpoint, "GET", kind)
        return _Seen("GET", (*home.template, None), (*home.keys, keys[0])) if keys and home is not None else None

    def _of_item(self, endpoint: Endpoint, kind: Kind, item: _Seen) -> _Seen:
        doing = self._does[endpoint]
        is_about = subject_of(endpoint) in (kind.name, "")
        if doing == "remove" and is_about:
            return replace(item, method="DELETE")
        if doing == "change" and is_about and self._shows_item(item.keys[-1], kind):
            return replace(item, method="PATCH")
        return _Seen("GET" if doing == "read" else "POST", (*item.template, _word(endpoint)), item.keys)

    def _alone(self, endpoint: Endpoint) -> _Seen:
        return _Seen("GET" if self._does[endpoint] == "read" else "POST", (_ROOT, _word(endpoint)))

    def _held(self) -> list[Kind]:
        return [kind for kind in self._kinds if self._is_held[kind]]

    def _varies(self, endpoint: Endpoint) -> bool:
        """Tell whether calls of GraphQL have arguments that are no variables: their documents differ."""
        told = endpoint.discriminator
        documents = {as_text(look(one.json, ("query",))) for one in endpoint.samples if one.succeeded}
        return told is not None and told.where == "graphql" and len(documents) > 1

    def _doing(self, endpoint: Endpoint) -> Does:
        told = endpoint.discriminator
        if endpoint.method in _METHODS:
            return _METHODS[endpoint.method]
        if told is not None and told.where == "graphql":
            document = str(look(endpoint.samples[0].json, ("query",))).lstrip()
            named = does(self._names[endpoint])
            return (named if named != "read" else "write") if document.startswith("mutation") else "read"
        named = does(self._names[endpoint])
        placed = does_at(tuple(part or "" for part in endpoint.template))
        return "read" if placed == "read" else named if placed == "" or named not in ("read", "") else placed

    def _like_made(self, endpoint: Endpoint, new: Container[tuple[Endpoint, Path]]) -> tuple[Kind, Path] | None:
        """Tell what an operation on things makes of their kind: it shows all that these have, with a new id.

        So does one that shows it where the one does that is known to make such things, whatever it is done on.
        """
        for kind in self._held():
            reader = self._readers[kind]
            found = self.place(kind.keys_of(reader)[0]) if reader is not None else None
            places = [found] if found is not None and kind.keys_of(endpoint) else []
            places += [(path[:-1], path[-1:]) for one, path in self._made.values() if one is kind and len(path) > 1]
            found = next((one for one in places if (endpoint, (*one[0], *one[1])) in new), None)
            if found is None:
                continue
            shown = [look(sample.answer_json, found[0]) for sample in endpoint.samples if sample.succeeded]
            if all(isinstance(one, dict) and self._item_fields(kind)[1] <= set(one) for one in shown):
                return kind, (*found[0], *found[1])
        return None

    def _known_ids(self, kind: Kind) -> set[Place]:
        made = {
            (sample.session, as_text(look(sample.answer_json, path)))
            for endpoint, (own, path) in self._made.items()
            if own is kind
            for sample in endpoint.samples
            if sample.succeeded
        }
        return kind.places | made

    def _reader(self, kind: Kind, operations: Sequence[Endpoint]) -> Endpoint | None:
        """Give the operation that shows a thing which it names: best one that is called as the kind is."""
        shown = [
            one
            for one in operations
            if self._does[one] == "read" and kind.keys_of(one) and self.place(kind.keys_of(one)[0]) is not None
        ]
        return min(
            shown,
            key=lambda one: (subject_of(one) != kind.name, kind.keys_of(one)[0].label != kind.name,
                             -len(one.samples)),
            default=None,
        )  # fmt: skip

    def place(self, key: Argument) -> Shown | None:
        """Give where most answers show an object with members that holds the id which the call names, and where."""
        counts: Counter[Shown] = Counter()
        told = sum(sample.answer_json is not MISSING for sample, _ in key.values)  # notifications are told nothing
        for sample, value in key.values:
            for where, shown in objects_in(sample.answer_json) if isinstance(sample.answer_json, dict) else ():
                if len(shown) > 1:
                    counts.update((where, own) for own, one in _ids_in(shown) if as_text(one) == value)
        likely = [found for found, count in counts.items() if count * 10 >= told * _LEAST_SHOWN]
        best = min(
            likely, key=lambda found: (len(found[0] + found[1]), not is_called_id(str(found[1][-1]))), default=None
        )
        return self._wholes.around(best, key.places) if best is not None else None

    def _are_held(self, kind: Kind) -> bool:
        """Tell whether things of a kind are shown or made by any operation, and not others by a name that they have."""
        is_made = any(own is kind for own, _ in self._made.values())
        return is_made or (self._readers[kind] is not None and not self._shows_others(kind))

    def _shows_others(self, kind: Kind) -> bool:
        """Tell whether all that is shown of a kind that nothing makes are things which operations make by their id."""
        reader = self._readers[kind]
        key = kind.keys_of(reader)[0] if reader is not None else None
        place = self.place(key) if key is not None else None
        if key is None or place is None:
            return False
        for maker, (_, path) in self._made.items():
            made = {(one.session, as_text(look(one.answer_json, path))) for one in maker.samples if one.succeeded}
            shown = [(one.session, look(one.answer_json, (*place[0], path[-1]))) for one, _ in key.values]
            if shown and all((session, as_text(own)) in made for session, own in shown):
                return True
        return False

    def _item_fields(self, kind: Kind) -> tuple[Path, set[str]]:
        """Give where a thing holds its id, () if that is not known, and the names of its members."""
        reader = self._readers[kind]
        if reader is not None:
            key = kind.keys_of(reader)[0]
            where, own = self.place(key) or ((), ())
            shown = [look(sample.answer_json, where) for sample, _ in key.values]
        else:
            endpoint, path = next((one, path) for one, (own_kind, path) in self._made.items() if own_kind is kind)
            own = path[-1:]
            shown = [look(sample.answer_json, path[:-1]) for sample in endpoint.samples if sample.succeeded]
        fields = {name for one in shown if isinstance(one, dict) for name in one}
        return own, fields

    def _lists(self, endpoint: Endpoint, kind: Kind) -> bool:
        """Tell whether answers have rows that are things of a kind."""
        place, fields = self._item_fields(kind)
        ids = self._ids[kind]
        hits = total = 0
        for sample in endpoint.samples if place else ():
            for _, rows in lists_in(sample.answer_json) if sample.succeeded else ():
                for row in rows if all(isinstance(row, dict) for row in rows) else ():
                    own = look(row, place)
                    is_alike = len(fields & set(row)) >= len(row) * _LEAST_ALIKE
                    total += 1
                    hits += _is_id(own) and is_alike and (sample.session, as_text(own)) in ids
        return hits > 1 and hits * 5 >= total

    def _shows_item(self, key: Argument, kind: Kind) -> bool:
        """Tell whether answers show the changed thing, or what is sent are members of it."""
        place, (own, fields) = self.place(key), self._item_fields(kind)
        if place is not None:
            return len(own) < len(place[1]) or place[1] == own or len(own) == 1  # else it is a part of the thing
        sent = {name for sample, _ in key.values for name in _siblings(sample, key.path)}
        return bool(sent) and sent <= fields | {str(key.path[-1])}


def _siblings(sample: Sample, path: Path) -> Mapping[str, Any]:
    found = look(sample.asked, path[:-1])
    return found if isinstance(found, dict) else {}


def _ids_in(shown: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Give what may be ids among the members of an object, also where each is told with its type: `{"S": "x"}`."""
    for name, one in shown.items():
        if _is_id(one):
            yield (name,), one
        elif isinstance(one, dict) and len(one) == 1:
            yield from (((name, told), inner) for told, inner in one.items() if _is_id(inner))


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _word(endpoint: Endpoint) -> str:
    if endpoint.operation is not None:
        return endpoint.operation.name
    return endpoint.discriminator.word if endpoint.discriminator is not None else ""


def _plural(name: str) -> str:
    if name.endswith("s"):
        return name
    return f"{name[:-1]}ies" if re.search(r"[^aeiou]y$", name) else f"{name}s"
