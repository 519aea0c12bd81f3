"""An endpoint: a method, a path template and, where calls share a path, what tells them apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from recorder.synthesis.endpoints.discriminators import Discriminator, told_apart
from recorder.synthesis.endpoints.paths import Template, singular, templates_of
from recorder.synthesis.samples.operation import Operation
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, parts


@dataclass(eq=False, slots=True)
class Endpoint:
    """Calls of one kind. `params` are the names of the template's parameters, in order.

    With an `operation` method and template are those that its calls are seen with.
    """

    method: str
    template: Template
    params: tuple[str, ...]
    discriminator: Discriminator | None
    samples: list[Sample] = field(repr=False)
    id: str = ""
    operation: Operation | None = None

    @property
    def sent_method(self) -> str:
        """The method that calls are sent with."""
        return self.method if self.operation is None else self.operation.method

    @property
    def element(self) -> tuple[str, ...]:
        """Where the arguments stand in the XML that is sent, () where none is."""
        return next((sample.element for sample in self.samples if sample.element), ())

    @property
    def path(self) -> str:
        """The template as it is written in a definition."""
        if self.operation is not None:
            return "/" + "/".join(self.operation.segments)
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
        is_collection = method == "POST" and _is_collection(template, grouped)
        for discriminator, part in told_apart(inside, is_collection=is_collection):
            found.append(Endpoint(method, template, params, discriminator, part))
    _name(found)
    return found


def _is_collection(template: Template, grouped: Mapping[tuple[str, Template], Sequence[Sample]]) -> bool:
    """Tell whether there are items below a path, or it gives a list: what is sent to it is made there."""
    size = len(template)
    if any(other[:size] == template and other[size : size + 1] == (None,) for _, other in grouped):
        return True
    read = [sample for sample in grouped.get(("GET", template), ()) if sample.succeeded]
    return any(isinstance(value, list) for sample in read for _, value in parts(sample.answer_json, longest_list=0))


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
            words.append(endpoint.discriminator.word)
        text = "-".join([endpoint.method.lower(), *words]) if words else f"{endpoint.method.lower()}-root"
        endpoint.id = _free(re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-")[:80], used, "-")
        used.add(endpoint.id)


def fields_of(path: Path) -> str:
    """Write a path with dots."""
    return ".".join(map(str, path))
