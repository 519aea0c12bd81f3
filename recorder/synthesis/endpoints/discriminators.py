"""Discriminators: the field of a request that tells calls of one path apart, where there is one."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.endpoints.verbs import are_operations
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, as_text, look, parts, shape
from recorder.synthesis.samples.verdicts import judged_status

Where: TypeAlias = Literal["header", "json", "query", "form", "graphql", "element", "path"]
FIELD: Final = "field"
"""The name of a discriminator that is the first field of a GraphQL document without a name."""
_FIELD: Final = "{"
IN_BODY: Final = ("json", "graphql", "element")
OUTSIDE: Final = ("header", "query", "form")
_MOST_VALUES: Final = 60
_FEWEST: Final = 4
_FEW_REFUSED: Final = 5
_LEAST_ENTROPY: Final = 0.4
_LEAST_GAIN: Final = 0.8
_AGAIN: Final = 8
_AGAIN_IN_ONE: Final = 6
"""Of ten calls so many have an operation that others have, too: in several sessions, and in one."""
_LEAST_DECIDED: Final = 0.6
_NAMED_SO: Final = 2.0
"""What names operations says more than any share of what is open about shapes."""
_STANDARD: Final = ("x-amz-target", "soapaction")
_HEADERS_ASIDE: Final = re.compile(
    r"host|connection|accept.*|user-agent|content-length|content-type|authorization|cookie|if-.*|x-mimic-.*|date|origin"
    r"|referer|traceparent|idempotency-key|x-request-id|x-correlation-id|sec-.*|cache-control|pragma|range|via|.*-date"
    r"|.*sha256|amz-sdk-.*|.*(?:key|token|auth|secret|session|csrf|nonce|signature|trace).*|x-forwarded-.*"
)
_IS_MADE: Final = re.compile(r"[0-9a-f]{24,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
"""An id that a service makes up: a long number in hexadecimal, or a UUID."""
_OPERATION: Final = re.compile(r"[A-Za-z_][\w.:/-]*")
_GRAPHQL: Final = re.compile(
    r"\s*(?:(?:query|mutation|subscription)\b\s*(?P<name>\w+)?[^{]*)?\{\s*(?:\w+\s*:\s*)?(?P<field>\w+)"
)


@dataclass(frozen=True, slots=True)
class Discriminator:
    """What tells calls of one path apart: the field of the request where it stands, and its value there.

    `names_operation` is True where such values are names as operations have them, such as `CreateQueue`. With
    `is_pattern` the value is a regular expression: of the whole path, where it stands there. Calls have the arguments
    `needs`, too.
    """

    where: Where
    name: str
    value: str
    names_operation: bool = False
    is_pattern: bool = False
    needs: tuple[Path, ...] = ()

    def is_operation(self, samples: Sequence[Sample]) -> bool:
        """Tell whether the value says what calls do: it stands in their bodies, where SOAP has it, or names that."""
        is_soap = self.where == "header" and self.name in _STANDARD and any(sample.element for sample in samples)
        return self.where in IN_BODY or is_soap or self.names_operation

    @property
    def word(self) -> str:
        """The value without what stands before it in a URL or a dotted name; of GraphQL and JSON as it is."""
        if self.where in ("header", "element"):
            return re.split(r"[/#.:]", self.value.strip('"'))[-1] or self.value
        return self.value if self.where in IN_BODY else self.value.rpartition(".")[2]


def told_apart(
    samples: list[Sample], *, is_collection: bool = False
) -> Iterator[tuple[Discriminator | None, list[Sample]]]:
    """Give the calls of one path by what tells them apart; those without it, of a few that only failed, together.

    What is made in a collection is not told apart by a member of it. Where many lack what tells the others apart,
    these are told apart by something else, as calls of two protocols that share a path.
    """
    chosen = _discriminating(samples, is_collection=is_collection)
    if chosen is None:
        yield None, samples
        return
    where, name = chosen
    grouped: dict[str | None, list[Sample]] = defaultdict(list)
    for sample in samples:
        grouped[_field(sample, where, name)].append(sample)
    is_named = where in OUTSIDE and are_operations(value for value in grouped if value is not None)
    known = {
        value
        for value, inside in grouped.items()
        if value is not None
        and not (Discriminator(where, name, value, is_named).is_operation(samples) and _is_unknown(inside))
    }
    rest = [sample for value, inside in grouped.items() if value not in known for sample in inside]
    for value, inside in grouped.items():
        if value is not None and value in known:
            if where == "graphql":
                is_field = value.startswith(_FIELD)
                yield Discriminator(where, FIELD if is_field else "", value.removeprefix(_FIELD)), inside
            else:
                yield Discriminator(where, name, value, is_named), inside
    if rest:
        rest = sorted(rest, key=lambda sample: sample.number)
        are_others = len(grouped.get(None, ())) > 1 and len(rest) < len(samples)
        yield from told_apart(rest, is_collection=is_collection) if are_others else [(None, rest)]


def _is_unknown(samples: Sequence[Sample]) -> bool:
    """Tell whether what is named is no operation: a few calls, each of which was refused."""
    return len(samples) < _FEW_REFUSED and all(judged_status(sample) >= 400 for sample in samples)


def _field(sample: Sample, where: Where, name: str) -> str | None:
    if where == "header":
        return sample.headers.get(name)
    if where == "query":
        return sample.query.get(name, [None])[0]
    if where == "form":
        return sample.form.get(name, [None])[0]
    if where == "graphql":
        return _graphql(sample)
    if where == "element":
        return "/".join(sample.element) or None
    if sample.element:
        return None
    found = look(sample.json, (name,))
    return found if isinstance(found, str) else None


def graphql_field(sample: Sample) -> str | None:
    """Give what a GraphQL call asks for: its operation's name, or the first field of its document."""
    if sample.json is MISSING or not isinstance(sample.json, dict):
        return None
    document = sample.json.get("query")
    named = sample.json.get("operationName")
    if not isinstance(document, str):
        return None
    if isinstance(named, str) and named:
        return named
    read = _GRAPHQL.match(document)
    return None if read is None else read["name"] or read["field"]


def _graphql(sample: Sample) -> str | None:
    """Give an operation's name, or marked the first field of a document without one."""
    asked = graphql_field(sample)
    is_named = asked is not None and (sample.json.get("operationName") == asked or _named(sample) == asked)
    return asked if asked is None or is_named else f"{_FIELD}{asked}"


def _named(sample: Sample) -> str | None:
    read = _GRAPHQL.match(sample.json["query"])
    return read["name"] if read is not None else None


def _asks_graphql(sample: Sample) -> bool:
    return graphql_field(sample) is not None and "{" in str(look(sample.json, ("query",)))


def _discriminating(samples: Sequence[Sample], *, is_collection: bool) -> tuple[Where, str] | None:
    """Choose the field that says most about the shapes of answers or requests, where one says enough."""
    if samples[0].method not in ("POST", "GET", "PUT") or len(samples) < 2:
        return None
    if sum(map(_asks_graphql, samples)) * 2 > len(samples):
        return ("graphql", "")
    if len({sample.element for sample in samples if sample.element}) > 1 and not _names_actions(samples):
        return ("element", "")
    objects = [sample for sample in samples if isinstance(sample.json, dict) and not sample.element]
    if objects and sum(map(is_remote_call, objects)) * 2 > len(objects):
        return ("json", "method")
    found = [*_of_answers(samples, is_collection=is_collection)]
    if not is_collection and len(objects) * 2 > len(samples):
        found += _of_bodies(objects)
    return max(found, key=lambda one: one[0])[1] if found else None


def _names_actions(samples: Sequence[Sample]) -> bool:
    """Tell whether a header says what most calls do, as SOAPAction does."""
    given = (Counter(sample.headers.get(name, '""') for sample in samples) for name in _STANDARD)
    return any(len(one) > 1 and one['""'] * 2 < len(samples) for one in given)


def is_remote_call(sample: Sample) -> bool:
    """Tell whether a call is one of JSON-RPC."""
    return isinstance(sample.json, dict) and "jsonrpc" in sample.json and isinstance(sample.json.get("method"), str)


def _of_answers(samples: Sequence[Sample], *, is_collection: bool) -> Iterator[tuple[float, tuple[Where, str]]]:
    """Give the fields from whose values the shapes of answers follow."""
    sent = [sample for sample in samples if sample.form]
    if len(sent) * 2 > len(samples):  # what else is sent to the path is no such call
        samples = sent
    shapes = [_answer_shape(sample) for sample in samples]
    fine = [place for place, sample in enumerate(samples) if sample.succeeded]
    for where, name in _candidates(samples):
        values = [_field(sample, where, name) for sample in samples]
        given = [value for value in values if value is not None]
        distinct = set(given)
        if name in _STANDARD and where == "header" and len(distinct) > 1:
            yield math.inf, (where, name)
        if len(given) * 10 >= len(samples) * 3 and are_operations(distinct):
            yield _NAMED_SO - math.log2(len(distinct)) / 40, (where, name)
        if len(given) * 10 < len(samples) * 9 or not 2 <= len(distinct) <= min(_MOST_VALUES, max(2, len(given) // 2)):
            continue
        if where == "query" and all(map(_IS_MADE.fullmatch, distinct)):
            continue  # what names things tells no calls apart
        gain = _gain([values[place] for place in fine], [shapes[place] for place in fine])
        if gain > _LEAST_GAIN and not (is_collection and where == "json"):
            yield gain - math.log2(len(distinct)) / 40, (where, name)


def _of_bodies(samples: Sequence[Sample]) -> Iterator[tuple[float, tuple[Where, str]]]:
    """Give the members of bodies whose values are operations: few, used again, and what else is sent follows."""
    names = Counter(name for sample in samples for name, value in sample.json.items() if isinstance(value, str))
    for name, count in names.items():
        if count * 10 < len(samples) * 8:
            continue
        calls: dict[str, list[Sample]] = defaultdict(list)
        for sample in samples:
            value = sample.json.get(name)
            if isinstance(value, str):
                calls[value].append(sample)
        if are_operations(calls):
            yield _NAMED_SO - math.log2(len(calls)) / 40, ("json", name)
            continue
        known = {value: inside for value, inside in calls.items() if len(inside) > 1 and _OPERATION.fullmatch(value)}
        again = _AGAIN_IN_ONE if len({sample.session for sample in samples}) == 1 else _AGAIN
        if not 2 <= len(known) <= _MOST_VALUES or sum(map(len, known.values())) * 10 < count * again:
            continue
        if not _are_shared(list(known.values())):
            continue
        told = [(value, sample) for value, inside in known.items() for sample in inside if sample.succeeded]
        values = [value for value, _ in told]
        decided = _decided(values, [_members(sample, name) for _, sample in told])
        gain = _gain(values, [_answer_shape(sample) for _, sample in told])
        best = max(gain if gain > _LEAST_GAIN else 0, decided if decided >= _LEAST_DECIDED else 0)
        if best:
            yield best - math.log2(len(known)) / 40, ("json", name)


def _are_shared(calls: Sequence[Sequence[Sample]]) -> bool:
    """Tell whether most values are used in several sessions, where there are some: ids are not."""
    sessions = [{sample.session for sample in inside} for inside in calls]
    is_single = len(set().union(*sessions)) < 3
    return is_single or sum(len(one) > 1 for one in sessions) * 2 > len(sessions)


def _members(sample: Sample, name: str) -> frozenset[str]:
    """Give which members a body has beside the one of this name, also those of its objects."""
    rest = {member: value for member, value in sample.json.items() if member != name}
    return frozenset(".".join(map(str, path)) for path, _ in parts(rest, longest_list=0) if path and len(path) <= 2)


def _decided(values: Sequence[str], sent: Sequence[frozenset[str]]) -> float:
    """Tell which share of what is open about the members of requests follows from the values."""
    if len(values) < _FEWEST:
        return 0.0
    whole = told = 0.0
    for member in frozenset().union(*sent):
        is_there: list[Hashable] = [member in one for one in sent]
        whole += (entropy := _entropy(is_there))
        told += entropy * _gain(values, is_there, least=0.0)
    return told / whole if whole > _LEAST_ENTROPY else 0.0


def _gain(values: Sequence[str | None], shapes: Sequence[Hashable], least: float = _LEAST_ENTROPY) -> float:
    """Tell which share of what is open about the shapes the values tell; 0 where that says little."""
    if len(values) < _FEWEST:
        return 0.0
    groups: dict[str | None, list[Hashable]] = defaultdict(list)
    for value, one in zip(values, shapes, strict=True):
        groups[value].append(one)
    whole = _entropy(shapes)
    if whole <= least or len({frozenset(inside) for inside in groups.values()}) < 2:
        return 0.0
    rest = sum(len(inside) * _entropy(inside) for inside in groups.values()) / len(values)
    # Many values tell of few calls by chance: what each group lacks to be judged by is taken off (Miller and Madow).
    chance = sum(len(set(inside)) for inside in groups.values()) + len(groups) - 1 - len(set(shapes))
    return (whole - rest - max(0, chance) / (2 * len(values) * math.log(2))) / whole


def _candidates(samples: Sequence[Sample]) -> Iterator[tuple[Where, str]]:
    for name in dict.fromkeys([*_STANDARD, *(name for sample in samples for name in sample.headers)]):
        if not _HEADERS_ASIDE.fullmatch(name):
            yield "header", name
    first = samples[0]
    if isinstance(first.json, dict) and not first.element:
        for name, value in first.json.items():
            if isinstance(value, str):
                yield "json", name
    for name in dict.fromkeys(name for sample in samples for name in sample.form):
        yield "form", name
    for name in dict.fromkeys(name for sample in samples for name in sample.query):
        yield "query", name


def _answer_shape(sample: Sample) -> Hashable:
    if sample.answer_json is not MISSING:
        value: Any = sample.answer_json
        return shape(value) if isinstance(value, dict | list) else as_text(type(value).__name__)
    text = sample.answer_text or ""
    return (sample.answer_type, tuple(re.findall(r"<(\w+)", text[:400])[:4]))


def _entropy(values: Sequence[Hashable]) -> float:
    counts: dict[Hashable, int] = defaultdict(int)
    for value in values:
        counts[value] += 1
    return -sum(count / len(values) * math.log2(count / len(values)) for count in counts.values())
