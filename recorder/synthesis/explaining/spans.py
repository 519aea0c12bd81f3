"""Spans: times that are so long after another time, always or by as much as a number says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.nodes.kinds import TimeForm, moved_by, time_form
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.samples.values import MISSING, is_number
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Get, Term

_NEAR_S: Final = 0.5
_MOST_TERMS: Final = 24
_MOST_SCENES: Final = 12
_LEAST: Final = 2
_UNITS: Final = ((60, "m"), (3_600, "h"), (86_400, "d"), (1, "s"))


def after_another(grounds: Grounds, cases: Sequence[Case]) -> Said | None:
    """Explain times as another one moved: by the same span each time, or by a number of minutes, hours or days."""
    form = time_form([value for _, value in cases])
    if form is None:
        return None
    wanted = [form.read(value) for _, value in cases]
    for term in list(_times(grounds, cases[0][0]))[:_MOST_TERMS]:
        begun = [_read(term.get(scene)) for scene, _ in cases]
        known = [one for one in begun if one is not None]
        if len(known) < len(begun):
            continue
        gaps = [end - start for end, start in zip(wanted, known, strict=True)]
        if all(abs(gap - gaps[0]) < _NEAR_S for gap in gaps) and len(cases) > 1:
            return _said(f"date({term.text}, {{}})", form, moved_by(gaps[0]), (term,))
        counted = _counted(grounds, cases, gaps)
        if counted is not None:
            number, letter = counted
            offset = f"offset='+' ~ ({number.text} | string) ~ '{letter}'"
            return _said(f"date({term.text}, {{}})", form, offset, (term, number))
    counted = _counted(
        grounds, cases, [end - scene.sample.ended for end, (scene, _) in zip(wanted, cases, strict=True)]
    )
    if counted is None:
        return None
    number, letter = counted
    return _said("now({})", form, f"offset='+' ~ ({number.text} | string) ~ '{letter}'", (number,))


def _times(grounds: Grounds, scene: Scene) -> Iterator[Term]:
    for term, value in grounds.vocabulary.everything(scene):
        if isinstance(value, str) and time_form([value]) is not None:
            yield term


def _read(value: Any) -> float | None:
    form = time_form([value]) if isinstance(value, str) else None
    return None if form is None else form.read(value)


def _counted(grounds: Grounds, cases: Sequence[Case], gaps: Sequence[float]) -> tuple[Term, str] | None:
    """Give the number that a span follows, and its unit; where it is not sent, what the span always is then."""
    scenes = [scene for scene, _ in cases]
    tried: set[str] = set()
    for scene, gap in list(zip(scenes, gaps, strict=True))[:_MOST_SCENES]:
        for term, value in grounds.vocabulary.everything(scene):
            if not is_number(value) or not value or term.text in tried:
                continue
            for unit, letter in _UNITS:
                made = _or_else(term, scenes, gaps, unit) if abs(gap - value * unit) < _NEAR_S else None
                if made is not None and _follows(made, scenes, gaps, unit):
                    return made, letter
            tried.add(term.text)
    return None


def _or_else(term: Term, scenes: Sequence[Scene], gaps: Sequence[float], unit: int) -> Term | None:
    """Give a number with what it is taken for where it is not there: None where that is not one whole number."""
    others = [gap / unit for gap, scene in zip(gaps, scenes, strict=True) if term.get(scene) is MISSING]
    if not others:
        return term
    usual = round(others[0])
    values = {term.get(scene) for scene in scenes} - {MISSING}
    if usual <= 0 or any(abs(one - usual) * unit >= _NEAR_S for one in others) or len(values) < _LEAST:
        return None
    return Term(
        f"({term.text} | default({usual}))", _given_or(term, usual), term.name, term.cost, term.uses, term.keeps
    )


def _given_or(term: Term, usual: int) -> Get:
    def get(scene: Scene) -> Any:
        value = term.get(scene)
        return usual if value is MISSING else value

    return get


def _follows(term: Term, scenes: Sequence[Scene], gaps: Sequence[float], unit: int) -> bool:
    values = [term.get(scene) for scene in scenes]
    return all(is_number(value) and abs(gap - value * unit) < _NEAR_S for value, gap in zip(values, gaps, strict=True))


def _said(text: str, form: TimeForm, offset: str, of: Sequence[Term]) -> Said:
    def get(scene: Scene) -> Any:
        del scene
        return MISSING  # in what is worked out before there is an answer nothing is compared with it

    arguments = ", ".join(filter(None, (offset, form.written)))
    uses = frozenset(use for one in of for use in one.uses)
    keeps = frozenset(kept for one in of for kept in one.keeps)
    return Said(Term(text.format(arguments), get, of[0].name, 1.0, uses, keeps))
