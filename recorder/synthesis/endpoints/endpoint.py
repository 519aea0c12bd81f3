"""An endpoint: a method, a path template and, where calls share a path, what tells them apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from recorder.synthesis.endpoints.depths import deepen
from recorder.synthesis.endpoints.discriminators import Discriminator, told_apart
from recorder.synthesis.endpoints.paths import Template, singular, templates_of
from recorder.synthesis.samples.operation import Operation
from recorder.synthesis.samples.sample import Sample, joined
from recorder.synthesis.samples.values import Path, parts

Grouped: TypeAlias = dict[tuple[str, Template, str, tuple[str, ...]], list[Sample]]
"""The samples by method, template, ending and joints."""
SUPPOSED: Final = "supposed"
"""The tag of definitions that no call was the reason for: one session is too few to know better."""


@dataclass(frozen=True, slots=True)
class Carried:
    """A parameter of a seen path that is really sent in `cookies` or `headers`: under which name, as which part."""

    where: str
    name: str
    place: int


@dataclass(eq=False, slots=True)
class Endpoint:
    """Calls of one kind. `params` are the names of the template's parameters, in order.

    With `is_form` the objects that its samples have were sent as forms.
    `deep` is the part of the template, by its place, that takes any number of parts of a path, None where none does.
    With an `operation` method and template are those that its calls are seen with; with `carried` the template has a
    parameter that is not sent in the path. `ending` is what paths have behind the template: a slash, or `.json`;
    `joints` are those of its samples' paths.
    One that `is_last` is for what no other is for; `asked` is the expression of the element with its arguments.
    """

    method: str
    template: Template
    params: tuple[str, ...]
    discriminator: Discriminator | None
    samples: list[Sample] = field(repr=False)
    id: str = ""
    is_form: bool = False
    operation: Operation | None = None
    deep: int | None = None
    carried: Carried | None = None
    ending: str = ""
    is_last: bool = False
    asked: str = ""
    joints: tuple[str, ...] = ()

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
        if self.discriminator is not None and self.discriminator.where == "path":
            return self.discriminator.value
        if self.operation is not None:
            return "/" + "/".join(self.operation.segments)
        names = iter(self.params)
        written = [part if part is not None else f"{{{next(names)}}}" for part in self.template]
        if self.deep is not None:
            written[self.deep] = f"{written[self.deep][:-1]}:path}}"
        if self.carried is not None:
            del written[self.carried.place]
        return joined(written, self.joints) + self.ending

    @property
    def sent_segments(self) -> tuple[str, ...]:
        """The parts of a path without parameters, as calls are sent to it."""
        return tuple((joined([part or "" for part in self.template], self.joints) + self.ending).split("/")[1:])

    @property
    def changes_by_arguments(self) -> bool:
        """Whether it is an operation that changes an item, and its arguments are the changed members themselves."""
        if self.operation is None or self.method != "PATCH":
            return False
        return not any(isinstance(one, dict) for sample in self.samples for one in sample.arguments.values())

    @property
    def places(self) -> list[int]:
        """Where in the template the parameters are, in order."""
        return [place for place, part in enumerate(self.template) if part is None]

    @property
    def sent_in_path(self) -> list[str]:
        """The names of the parameters that paths really have."""
        if self.operation is not None:
            return []
        hidden = None if self.carried is None else self.carried.place
        return [name for name, place in zip(self.params, self.places, strict=True) if place != hidden]

    def values(self, sample: Sample) -> tuple[str, ...]:
        """Give the values of the parameters in one sample's path."""
        return tuple(segment for segment, part in zip(sample.segments, self.template, strict=True) if part is None)


def endpoints_of(samples: Sequence[Sample], *, with_templates: bool = True) -> list[Endpoint]:
    """Group samples by method, path template and discriminator, in the order in which they first came.

    Parts of their paths that are one parameter become one of their `segments`.
    """
    templates: Sequence[Template] = [sample.segments for sample in samples]
    joined: dict[int, int] = {}
    if with_templates:
        templates = templates_of(samples)
        joined = deepen(samples, templates)
        if joined:
            templates = [
                _with_parameter(one, joined.get(sample.number))
                for sample, one in zip(samples, templates_of(samples), strict=True)
            ]
    grouped: Grouped = defaultdict(list)
    for sample, template in zip(samples, templates, strict=True):
        grouped[sample.method, template, sample.ending, sample.joints].append(sample)
    found: list[Endpoint] = []
    for (method, template, ending, joints), inside in grouped.items():
        params = names_of(template)
        is_collection = method == "POST" and _is_collection(template, grouped)
        for discriminator, part in told_apart(inside, is_collection=is_collection):
            deep = joined.get(part[0].number)
            made = Endpoint(method, template, params, discriminator, part, deep=deep, ending=ending, joints=joints)
            found.append(made)
    _name(found)
    return found


def _with_parameter(template: Template, place: int | None) -> Template:
    return template if place is None else (*template[:place], None, *template[place + 1 :])


def _is_collection(template: Template, grouped: Grouped) -> bool:
    """Tell whether there are items below a path, or it gives a list: what is sent to it is made there."""
    size = len(template)
    if any(other[:size] == template and other[size : size + 1] == (None,) for _, other, *_ in grouped):
        return True
    lists = [inside for (method, other, *_), inside in grouped.items() if (method, other) == ("GET", template)]
    read = [sample for inside in lists for sample in inside if sample.succeeded]
    return any(isinstance(value, list) for sample in read for _, value in parts(sample.answer_json, longest_list=0))


def names_of(template: Template) -> tuple[str, ...]:
    """Name the parameters of a template after what stands before them."""
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
        endpoint.id = _free(_called(endpoint), used, "-")
        used.add(endpoint.id)


def _called(endpoint: Endpoint) -> str:
    words: list[str] = []
    for part in endpoint.template:
        if part:
            words.append(part)
        elif part is None and words:
            words[-1] = singular(words[-1])
    if endpoint.discriminator is not None:
        words.append(endpoint.discriminator.word)
    text = "-".join([endpoint.method.lower(), *words]) if words else f"{endpoint.method.lower()}-root"
    return re.sub(r"[^A-Za-z0-9_.]+", "-", text).strip("-")[:80]


def implied_endpoint(
    method: str, template: Template, last: Sequence[str] = (), *, ending: str = "", joints: tuple[str, ...] = ()
) -> Endpoint:
    """Make an endpoint that no sample is of; `last` are the names of parameters at its end that stand for any word."""
    names = names_of(template)
    names = (*names[: len(names) - len(last)], *last)
    made = Endpoint(method, template, names, None, [], ending=ending, is_last=bool(last), joints=joints)
    made.id = _called(made)
    return made


def fields_of(path: Path) -> str:
    """Write a path with dots."""
    return ".".join(map(str, path))
