"""The outcome of a plan: its mocks, how many calls were learnt from, and how all the others came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from cassettes.shelf import INTERACTIONS
from recorder.drawing import shown
from recorder.synthesis.plan.plan import Plan
from recorder.synthesis.plan.stages import Stages, page_file
from recorder.synthesis.plan.trial import Trial

_SHOWN: Final = 40
_REMARKS: Final = 50
_DAMAGES: Final = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """Definitions as documents, and what a person should know of them.

    `learnt` are the calls that they were learnt from, asked again; `asked` those of all other sessions. `summary` has
    what it has without a plan, and `plan`.
    """

    definitions: list[dict[str, Any]]
    summary: dict[str, Any]
    remarks: list[str]
    learnt: Trial
    asked: Trial
    page: str
    places: tuple[int, ...]


def outcome(plan: Plan, stages: Stages) -> Outcome:
    """Read what came of a plan, once all of its stages are done."""
    rounds = stages.rounds()
    best = stages.best(rounds[-1])
    mocks, places = stages.mocks(best), tuple(stages.chosen(best))
    learnt, asked = Trial.of(mocks["checked"]), stages.asked(best)
    summary = _summary(plan, stages, rounds, best, learnt, asked)
    remarks = [f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in _wrong(asked)[:_REMARKS]]
    is_whole = len(places) == len(plan.survey.sessions)
    page = plan.folder.read(page_file(best)).decode()
    return Outcome(
        mocks["definitions"],
        summary,
        mocks["remarks"] if is_whole else remarks,
        learnt,
        asked,
        page if is_whole else _with_section(page, summary, learnt, asked),
        places,
    )


def _summary(plan: Plan, stages: Stages, rounds: list[int], best: int, learnt: Trial, asked: Trial) -> dict[str, Any]:
    survey = plan.survey
    calls, right = learnt.calls + asked.calls, learnt.right + asked.right
    mocks = stages.mocks(best)
    is_whole = len(stages.chosen(best)) == len(survey.sessions)
    literal = mocks["summary"]["literal"] if is_whole else 0
    return {
        "interactions": survey.answered,
        "sessions": len(survey.sessions),
        "definitions": len(mocks["definitions"]),
        "generalized": right,
        "literal": literal,
        "generalized_share": right / calls if calls else 1.0,
        "literal_share": literal / calls if calls else 0.0,
        "plan": {
            "learnt_from": {"interactions": learnt.calls, "sessions": len(stages.chosen(best)), "right": learnt.right},
            "asked": {"interactions": asked.calls, "sessions": len(asked.sessions), "right": asked.right},
            "share": asked.share,
            "not_asked": survey.answered - calls,
            "rounds": [_round(stages, number) for number in rounds],
            "round": best,
            "definitions": _by_definition(learnt, asked),
            "wrong": [{"what": what, "calls": count} for what, count in _wrong(asked)[:_REMARKS]],
            "damaged": sum(one["damaged"] for one in stages.sketches()),
            "damages": list(islice(_damages(plan, stages), _DAMAGES)),
        },
    }


def _damages(plan: Plan, stages: Stages) -> Iterator[str]:
    for one in stages.sketches():
        for damage in one["damages"]:
            yield f"{plan.names[one['source']]}/{INTERACTIONS}: {damage}"


def _round(stages: Stages, number: int) -> dict[str, Any]:
    own, trial = Trial.of(stages.mocks(number)["checked"]), stages.trial(number)
    return {"interactions": own.calls, "right": own.right, "tried": trial.calls, "tried_right": trial.right}


def _by_definition(learnt: Trial, asked: Trial) -> list[dict[str, Any]]:
    """Give by definition how many calls it answered that nothing was learnt from, the most first."""
    names = sorted({*learnt.definitions, *asked.definitions}, key=lambda name: (-_calls(asked, name), name))
    return [
        {
            "definition": name or None,
            "learnt_from": _calls(learnt, name),
            "calls": _calls(asked, name),
            "right": asked.definitions.get(name, [0, 0])[1],
        }
        for name in names
    ]


def _calls(trial: Trial, name: str) -> int:
    return trial.definitions.get(name, [0, 0])[0]


def _wrong(trial: Trial) -> list[tuple[str, int]]:
    return [(f"{call}: {why}", count) for (call, _, why), count in trial.most_wrong()]


def _with_section(page: str, summary: dict[str, Any], learnt: Trial, asked: Trial) -> str:
    """Put into the report of what was learnt from how all others came out."""
    told = summary["plan"]
    rows = "".join(
        f"<tr><td><code>{shown(one['definition'] or 'none', 120)}</code></td>"
        f'<td class="number" data-label="learnt from">{one["learnt_from"]:,}</td>'
        f'<td class="number" data-label="other calls">{one["calls"]:,}</td>'
        f'<td class="number" data-label="as recorded">{_percent(one["right"], one["calls"])}</td></tr>'
        for one in told["definitions"]
    )
    wrong = "".join(f"<li>{shown(what, 240)} <b>{count:,}</b></li>" for what, count in _wrong(asked)[:_SHOWN])
    section = (
        f"<h2>All {summary['interactions']:,} calls</h2>"
        f"<p>{learnt.calls:,} of them show what there is to see and were learnt from: this page tells of these. "
        f"{asked.calls:,} others were asked of the mocks: <b>{asked.share:.1%}</b> came out as recorded.</p>"
        '<table class="cards"><thead><tr><th>answered by</th><th class="number">learnt from</th>'
        '<th class="number">other calls</th><th class="number">as recorded</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>" + (f"<h3>What came out otherwise</h3><ul>{wrong}</ul>" if wrong else "")
    )
    before, end, after = page.partition("</header>")
    return f"{before}{end}{section}{after}"


def _percent(right: int, calls: int) -> str:
    return f"{right / calls:.1%}" if calls else ""
