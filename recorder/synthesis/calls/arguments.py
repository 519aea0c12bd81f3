"""Arguments: which values that operations are given name things, and which of those are of one kind."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from recorder.synthesis.endpoints.discriminators import OUTSIDE
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.paths import is_typed
from recorder.synthesis.endpoints.verbs import does, does_one, is_called_id, is_credential, label_of, noun_of
from recorder.synthesis.samples.elements import HEADER
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, leaves, look

_BASES: Final = ("params", "variables", "payload", "arguments", "args", "input", "parameters")
_SMALL: Final = re.compile(r"\d{1,4}")
_DEEPEST: Final = 3
_SEVERAL: Final = 3
_LONGEST: Final = 50
_LEAST_OF_KIND: Final = 3
_NAMED: Final = re.compile(r"(\w+)\s*:\s*\$(\w+)")
Place = tuple[int, str]
"""A value as text, with the number of the session."""


@dataclass(eq=False, slots=True)
class Argument:
    """A place in the bodies of one endpoint's calls, with what stood there in those that succeeded.

    `known` counts the values that the session had been told or given before; `label` says what it speaks of.
    """

    endpoint: Endpoint
    path: Path
    name: str
    label: str
    values: list[tuple[Sample, str]]
    known: int = 0

    @property
    def places(self) -> set[Place]:
        """Its values with their sessions."""
        return {(sample.session, value) for sample, value in self.values}

    @property
    def is_small(self) -> bool:
        """Whether its values are numbers that may be equal to others by chance."""
        return sum(_SMALL.fullmatch(value) is not None for _, value in self.values) * 2 > len(self.values)


@dataclass(eq=False, slots=True)
class Kind:
    """Things of one kind: the arguments that name them."""

    name: str
    arguments: list[Argument] = field(default_factory=list)

    @property
    def places(self) -> set[Place]:
        """The values that name such a thing, with their sessions."""
        return set().union(*(one.places for one in self.arguments))

    def keys_of(self, endpoint: Endpoint) -> list[Argument]:
        """Give the arguments of an endpoint that name such a thing, best one that is called as the kind is."""
        own = [one for one in self.arguments if one.endpoint is endpoint]
        return sorted(own, key=lambda one: one.label != self.name)


def base_of(endpoint: Endpoint) -> Path:
    """Give where the arguments of an endpoint's calls stand: in the one object of their bodies, else in these."""
    if endpoint.discriminator is not None and endpoint.discriminator.where == "graphql":
        return ("variables",)
    told = endpoint.discriminator
    if endpoint.element or endpoint.operation is not None or (told is not None and told.where in OUTSIDE):
        return ()
    bodies = [sample.json for sample in endpoint.samples if isinstance(sample.json, dict)]
    counts = Counter(name for body in bodies for name, value in body.items() if isinstance(value, dict))
    standard = [name for name in _BASES if counts[name]]
    if standard:
        return (standard[0],)
    often = [name for name, count in counts.items() if count * 2 > len(bodies)]
    others = Counter(name for body in bodies for name, value in body.items() if not isinstance(value, dict))
    return (often[0],) if len(often) == 1 and len(others) <= 3 else ()


def kinds_of(endpoints: Sequence[Endpoint], bases: Mapping[Endpoint, Path], samples: Sequence[Sample]) -> list[Kind]:
    """Find the arguments that name things, and put those together that name things of one kind."""
    found = [one for endpoint in endpoints for one in _arguments(endpoint, bases[endpoint])]
    _count_known(found, samples)
    nouns = {subject_of(endpoint) for endpoint in endpoints}
    fixed = _fixed(found, samples)
    named = [one for one in found if _names_things(one, nouns) and not _is_word_of_few(one, samples)]
    named = [one for one in named if one.name not in fixed]
    kinds: list[Kind] = []
    for one in sorted(named, key=lambda one: -len(one.values)):
        kind = next((kind for kind in kinds if any(_are_of_one_kind(one, other) for other in kind.arguments)), None)
        if kind is None:
            kinds.append(Kind("", [one]))
        else:
            kind.arguments.append(one)
    return _named(_joined(kinds), nouns)


def argument_of_kind(endpoint: Endpoint, base: Path, kind: Kind) -> Argument | None:
    """Give the argument of an operation most of whose values name things of a kind, None where there is none."""
    places = kind.places
    least = 1 if len({session for session, _ in places}) == 1 else 2
    shared = {one: len(one.places & places) for one in _arguments(endpoint, base)}
    likely = [
        one
        for one, count in shared.items()
        if count >= least and count * 10 >= min(len(one.places), len(places)) * _LEAST_OF_KIND and not one.is_small
    ]
    return max(likely, key=lambda one: shared[one], default=None)


def operation_name(endpoint: Endpoint) -> str:
    """Give what an operation is called: of GraphQL the field that it asks for."""
    if endpoint.operation is not None:
        return endpoint.operation.name
    told = endpoint.discriminator
    assert told is not None
    document = look(endpoint.samples[0].json, ("query",)) if told.where == "graphql" else MISSING
    read = re.search(r"\{\s*(?:\w+\s*:\s*)?(\w+)", document) if isinstance(document, str) else None
    return read[1] if read is not None else told.word


def subject_of(endpoint: Endpoint) -> str:
    """Name what an operation has to do with; of `accounts.close` it stands before the verb."""
    name = operation_name(endpoint)
    *before, last = re.split(r"[.:]", name)
    if endpoint.operation is None or not before:
        return noun_of(name)
    own = noun_of(last) if does_one(last) else ""
    return own if own and not does_one(own) else noun_of(before[-1])


def _arguments(endpoint: Endpoint, base: Path) -> Iterator[Argument]:
    good = [sample for sample in endpoint.samples if sample.succeeded and isinstance(sample.asked, dict)]
    values: dict[Path, list[tuple[Sample, str]]] = defaultdict(list)
    for sample in good:
        for path, value in leaves(look(sample.asked, base), longest_list=0):
            is_of_header = path[:1] == (HEADER,)
            if 0 < len(path) <= _DEEPEST and not is_of_header and type(value) in (str, int):
                values[path].append((sample, as_text(value)))
    told = endpoint.discriminator
    for path, given in values.items():
        name = str(path[-1])
        is_own = told is not None and (*base, *path) == (told.name,)
        if is_own or len(given) * 10 < len(good) * 8 or is_credential(name):
            continue
        name = _field_of(endpoint, name)
        yield Argument(endpoint, (*base, *path), name, label_of(name) or subject_of(endpoint), given)


def _field_of(endpoint: Endpoint, name: str) -> str:
    """Give the argument of a GraphQL field that a variable is given for, else the name itself."""
    document = look(endpoint.samples[0].json, ("query",))
    if endpoint.discriminator is None or endpoint.discriminator.where != "graphql" or not isinstance(document, str):
        return name
    return next((argument for argument, variable in _NAMED.findall(document) if variable == name), name)


def _count_known(arguments: Sequence[Argument], samples: Sequence[Sample]) -> None:
    """Count for each argument the values that an earlier call of the session told of or was given."""
    by_sample: dict[int, list[tuple[Argument, str]]] = defaultdict(list)
    for one in arguments:
        for sample, value in one.values:
            by_sample[sample.number].append((one, value))
    known: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for sample in samples:
        own = known[sample.session]
        for one, value in by_sample.get(sample.number, ()):
            names = own.get(value, set())
            is_so_called = any(is_called_id(name) or name == one.name for name in names)
            one.known += is_so_called if _SMALL.fullmatch(value) else bool(names)
        for document in (sample.asked, sample.answer_json) if sample.succeeded else ():
            for path, told in leaves(document, longest_list=_LONGEST) if document is not MISSING else ():
                if isinstance(told, str | int) and not isinstance(told, bool):
                    own[as_text(told)].add(next((str(step) for step in reversed(path) if isinstance(step, str)), ""))


def _names_things(one: Argument, nouns: set[str]) -> bool:
    is_called_so = is_called_id(one.name) or one.label in nouns
    return one.known * 2 >= len(one.values) and (is_called_so or not one.is_small)


def _fixed(arguments: Sequence[Argument], samples: Sequence[Sample]) -> set[str]:
    """Give the names of arguments of several operations that always have one value, as the version of an API.

    It names something where an answer of the only session tells it.
    """
    given: dict[str, list[set[str]]] = defaultdict(list)
    for one in arguments:
        given[one.name].append({value for _, value in one.values})
    fixed = {
        name: set().union(*found)
        for name, found in given.items()
        if len(found) >= _SEVERAL and all(len(values) == 1 for values in found)
    }
    if not fixed or len({sample.session for sample in samples}) > 1:
        return set(fixed)
    told = {
        as_text(value)
        for sample in samples
        for _, value in (leaves(sample.answer_json, longest_list=_LONGEST) if sample.answer_json is not MISSING else ())
        if isinstance(value, str | int)
    }
    return {name for name, values in fixed.items() if not values & told}


def _is_word_of_few(one: Argument, samples: Sequence[Sample]) -> bool:
    """Tell whether values are words that most sessions use, such as currencies and states."""
    sessions = {sample.session for sample in samples}
    where: dict[str, set[int]] = defaultdict(set)
    for session, value in one.places:
        where[value].add(session)
    words = [value for value in where if not is_typed(value)]
    common = [value for value in words if len(where[value]) > max(1, len(sessions) // 4)]
    return len(sessions) > 1 and len(words) * 2 > len(where) and len(common) * 2 > len(words)


def _are_of_one_kind(one: Argument, other: Argument) -> bool:
    if one.is_small or other.is_small or one.label == other.label:
        return one.is_small == other.is_small and one.label == other.label
    shared = len(one.places & other.places)
    return shared * 10 >= min(len(one.places), len(other.places)) * 3


def _joined(kinds: Sequence[Kind]) -> list[Kind]:
    """Put kinds together of which single arguments are of one kind."""
    found: list[Kind] = []
    for kind in kinds:
        other = next(
            (
                known
                for known in found
                if any(_are_of_one_kind(one, two) for one in kind.arguments for two in known.arguments)
            ),
            None,
        )
        if other is None:
            found.append(kind)
        else:
            other.arguments += kind.arguments
    return found


def _named(kinds: list[Kind], nouns: set[str]) -> list[Kind]:
    used: set[str] = set()
    for kind in kinds:
        labels = Counter(one.label for one in kind.arguments)
        best = max(labels, key=lambda label: (labels[label], label in nouns))
        if best not in nouns:  # a shipment is named by its tracking number
            best = _spoken_of(kind) or best
        name, number = best or "thing", 2
        while name in used:
            name, number = f"{best}{number}", number + 1
        used.add(name)
        kind.name = name
    return kinds


def _spoken_of(kind: Kind) -> str:
    """Give what operations on things of a kind speak of: one that reads them, or two of them."""
    endpoints = [one.endpoint for one in kind.arguments]
    spoken = Counter(noun for one in endpoints if (noun := subject_of(one)))
    read = {subject_of(one) for one in endpoints if does(operation_name(one)) == "read"}
    likely = [noun for noun, count in spoken.most_common() if noun in read or count > 1]
    return likely[0] if likely else ""
