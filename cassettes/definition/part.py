"""What every part of a definition has in common: frozen, and no key that is not known."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

ModeName: TypeAlias = Literal["mock", "passthrough", "proxy", "proxy-with-fallback", "record", "replay"]
OnMiss: TypeAlias = Literal["error", "proxy", "record", "mock"]
RecordMode: TypeAlias = Literal["once", "new_episodes", "all", "none"]
Repeat: TypeAlias = Literal["last", "loop", "strict"]
ScopeName: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^(global|session|client-ip|header:[A-Za-z0-9!#$%&'*+.^_`|~-]+)$",
        description="global, session, client-ip or header:NAME",
    ),
]
"""Whose state it is: `global`, `session`, `client-ip`, or `header:NAME` for the value of a header."""
Status: TypeAlias = Annotated[int, Field(ge=200, le=599)]
Milliseconds: TypeAlias = Annotated[float, Field(ge=0, le=600_000)]
Rate: TypeAlias = Annotated[float, Field(ge=0, le=1)]


_NOT_IN_HEADERS = frozenset("\r\n\0")


class Part(BaseModel):
    """A part of a definition; it is written down under the names it is read by (`from`, `not`)."""

    model_config = ConfigDict(extra="forbid", frozen=True, serialize_by_alias=True)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        # pydantic copies a default for each definition; a frozen value needs no copy, and the copies took half the
        # time of loading many definitions.
        return self


def one_line_headers(headers: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
    """Give the headers; raises ValueError where one would be two lines."""
    for name, values in headers.items():
        for text in (name, *([values] if isinstance(values, str) else values)):
            if _NOT_IN_HEADERS & set(text):
                raise ValueError(f"the header {name!r} holds a line break or NUL, which would split the response")
    return headers
