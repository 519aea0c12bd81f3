"""Steps by a word: how far calls move a number, where a word that is sent tells whether they put, take or change."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.samples.values import as_text
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, literal
from recorder.synthesis.terms.vocabulary import Vocabulary

_FEWEST: Final = 4
_MOST_WORDS: Final = 4
_LONGEST_WORD: Final = 24
_SESSIONS: Final = 2
_MOST_TERMS: Final = 40
_RIGHT_TENTHS: Final = 9
_DECIMALS: Final = 6
_SENT: Final = ("request.json", "request.form", "request.query", "vars.asked")


def step_by_word(
    cases: Sequence[tuple[Sequence[Scene], float]], lookups: Mapping[str, Lookup], everyone: Sequence[Scene]
) -> Term | None:
    """Give what tells from a word how far a number goes, as 1 for `ADD` and -1 for `DROP`; None where none does.

    Each case has calls between two looks, and how far the number went with all of them; `everyone` are all such calls,
    each of which has to say one of the words.
    """
    if len(cases) < _FEWEST:
        return None
    for word in _words(everyone, lookups):
        rows = [(Counter(as_text(word.get(scene)) for scene in inside), went) for inside, went in cases]
        steps = _solved(rows)
        is_told = steps is not None and {as_text(word.get(scene)) for scene in everyone} <= set(steps)
        if steps is not None and is_told and len({*steps.values()}) > 1 and _are_right(rows, steps):
            return _term(word, steps)
    return None


def _words(scenes: Sequence[Scene], lookups: Mapping[str, Lookup]) -> Iterator[Term]:
    """Give the members that all calls send, and that are one of a few words, each of them in several sessions."""
    for scene in scenes:
        scene.lookups = lookups
    sent = [
        term
        for term, value in Vocabulary(scenes, lookups).everything(scenes[0])
        if term.text.startswith(_SENT) and isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD
    ]
    for term in sent[:_MOST_TERMS]:
        values = [term.get(scene) for scene in scenes]
        sessions: dict[str, set[int]] = defaultdict(set)
        for scene, value in zip(scenes, values, strict=True):
            sessions[as_text(value)].add(scene.sample.session)
        are_few = 1 < len(sessions) <= _MOST_WORDS and all(isinstance(value, str) for value in values)
        if are_few and all(len(inside) >= _SESSIONS for inside in sessions.values()):
            yield term


def _solved(rows: Sequence[tuple[Counter[str], float]]) -> dict[str, float] | None:
    """Tell how far each word goes, one after the other, where only one is left that is not known."""
    steps: dict[str, float] = {}
    left = {word for words, _ in rows for word in words}
    while left:
        found: dict[str, Counter[float]] = defaultdict(Counter)
        for words, went in rows:
            unknown = [word for word in words if word in left]
            if len(unknown) == 1:
                rest = went - sum(steps[word] * count for word, count in words.items() if word not in left)
                found[unknown[0]][round(rest / words[unknown[0]], _DECIMALS)] += 1
        best = max(found, key=lambda word: found[word].total(), default=None)
        if best is None:
            return None
        step, count = found[best].most_common(1)[0]
        if count * 10 < found[best].total() * _RIGHT_TENTHS:
            return None
        steps[best] = step
        left.discard(best)
    return steps


def _are_right(rows: Sequence[tuple[Counter[str], float]], steps: Mapping[str, float]) -> bool:
    told = [(sum(steps[word] * count for word, count in words.items()), went) for words, went in rows]
    right = sum(abs(one - went) < 10**-_DECIMALS for one, went in told)
    return right * 10 >= len(rows) * _RIGHT_TENTHS


def _term(word: Term, steps: Mapping[str, float]) -> Term:
    moved = {one: int(step) if float(step).is_integer() else step for one, step in sorted(steps.items()) if step}
    choices = " ".join(f"{literal(step)} if {word.text} == {literal(one)} else" for one, step in moved.items())

    def get(scene: Scene) -> Any:
        return moved.get(as_text(word.get(scene)), 0)

    return Term(f"({choices} 0)", get, word.name, 1.5, word.uses, word.keeps)
