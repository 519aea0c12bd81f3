"""Operations: calls told apart by their body, given the methods and paths that they would have if each had its own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.arguments import Argument, Kind, Place, base_of, fresh_in, kinds_of, operation_name
from recorder.synthesis.discriminators import is_remote_call
from recorder.synthesis.endpoint import Endpoint
from recorder.synthesis.operation import JSON_RPC, Operation
from recorder.synthesis.paths import Template
from recorder.synthesis.places import lists_in, objects_in
from recorder.synthesis.sample import Sample
from recorder.synthesis.values import MISSING, Path, as_text, is_scalar, leaves, look
from recorder.synthesis.verbs import Does, does, does_at, is_called_id, noun_of
from recorder.synthesis.verdicts import judged_status

_ROOT: Final = "operations"
_LEAST_ALIKE: Final = 0.5
_LONG: Final = 5
_LEAST_SHOWN: Final = 3
"""In how many of ten answers a thing is shown at least: others may say that there is none."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What an operation is seen as: a method and a path, with the argument that is the path's parameter."""

    method: str
    template: Template
    key: Argument | None = None
    lists: bool = False


def see_operations(endpoints: Sequence[Endpoint]) -> None:
    """Give the endpoints that members of bodies tell apart paths of their own, and their samples with them.

    Answers that tell an error count as refused, whatever their status, also beside them on the same path.
    """
    shared = {(one.method, one.template) for one in endpoints if _is_operation(one)}
    for endpoint in endpoints:
        if (endpoint.method, endpoint.template) in shared:
            for sample in endpoint.samples:
                sample.status = judged_status(sample)
    operations = [one for one in endpoints if _is_operation(one)]
    if not operations:
        return
    samples = sorted((sample for one in endpoints for sample in one.samples), key=lambda one: one.number)
    bases = {one: base_of(one) for one in operations}
    kinds = kinds_of(operations, bases, samples)
    seeing = _Seeing(operations, kinds, samples)
    seen = {one: seeing.seen(one) for one in operations}
    for endpoint, found in seen.items():
        _see(endpoint, found, bases[endpoint])
        if found.key is not None and found.template[-1] is None:
            _miss(endpoint, seeing.place(found.key))


def _is_operation(endpoint: Endpoint) -> bool:
    told = endpoint.discriminator
    return told is not None and told.is_operation(endpoint.samples) and None not in endpoint.template


def _see(endpoint: Endpoint, seen: _Seen, base: Path) -> None:
    """Have an endpoint and its samples be what they are seen as."""
    segments = tuple(part or "" for part in endpoint.template)
    key = seen.key.path if seen.key is not None else None
    envelope = JSON_RPC if any(map(is_remote_call, endpoint.samples)) else frozenset[str]()
    operation = Operation(endpoint.method, segments, base, key, lists=seen.lists, envelope=envelope)
    endpoint.operation, endpoint.method, endpoint.template = operation, seen.method, seen.template
    endpoint.params = (seen.key.label,) if seen.key is not None else ()
    for sample in endpoint.samples:
        sample.operation, sample.method = operation, seen.method
        named = operation.key_in(sample.json)
        sample.segments = tuple(named if part is None else part for part in seen.template)


def _miss(endpoint: Endpoint, place: Path | None) -> None:
    """Have answers that show nothing where others show the item that the call names count as not found."""
    for sample in endpoint.samples if place is not None else ():
        if sample.succeeded and any(
            look(sample.answer_json, (place or ())[:size]) is None for size in range(1, len(place or ()))
        ):
            sample.status = 404


class _Seeing:
    """What is known of all operations, to tell what each of them is seen as."""

    def __init__(self, operations: Sequence[Endpoint], kinds: Sequence[Kind], samples: Sequence[Sample]) -> None:
        self._kinds = kinds
        self._names = {one: operation_name(one) for one in operations}
        self._does = {one: self._doing(one) for one in operations}
        self._made = self._creations(samples)
        self._ids = {kind: self._known_ids(kind) for kind in kinds}
        self._readers = {kind: self._reader(kind, operations) for kind in kinds}
        self._is_held = {kind: self._are_held(kind) for kind in kinds}

    def seen(self, endpoint: Endpoint) -> _Seen:
        """Tell what an operation is seen as."""
        if self._varies(endpoint):
            return self._alone(endpoint)
        if endpoint in self._made:
            kind, _ = self._made[endpoint]
            return _Seen("POST", (_ROOT, _plural(kind.name)))
        keyed = [(kind, kind.keys_of(endpoint)[0]) for kind in self._held() if kind.keys_of(endpoint)]
        own = next(((kind, key) for kind, key in keyed if self._readers[kind] is endpoint), None)
        if own is not None:
            return _Seen("GET", _item(own[0]), own[1])
        if self._does[endpoint] in ("read", ""):
            for kind in self._held():
                is_other = kind.arguments[0].is_small and noun_of(self._names[endpoint]) != kind.name
                if not is_other and self._lists(endpoint, kind):
                    return _Seen("GET", (_ROOT, _plural(kind.name)), lists=True)
        if not keyed:
            return self._alone(endpoint)
        return self._of_item(endpoint, *min(keyed, key=lambda one: one[1].label != one[0].name))

    def _of_item(self, endpoint: Endpoint, kind: Kind, key: Argument) -> _Seen:
        doing = self._does[endpoint]
        is_about = noun_of(self._names[endpoint]) in (kind.name, "")
        if doing == "remove" and is_about:
            return _Seen("DELETE", _item(kind), key)
        if doing == "change" and is_about and self._shows_item(key, kind):
            return _Seen("PATCH", _item(kind), key)
        return _Seen("GET" if doing == "read" else "POST", (*_item(kind), _word(endpoint)), key)

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
        if told is not None and told.where == "graphql":
            document = str(look(endpoint.samples[0].json, ("query",))).lstrip()
            named = does(self._names[endpoint])
            return (named if named != "read" else "write") if document.startswith("mutation") else "read"
        named = does(self._names[endpoint])
        placed = does_at(tuple(part or "" for part in endpoint.template))
        return "read" if placed == "read" else named if placed == "" or named not in ("read", "") else placed

    def _creations(self, samples: Sequence[Sample]) -> dict[Endpoint, tuple[Kind, Path]]:
        """Give the operations whose answers tell of new things, with the kind and the place of the new id."""
        endpoint_of = {sample.number: one for one in self._names for sample in one.samples}
        later: dict[Place, list[tuple[int, Kind]]] = defaultdict(list)
        for kind in self._kinds:
            for argument in kind.arguments:
                for sample, value in argument.values:
                    later[sample.session, value].append((sample.number, kind))
        told: dict[int, dict[str, bool]] = defaultdict(dict)
        fresh: Counter[tuple[Endpoint, Path]] = Counter()
        votes: Counter[tuple[Endpoint, Path, str]] = Counter()
        for sample in samples:
            endpoint = endpoint_of.get(sample.number)
            if endpoint is not None and self._does[endpoint] != "read" and sample.succeeded:
                for path, value in fresh_in(sample, told[sample.session]):
                    fresh[endpoint, path] += 1
                    named = {kind.name for number, kind in later[sample.session, value] if number > sample.number}
                    if len(value) >= _LONG or is_called_id(str(path[-1])):
                        votes.update((endpoint, path, name) for name in named)
            for document in (sample.json, sample.answer_json):
                for _, value in leaves(document, longest_list=50) if document is not MISSING else ():
                    if is_scalar(value):
                        told[sample.session][as_text(value)] = True
        return self._likeliest(fresh, votes)

    def _likeliest(
        self, fresh: Counter[tuple[Endpoint, Path]], votes: Counter[tuple[Endpoint, Path, str]]
    ) -> dict[Endpoint, tuple[Kind, Path]]:
        by_name = {kind.name: kind for kind in self._kinds}
        found: dict[Endpoint, tuple[Kind, Path]] = {}
        ranked = sorted(votes.items(), key=lambda one: (-one[1], len(one[0][1]), repr(one[0][1])))
        for (endpoint, path, name), count in ranked:
            total = sum(sample.succeeded and bool(sample.answer_body) for sample in endpoint.samples)
            is_new = fresh[endpoint, path] * 10 >= total * 8
            if endpoint not in found and is_new and count > 1 and count * 10 >= total and not self._varies(endpoint):
                found[endpoint] = (by_name[name], path)
        return found

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
            key=lambda one: (noun_of(self._names[one]) != kind.name, kind.keys_of(one)[0].label != kind.name,
                             -len(one.samples)),
            default=None,
        )  # fmt: skip

    def place(self, key: Argument) -> Path | None:
        """Give where most answers show an object with members that holds the id which the call names."""
        counts: Counter[Path] = Counter()
        for sample, value in key.values:
            for where, shown in objects_in(sample.answer_json) if isinstance(sample.answer_json, dict) else ():
                if len(shown) > 1:
                    counts.update(
                        (*where, name) for name, one in shown.items() if _is_id(one) and as_text(one) == value
                    )
        likely = [path for path, count in counts.items() if count * 10 >= len(key.values) * _LEAST_SHOWN]
        return min(likely, key=lambda path: (len(path), not is_called_id(str(path[-1]))), default=None)

    def _are_held(self, kind: Kind) -> bool:
        """Tell whether things of a kind are shown or made by any operation."""
        return self._readers[kind] is not None or any(own is kind for own, _ in self._made.values())

    def _item_fields(self, kind: Kind) -> tuple[str, set[str]]:
        """Give the name of the member that holds the id of a thing, "" if that is not known, and its members."""
        reader = self._readers[kind]
        if reader is not None:
            key = kind.keys_of(reader)[0]
            where = self.place(key) or ()
            shown = [look(sample.answer_json, where[:-1]) for sample, _ in key.values]
        else:
            endpoint, where = next((one, path) for one, (own, path) in self._made.items() if own is kind)
            shown = [look(sample.answer_json, where[:-1]) for sample in endpoint.samples if sample.succeeded]
        fields = {name for one in shown if isinstance(one, dict) for name in one}
        return str(where[-1]) if where else "", fields

    def _lists(self, endpoint: Endpoint, kind: Kind) -> bool:
        """Tell whether answers have rows that are things of a kind."""
        name, fields = self._item_fields(kind)
        ids = self._ids[kind]
        hits = total = 0
        for sample in endpoint.samples if name else ():
            for _, rows in lists_in(sample.answer_json) if sample.succeeded else ():
                for row in rows if all(isinstance(row, dict) for row in rows) else ():
                    own = row.get(name, MISSING)
                    is_alike = len(fields & set(row)) >= len(row) * _LEAST_ALIKE
                    total += 1
                    hits += _is_id(own) and is_alike and (sample.session, as_text(own)) in ids
        return hits > 1 and hits * 5 >= total

    def _shows_item(self, key: Argument, kind: Kind) -> bool:
        """Tell whether answers show the changed thing, or what is sent are members of it."""
        if self.place(key) is not None:
            return True
        _, fields = self._item_fields(kind)
        sent = {name for sample, _ in key.values for name in _siblings(sample, key.path)}
        return bool(sent) and sent <= fields | {str(key.path[-1])}


def _siblings(sample: Sample, path: Path) -> Mapping[str, Any]:
    found = look(sample.json, path[:-1])
    return found if isinstance(found, dict) else {}


def _is_id(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _word(endpoint: Endpoint) -> str:
    return endpoint.discriminator.word if endpoint.discriminator is not None else ""


def _plural(name: str) -> str:
    return name if name.endswith("s") else f"{name}s"


def _item(kind: Kind) -> Template:
    return (_ROOT, _plural(kind.name), None)
