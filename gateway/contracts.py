"""The contracts of a configuration: each document with how strictly it is kept, and what has broken it lately."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from gateway.config import ContractCheck, ContractSettings
from gateway.errors import UnknownContractError
from gateway.mode import Breached, Side
from recorder.contract import Contract

RECENT: Final = 200
"""Breaches kept of each contract."""

_Count: TypeAlias = tuple[str, Side]


@dataclass(frozen=True, slots=True)
class RecentBreach:
    """A breach and when it was (Unix seconds), in which exchange, of which operation (`GET /users/{id}`, or `-`)."""

    at: float
    trace: str
    operation: str
    breach: Breached


class Kept:
    """One contract that is kept: its document, and `check`, which may be switched at any time."""

    def __init__(self, name: str, settings: ContractSettings, contract: Contract) -> None:
        self.name = name
        self.settings = settings
        self.contract = contract
        self.check: ContractCheck = settings.check
        self.counts: dict[_Count, int] = {}
        """Breaches by operation and side."""
        self.recent: deque[RecentBreach] = deque(maxlen=RECENT)

    def remember(self, operation: str, trace: str, breaches: Sequence[Breached], at: float | None = None) -> None:
        """Count what broke the contract in one exchange."""
        now = time.time() if at is None else at
        for breach in breaches:
            place = (operation, breach.side)
            self.counts[place] = self.counts.get(place, 0) + 1
            self.recent.append(RecentBreach(now, trace, operation, breach))


class Contracts:
    """The contracts by name; what was counted of one lasts as long as its document and settings."""

    def __init__(self, settings: Mapping[str, ContractSettings], documents: Mapping[str, Contract]) -> None:
        self._kept: dict[str, Kept] = {}
        self._earlier: dict[str, Kept] = {}
        self.adopt(settings, documents)

    def adopt(self, settings: Mapping[str, ContractSettings], documents: Mapping[str, Contract]) -> bool:
        """Take over the contracts of a configuration; True where any is another than it was."""
        before = self._kept
        # A reload that fails adopts the configuration before it again: routes still have what was kept then.
        known = [one for kept in (before, self._earlier) for one in kept.values()]
        after = {
            name: next(
                (one for one in known if (one.name, one.settings, one.contract) == (name, wanted, documents[name])),
                None,
            )
            or Kept(name, wanted, documents[name])
            for name, wanted in settings.items()
        }
        self._kept, self._earlier = after, before
        return before != after

    def __iter__(self) -> Iterator[Kept]:
        return iter(self._kept.values())

    def get(self, name: str) -> Kept:
        """Give one; raises UnknownContractError."""
        try:
            return self._kept[name]
        except KeyError:
            known = ", ".join(self._kept) or "none"
            raise UnknownContractError(
                f"there is no contract {name!r} (known: {known}): name its document under contracts:"
            ) from None

    def for_definition(self, pointer: str | None) -> tuple[tuple[Kept, ...], str]:
        """Give the contracts that a definition's exchanges are compared with, and the operation where it names one.

        `pointer` is the definition's `contract`. One that names no document that is kept counts as none.
        """
        name = (pointer or "").partition("#")[0]
        if pointer and name in self._kept:
            return (self._kept[name],), pointer
        return tuple(kept for kept in self._kept.values() if kept.settings.all), ""
