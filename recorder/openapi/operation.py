"""An operation as it is used: parameters, body and responses, the same whatever version the document is of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from recorder.openapi.tree import Node

Where: TypeAlias = Literal["path", "query", "header", "cookie"]
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


@dataclass(frozen=True, slots=True)
class Example:
    """An example that stands in the document, by the name it has there ("" without one)."""

    name: str
    value: Any = field(repr=False)


@dataclass(frozen=True, slots=True)
class Media:
    """A body of one media type; `schema` is None where anything goes."""

    type: str
    schema: Node | None = None
    examples: tuple[Example, ...] = ()
    encoding: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request, or a header of a response; `style` and `explode` say how its text is made.

    `media` is set where the text is a document of its own (`content`).
    """

    name: str
    where: Where
    pointer: str
    required: bool = False
    schema: Node | None = None
    style: str = "simple"
    explode: bool = False
    media: Media | None = None
    examples: tuple[Example, ...] = ()
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What may be sent: one of these media types."""

    pointer: str
    content: tuple[Media, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A documented response; `status` is as written: `200`, `2XX` or `default`."""

    status: str
    pointer: str
    description: str = ""
    content: tuple[Media, ...] = ()
    headers: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `prefixes` are the paths of its servers, the first one first."""

    method: str
    path: str
    pointer: str
    id: str = ""
    summary: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ("",)
    parameters: tuple[Parameter, ...] = ()
    body: RequestBody | None = None
    answers: tuple[Answer, ...] = ()
