"""Answering: what answers requests from definitions inside this process, as the checks of a synthesis need it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias

from cassettes.exchange import Request, Response

_CASE: Final = re.compile(r"\bcase=(\d+)")


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: what X-Mimic-Match would say of it, and the id of the definition that gave it, "" where none did."""

    response: Response
    match: str
    definition: str = ""

    @property
    def tier(self) -> str:
        """How sure the answer is: the first word of its match."""
        return self.match.partition(";")[0]

    @property
    def case(self) -> int | None:
        """Which case of the definition answered, the first is 1; None where it has none."""
        found = _CASE.search(self.match)
        return int(found[1]) if found is not None else None


class Answering(Protocol):
    """What answers requests from definitions, and can begin again."""

    def give(self, request: Request) -> Given: ...
    def reset(self) -> None: ...


Clock: TypeAlias = Callable[[], float]
"""Gives Unix seconds."""
Begin: TypeAlias = Callable[[Clock], Answering]
"""Makes what answers, with the clock that it goes by."""
Serve: TypeAlias = Callable[[Sequence[dict[str, Any]], Clock], Answering]
"""Makes what answers from definitions, with the clock that it goes by."""
