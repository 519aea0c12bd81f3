"""Days: how many lie between two dates that requests send, or that items have, as terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from typing import Any, Final, TypeAlias

from recorder.synthesis.samples.values import MISSING, Path, leaves, look, parts
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Get, Term, part_of, used_by

_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_SENT: Final = ("request.json", "request.form", "request.query")
_WEEK: Final = 7
_WORKED: Final = 5
_MOST_SCENES: Final = 24
_MOST_DATES: Final = 4
_COST: Final = 1.5
_Dates: TypeAlias = dict[Path, Term]


def days_between(scenes: Sequence[Scene], roots: Sequence[Term]) -> list[Term]:
    """Give the terms of the days from one date to a later one beside it.

    Of the dates that are sent for an item, those that are not sent are the item's.
    """
    some = scenes[:: max(1, len(scenes) // _MOST_SCENES)][:_MOST_SCENES]
    found = {root.text: (root, dates) for root in roots if (dates := _dates(root, some))}
    sent = [dates for text, (_, dates) in found.items() if text.startswith(_SENT)]
    held = [dates for text, (root, dates) in found.items() if "item" in root.uses]
    made: list[Term] = []
    for _, dates in found.values():
        made += _spans(dates, some)
    for asked in sent:
        for kept in held:
            if asked.keys() & kept.keys():
                both = {path: _or_else(asked[path], one) if path in asked else one for path, one in kept.items()}
                made += _spans(both, some)
    return made


def _dates(root: Term, scenes: Sequence[Scene]) -> _Dates:
    """Give the members of what a root gives that are dates wherever they are there."""
    seen: dict[Path, bool] = {}
    for scene in scenes:
        whole = root.get(scene)
        if not isinstance(whole, dict):
            continue
        for path, value in parts(whole, longest_list=0):
            if isinstance(value, str) and len(path) < 3:
                seen[path] = seen.get(path, False) or days_since(value, value) is not None
    named = [path for path, is_date in seen.items() if is_date][:_MOST_DATES]
    return {path: part_of(root, path, look) for path in named}


def _spans(dates: _Dates, scenes: Sequence[Scene]) -> Iterator[Term]:
    for (one, since), (other, until) in permutations(dates.items(), 2):
        if one[:-1] != other[:-1]:
            continue
        term = _between(since, until)
        found = [days for scene in scenes if (days := term.get(scene)) is not None and scene.sample.succeeded]
        if len(set(found)) > 1 and sum(days > 0 for days in found) * 2 > len(found):
            yield term
            worked = _worked(since, until)
            if _is_told(worked, scenes):
                yield worked


def _between(since: Term, until: Term) -> Term:
    uses, keeps = used_by((since, until))
    text = f"days({since.text}, {until.text})"
    return Term(text, lambda scene: days_since(since.get(scene), until.get(scene)), "days", _COST, uses, keeps)


def _worked(since: Term, until: Term) -> Term:
    uses, keeps = used_by((since, until))
    text = f"weekdays({since.text}, {until.text})"
    return Term(text, lambda scene: weekdays_in(since.get(scene), until.get(scene)), "days", _COST, uses, keeps)


def _is_told(worked: Term, scenes: Sequence[Scene]) -> bool:
    """Tell whether all answers have the number of weekdays, of which there are several."""
    told = [
        (days, {value for _, value in leaves(scene.sample.answer_json) if type(value) is int})
        for scene in scenes
        if scene.sample.succeeded and (days := worked.get(scene)) is not None
    ]
    return len({days for days, _ in told}) > 1 and all(days in numbers for days, numbers in told)


def weekdays_in(since: Any, until: Any) -> int | None:
    """Give the days from Monday to Friday from one date to another, with both of these; None where one is none."""
    days = days_since(since, until)
    if days is None:
        return None
    first = date.fromisoformat(since).weekday()
    whole, rest = divmod(max(days + 1, 0), _WEEK)
    return whole * _WORKED + sum((first + at) % _WEEK < _WORKED for at in range(rest))


def days_since(since: Any, until: Any) -> int | None:
    """Give the days from one date to another, None where one is none."""
    if not (isinstance(since, str) and isinstance(until, str) and _DATE.fullmatch(since) and _DATE.fullmatch(until)):
        return None
    try:
        return (date.fromisoformat(until) - date.fromisoformat(since)).days
    except ValueError:
        return None


def _or_else(sent: Term, held: Term) -> Term:
    uses, keeps = used_by((sent, held))
    return Term(f"({sent.text} | default({held.text}))", _first(sent, held), sent.name, sent.cost, uses, keeps)


def _first(sent: Term, held: Term) -> Get:
    def get(scene: Scene) -> Any:
        value = sent.get(scene)
        return held.get(scene) if value is MISSING else value

    return get
