"""Sets: lists without a member twice, that calls put members in, take members out of, or put others in the place of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

from recorder.synthesis.explaining.grounds import Case, Grounds
from recorder.synthesis.explaining.sent_keys import attributes, keys_term, sent_keys, some_of
from recorder.synthesis.nodes.composition import Expressed
from recorder.synthesis.nodes.node import Chosen, Each, Fixed, Node, Said
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.samples.values import MISSING, as_text, is_scalar, look, same
from recorder.synthesis.terms.scene import HIDDEN, Scene
from recorder.synthesis.terms.term import Term, literal

Way: TypeAlias = Literal["same", "more", "joined", "less", "held", "given", "none"]
"""What a call makes of a set: nothing, more members, more even if they are there, fewer, those held, others, none."""
Rows: TypeAlias = "Callable[[Sequence[Case]], Node | None]"
"""Explains members, each with what names it as `row`; None where that is only a guess."""
_MOST_BASES: Final = 6
_MOST_FIELDS: Final = 3
_MOST_SENT: Final = 40
_MOST_WAYS: Final = 5
_HALF: Final = 2
_LEAST: Final = 2
_MANY: Final = 8
_MOST_OFF: Final = 10


@dataclass(frozen=True, slots=True, eq=False)
class Joint(Expressed):
    """A list, and after it the members that are new in it."""

    base: Term
    more: Each

    @property
    def unknown(self) -> int:
        return self.more.unknown

    @property
    def terms(self) -> list[Term]:
        return [self.base, *self.more.terms]

    def expression(self) -> str:
        return f"({self.base.text} + {self.more.expression()})"

    def value(self, scene: Scene) -> Any:
        base, more = self.base.get(scene), self.more.value(scene)
        return [*base, *more] if isinstance(base, list) and isinstance(more, list) else MISSING


@dataclass(frozen=True, slots=True, eq=False)
class _Set:
    """A list whose members are told by a field of theirs, or by themselves where `field` is empty: perhaps sorted."""

    base: Term
    field: str
    is_sorted: bool = False

    def keys(self, rows: Sequence[Any]) -> list[Any]:
        return [look(row, (self.field,)) for row in rows] if self.field else list(rows)

    def made(self, way: Way, scene: Scene, asked: Sequence[Any]) -> tuple[list[Any], int]:
        """Give the keys that the list has afterwards, and how many of its first members stay as they are."""
        old = self.keys(self.base.get(scene))
        if way == "joined":
            return [*old, *asked], len(old)
        asked = list(dict.fromkeys(key for key in asked if not isinstance(key, list | dict)))
        if way in ("less", "held"):
            kept = [key for key in old if (key in asked) == (way == "held")]
            return kept, len(kept)
        if self.is_sorted:
            return sorted({*(old if way == "more" else ()), *asked}, key=as_text), 0
        if way == "given":
            return asked, 0
        return [*old, *(key for key in asked if key not in old)], len(old)

    def fits(self, way: Way, sent: Term | None, case: Case) -> bool:
        """Tell whether a list came out of this one in this way."""
        scene, new = case
        old = self.base.get(scene)
        if sent is None:
            return same(new, old if way == "same" else [])
        asked = sent.get(scene)
        if not isinstance(asked, list) or (not asked and way != "held"):
            return False
        keys, stay = self.made(way, scene, asked)
        if self.keys(new) != keys:
            return False
        kept = [row for row, key in zip(old, self.keys(old), strict=True) if key in keys[:stay]]
        return all(same(one, two) for one, two in zip(new[:stay], kept, strict=False))

    def new_keys(self, way: Way, sent: Term) -> Term:
        """Give the term of what names the members that are explained anew."""
        text = sent.text if way == "joined" else f"({sent.text} | unique)"
        if way == "more":
            known = (
                f"({self.base.text} | map(attribute={literal(self.field)}) | list)" if self.field else self.base.text
            )
            text = f"({sent.text} | unique | reject('in', {known}) | list)"

        def get(scene: Scene) -> Any:
            asked = sent.get(scene)
            if not isinstance(asked, list):
                return MISSING
            keys, stay = self.made(way, scene, asked)
            return keys[stay:]

        return Term(text, get, sent.name, sent.cost + 0.5, sent.uses | self.base.uses, sent.keeps | self.base.keeps)

    def sorted_anew(self, way: Way, sent: Term) -> Term:
        """Give the term of the list in its order, with what is sent."""

        def get(scene: Scene) -> Any:
            asked = sent.get(scene)
            return self.made(way, scene, asked)[0] if isinstance(asked, list) else MISSING

        text = f"({self.base.text} + {sent.text})" if way == "more" else sent.text
        uses, keeps = sent.uses | self.base.uses, sent.keeps | self.base.keeps
        return Term(f"({text} | unique | sort)", get, self.base.name, sent.cost + 1, uses, keeps)

    def kept(self, way: Way, sent: Term) -> Term:
        """Give the term of the list without what is sent, or of what of it is held."""
        test = "select" if way == "held" else "reject"
        test = f"{test}attr({literal(self.field)}, 'in', {sent.text})" if self.field else f"{test}('in', {sent.text})"

        def get(scene: Scene) -> Any:
            old, asked = self.base.get(scene), sent.get(scene)
            if not isinstance(old, list) or not isinstance(asked, list):
                return MISSING
            told = zip(old, self.keys(old), strict=True)
            return [row for row, key in told if (key in asked) == (way == "held")]

        uses, keeps = sent.uses | self.base.uses, sent.keeps | self.base.keeps
        return Term(f"({self.base.text} | {test} | list)", get, self.base.name, 1.5, uses, keeps)


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A way in which some of the cases came about, with what was sent for it."""

    way: Way
    sent: Term | None
    covers: frozenset[int]


def changed_set(grounds: Grounds, cases: Sequence[Case], name: str, rows: Rows, *, nearly: bool = False) -> Node | None:
    """Explain lists as another one to which members that the request names were added, removed, or put instead.

    With `nearly` a few of many may have come about otherwise: what a list was before may be known wrongly.
    """
    if len(cases) < (_MANY if nearly else _LEAST) or not grounds.uses_echo:
        return None
    for one in _sets(grounds, cases, name):
        if nearly:
            made = _nearly(one, cases, _naming(one, cases, sent_keys(grounds, cases, one.field)), rows)
            if made is not None:
                return made
            continue
        steps = _steps(one, cases, _naming(one, cases, sent_keys(grounds, cases, one.field)), _held(one, cases))
        if steps and any(step.sent is not None for step in steps):
            made = _told(one, grounds, cases, steps, rows)
            if made is not None:
                return made
    return None


def _sets(grounds: Grounds, cases: Sequence[Case], name: str) -> Iterator[_Set]:
    """Give the lists that these may have been before."""
    every: dict[str, Term] = {}
    for scene, _ in some_of(cases):
        for term, _ in grounds.vocabulary.lists(scene):
            if (term.text.startswith("vars.") or "\N{SECTION SIGN}" in term.text) and "row" not in term.uses:
                every.setdefault(term.text, term)
    # A list that is shown alone may be called as what is around all answers is, as `data`.
    called = [term for term in every.values() if not name or term.name == name]
    is_done = cases[0][0].sample.succeeded and cases[0][0].sample.method not in READS
    others = [term for term in every.values() if is_done and term not in called]
    for term in [*called, *others][:_MOST_BASES]:
        base = _or_empty(term)
        base = _keys_of(base, cases) or base
        if all(isinstance(base.get(scene), list) for scene, _ in cases):
            for field in _fields(base, cases):
                one = _Set(base, field)
                if sum(_is_near(one, case) for case in cases) * _HALF >= len(cases):
                    yield one
                    yield from [replace(one, is_sorted=True)] if not field and _are_sorted(cases) else ()


def _are_sorted(cases: Sequence[Case]) -> bool:
    """Tell whether all lists are sorted texts, several of them of more than one."""
    lists = [new for _, new in cases]
    are_texts = all(isinstance(one, str) for new in lists for one in new)
    return are_texts and all(new == sorted(new) for new in lists) and sum(len(new) > 1 for new in lists) >= _LEAST


def _keys_of(base: Term, cases: Sequence[Case]) -> Term | None:
    """Give what names the rows of a list, where these lists have just that and not the rows."""
    rows = [row for scene, _ in cases if isinstance(held := base.get(scene), list) for row in held]
    told = {as_text(one) for _, new in cases for one in new if isinstance(one, str | int)}
    if not rows or not told or not all(isinstance(row, dict) for row in rows):
        return None
    if any(isinstance(one, dict) for _, new in cases for one in new):
        return None
    for name, value in rows[0].items():
        if is_scalar(value) and all(as_text(row.get(name)) in told for row in rows):
            text = f"({base.text} | map(attribute={literal(name)}) | list)"
            return keys_term(base, text, attributes(name))
    return None


def _or_empty(term: Term) -> Term:
    """Give the term of a list that may be missing or null."""

    def get(scene: Scene) -> Any:
        found = term.get(scene)
        return [] if found is MISSING or found is None else found

    return Term(f"({term.text} or [])", get, term.name, term.cost, term.uses, term.keeps)


def _fields(base: Term, cases: Sequence[Case]) -> list[str]:
    """Give the fields that may tell the members of lists apart: of scalars themselves an empty one."""
    rows = [row for scene, new in cases for row in (*base.get(scene), *new)]
    if rows and all(isinstance(row, str | int) for row in rows):
        return [""] if sum(_differ(new) for _, new in cases) * _HALF > len(cases) else []
    if not rows or not all(isinstance(row, dict) for row in rows):
        return []
    named = [name for name, value in rows[0].items() if isinstance(value, str | int) and not isinstance(value, bool)]
    lists = [new for _, new in cases if len(new) > 1]
    told = [
        name
        for name in named
        if all(name in row and is_scalar(row[name]) for row in rows)
        and all(_differ([row[name] for row in one]) for one in lists)
    ]
    return told[:_MOST_FIELDS]


def _differ(keys: Sequence[Any]) -> bool:
    return len(set(map(as_text, keys))) == len(keys)


def _is_near(one: _Set, case: Case) -> bool:
    old, new = one.keys(one.base.get(case[0])), one.keys(case[1])
    return all(key in new for key in old) or all(key in old for key in new)


def _naming(one: _Set, cases: Sequence[Case], sent: Iterator[Term]) -> list[Term]:
    """Give those terms that name any member which came or went."""
    changed = [(scene, set(one.keys(one.base.get(scene))) ^ set(one.keys(new))) for scene, new in cases]
    changed = [(scene, keys) for scene, keys in changed if keys]
    found: list[Term] = []
    for term in sent:
        given = ((term.get(scene), keys) for scene, keys in changed)
        if any(isinstance(named, list) and not keys.isdisjoint(named) for named, keys in given):
            found.append(term)
    return found[:_MOST_SENT]


def _held(one: _Set, cases: Sequence[Case]) -> Iterator[Term]:
    """Give the terms of what items have in a field that names all members which stayed, where any is gone."""
    gone = next(((scene, new) for scene, new in cases if new and len(new) < len(one.base.get(scene))), None)
    if gone is None:
        return
    scene, new = gone
    named = set(one.keys(new))
    for collection in [name for name in scene.timeline.names() if not name.endswith(HIDDEN)]:
        items = [item for item in scene.held(collection) if isinstance(item, dict)]
        for field in items[0] if items else ():
            if named <= {value for item in items if isinstance(value := item.get(field), str | int)}:
                text = f"(resource.{collection}.all() | map(attribute={literal(field)}) | list)"
                yield Term(text, _values(collection, field), field, 1.5)


def _values(collection: str, field: str) -> Callable[[Scene], Any]:
    return lambda scene: [item[field] for item in scene.held(collection) if isinstance(item, dict) and field in item]


def _steps(one: _Set, cases: Sequence[Case], sent: Sequence[Term], held: Iterator[Term]) -> list[_Step]:
    """Give the fewest ways in which all of the cases came about; none where some did in no such way."""
    ways: list[tuple[Way, Term | None]] = [("same", None), ("none", None)]
    added: tuple[Way, ...] = ("more", "less", "given") if one.is_sorted else ("more", "joined", "less", "given")
    ways += [(way, term) for term in sent for way in added]
    ways += [("held", term) for term in held]
    known = [
        _Step(way, term, covers)
        for way, term in ways
        if (covers := frozenset(at for at, case in enumerate(cases) if one.fits(way, term, case)))
    ]
    found: list[_Step] = []
    left = frozenset(range(len(cases)))
    while left and known and len(found) < _MOST_WAYS:
        best = max(known, key=lambda step: (len(step.covers & left), step.way != "none", -_cost(step)))
        if not best.covers & left:
            return []
        found.append(_Step(best.way, best.sent, best.covers & left))
        left -= best.covers
        if not one.field and len(left) * _MOST_OFF <= len(cases):
            return found  # what a list of ids was before may be known wrongly
    return [] if left else found


def _nearly(one: _Set, cases: Sequence[Case], sent: Sequence[Term], rows: Rows) -> Node | None:
    """Give the one way in which nearly all of the cases came about, where there is one."""
    ways: list[tuple[Way, Term]] = [(way, term) for term in sent for way in ("more", "less")]
    covered = [
        _Step(way, term, frozenset(at for at, case in enumerate(cases) if one.fits(way, term, case)))
        for way, term in ways
    ]
    best = max(covered, key=lambda step: (len(step.covers), -_cost(step)), default=None)
    if best is None or len(best.covers) * 10 < len(cases) * 9:
        return None
    return _node(one, best, [cases[at] for at in sorted(best.covers)], rows)


def _cost(step: _Step) -> float:
    return step.sent.cost if step.sent is not None else 0.0


def _told(one: _Set, grounds: Grounds, cases: Sequence[Case], steps: Sequence[_Step], rows: Rows) -> Node | None:
    nodes: list[Node] = []
    for step in steps:
        made = _node(one, step, [cases[at] for at in sorted(step.covers)], rows)
        if made is None:
            return None
        nodes.append(made)
    if len(nodes) == 1:
        return nodes[0]
    places = {at: place for place, step in enumerate(steps) for at in step.covers}
    told = grounds.tell_apart([cases[at] for at in sorted(places)], [places[at] for at in sorted(places)])
    return Chosen([(condition, nodes[label]) for condition, label in told]) if told is not None else None


def _node(one: _Set, step: _Step, cases: Sequence[Case], rows: Rows) -> Node | None:
    if step.sent is None:
        return Said(one.base) if step.way == "same" else Fixed([])
    if step.way in ("less", "held"):
        return Said(one.kept(step.way, step.sent))
    if one.is_sorted:
        return Said(one.sorted_anew(step.way, step.sent))
    keys = one.new_keys(step.way, step.sent)
    told: list[Case] = []
    for scene, new in cases:
        named = keys.get(scene)
        told += [(scene.with_row(key), row) for key, row in zip(named, new[len(new) - len(named) :], strict=True)]
    item = rows(told) if told else None
    if item is None:
        return None
    each = Each(keys, item)
    return Joint(one.base, each) if step.way in ("more", "joined") else each
