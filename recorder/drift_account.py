"""The account of a drift run: what became of each interaction, as values and as a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from cassettes.cassette import Interaction
from recorder.comparison import Difference
from recorder.leaves import pointer_of

Outcome: TypeAlias = Literal["same", "drifted", "unknown", "skipped"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one interaction: the same, drifted, unknown (it could not be compared), or not asked.

    `reason` says why it is unknown or was skipped. `stand_ins` are places of the request whose value went out as
    it was cleaned.
    """

    interaction: Interaction
    outcome: Outcome
    reason: str = ""
    differences: tuple[Difference, ...] = ()
    stand_ins: tuple[str, ...] = ()


def drift_document(cassette: str, upstream: str, seen: Sequence[Seen]) -> dict[str, Any]:
    """Give a run as plain values for JSON: counts, and by interaction what became of it."""
    return {
        "cassette": cassette,
        "upstream": upstream,
        **counts(seen),
        "interactions": [_seen_document(one) for one in seen],
    }


def counts(seen: Sequence[Seen]) -> dict[str, int]:
    """Count the interactions by what became of them."""
    names: tuple[Outcome, ...] = ("same", "drifted", "unknown", "skipped")
    return {name: sum(one.outcome == name for one in seen) for name in names}


def _seen_document(one: Seen) -> dict[str, Any]:
    request = one.interaction.exchange.request
    return {
        "interaction": one.interaction.number,
        "session": one.interaction.session,
        "method": request.method,
        "target": request.target.decode("utf-8", "replace"),
        "outcome": one.outcome,
        **({"reason": one.reason} if one.reason else {}),
        **({"stand_ins": list(one.stand_ins)} if one.stand_ins else {}),
        **({"differences": [_difference(difference) for difference in one.differences]} if one.differences else {}),
    }


def _difference(one: Difference) -> dict[str, str]:
    pointer = pointer_of(one.place)
    return {
        "place": one.place,
        **({"pointer": pointer} if pointer is not None else {}),
        "sort": one.sort,
        "recorded": one.recorded,
        "live": one.live,
    }
