"""The chart: fidelity over the number of recorded sessions and beside other stand-ins, as a page and as PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from bench.fidelity.report import markdown, mean
from bench.fidelity.result import Result

LINES: Final = {"L1": "#1f77b4", "L3": "#2ca02c", "L4": "#d62728", "L6": "#9467bd", "sessions": "#8c564b"}
BARS: Final = ("L0", "L1", "L4", "L6", "sessions")
SHADES: Final = {"synthesized": "#d62728", "replay": "#7f7f7f", "wiremock": "#ff9f1c"}
NAMES: Final = {
    "L0": "answered",
    "L1": "status",
    "L3": "shape",
    "L4": "values",
    "L6": "state",
    "sessions": "whole sessions",
}
INSTALL: Final = "python -m pip install -e '.[bench]'"


@dataclass(frozen=True, slots=True)
class Picture:
    """What the chart shows: for each line the points (sessions, percent), for each stand-in its bars in percent."""

    curve: dict[str, list[tuple[int, float]]]
    bars: dict[str, dict[str, float]]
    upstreams: int


def pictured(results: Sequence[Result]) -> Picture:
    """Give the means over the upstreams that each stand-in was measured on, in the cleaned form where there is one."""
    whole = [one for one in results if not one.without]
    cleaned = [one for one in whole if one.cleaned] or whole
    main = _main(cleaned)
    sizes = sorted({one.trained for one in cleaned if one.stand_in == main})
    means = {size: mean([one for one in cleaned if one.stand_in == main and one.trained == size]) for size in sizes}
    curve = {line: [(size, means[size][line]) for size in sizes] for line in LINES}
    bars = {}
    for name in dict.fromkeys(one.stand_in for one in cleaned):
        most = max(one.trained for one in cleaned if one.stand_in == name)
        figures = mean([one for one in cleaned if one.stand_in == name and one.trained == most])
        bars[name] = {bar: figures[bar] for bar in BARS}
    return Picture(curve, bars, len({one.upstream for one in results}))


def _main(results: Sequence[Result]) -> str:
    names = [one.stand_in for one in results]
    return "synthesized" if "synthesized" in names or not names else names[0]


def page(results: Sequence[Result]) -> str:
    """Give a page of HTML that holds the chart and the tables and needs nothing else."""
    picture = pictured(results)
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Fidelity</title>"
        "<style>body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem;"
        "color:#222;background:#fff}table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-variant-numeric:"
        "tabular-nums}td,th{border-bottom:1px solid #ddd;padding:.2rem .5rem;text-align:right;white-space:nowrap}"
        "td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto}div{overflow-x:auto}</style>"
        f"{_svg(picture)}{_html_tables(markdown(results))}</html>\n"
    )


def _svg(picture: Picture) -> str:
    parts = [
        (
            '<svg viewBox="0 0 1060 400" width="1060" height="400" font-family="system-ui,sans-serif" font-size="13" '
            'role="img" aria-label="Fidelity of mocks on sessions that were never recorded">'
        ),
        f'<text x="20" y="24" font-size="17">Sessions never recorded: mean over {picture.upstreams} upstreams</text>',
    ]
    return "".join([*parts, *_curve(picture), *_bars(picture), "</svg>"])


def _grid(left: float, width: float) -> list[str]:
    parts = []
    for percent in range(0, 101, 20):
        y = _y(percent)
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e3e3"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end" fill="#666">{percent}</text>')
    return parts


def _y(percent: float) -> float:
    return 340 - 2.8 * max(0.0, min(100.0, percent))


def _curve(picture: Picture) -> list[str]:
    left, width = 60.0, 380.0
    parts = [*_grid(left, width), f'<text x="{left}" y="48" fill="#444">% over recorded sessions</text>']
    sizes = [size for size, _ in next(iter(picture.curve.values()), [])]
    places = {size: left + (number + 0.5) * width / len(sizes) for number, size in enumerate(sizes)}
    parts += [f'<text x="{places[size]:.1f}" y="358" text-anchor="middle">{size}</text>' for size in sizes]
    for row, (line, points) in enumerate(picture.curve.items()):
        drawn = " ".join(f"{places[size]:.1f},{_y(value):.1f}" for size, value in points)
        parts.append(f'<polyline points="{drawn}" fill="none" stroke="{LINES[line]}" stroke-width="2.5"/>')
        for size, value in points:
            parts.append(f'<circle cx="{places[size]:.1f}" cy="{_y(value):.1f}" r="3.5" fill="{LINES[line]}"/>')
        x = left + row * 88
        parts.append(f'<rect x="{x:.0f}" y="374" width="11" height="11" fill="{LINES[line]}"/>')
        parts.append(f'<text x="{x + 15:.0f}" y="384">{escape(NAMES[line])}</text>')
    return parts


def _bars(picture: Picture) -> list[str]:
    left, width = 570.0, 460.0
    parts = [*_grid(left, width), f'<text x="{left}" y="48" fill="#444">% at the most sessions recorded</text>']
    step = width / len(BARS)
    thick = step * 0.8 / max(1, len(picture.bars))
    for group, bar in enumerate(BARS):
        x = left + group * step + step * 0.1
        parts.append(f'<text x="{x + step * 0.4:.1f}" y="358" text-anchor="middle">{escape(NAMES[bar])}</text>')
        for number, (name, figures) in enumerate(picture.bars.items()):
            y, at = _y(figures[bar]), x + number * thick
            shade = SHADES.get(name, "#17becf")
            parts.append(
                f'<rect x="{at:.1f}" y="{y:.1f}" width="{thick - 2:.1f}" height="{340 - y:.1f}" fill="{shade}"/>'
            )
            label = f'<text x="{at + thick / 2 - 1:.1f}" y="{y - 4:.1f}" text-anchor="middle" font-size="11">'
            parts.append(f"{label}{figures[bar]:.0f}</text>")
    for number, name in enumerate(picture.bars):
        x = left + number * 120
        parts.append(f'<rect x="{x:.0f}" y="374" width="11" height="11" fill="{SHADES.get(name, "#17becf")}"/>')
        parts.append(f'<text x="{x + 15:.0f}" y="384">{escape(name)}</text>')
    return parts


def _html_tables(text: str) -> str:
    """Give our own Markdown, headings, paragraphs and tables, as HTML."""
    parts: list[str] = []
    in_table = False
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if set("".join(cells)) <= set("-:"):
                continue
            tag = "td" if in_table else "th"
            parts.append("" if in_table else "<div><table>")
            parts.append("<tr>" + "".join(f"<{tag}>{escape(cell).replace('**', '')}</{tag}>" for cell in cells))
            in_table = True
            continue
        parts.append("</table></div>" if in_table else "")
        in_table = False
        if line.startswith("#"):
            level = len(line) - len(line.lstrip("#"))
            parts.append(f"<h{level}>{escape(line.lstrip('# '))}</h{level}>")
        elif line:
            parts.append(f"<p>{escape(line)}</p>")
    return "".join([*parts, "</table></div>" if in_table else ""])


def draw(results: Sequence[Result], file: Path) -> str:
    """Write the chart as PNG; gives "" or, where matplotlib is not installed, the sentence that says how to get it."""
    try:
        import matplotlib as mpl  # type: ignore[import-not-found, unused-ignore]

        mpl.use("Agg")
        from matplotlib import pyplot as plt
    except ImportError:
        return f"no PNG was drawn, since that needs matplotlib: {INSTALL}; the same chart is in fidelity.html"
    picture = pictured(results)
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.6), width_ratios=[1, 1.15])
    for line, points in picture.curve.items():
        marks = range(len(points))
        left.plot(marks, [value for _, value in points], marker="o", color=LINES[line], label=NAMES[line])
        left.set_xticks(list(marks), [str(size) for size, _ in points])
    left.set(ylim=(0, 103), xlabel="recorded sessions", ylabel="% of steps in sessions never recorded")
    left.legend(loc="lower right", fontsize=8)
    thick = 0.8 / max(1, len(picture.bars))
    for number, (name, figures) in enumerate(picture.bars.items()):
        places = [group + number * thick for group in range(len(BARS))]
        drawn = right.bar(places, [figures[bar] for bar in BARS], thick * 0.94, label=name, color=SHADES.get(name))
        right.bar_label(drawn, fmt="%.0f", fontsize=8)
    right.set_xticks([group + 0.4 - thick / 2 for group in range(len(BARS))], [NAMES[bar] for bar in BARS])
    right.set(ylim=(0, 108))
    right.legend(fontsize=8, ncols=3, loc="upper center", bbox_to_anchor=(0.5, 1.1), frameon=False)
    for axes in (left, right):
        axes.grid(axis="y", alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"Fidelity on sessions never recorded, mean over {picture.upstreams} upstreams")
    figure.tight_layout()
    figure.savefig(file, dpi=130)
    plt.close(figure)
    return ""
