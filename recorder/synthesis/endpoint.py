"""An endpoint: a method, a path template and, where calls share a path, what tells them apart."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from recorder.synthesis.paths import Template, singular, templates_of
from recorder.synthesis.sample import Sample
from recorder.synthesis.values import MISSING, Path, as_text, look, shape

Where: TypeAlias = Literal["header", "json", "query", "form", "graphql"]
_MOST_VALUES: Final = 60
_FEWEST: Final = 4
_LEAST_ENTROPY: Final = 0.4
_LEAST_GAIN: Final = 0.8
_STANDARD: Final = ("x-amz-target", "soapaction")
_HEADERS_ASIDE: Final = re.compile(
    r"host|connection|accept.*|user-agent|content-length|content-type|authorization|cookie|if-.*|x-mimic-.*|date|origin"
    r"|referer|traceparent|idempotency-key|x-request-id|x-correlation-id|sec-.*|cache-control|pragma|range|via|.*-date"
    r"|.*sha256|amz-sdk-.*|.*(?:key|token|auth|secret|session|csrf|nonce|signature|trace).*|x-forwarded-.*"
)

_GRAPHQL: Final = re.compile(
    r"\s*(?:(?:query|mutation|subscription)\b\s*(?P<name>\w+)?[^{]*)?\{\s*(?:\w+\s*:\s*)?(?P<field>\w+)"
)


@dataclass(frozen=True, slots=True)
class Discriminator:
    """What tells calls of one path apart: the field of the request where it stands, and its value there."""

    where: Where
    name: str
    value: str


@dataclass(eq=False, slots=True)
class Endpoint:
    """Calls of one kind. `params` are the names of the template's parameters, in order."""

    method: str
    template: Template
    params: tuple[str, ...]
    discriminator: Discriminator | None
    samples: list[Sample] = field(repr=False)
    id: str = ""

    @property
    def path(self) -> str:
        """The template as it is written in a definition."""
        names = iter(self.params)
        return "/" + "/".join(part if part is not None else f"{{{next(names)}}}" for part in self.template)

    def values(self, sample: Sample) -> tuple[str, ...]:
        """Give the values of the parameters in one sample's path."""
        return tuple(segment for segment, part in zip(sample.segments, self.template, strict=True) if part is None)


def endpoints_of(samples: Sequence[Sample], *, with_templates: bool = True) -> list[Endpoint]:
    """Group samples by method, path template and discriminator, in the order in which they first came."""
    templates = templates_of(samples) if with_templates else [sample.segments for sample in samples]
    grouped: dict[tuple[str, Template], list[Sample]] = defaultdict(list)
    for sample, template in zip(samples, templates, strict=True):
        grouped[sample.method, template].append(sample)
    found: list[Endpoint] = []
    for (method, template), inside in grouped.items():
        params = _names(template)
        for discriminator, part in _told_apart(inside):
            found.append(Endpoint(method, template, params, discriminator, part))
    _name(found)
    return found


def _names(template: Template) -> tuple[str, ...]:
    names: list[str] = []
    last = ""
    for part in template:
        if part is not None:
            last = part
            continue
        name = re.sub(r"\W+", "_", singular(last)).strip("_").lower() or "id"
        name = name if name[:1].isalpha() else f"p_{name}"
        names.append(_free(name, names, ""))
    return tuple(names)


def _free(name: str, used: Collection[str], sign: str) -> str:
    """Give a name, or the name with the lowest number from 2 on behind a sign, that is not used."""
    made, number = name, 2
    while made in used:
        made, number = f"{name}{sign}{number}", number + 1
    return made


def _name(endpoints: Sequence[Endpoint]) -> None:
    used: set[str] = set()
    for endpoint in endpoints:
        words: list[str] = []
        for part in endpoint.template:
            if part:
                words.append(part)
            elif part is None and words:
                words[-1] = singular(words[-1])
        if endpoint.discriminator is not None:
            words.append(endpoint.discriminator.value.rpartition(".")[2])
        text = "-".join([endpoint.method.lower(), *words]) if words else f"{endpoint.method.lower()}-root"
        endpoint.id = _free(re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-")[:80], used, "-")
        used.add(endpoint.id)


def _told_apart(samples: list[Sample]) -> Iterator[tuple[Discriminator | None, list[Sample]]]:
    chosen = _discriminating(samples)
    if chosen is None:
        yield None, samples
        return
    where, name = chosen
    grouped: dict[str | None, list[Sample]] = defaultdict(list)
    for sample in samples:
        grouped[_field(sample, where, name)].append(sample)
    for value, inside in grouped.items():
        yield (Discriminator(where, name, value) if value is not None else None), inside


def _field(sample: Sample, where: Where, name: str) -> str | None:
    if where == "header":
        return sample.headers.get(name)
    if where == "query":
        return sample.query.get(name, [None])[0]
    if where == "form":
        return sample.form.get(name, [None])[0]
    if where == "graphql":
        return graphql_field(sample)
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


def _asks_graphql(sample: Sample) -> bool:
    return graphql_field(sample) is not None and "{" in str(look(sample.json, ("query",)))


def _discriminating(samples: Sequence[Sample]) -> tuple[Where, str] | None:
    """Choose the field that says most about the shape of the answer, where one says enough."""
    if samples[0].method not in ("POST", "GET", "PUT") or len(samples) < 2:
        return None
    if sum(map(_asks_graphql, samples)) * 2 > len(samples):
        return ("graphql", "")
    shapes = [_answer_shape(sample) for sample in samples]
    fine = [place for place, sample in enumerate(samples) if sample.succeeded]
    best: tuple[float, tuple[Where, str]] | None = None
    for where, name in _candidates(samples):
        values = [_field(sample, where, name) for sample in samples]
        given = [value for value in values if value is not None]
        distinct = set(given)
        if name in _STANDARD and where == "header" and len(distinct) > 1:
            return (where, name)
        if len(given) * 10 < len(samples) * 9 or not 2 <= len(distinct) <= min(_MOST_VALUES, max(2, len(given) // 2)):
            continue
        gain = _gain([values[place] for place in fine], [shapes[place] for place in fine])
        worth = gain - math.log2(len(distinct)) / 40
        if gain > _LEAST_GAIN and (best is None or worth > best[0]):
            best = (worth, (where, name))
    return best[1] if best is not None else None


def _gain(values: Sequence[str | None], shapes: Sequence[Hashable]) -> float:
    """Tell which share of what is open about the shapes of answers the values tell; 0 where that says little."""
    if len(values) < _FEWEST:
        return 0.0
    groups: dict[str | None, list[Hashable]] = defaultdict(list)
    for value, one in zip(values, shapes, strict=True):
        groups[value].append(one)
    whole = _entropy(shapes)
    if whole <= _LEAST_ENTROPY or len({frozenset(inside) for inside in groups.values()}) < 2:
        return 0.0
    rest = sum(len(inside) * _entropy(inside) for inside in groups.values()) / len(values)
    # Many values tell of few calls by chance: what each group lacks to be judged by is taken off (Miller and Madow).
    chance = sum(len(set(inside)) for inside in groups.values()) + len(groups) - 1 - len(set(shapes))
    return (whole - rest - max(0, chance) / (2 * len(values) * math.log(2))) / whole


def _candidates(samples: Sequence[Sample]) -> Iterator[tuple[Where, str]]:
    first = samples[0]
    for name in dict.fromkeys([*_STANDARD, *first.headers]):
        if not _HEADERS_ASIDE.fullmatch(name):
            yield "header", name
    if isinstance(first.json, dict):
        for name, value in first.json.items():
            if isinstance(value, str):
                yield "json", name
    for name in first.form:
        yield "form", name
    for name in first.query:
        yield "query", name


def _answer_shape(sample: Sample) -> Hashable:
    if sample.answer_json is not MISSING:
        value = sample.answer_json
        return shape(value) if isinstance(value, dict | list) else as_text(type(value).__name__)
    text = sample.answer_text or ""
    return (sample.answer_type, tuple(re.findall(r"<(\w+)", text[:400])[:4]))


def _entropy(values: Sequence[Hashable]) -> float:
    counts: dict[Hashable, int] = defaultdict(int)
    for value in values:
        counts[value] += 1
    return -sum(count / len(values) * math.log2(count / len(values)) for count in counts.values())


def fields_of(path: Path) -> str:
    """Write a path with dots."""
    return ".".join(map(str, path))
