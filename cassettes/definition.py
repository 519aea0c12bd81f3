"""The document that says what to match and how to answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

ModeName: TypeAlias = Literal["mock", "passthrough", "proxy", "proxy-with-fallback", "record", "replay"]
OnMiss: TypeAlias = Literal["error", "proxy", "record", "mock"]
RecordMode: TypeAlias = Literal["once", "new_episodes", "all", "none"]
Repeat: TypeAlias = Literal["last", "loop", "strict"]

_Status = Annotated[int, Field(ge=200, le=599)]
_NOT_IN_HEADERS = frozenset("\r\n\0")


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Match(_Document):
    """What a request must be: method (`*` for any), path (exact, `/users/{id}` or `/prefix/**`), headers, query."""

    method: str = "*"
    path: str = "/**"
    headers: dict[str, str] = Field(default_factory=dict)
    query: dict[str, str] = Field(default_factory=dict)

    @field_validator("path")
    @classmethod
    def _begins_with_a_slash(cls, path: str) -> str:
        if not path.startswith("/"):
            raise ValueError(f"a path begins with '/': write '/{path}'")
        return path


class StaticResponse(_Document):
    """A ready answer: an object as body is sent as JSON; a header may repeat by giving a list."""

    status: _Status = 200
    headers: dict[str, str | list[str]] = Field(default_factory=dict)
    body: Any = None

    @field_validator("headers")
    @classmethod
    def _stay_on_one_line(cls, headers: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
        for name, values in headers.items():
            for text in (name, *([values] if isinstance(values, str) else values)):
                if _NOT_IN_HEADERS & set(text):
                    raise ValueError(f"the header {name!r} holds a line break or NUL, which would split the response")
        return headers


class ResponseSpec(StaticResponse):
    """How `mock` answers, and what `proxy-with-fallback` answers when the upstream fails."""

    delay_ms: Annotated[int, Field(ge=0, le=600_000)] = 0
    fallback: StaticResponse | None = None


class HeaderEdit(_Document):
    """Headers to set (replacing all of that name) and to remove."""

    set: dict[str, str] = Field(default_factory=dict)
    remove: list[str] = Field(default_factory=list)


class Transform(_Document):
    """Header changes on the way to the upstream and back."""

    request: HeaderEdit = HeaderEdit()
    response: HeaderEdit = HeaderEdit()


class Replay(_Document):
    """How a cassette is played: `repeat` after the last recorded answer, `timing` of streams, what moves to now."""

    strict: bool = False
    repeat: Repeat = "last"
    timing: Annotated[str, Field(pattern=r"^(recorded|none|scaled:\d+(\.\d+)?)$")] = "none"
    refresh: bool = False
    rewrite_urls: bool = True
    on_miss: OnMiss = "error"


class MockDefinition(_Document):
    """One definition: the mission's MockDefinition, as far as the gateway serves it."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: str = ""
    priority: int = 0
    enabled: bool = True
    match: Match = Match()
    mode: ModeName = "mock"
    response: ResponseSpec | None = None
    upstream: str | None = None
    cassette: str | None = None
    record_mode: RecordMode = "all"
    replay: Replay = Replay()
    transform: Transform = Transform()
    fallback_unsafe: bool = False
    tags: list[str] = Field(default_factory=list)
    version: str = ""
    created_by: str = ""

    @field_validator("version", mode="before")
    @classmethod
    def _version_as_text(cls, version: object) -> object:
        return str(version) if isinstance(version, int | float) else version

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
    if mode in ("record", "replay") and definition.cassette is None:
        return f"mode '{mode}' needs a cassette: add cassette: NAME"
    if mode == "proxy-with-fallback" and (definition.response is None or definition.response.fallback is None):
        return "mode 'proxy-with-fallback' needs response.fallback: what to answer when the upstream fails"
    if mode == "mock" and definition.response is None:
        return "mode 'mock' needs a response"
    if mode == "replay" and definition.replay.on_miss in ("proxy", "record") and definition.upstream is None:
        return f"on_miss: {definition.replay.on_miss} needs an upstream"
    if mode == "replay" and definition.replay.on_miss == "mock" and definition.response is None:
        return "on_miss: mock needs a response"
    return ""
