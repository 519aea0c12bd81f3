"""The document that says what to match and how to answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from cassettes.definition.behaviour import Hooks, ResourceSpec, ScenarioStep, StateSpec, Webhook
from cassettes.definition.cases import (
    Case,
    CollectionSpec,
    Let,
    ListExpression,
    ListFilter,
    ListPage,
    ListSearch,
    ListSort,
    ListSpec,
    Name,
    Save,
)
from cassettes.definition.faults import (
    BrokenConnection,
    Delay,
    ErrorRate,
    FaultName,
    Faults,
    Outage,
    RateLimit,
)
from cassettes.definition.graph import GraphError, GraphField, GraphRefusal, GraphSpec
from cassettes.definition.match import (
    BasicAuth,
    BodyMatch,
    Comparison,
    Condition,
    FieldTest,
    GraphqlMatch,
    JwtMatch,
    Match,
    PartMatch,
    PathMatch,
    Wanted,
    WantedValues,
)
from cassettes.definition.part import ModeName, OnMiss, Part, RecordMode, Repeat, ScopeName
from cassettes.definition.response import (
    RepeatPolicy,
    ResponseSpec,
    SingleResponse,
    StaticResponse,
    Variant,
)

__all__ = [
    "BasicAuth",
    "BodyMatch",
    "BrokenConnection",
    "Case",
    "CollectionSpec",
    "Comparison",
    "Condition",
    "Delay",
    "ErrorRate",
    "FaultName",
    "Faults",
    "FieldTest",
    "GraphError",
    "GraphField",
    "GraphRefusal",
    "GraphSpec",
    "GraphqlMatch",
    "HeaderEdit",
    "Hooks",
    "JwtMatch",
    "ListExpression",
    "ListFilter",
    "ListPage",
    "ListSearch",
    "ListSort",
    "ListSpec",
    "Match",
    "MockDefinition",
    "ModeName",
    "OnMiss",
    "Outage",
    "Part",
    "PartMatch",
    "PathMatch",
    "RateLimit",
    "RecordMode",
    "Repeat",
    "RepeatPolicy",
    "Replay",
    "ResourceSpec",
    "ResponseSpec",
    "Save",
    "ScenarioStep",
    "ScopeName",
    "SingleResponse",
    "StateSpec",
    "StaticResponse",
    "Transform",
    "Variant",
    "VolatileParts",
    "Wanted",
    "WantedValues",
    "Webhook",
    "lacks",
    "responses_of",
]


class HeaderEdit(Part):
    """Headers to set (replacing all of that name) and to remove."""

    set: dict[str, str] = Field(default_factory=dict)
    remove: list[str] = Field(default_factory=list)


class Transform(Part):
    """Header changes on the way to the upstream and back."""

    request: HeaderEdit = HeaderEdit()
    response: HeaderEdit = HeaderEdit()


class VolatileParts(Part):
    """What changes with each request without meaning anything: JSON pointers of bodies, and query parameters."""

    fields: list[Annotated[str, Field(pattern=r"^/")]] = Field(default_factory=list)
    query: list[Annotated[str, Field(min_length=1)]] = Field(default_factory=list)


class Replay(Part):
    """How a cassette is played: `repeat` after the last recorded answer, `timing` of streams, what moves to now.

    `volatile` is what the tier of that name gives up beside what it knows by itself.
    With the order `session` answers come only while the requests come as in one recorded session from its beginning,
    of all or of those that `sessions` names.
    """

    order: Literal["track", "session"] = "track"
    sessions: list[str] = Field(default_factory=list)
    strict: bool = False
    repeat: Repeat = "last"
    timing: Annotated[str, Field(pattern=r"^(recorded|none|scaled:\d+(\.\d+)?)$")] = "none"
    refresh: bool = False
    rewrite_urls: bool = True
    on_miss: OnMiss = "error"
    volatile: VolatileParts = VolatileParts()


class MockDefinition(Part):
    """One definition: the mission's MockDefinition, and what the gateway can do beside it."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: str = ""
    description: str = ""
    priority: int = 0
    enabled: bool = True
    match: Match = Match()
    mode: ModeName = "mock"
    response: ResponseSpec | None = None
    collections: dict[Name, CollectionSpec] = Field(default_factory=dict)
    let: Let = Field(default_factory=dict)
    list_: ListSpec | None = Field(None, alias="list")
    graph: GraphSpec | None = None
    cases: list[Case] = Field(default_factory=list)
    batch: bool = False
    """Whether it answers bodies that are lists, each member as if it had been sent alone."""
    upstream: str | None = None
    cassette: str | list[str] | None = None
    record_mode: RecordMode = "all"
    replay: Replay = Replay()
    transform: Transform = Transform()
    fallback_unsafe: bool = False
    state: StateSpec = StateSpec()
    scenario: ScenarioStep | None = None
    resource: ResourceSpec | None = None
    faults: Faults | None = None
    hooks: Hooks = Hooks()
    contract: str | None = None
    """The pointer of the operation in an imported OpenAPI document, as `document#/paths/~1users/get`."""
    tags: list[str] = Field(default_factory=list)
    version: str = ""
    created_by: str = ""

    @field_validator("version", mode="before")
    @classmethod
    def _version_as_text(cls, version: object) -> object:
        return str(version) if isinstance(version, int | float) else version

    @property
    def cassettes(self) -> tuple[str, ...]:
        """The names of its cassettes: of most definitions one or none."""
        named = self.cassette
        return () if named is None else (named,) if isinstance(named, str) else tuple(named)

    @property
    def retells(self) -> bool:
        """Whether it answers as in recorded sessions, in their order."""
        return self.mode == "replay" and self.replay.order == "session"

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> MockDefinition:
        lacking = lacks(self)
        if lacking:
            raise ValueError(lacking)
        return self


def lacks(definition: MockDefinition) -> str:
    """Say in a sentence what the definition's mode needs and it does not have, or ""."""
    mode = definition.mode
    if mode in ("passthrough", "proxy", "proxy-with-fallback", "record") and definition.upstream is None:
        return f"mode '{mode}' needs an upstream: add upstream: https://… or the alias of one"
    if mode in ("record", "replay") and not definition.cassettes:
        return f"mode '{mode}' needs a cassette: add cassette: NAME"
    if isinstance(definition.cassette, list) and not definition.retells:
        return "several cassettes are for mode: replay with replay: {order: session}: name one"
    if definition.replay.sessions and definition.replay.order != "session":
        return "replay.sessions: needs order: session"
    if mode == "proxy-with-fallback" and (definition.response is None or definition.response.fallback is None):
        return "mode 'proxy-with-fallback' needs response.fallback: what to answer when the upstream fails"
    if definition.batch:
        if mode != "mock" or definition.response is not None or definition.resource is not None or definition.cases:
            return "batch: the other definitions answer each call of it: leave mode, response, resource and cases out"
        return ""
    if definition.cases and (definition.response is not None or definition.resource is not None):
        return "cases: answer in the place of response and resource: write what these do as a case"
    if not definition.cases and (definition.let or definition.list_ is not None or definition.graph is not None):
        return "let, list and graph are for cases: write cases: [{response: …}]"
    if mode == "mock" and definition.response is None and definition.resource is None and not definition.cases:
        return "mode 'mock' needs a response, a resource or cases"
    if mode == "replay" and definition.replay.on_miss in ("proxy", "record") and definition.upstream is None:
        return f"on_miss: {definition.replay.on_miss} needs an upstream"
    if (
        mode == "replay"
        and definition.replay.on_miss == "mock"
        and definition.response is None
        and not definition.cases
    ):
        return "on_miss: mock needs a response or cases"
    return ""


def responses_of(definition: MockDefinition) -> Iterator[tuple[tuple[str | int, ...], ResponseSpec]]:
    """Give each response of a definition with its path: its own, and those of its cases."""
    if definition.response is not None:
        yield ("response",), definition.response
    for place, case in enumerate(definition.cases):
        yield ("cases", place, "response"), case.response
