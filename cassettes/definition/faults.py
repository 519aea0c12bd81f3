"""Time and trouble put in on purpose."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, model_validator

from cassettes.definition.part import Milliseconds, Part, Rate, Status, one_line_headers

FaultName: TypeAlias = Literal[
    "reset", "empty", "truncate", "wrong-length", "malformed-chunk", "garbage", "drip", "hang"
]


class Delay(Part):
    """How long an answer waits: one of these, in milliseconds.

    `uniform` is [least, most]; `normal` [mean, standard deviation]; `lognormal` [median, sigma]; `percentiles` maps
    a percentile (0 to 100) to what was measured there, and is interpolated.
    """

    fixed: Milliseconds | None = None
    uniform: tuple[Milliseconds, Milliseconds] | None = None
    normal: tuple[Milliseconds, Milliseconds] | None = None
    lognormal: tuple[Milliseconds, Annotated[float, Field(ge=0, le=10)]] | None = None
    percentiles: dict[Annotated[float, Field(ge=0, le=100)], Milliseconds] | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _is_one(self) -> Delay:
        if sum(getattr(self, name) is not None for name in type(self).model_fields) != 1:
            raise ValueError("give exactly one of fixed, uniform, normal, lognormal or percentiles")
        return self


class ErrorRate(Part):
    """Some answers are replaced by this one."""

    rate: Rate
    status: Status = 503
    headers: Annotated[dict[str, str | list[str]], AfterValidator(one_line_headers)] = Field(default_factory=dict)
    body: Any = None


class BrokenConnection(Part):
    """Some answers end in a broken connection."""

    kind: FaultName
    rate: Rate = 1.0


class RateLimit(Part):
    """At most `limit` (of `cost` a request) in a window, counted by `key`; beyond it `status` and `Retry-After`.

    `key` is `global`, `client-ip`, `session`, `header:NAME`, `route`, or a template.
    """

    limit: Annotated[int, Field(ge=0)]
    window_s: Annotated[float, Field(gt=0)] = 60.0
    key: str = "client-ip"
    cost: Annotated[int, Field(ge=0)] = 1
    status: Status = 429
    body: Any = None


class Outage(Part):
    """Everything fails from `from_` on, until it ends by itself; without times it is on while the definition says so.

    `after_s`, `for_s` and `every_s` (which repeats) count from `from_`; where that is not given, from when the
    definition was loaded or the profile was switched on. A time without a zone is UTC.
    """

    from_: datetime | None = Field(None, alias="from")
    until: datetime | None = None
    after_s: Annotated[float, Field(ge=0)] = 0.0
    for_s: Annotated[float, Field(gt=0)] | None = None
    every_s: Annotated[float, Field(gt=0)] | None = None
    status: Status = 503
    fault: FaultName | None = None


class Faults(Part):
    """What is done to answers on purpose, mocked or proxied; with a `seed` the same each time.

    `delay` comes before the first byte; `between_chunks_ms` between the pieces of `chunk_bytes`; `bytes_per_s`
    throttles the body.
    """

    delay: Delay | None = None
    between_chunks_ms: Milliseconds = 0
    chunk_bytes: Annotated[int, Field(ge=1)] = 1024
    bytes_per_s: Annotated[float, Field(gt=0)] | None = None
    error: ErrorRate | None = None
    connection: BrokenConnection | None = None
    rate_limit: RateLimit | None = None
    outage: Outage | None = None
    seed: int | None = None
