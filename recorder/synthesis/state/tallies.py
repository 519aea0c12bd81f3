"""Tallies: numbers of items that calls count up or down, told by how far they went between two looks at the item."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from recorder.synthesis.collections.attributes import items_seen
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.nodes.node import Node, Object, Said
from recorder.synthesis.samples.amounts import as_number, digits_of
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, Path, is_number, leaves, look
from recorder.synthesis.state.effects import Effect, is_use
from recorder.synthesis.state.sightings import Place
from recorder.synthesis.state.steps import step_by_word
from recorder.synthesis.terms.request_terms import answer_term
from recorder.synthesis.terms.scene import GONE, Lookup, Scene
from recorder.synthesis.terms.term import Term, literal, member
from recorder.synthesis.terms.vocabulary import Vocabulary

Kind: TypeAlias = tuple[Endpoint, int, str]
"""A kind of call: its endpoint, how it was answered, and what its look-ups call the item."""
Lookups: TypeAlias = Mapping[Endpoint, Mapping[str, Lookup]]
Spent: TypeAlias = "tuple[Sequence[Scene], float]"
"""Calls of one kind between two looks, and how far the number went with all of them."""
_LEAST: Final = 2
_REFUSED: Final = 400
_SENT: Final = "request.json."
_ANSWERED: Final = "vars.answer.json."
_RIGHT_TENTHS: Final = 8
_MOST_TERMS: Final = 24
_DECIMALS: Final = 6
_MOST_PIVOTS: Final = 6
_MOST_NUMBERS: Final = 24
_ONE: Final = Term("1", lambda _scene: 1)


@dataclass(frozen=True, slots=True)
class Span:
    """What an item was at two looks, and the calls between them that named it."""

    before: Any
    after: Any
    calls: Sequence[tuple[Kind, Scene]]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How far a number goes with each call: what `term` gives, times `sign`; nowhere without a term."""

    sign: int = 0
    term: Term | None = None

    def of(self, scene: Scene) -> Any:
        return 0 if self.term is None else _times(self.term.get(scene), self.sign)


@dataclass(slots=True)
class _Walk:
    """One item followed through its session."""

    base: Any = MISSING
    calls: list[tuple[Kind, Scene]] = field(default_factory=list)


def find_tallies(
    scenes: Sequence[Scene],
    bindings: Mapping[Endpoint, Binding],
    lookups: Lookups,
    known: Collection[tuple[str, str]] = (),
) -> list[Effect]:
    """Find the calls, refused ones too, with which numbers of the items that they name go up or down.

    Of the `known` members of collections it is told otherwise what they come to.
    """
    by_kind: dict[Kind, list[Scene]] = defaultdict(list)
    found: list[tuple[Kind, Path, Step]] = []
    for name, spans in _spans(scenes, bindings, lookups).items():
        for kind, scene in (call for span in spans for call in span.calls):
            by_kind[kind].append(scene)
        for path in (path for path in _moving(spans) if (name, path[0]) not in known):
            solver = Solver(path, spans, lookups)
            found += [
                (kind, path, step)
                for kind, step in solver.solve().items()
                if step.term is not None and not (kind[2] == "item" and path[0] in bindings[kind[0]].told)
            ]
    return [_effect(kind, path, step, lookups[kind[0]], by_kind[kind]) for kind, path, step in found]


def _spans(scenes: Sequence[Scene], bindings: Mapping[Endpoint, Binding], lookups: Lookups) -> dict[str, list[Span]]:
    """Give, by collection, what its items were at two looks that followed each other, with the calls between."""
    found: dict[str, list[Span]] = defaultdict(list)
    walks: dict[Place, _Walk] = defaultdict(_Walk)
    for scene in scenes:
        sample = scene.sample
        shown = {(sample.session, name, key): item for name, key, item in items_seen(scene, bindings[scene.endpoint])}
        for place, item in shown.items():
            walk = walks[place]
            if walk.base is not MISSING and sample.method in READS:
                found[place[1]].append(Span(walk.base, item, walk.calls))
            walk.base, walk.calls = item, []
        if sample.method in READS and not is_use(sample):
            continue
        named: dict[Place, str] = {}
        for name, lookup in lookups[scene.endpoint].items():
            if lookup.by is None and lookup.within is None and not lookup.collection.endswith(GONE):
                named.setdefault((sample.session, lookup.collection, lookup.find(scene)[0]), name)
        for place, name in named.items():
            if place not in shown and place in walks:
                walks[place].calls.append(((scene.endpoint, sample.status, name), scene))
    return found


def _moving(spans: Sequence[Span]) -> list[Path]:
    """Give where numbers stand that changed when something was called, and not when nothing was."""
    paths: dict[Path, int] = defaultdict(int)
    by_itself: dict[Path, int] = defaultdict(int)
    for span in spans:
        for path, value in leaves(span.after, longest_list=0) if isinstance(span.after, dict) else ():
            if 0 < len(path) <= 2 and _moves(look(span.before, path), value):
                (paths if span.calls else by_itself)[path] += 1
    return [path for path, count in sorted(paths.items(), key=repr) if count >= max(1, 10 * by_itself[path])]


def _moves(old: Any, new: Any) -> bool:
    """Tell whether a number, or a text of one with a point, became another."""
    one, other = _amount(old), _amount(new)
    return one is not None and other is not None and one != other and isinstance(old, str) == isinstance(new, str)


def _amount(value: Any) -> float | None:
    return as_number(value) if is_number(value) or digits_of(value) is not None else None


class Solver:
    """Finds what each kind of call does to one number: first where only one kind was called between two looks."""

    def __init__(self, path: Path, spans: Sequence[Span], lookups: Lookups) -> None:
        self._path = path
        self._lookups = lookups
        self._solved: dict[Kind, Step] = {}
        self._rows: list[tuple[float, Sequence[tuple[Kind, Scene]]]] = []
        for span in spans:
            old, new = _amount(look(span.before, path)), _amount(look(span.after, path))
            if span.calls and old is not None and new is not None:
                self._rows.append((round(new - old, _DECIMALS), span.calls))

    def solve(self) -> dict[Kind, Step]:
        """Give what each kind of call does, as far as it can be told."""
        while True:
            pure: dict[Kind, list[Spent]] = defaultdict(list)
            for delta, calls in self._rows:
                kinds = {kind for kind, _ in calls if kind not in self._solved}
                if len(kinds) == 1:
                    left = delta - sum(self._solved[kind].of(scene) for kind, scene in calls if kind not in kinds)
                    kind = kinds.pop()
                    pure[kind].append(([scene for one, scene in calls if one == kind], left))
            for kind, cases in sorted(pure.items(), key=lambda one: -len(one[1])):
                step = self._step(kind, cases)
                if step is not None:
                    self._solved[kind] = step
                    break
            else:
                return self._solved

    def _step(self, kind: Kind, cases: Sequence[Spent]) -> Step | None:
        moved = [case for case in cases if not _is_near(case[1], 0)]
        if len(moved) * 10 <= len(cases):
            return Step()
        best, most = None, 0
        for term, sign in self._measures(kind, cases, moved):
            wanted = [(sum(_times(term.get(scene), sign) for scene in inside), went) for inside, went in cases]
            right = sum(_is_near(one, went) for one, went in wanted)
            # By one is what counts do: one look may tell that.
            is_told = right >= _LEAST or (term.text == "1" and len(cases) == 1)
            is_better = right > most or (right == most and best is not None and _is_answered(best.term, term, cases))
            if is_told and right * 10 >= len(cases) * _RIGHT_TENTHS and is_better:
                best, most = Step(sign, term), right
        if most == len(cases):
            return best
        told = step_by_word(self._beside_refusals(kind), self._lookups[kind[0]], self._all_of(kind))
        return best if told is None else Step(1, told)

    def _beside_refusals(self, kind: Kind) -> list[Spent]:
        """Give the calls of a kind between two looks as if what was refused between them had moved nothing."""
        found: list[Spent] = []
        for delta, calls in self._rows:
            others = {one for one, _ in calls if one != kind and one not in self._solved}
            inside = [scene for one, scene in calls if one == kind]
            if inside and all(status >= _REFUSED for _, status, _ in others):
                known = ((one, scene) for one, scene in calls if one in self._solved)
                found.append((inside, delta - sum(self._solved[one].of(scene) for one, scene in known)))
        return found

    def _all_of(self, kind: Kind) -> list[Scene]:
        return [scene for _, calls in self._rows for one, scene in calls if one == kind]

    def _measures(self, kind: Kind, cases: Sequence[Spent], moved: Sequence[Spent]) -> Iterator[tuple[Term, int]]:
        """Give what may tell how far a number goes, and whether up or down: always as far, else as some term says."""
        inside, delta = max(
            moved, key=lambda one: sum(_is_near(one[1] / len(one[0]), each[1] / len(each[0])) for each in moved)
        )
        went = round(abs(delta) / len(inside), _DECIMALS)
        size = int(went) if float(went).is_integer() else went
        yield Term(literal(size), lambda _scene: size), 1 if delta > 0 else -1
        single = next((case for case in moved if len(case[0]) == 1), None)
        if single is None or len(moved) < _LEAST:
            return
        (pivot, *_), delta = single
        lookups = self._lookups[kind[0]]
        everyone = [scene for inside, _ in cases for scene in inside]
        for scene in everyone:
            scene.lookups = lookups
        told = [answer_term()]
        vocabulary = Vocabulary(everyone, lookups, told)
        # The number itself is no measure of how far it goes: between two looks it may have moved more than once.
        own = str(self._path[-1])
        terms = vocabulary.giving(round(abs(delta), _DECIMALS), pivot)
        sign = 1 if delta > 0 else -1
        for term in [one for one in terms if kind[2] not in one.uses or one.name != own][:_MOST_TERMS]:
            yield term, sign
        if sign < 0:  # what is sent may have its sign already
            terms = vocabulary.giving(round(delta, _DECIMALS), pivot)
            for term in [one for one in terms if kind[2] not in one.uses][:_MOST_TERMS]:
                yield term, 1
        both = _sum(cases, vocabulary, sign)
        if both is not None:
            yield both, sign


def _is_answered(known: Term | None, other: Term, cases: Sequence[Spent]) -> bool:
    """Tell whether the other is what answers say of what is sent at times only: where it is not, they say what it was.

    All of these calls sent it; an endpoint whose calls all do has no need of it.
    """
    if known is None or not known.text.startswith(_SENT) or not other.text.startswith(_ANSWERED):
        return False
    endpoint = cases[0][0][0].endpoint
    sent = known.text.removeprefix(_SENT)
    good = [sample.json for sample in endpoint.samples if sample.succeeded]
    return other.text.removeprefix(_ANSWERED) == sent and any(
        not isinstance(one, dict) or (sent.isidentifier() and sent not in one) for one in good
    )


def _sum(cases: Sequence[Spent], vocabulary: Vocabulary, sign: int) -> Term | None:
    """Give the sum of two numbers of calls that is how far it goes; the second may be one where there is some."""
    singles = [(inside[0], went) for inside, went in cases if len(inside) == 1 and not _is_near(went, 0)]
    for pivot, went in singles[:_MOST_PIVOTS]:
        known = {term.text: (term, value) for term, value in vocabulary.everything(pivot) if _is_of_call(term, value)}
        numbers = list(known.values())[:_MOST_NUMBERS]
        pairs = [
            (one, other, left + right) for one, left in numbers for other, right in numbers if one.text < other.text
        ]
        pairs += [(_ONE, _one_if(other), 1 + bool(right)) for other, right in numbers]
        for one, other, together in pairs:
            if _is_near(together, sign * went) and _goes_with(made := _added(one, other), sign, cases):
                return made
    return None


def _goes_with(term: Term, sign: int, cases: Sequence[Spent]) -> bool:
    """Tell whether what a term gives is how far a number went, almost always."""
    wanted = [(sum(_times(term.get(scene), sign) for scene in inside), went) for inside, went in cases]
    return sum(_is_near(one, went) for one, went in wanted) * 10 >= len(cases) * 9


def _is_of_call(term: Term, value: Any) -> bool:
    return is_number(value) and term.text.startswith(("request.json", "vars.answer.json"))


def _added(one: Term, other: Term) -> Term:
    def get(scene: Scene) -> Any:
        left, right = one.get(scene), other.get(scene)
        return left + right if is_number(left) and is_number(right) else MISSING

    return Term(f"({one.text} + {other.text})", get, one.name, 2.0, one.uses | other.uses, one.keeps | other.keeps)


def _one_if(term: Term) -> Term:
    return Term(f"(1 if {term.text} else 0)", lambda scene: int(bool(term.get(scene))), term.name, 2.0, term.uses)


def _effect(kind: Kind, path: Path, step: Step, lookups: Mapping[str, Lookup], scenes: Sequence[Scene]) -> Effect:
    endpoint, status, name = kind
    digits = next((found for scene in scenes if (found := digits_of(look(scene.looked_up(name), path)))), None)
    moved = moved_on(name, path, step, scenes) if digits is None else _moved_text(name, path, step, digits)
    node: Node = Said(moved)
    if len(path) == 2:
        node = Object({str(path[1]): (node, None)})
    assert step.term is not None, "what does not move has no effect"
    measured = [step.term.text] if re.fullmatch(r"[a-z][\w.\[\]']*", step.term.text) else []
    kind_of = "number" if digits is None else "string"
    needs = " and ".join([f"{member(f'vars.{name}', path)} is {kind_of}", *(f"{text} is number" for text in measured)])
    return Effect(endpoint, lookups[name], Object({str(path[0]): (node, None)}), lookups, status, needs=needs)


def moved_on(name: str, path: Path, step: Step, scenes: Sequence[Scene]) -> Term:
    """Give the term of a number moved on."""
    assert step.term is not None, "what does not move has no effect"
    old = member(f"vars.{name}", path)
    text = f"({old} {'+' if step.sign > 0 else '-'} {step.term.text})"
    decimals = max((_decimals(look(scene.looked_up(name), path)) for scene in scenes), default=0)
    decimals = max(decimals, *(_decimals(step.of(scene)) for scene in scenes))
    if decimals:
        text = f"({text} | round({decimals}))"

    def get(scene: Scene) -> Any:
        now = look(scene.looked_up(name), path)
        if not is_number(now):
            return MISSING
        return round(now + step.of(scene), decimals) if decimals else now + step.of(scene)

    return Term(text, get, str(path[-1]), 1.0, step.term.uses | {name}, step.term.keeps)


def _moved_text(name: str, path: Path, step: Step, digits: int) -> Term:
    """Give the term of a number that is written as a text, moved on and written with as many digits."""
    assert step.term is not None, "what does not move has no effect"
    old = member(f"vars.{name}", path)
    text = f"((({old} | float) {'+' if step.sign > 0 else '-'} {step.term.text}) | fixed({digits}))"

    def get(scene: Scene) -> Any:
        now = look(scene.looked_up(name), path)
        if digits_of(now) is None:
            return MISSING
        return f"{round(float(now) + step.of(scene), digits):.{digits}f}"

    return Term(text, get, str(path[-1]), 1.0, step.term.uses | {name}, step.term.keeps)


def _decimals(value: Any) -> int:
    return len(str(value).partition(".")[2]) if isinstance(value, float) and not value.is_integer() else 0


def _times(value: Any, sign: int) -> float:
    return sign * value if is_number(value) else 0


def _is_near(one: float, two: float) -> bool:
    return abs(one - two) < 10**-_DECIMALS * max(1.0, abs(two))
