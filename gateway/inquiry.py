"""What was asked of the gateway: request patterns held against the journal."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from cassettes.definition import Condition
from gateway.errors import ConfigError
from gateway.explain import Assessment, assess
from gateway.journal import Entry
from gateway.matcher import Predicate
from gateway.matchers import compile_condition
from gateway.pattern import Pattern, compile_pattern
from gateway.route import methods_of
from gateway.view import RequestView

_LOOKED_AT: Final = 500


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A request pattern, compiled; `methods` and `pattern` are None for any."""

    methods: frozenset[str] | None
    pattern: Pattern | None
    predicates: tuple[Predicate, ...]

    @property
    def needs_body(self) -> bool:
        """Whether the pattern compares bodies."""
        return any(predicate.needs_body for predicate in self.predicates)

    def describes(self, view: RequestView) -> bool:
        """Say whether a request is as the pattern says."""
        request = view.request
        if self.methods is not None and request.method not in self.methods:
            return False
        if self.pattern is not None and not self.pattern.covers(request.path):
            return False
        return all(predicate.holds(view) for predicate in self.predicates)


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that the pattern does not describe, and how near it comes."""

    entry: Entry
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Finding:
    """What the journal says: `entries` that are described, oldest first; `truncated` bodies could not be compared."""

    entries: tuple[Entry, ...]
    truncated: int


def compile_inquiry(condition: Condition, at: str = "request") -> Inquiry:
    """Compile a request pattern; raises ConfigError with the place where it cannot be used."""
    pattern = None
    if condition.path is not None:
        try:
            pattern = compile_pattern(condition.path)
        except ConfigError as error:
            raise ConfigError(f"{at}.path: {error}") from None
    predicates = compile_condition(condition, at, lambda path: compile_pattern(path).covers)
    return Inquiry(methods_of(condition.method), pattern, tuple(predicates))


def seen(inquiry: Inquiry, entries: Iterable[Entry]) -> Finding:
    """Give the entries that a pattern describes; `entries` come newest first, as from the journal."""
    described: list[Entry] = []
    truncated = 0
    for entry in entries:
        if inquiry.describes(RequestView(entry.request)):
            described.append(entry)
        elif inquiry.needs_body and entry.truncated:
            truncated += 1
    return Finding(tuple(reversed(described)), truncated)


def seen_in_order(inquiries: Sequence[Inquiry], entries: Iterable[Entry]) -> list[Entry]:
    """Give an entry for each pattern, in order, as far as they were seen in this order; others may lie between."""
    found: list[Entry] = []
    oldest_first = reversed(tuple(entries))
    for inquiry in inquiries:
        entry = next((entry for entry in oldest_first if inquiry.describes(RequestView(entry.request))), None)
        if entry is None:
            break
        found.append(entry)
    return found


def closest(inquiry: Inquiry, entries: Iterable[Entry], count: int = 3) -> list[Near]:
    """Give the entries that come nearest to a pattern and are not described by it, the nearest first.

    Of many entries only the newest are looked at.
    """
    newest = islice(entries, _LOOKED_AT)
    nears = (Near(entry, assess(inquiry, RequestView(entry.request))) for entry in newest)
    missed = (near for near in nears if not near.assessment.holds)
    return heapq.nsmallest(count, missed, key=lambda near: -near.assessment.closeness)


@dataclass(frozen=True, slots=True)
class Wanted:
    """How often a request is to have been seen: from `least` to `most` times (None for no end)."""

    least: int = 1
    most: int | None = None

    def holds(self, count: int) -> bool:
        """Say whether a count is one of these."""
        return count >= self.least and (self.most is None or count <= self.most)

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {_times(self.least)}"
        if self.least == self.most:
            return "never" if self.least == 0 else f"exactly {_times(self.least)}"
        if self.least == 0:
            return f"at most {_times(self.most)}"
        return f"from {self.least} to {_times(self.most)}"


def wanted_times(
    *, times: int | None, at_least: int | None, at_most: int | None, between: tuple[int, int] | None
) -> Wanted:
    """Read how often a request is to have been seen; nothing given is at least once.

    Raises ConfigError where the counts contradict each other.
    """
    given = {"times": times, "at_least": at_least, "at_most": at_most, "between": between}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1 and set(named) != {"at_least", "at_most"}:
        raise ConfigError(f"give one of times, at_least, at_most and between, not {' and '.join(named)}")
    if times is not None:
        return Wanted(times, times)
    least, most = between or (at_least, at_most)
    if least is None:
        least = 0 if most is not None else 1
    if most is not None and most < least:
        raise ConfigError(f"no count is at least {least} and at most {most}")
    return Wanted(least, most)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def told(wanted: Wanted, finding: Finding) -> str:
    """Say in a sentence what was wanted and what was seen."""
    count = len(finding.entries)
    what = "never" if count == 0 else _times(count)
    sentence = f"wanted {wanted}, seen {what}"
    if finding.truncated:
        sentence += f"; {finding.truncated} more had bodies longer than the journal keeps, which were not compared"
    return sentence


def entry_facts(entry: Entry) -> dict[str, Any]:
    """Give what may be told of an entry without cleaning it."""
    return {
        "trace": entry.trace.decode(),
        "at": entry.at,
        "method": entry.request.method,
        "route": entry.route,
        "status": entry.status,
        "served_by": entry.source,
        "truncated": entry.truncated,
    }
