"""The report: what was measured as a table of Markdown, its means beside the goals, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bench.fidelity.result import Result

COLUMNS: Final = (
    "L0", "L1", "L2", "L3", "L4", "L4 strict", "L5", "L6", "body", "sessions", "false accepts", "honest refusals",
    "same session", "as recorded", "literal", "rules", "seconds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """What the mean over the upstreams is to reach: `floor` must be, `aim` is wanted; `most` where less is better."""

    column: str
    sessions: int
    floor: float
    aim: float
    most: bool = False


GOALS: Final = (
    Goal("L0", 20, 98, 99.5),
    Goal("L1", 20, 95, 98),
    Goal("L3", 20, 90, 96),
    Goal("L4", 20, 80, 90),
    Goal("L6", 20, 80, 92),
    Goal("sessions", 20, 85, 95),
    Goal("false accepts", 20, 2, 0.5, most=True),
    Goal("same session", 20, 100, 100),
    Goal("rules", 20, 30, 30, most=True),
    Goal("L1", 1, 85, 90),
    Goal("L4", 1, 60, 70),
)


def mean(results: Iterable[Result]) -> dict[str, float]:
    """Give the mean of each figure over upstreams, each counting once; -1 (unknown) is left out."""
    rows = [result.figures() for result in results]
    found = {}
    for column in rows[0] if rows else ():
        known = [row[column] for row in rows if row[column] >= 0 or column == "overall"]
        found[column] = sum(known) / len(known) if known else -1.0
    return found


def markdown(results: Sequence[Result]) -> str:
    """Give all results as tables: the goals, then one table for each stand-in, number of sessions and form."""
    parts = ["# Fidelity", "", _explained(), ""]
    parts += _goals(results)
    for group in _groups(results):
        first = group[0]
        parts += [f"## {_titled(first)}", "", _row(["upstream", *COLUMNS]), _row(["---", *["---:"] * len(COLUMNS)])]
        parts += [_row([_named(result), *_shown(result.figures())]) for result in group]
        apart = [one for one in group if one.held_out]
        for title, rows in (
            ("**mean**", group),
            ("**mean of the held out**", apart if len(apart) < len(group) else []),
        ):
            if len(rows) > 1:
                parts.append(_row([title, *_shown(mean(rows))]))
        parts.append("")
    return "\n".join(parts)


def _explained() -> str:
    return (
        "Percent of the steps of sessions that were never recorded, each level implying those before it: L0 answered, "
        "L1 status, L2 headers, L3 shape, L4 stable values (ids up to a bijection), L5 volatile values well-formed and "
        "linked, L6 the same on steps that read what earlier steps wrote. `body`: status and body right, whatever the "
        "headers. `same session`: the recorded sessions played again, with the ids that the mock gives (L4). "
        "`as recorded`: the recorded requests sent as they are (L4). `rules`: per 100 recorded interactions."
    )


def _goals(results: Sequence[Result]) -> list[str]:
    ours = [one for one in results if one.stand_in == "synthesized" and one.cleaned and not one.without]
    rows = []
    for goal in GOALS:
        there = [one for one in ours if one.trained == goal.sessions]
        if not there:
            continue
        value = mean(there)[goal.column]
        bound = "at most" if goal.most else "at least"
        reached = value <= goal.floor if goal.most else value >= goal.floor
        aimed = value <= goal.aim if goal.most else value >= goal.aim
        verdict = "aim reached" if aimed else "floor reached" if reached else "**missed**"
        cells = [goal.column, str(goal.sessions), f"{value:.1f}", f"{bound} {goal.floor:g}", f"{goal.aim:g}", verdict]
        rows.append(_row(cells))
    if not rows:
        return []
    head = ["mean over upstreams", "sessions", "measured", "floor", "aim", ""]
    return ["## Goals", "", _row(head), _row(["---"] * len(head)), *rows, ""]


def _groups(results: Sequence[Result]) -> list[list[Result]]:
    found: dict[tuple[object, ...], list[Result]] = {}
    for result in results:
        key = (result.stand_in, result.trained, result.cleaned, result.without)
        found.setdefault(key, []).append(result)
    return list(found.values())


def _titled(result: Result) -> str:
    form = "cleaned" if result.cleaned else "raw"
    without = f", without {', '.join(result.without)}" if result.without else ""
    return f"{result.stand_in}, {result.trained} session{'s' if result.trained != 1 else ''}, {form}{without}"


def _named(result: Result) -> str:
    return f"{result.upstream} (held out)" if result.held_out else result.upstream


def _shown(figures: dict[str, float]) -> list[str]:
    return ["–" if figures[column] < 0 else f"{figures[column]:.1f}" for column in COLUMNS]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
