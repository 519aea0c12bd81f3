"""What a definition remembers, and what happens around its answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cassettes.definition.part import Milliseconds, Part, ScopeName


class StateSpec(Part):
    """Where a definition's state is kept, and whose it is.

    `keys` declare patterns (a template's text before its first `{{` is what counts) with a scope: `- session: "otp:…"`.
    A declaration holds for every definition. `persist_to: db` is SQLite.
    """

    persist_to: Literal["memory", "db", "sqlite", "redis"] | None = None
    scope: ScopeName = "global"
    keys: list[str | dict[ScopeName, str]] = Field(default_factory=list)
    ttl_s: Annotated[float, Field(gt=0)] | None = None


class ScenarioStep(Part):
    """A place in a named state machine: matches only in `state`, and moves to `to` when it has answered.

    A scenario begins in `started`; `scope` says whose it is.
    """

    name: Annotated[str, Field(min_length=1)]
    state: str | None = None
    to: str | None = None
    scope: ScopeName = "global"


class ResourceSpec(Part):
    """A stateful collection behind the definition's path: the path itself, and the path with an id.

    List: `offset_param` or `page_param` with `limit_param`, `sort_param` (`-name` descends), and any other parameter
    filters by the field of its name. With `envelope` the items stand under that key, the total under `total_key`.
    """

    name: Annotated[str, Field(min_length=1)]
    id_field: str = "id"
    id_type: Literal["int", "uuid", "text"] = "int"
    seed: list[dict[str, Any]] = Field(default_factory=list)
    required: list[str] = Field(default_factory=list)
    operations: list[Literal["list", "create", "read", "replace", "patch", "delete"]] = Field(
        default_factory=lambda: ["list", "create", "read", "replace", "patch", "delete"]  # type: ignore[arg-type]
    )
    envelope: str | None = None
    total_key: str = "total"
    total_header: str = "X-Total-Count"
    page_param: str = "page"
    offset_param: str = "offset"
    limit_param: str = "limit"
    sort_param: str = "sort"
    page_size: Annotated[int, Field(ge=1, le=10_000)] = 100
    scope: ScopeName = "global"


class Webhook(Part):
    """A request of the gateway's own after the answer; `url`, headers and body may be templates."""

    url: str
    method: str = "POST"
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    delay_ms: Milliseconds = 0
    retries: Annotated[int, Field(ge=0, le=10)] = 2


class Hooks(Part):
    """Scripts around the answer, by id, and requests sent out after it."""

    before: str | None = None
    after: str | None = None
    webhooks: list[Webhook] = Field(default_factory=list)
