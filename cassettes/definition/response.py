"""How a definition answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from cassettes.definition.faults import Delay, FaultName
from cassettes.definition.part import ModeName, Part, ScopeName, Status, one_line_headers


class StaticResponse(Part):
    """One answer: an object as body is sent as JSON; a header may repeat by giving a list.

    `status`, the headers' values and the body (the leaves of an object, the Base64 of bytes) may be templates.
    """

    status: Status | str = 200
    headers: dict[str, str | list[str]] = Field(default_factory=dict)
    body: Any = None
    body_file: str | None = None
    body_base64: str | None = None
    template: bool | None = None
    """Whether `{{ … }}` is a template; by default it is where it stands in the body."""

    @field_validator("headers")
    @classmethod
    def _stay_on_one_line(cls, headers: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
        return one_line_headers(headers)

    @field_validator("status")
    @classmethod
    def _is_a_status_or_a_template(cls, status: int | str) -> int | str:
        if isinstance(status, str) and "{{" not in status:
            raise ValueError("a status is a number from 200 to 599, or a template")
        return status

    @model_validator(mode="before")
    @classmethod
    def _has_no_trailers(cls, value: Any) -> Any:
        if isinstance(value, dict) and "trailers" in value:
            raise ValueError(
                "trailers are not sent: most clients cannot read them, and HTTP/1.1 sends them only after chunks; "
                "write a header instead"
            )
        return value

    @model_validator(mode="after")
    def _has_one_body(self) -> StaticResponse:
        if sum(body is not None for body in (self.body, self.body_file, self.body_base64)) > 1:
            raise ValueError("give one of body, body_file and body_base64")
        return self


class SingleResponse(StaticResponse):
    """One answer and its manners: when it comes, how it breaks, or which script makes it."""

    delay_ms: Annotated[int, Field(ge=0, le=600_000)] = 0
    delay: Delay | None = None
    fault: FaultName | None = None
    script: str | None = None


class Variant(Part):
    """One of several answers."""

    weight: Annotated[float, Field(ge=0)] = 1.0
    response: SingleResponse


class RepeatPolicy(Part):
    """How variants take turns: by weight, or with `sequence` in order; then the last again, `loop`, or a mode."""

    sequence: bool = False
    loop: bool = False
    then: Literal["last", "loop"] | ModeName | None = None
    scope: ScopeName = "global"
    seed: int | None = None

    @model_validator(mode="after")
    def _ends_in_one_way(self) -> RepeatPolicy:
        if self.loop and self.then not in (None, "loop"):
            raise ValueError(f"loop: true and then: {self.then} contradict each other")
        if self.then is not None and not self.sequence:
            raise ValueError("then: needs sequence: true; variants by weight never end")
        return self


class ResponseSpec(SingleResponse):
    """How `mock` answers, and what `proxy-with-fallback` answers when the upstream fails.

    `examples` are answers that a caller asks for by `Prefer: example=NAME` (or `code=STATUS`) where `prefer` is on.
    """

    variants: list[Variant] = Field(default_factory=list)
    repeat_policy: RepeatPolicy = RepeatPolicy()
    examples: dict[str, SingleResponse] = Field(default_factory=dict)
    prefer: bool = False
    fallback: StaticResponse | None = None
