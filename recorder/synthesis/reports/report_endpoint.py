"""One endpoint in the report of a synthesis: its parameters, its cases in words, and the calls that came out wrong."""

from __future__ import annotations

from typing import Any, Final

from recorder.drawing import shown
from recorder.synthesis.checking.difference import Difference
from recorder.synthesis.checking.selfcheck import Checked
from recorder.synthesis.reports.account import GRAPH, CaseAccount, EndpointAccount
from recorder.synthesis.samples.values import MISSING
from recorder.writing import yaml_text

_WRONG: Final = 25
_LINES: Final = 60
_VALUE: Final = 240
_METHODS: Final = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE"))


def method(name: str) -> str:
    """Write a method in its colour."""
    kind = f" {name}" if name in _METHODS else ""
    return f'<span class="method{kind}">{shown(name, 12)}</span>'


def path(text: str) -> str:
    """Write a path so that it may be broken after each slash."""
    return shown(text, 120).replace("/", "/<wbr>")


def statuses(one: EndpointAccount) -> str:
    """Write which statuses were recorded, and how often."""
    return "".join(f'<span class="chip">{status}{_times(count)}</span>' for status, count in one.statuses.items())


def _times(count: int) -> str:
    return f" ×{count}" if count > 1 else ""


def share(one: EndpointAccount) -> str:
    """Write what share of the calls is answered as recorded, as a bar and a number."""
    colour = _colour(one)
    return (
        f'<svg class="small bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="{colour}" width="{100 * one.share:.1f}" height="6"/></svg>'
        f'<span class="{colour}">{one.right} of {one.calls}</span>'
    )


def _colour(one: EndpointAccount) -> str:
    return "good" if not one.wrong else "some" if one.share >= 0.5 else "bad"


def endpoint_section(one: EndpointAccount) -> str:
    """Write an endpoint, closed where all its calls came out as recorded."""
    opened = " open" if one.wrong else ""
    sort = f' <span class="faint">{shown(one.sort, 80)}</span>' if one.sort else ""
    return (
        f'<details class="endpoint"{opened}><summary>{method(one.method)}'
        f"<code>{path(one.path)}</code>{sort}"
        f'<span class="share {_colour(one)}">{one.right} of {one.calls} as recorded</span></summary>'
        f'<div class="inside" id="{shown(one.id, 200)}">'
        f"{_doubts(one)}{_parameters(one)}{_cases(one)}{_wrong(one)}</div></details>"
    )


def _doubts(one: EndpointAccount) -> str:
    if not one.doubts:
        return ""
    return f'<ul class="doubt">{"".join(f"<li>{shown(doubt, 200)}</li>" for doubt in one.doubts)}</ul>'


def _parameters(one: EndpointAccount) -> str:
    if not one.parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{shown(name, 60)}</code></td><td>{shown(meaning, 200)}</td></tr>"
        for name, meaning in one.parameters
    )
    title = "What its fields give" if one.sort == GRAPH else "What its list can be asked"
    return f"<h3>{title}</h3><table><tbody>{rows}</tbody></table>"


def _cases(one: EndpointAccount) -> str:
    return f'<h3>What it answers</h3><ol class="cases">{"".join(map(_case, one.cases))}</ol>'


def _case(case: CaseAccount) -> str:
    lead = "When " if case.condition else ""
    when = case.when if case.condition else "Otherwise"
    code = (
        f'<p><code class="faint">{shown(case.condition, 400)}</code></p>'
        if case.condition not in ("", case.when)
        else ""
    )
    told = [case.note, *case.keeps]
    remarks = f'<p class="faint">{shown("; ".join(filter(None, told)), 400)}</p>' if any(told) else ""
    return (
        f"<li><p>{lead}{shown(when, 400)}: {_status(case.status)} "
        f'<span class="chip">{shown(case.tier or "no tier", 20)}</span>{_answered(case)}</p>'
        f"{code}{remarks}{_response(case)}</li>"
    )


def _status(status: int | None) -> str:
    if status is None:
        return '<span class="status">a status that is worked out</span>'
    colour = "good" if status < 300 else "some" if status < 400 else "bad"
    return f'<span class="status {colour}">{status}</span>'


def _answered(case: CaseAccount) -> str:
    if not case.calls:
        return '<span class="faint">no recorded call</span>'
    wrong = case.calls - case.right
    more = f', <span class="bad">{wrong} not as recorded</span>' if wrong else ""
    return f'<span class="faint">{case.calls} recorded call{"s" * (case.calls != 1)}</span>{more}'


def _response(case: CaseAccount) -> str:
    told = {name: value for name, value in case.response.items() if name != "status" or case.status is None}
    lines = yaml_text(told).splitlines()
    if lines in ([], ["{}"]):
        return ""
    cut = [*lines[:_LINES], f"… {len(lines) - _LINES} more lines"] if len(lines) > _LINES else lines
    text = "\n".join(shown(line, 400) for line in cut)
    return f'<details class="more"><summary>the answer</summary><pre>{text}</pre></details>'


def _wrong(one: EndpointAccount) -> str:
    """Write the calls that came out otherwise: of those that differ alike, the first ones."""
    if not one.wrong:
        return ""
    alike: dict[tuple[str, str, int | None], list[Checked]] = {}
    for checked in one.wrong:
        alike.setdefault((checked.why, checked.definition, checked.case), []).append(checked)
    groups = sorted(alike.values(), key=len, reverse=True)
    rows = "".join(_row(checked, len(group)) for group in groups[:_WRONG] for checked in group[:1])
    more = f'<p class="faint">… and {len(groups) - _WRONG} more kinds.</p>' if len(groups) > _WRONG else ""
    return (
        '<h3>What came out otherwise</h3><table class="cards"><thead><tr><th>call</th><th>what differs</th>'
        f"<th>recorded, and given</th><th>by</th></tr></thead><tbody>{rows}</tbody></table>{more}"
    )


def _row(checked: Checked, count: int) -> str:
    sample = checked.sample
    target = sample.interaction.exchange.request.target.decode("utf-8", "replace")
    case = f", case {checked.case}" if checked.case is not None else ""
    alike = f" and {count - 1} more like it" if count > 1 else ""
    return (
        f'<tr><td><span class="call">{method(sample.sent_method)}<code>{path(target)}</code></span>'
        f'<span class="faint">{shown(sample.name, 40)}, number {sample.interaction.number}{alike}</span></td>'
        f'<td data-label="what differs"><span>{shown(checked.why, 300)}</span></td>'
        f'<td data-label="values">{_values(checked.difference)}</td>'
        f'<td data-label="by"><span>{shown(checked.definition or "nothing", 60)}{case}</span></td></tr>'
    )


def _values(difference: Difference | None) -> str:
    if difference is None or difference.kind == "error":
        return ""
    return (
        f'<dl class="values"><dt>recorded</dt><dd><code>{_value(difference.was)}</code></dd>'
        f"<dt>given</dt><dd><code>{_value(difference.now)}</code></dd></dl>"
    )


def _value(value: Any) -> str:
    if value is MISSING:
        return '<span class="faint">nothing</span>'
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return shown(value if isinstance(value, str) else repr(value), _VALUE)
