"""A drawing of the provenance graph: the steps as rows, each travelling value as a thread beside them (SVG)."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from recorder.threads import SORTS, Thread, threads_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recorder.graph import Graph, Step

ROWS: Final = 150
"""So many steps are drawn; those that come after are only counted."""
THREADS: Final = 56
"""So many threads are drawn, the most telling ones; the others are only counted."""
STATES: Final = 20
"""So many of them may be values that only answers have."""

_ROW: Final = 34
_TOP: Final = 64
_LABEL: Final = 430
_LANE: Final = 15
_NAMES: Final = 260
_ASKED: Final = 12  # within a row, a request's values are above the middle and an answer's below
_TOLD: Final = 24
_COLOURS: Final = {"credential": "#c2571a", "id": "#2563b8", "input": "#1c7f5f", "state": "#8a6fb0"}
_MEANINGS: Final = {
    "credential": "credentials",
    "id": "ids in paths",
    "input": "other values of requests",
    "state": "seen again in answers",
}
_METHODS: Final = {"GET": "#2563b8", "POST": "#1c7f5f", "PUT": "#a36a00", "PATCH": "#a36a00", "DELETE": "#b3261e"}
_MONO: Final = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace"
_SANS: Final = "system-ui,-apple-system,Segoe UI,Roboto,sans-serif"


@dataclass(frozen=True, slots=True)
class Drawn:
    """What of a graph is drawn: these steps, these threads (by their index in `threads_of`), and how many are not."""

    steps: tuple[Step, ...]
    threads: tuple[Thread, ...]
    more_steps: int
    more_threads: int


def drawn_of(graph: Graph) -> Drawn:
    """Choose what is drawn: the first steps, and of the threads between them the most telling."""
    steps = graph.steps[:ROWS]
    last = steps[-1].number if steps else 0
    rows = {step.number for step in steps}
    between = [
        thread
        for thread in threads_of(graph)
        if thread.origin.interaction in rows
        and any(edge.target.interaction in rows and edge.target.interaction <= last for edge in thread.uses)
    ]
    asked = [thread for thread in between if thread.sort != "state"][:THREADS]
    states = [thread for thread in between if thread.sort == "state"][: min(STATES, THREADS - len(asked))]
    threads = (*asked, *states)
    return Drawn(steps, threads, len(graph.steps) - len(steps), len(between) - len(threads))


def provenance_svg(graph: Graph) -> str:
    """Draw the graph as one SVG element, for any page: no style sheet, no script, everything recorded escaped.

    Each thread is a group with the attribute `data-thread`, each step one with `data-step`. Colours follow the custom
    properties `--ink`, `--faint`, `--band` and `--paper` where the page sets them.
    """
    drawn = drawn_of(graph)
    rows = {step.number: _TOP + index * _ROW for index, step in enumerate(drawn.steps)}
    lanes = _lanes(drawn.threads, rows)
    width = _LABEL + 24 + _LANE * (max(lanes, default=0) + 1) + _NAMES
    height = _TOP + _ROW * len(drawn.steps) + 30
    born = _born(drawn.threads)
    names_at = width - _NAMES + 8
    parts = [
        _opening(width, height, f"Where the values of {len(graph.steps)} steps came from"),
        *_legend(width),
        *(_step(step, rows[step.number], index, width) for index, step in enumerate(drawn.steps)),
        *(
            _thread(index, thread, rows, lane)
            for index, (thread, lane) in enumerate(zip(drawn.threads, lanes, strict=True))
        ),
        *(_names(born[number], y, names_at) for number, y in rows.items() if number in born),
        _rest(drawn, height),
        "</svg>",
    ]
    return "\n".join(parts)


def _opening(width: int, height: int, told: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label="{told}" font-family="{_SANS}" font-size="12">'
    )


def shown(text: str, most: int) -> str:
    """Give a recorded text for a page: cut, without characters that are not printable, escaped."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return html.escape("".join(one if one.isprintable() else "·" for one in cut))


def _legend(width: int) -> list[str]:
    at, parts = 16, []
    for sort in SORTS:
        parts.append(
            f'<line x1="{at}" x2="{at + 18}" y1="22" y2="22" stroke="{_COLOURS[sort]}" stroke-width="3" '
            f'stroke-linecap="round"/><text x="{at + 25}" y="26" fill="var(--ink,#1d2733)">{_MEANINGS[sort]}</text>'
        )
        at += 54 + 6 * len(_MEANINGS[sort])
    marks = (
        (f'<circle cx="{at + 6}" cy="22" r="4.5" fill="var(--faint,#6b7684)"/>', "first seen", 88),
        (f'<path d="M{at + 92} 22l9 -4v8z" fill="var(--faint,#6b7684)"/>', "used by a request", 128),
        (f'<circle cx="{at + 222}" cy="22" r="2.5" fill="var(--faint,#6b7684)"/>', "in an answer", 0),
    )
    for mark, meaning, step in marks:
        parts.append(f'{mark}<text x="{at + 17}" y="26" fill="var(--faint,#6b7684)">{meaning}</text>')
        at += step
    parts.append(f'<line x1="0" x2="{width}" y1="{_TOP - 14}" y2="{_TOP - 14}" stroke="var(--line,#d9dee5)"/>')
    return parts


def _step(step: Step, y: int, index: int, width: int) -> str:
    """Draw a row: its number, method, target and status on a band of every other row."""
    status = "–" if step.status is None else str(step.status)
    is_bad = step.status is None or step.status >= 400
    colour = _METHODS.get(step.method, "#6b7684")
    fill = "var(--band,#f4f6f9)" if index % 2 else "var(--paper,#fff)"
    title = f"{shown(step.method, 12)} {shown(step.target, 300)}"
    return (
        f'<g data-step="{step.number}" tabindex="0" role="button"><title>{title}</title>'
        f'<rect x="0" y="{y}" width="{width}" height="{_ROW}" fill="{fill}"/>'
        f'<text x="34" y="{y + 22}" text-anchor="end" fill="var(--faint,#6b7684)" font-size="11">{step.number}</text>'
        f'<text x="46" y="{y + 22}" fill="{colour}" font-size="11" font-weight="700">{shown(step.method, 7)}</text>'
        f'<text x="104" y="{y + 22}" fill="var(--ink,#1d2733)" font-family="{_MONO}">{shown(step.target, 38)}</text>'
        f'<text x="{_LABEL - 18}" y="{y + 22}" text-anchor="end" font-weight="600" '
        f'fill="{"#b3261e" if is_bad else "var(--faint,#6b7684)"}">{status}</text></g>'
    )


def _thread(index: int, thread: Thread, rows: Mapping[int, int], lane: int) -> str:
    """Draw a thread: from its origin's row to its lane, down the lane, and into each row that uses it."""
    x = _LABEL + 24 + lane * _LANE
    colour = _COLOURS[thread.sort]
    start = rows[thread.origin.interaction] + (_ASKED if thread.origin.place.startswith("request.") else _TOLD)
    reached = [edge.target for edge in thread.uses if edge.target.interaction in rows]
    uses = sorted({(rows[node.interaction], node.place.startswith("request.")) for node in reached})
    ends = [y + (_ASKED if is_asked else _TOLD) for y, is_asked in uses]
    low = max([*ends, start])
    parts = [f'<path d="M{_LABEL} {start}H{x - 6}Q{x} {start} {x} {start + 6}V{max(low - 6, start + 6)}"/>']
    marks = [f'<circle cx="{_LABEL}" cy="{start}" r="4.5" fill="{colour}" stroke="none"/>']
    for (_, is_asked), end in zip(uses, ends, strict=True):
        if end <= start:
            continue
        if is_asked:
            parts.append(f'<path d="M{x} {end - 6}Q{x} {end} {x - 6} {end}H{_LABEL + 6}"/>')
            marks.append(f'<path d="M{_LABEL - 3} {end}l9 -4v8z" fill="{colour}" stroke="none"/>')
        else:
            parts.append(f'<path d="M{x} {end - 6}V{end}"/>')
            marks.append(f'<circle cx="{x}" cy="{end}" r="2.5" fill="{colour}" stroke="none"/>')
    origin = thread.origin
    told = f"{shown(thread.value, 80)} — first in step {origin.interaction}, {shown(origin.place, 80)}"
    width, opacity = ("1.1", "0.55") if thread.sort == "state" else ("1.8", "0.85")
    return (
        f'<g data-thread="{index}" fill="none" stroke="{colour}" stroke-width="{width}" opacity="{opacity}">'
        f"<title>{told}</title>{''.join(parts)}{''.join(marks)}"
        f'<path d="M{x} {start}V{low}" stroke="transparent" stroke-width="11" pointer-events="stroke"/></g>'
    )


def _names(threads: Sequence[tuple[int, Thread]], y: int, x: int) -> str:
    """Write beside a row what begins in it, as much as there is room for."""
    room = 36
    pieces: list[str] = []
    for index, thread in threads:
        label = short_name(thread.origin.place)
        if len(label) + 3 > room:
            pieces.append(f'<tspan fill="var(--faint,#6b7684)">+{len(threads) - len(pieces)}</tspan>')
            break
        room -= len(label) + 3
        pieces.append(f'<tspan data-thread="{index}" fill="{_COLOURS[thread.sort]}">{shown(label, 40)}</tspan>')
    separator = '<tspan fill="var(--line,#b9c1cb)"> · </tspan>'
    return f'<text x="{x}" y="{y + 22}" font-size="11" font-family="{_MONO}">{separator.join(pieces)}</text>'


def short_name(place: str) -> str:
    """Give the end of a place that a person knows it by: `$.user.id` of `response.body $.user.id`."""
    side, blank, path = place.partition(" ")
    if blank:
        return path.removeprefix("$.").removeprefix("$")
    return side.partition(".")[2].removeprefix("headers.") or side


def _rest(drawn: Drawn, height: int) -> str:
    told = [
        f"{count} more {what}"
        for count, what in ((drawn.more_steps, "steps"), (drawn.more_threads, "values that travel"))
        if count
    ]
    if not drawn.threads:
        told.append("no value travels from one step to another")
    text = f"Not drawn: {' and '.join(told)}." if drawn.more_steps or drawn.more_threads else "".join(told)
    return f'<text x="16" y="{height - 10}" fill="var(--faint,#6b7684)">{text}</text>' if text else ""


def _born(threads: Sequence[Thread]) -> dict[int, list[tuple[int, Thread]]]:
    born: dict[int, list[tuple[int, Thread]]] = {}
    for index, thread in enumerate(threads):
        born.setdefault(thread.origin.interaction, []).append((index, thread))
    return born


def _lanes(threads: Sequence[Thread], rows: Mapping[int, int]) -> list[int]:
    """Give each thread a lane that no other takes on its way; short ways lie near the rows, long ones outside."""
    spans = [
        (rows[thread.origin.interaction], max(rows.get(edge.target.interaction, 0) for edge in thread.uses))
        for thread in threads
    ]
    lanes = [0] * len(threads)
    taken: list[list[tuple[int, int]]] = []
    for index in sorted(range(len(threads)), key=lambda one: (spans[one][1] - spans[one][0], spans[one])):
        start, end = spans[index]
        lane = next(
            (number for number, others in enumerate(taken) if all(end < low or start > high for low, high in others)),
            len(taken),
        )
        if lane == len(taken):
            taken.append([])
        taken[lane].append((start, end))
        lanes[index] = lane
    return lanes
