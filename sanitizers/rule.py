"""A rule: what it takes for a value to be called sensitive, by the name of its place or by its own form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Place: TypeAlias = Literal["header", "cookie", "query", "field", "path"]
"""Where a named value stands; form fields, parts of a multipart body, XML elements and JSON members are fields."""

Action: TypeAlias = Literal["pseudonymize", "mask", "constant", "drop", "keep"]


class Span(NamedTuple):
    """A stretch of a text that is sensitive, and its kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says about a value: its kind, what to do with it (`text` is the constant), and the rule's name."""

    kind: str
    rule: str
    action: Action = "pseudonymize"
    text: str = ""


class NameRule(Protocol):
    """Judges values by the name of their place."""

    @property
    def name(self) -> str:
        """The rule's name in profiles and findings."""

    def kind(self, place: Place, name: str, /) -> str | None:
        """Give the kind of value that this name announces, or None."""

    def fits(self, place: Place, kind: str, value: str, /) -> bool:
        """Say whether the value can be of the announced kind (`token_count: 3` is no token)."""


class PatternRule(Protocol):
    """Finds values by their form, wherever they stand."""

    @property
    def name(self) -> str:
        """The rule's name in profiles and findings."""

    def spans(self, text: str, /) -> Iterator[Span]:
        """Give the sensitive stretches of a decoded text, in order."""
