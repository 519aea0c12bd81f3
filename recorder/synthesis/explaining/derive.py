"""Deriving: numbers of an answer that are worked out from other parts of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from recorder.synthesis.explaining.change import Changed
from recorder.synthesis.explaining.conditional_rows import Rows
from recorder.synthesis.explaining.formulas import Formula, Operand
from recorder.synthesis.explaining.grounds import Case, in_few_sessions
from recorder.synthesis.explaining.keyed import Keyed
from recorder.synthesis.explaining.operands import (
    FEW,
    MOST_KEYS,
    is_amount,
    is_choice_of_numbers,
    key_terms,
    numeric_terms,
)  # fmt: skip
from recorder.synthesis.explaining.parts_of_wholes import find_formula_or_part
from recorder.synthesis.explaining.reckoning import equal
from recorder.synthesis.nodes.node import (
    Chosen,
    Each,
    Items,
    MadeUp,
    Named,
    Node,
    Object,
    Over,
    Said,
    Table,
    names_in,
    replaced,
    walk,
)  # fmt: skip
from recorder.synthesis.samples.values import MISSING, Path, as_text, canon, is_number, is_scalar, leaves, look
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term, guarded, literal, member, used_by
from recorder.synthesis.terms.vocabulary import Vocabulary

_ROUNDS: Final = 8
_NAMED: Final = re.compile(r"\bvars\.(\w+)")
_SOME: Final = 3
_DEEPEST: Final = 2
_MANY: Final = 4
"""So many values are rather reckoned than told by a table."""


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """A part of the answer itself as something to reckon with: `path` is the part that has to be named for it.

    `form` writes it, with `{}` for that part; `size` tells how far-fetched it is. `when` is the condition under which
    the part is there.
    """

    form: str
    path: Path
    values: list[Any]
    size: int
    when: Term | None = None
    is_told: bool = False
    """Whether a table tells it: then only what comes after it is reckoned with it."""

    def only(self, places: Sequence[int]) -> _Own:
        """Give this in some of the cases."""
        return replace(self, values=[self.values[place] for place in places])


_Part: TypeAlias = "_Own | Term"
_Operand: TypeAlias = "Operand[_Part]"


@dataclass(slots=True)
class Names:
    """The names given to parts of one answer, each once."""

    used: set[str] = field(default_factory=set)

    def free(self, path: Path) -> str:
        """Give a name for the part at a path that no other has."""
        words = [re.sub(r"\W+", "_", str(step)).strip("_").lower() for step in path if isinstance(step, str)]
        base = next((word for word in reversed(words) if word), "made")
        base = f"new_{base}" if base in ("item", "list", "answer", "items") or not base[0].isalpha() else base
        made, number = base, 2
        while made in self.used:
            made, number = f"{base}{number}", number + 1
        self.used.add(made)
        return made


def derive(node: Node, cases: Sequence[Case], vocabulary: Vocabulary, names: Names) -> Node:
    """Explain numbers that nothing else explains by what else is in the answer: sums, products, shares of others."""
    for _ in range(_ROUNDS):
        found = (
            _derived_one(node, cases, vocabulary, names)
            or _derived_in_rows(node, cases, names)
            or _derived_by_key(node, cases, vocabulary, names)
            or _summed_up(node, cases, names)
        )
        if found is None:
            return node
        node = found
    return node


def derive_inside(node: Node, cases: Sequence[Case], vocabulary: Vocabulary) -> Node:
    """Explain numbers of what is made many times over, as a row of a list: what they are made of is not named."""
    for _ in range(_ROUNDS):
        for path, wanted in _open(node, cases):
            if len(set(map(canon, wanted))) < _SOME:
                continue
            operands = [*_inside(node, cases, path), *numeric_terms(cases, vocabulary)]
            found = find_formula_or_part(wanted, operands, key_terms(cases, vocabulary))
            if found is not None:
                node = replaced(node, path, Said(_term(found, [_text(one, node) for one in found.operands])))
                break
        else:
            return node
    return node


def _open(node: Node, cases: Sequence[Case]) -> Iterator[tuple[Path, list[Any]]]:
    """Give the places of amounts that are guesses or told by a table, which knows only what was recorded."""
    for path, part in walk(node):
        is_made = isinstance(part, Object | Over | Items | Each | Rows | Named)
        if not path or is_made or not (part.unknown or _has_table(part)):
            continue
        wanted = [look(value, path) for _, value in cases]
        if all(map(is_amount, wanted)) and (part.unknown or len(set(map(canon, wanted))) >= _MANY):
            yield path, wanted


def _summed_up(node: Node, cases: Sequence[Case], names: Names) -> Node | None:
    """Explain a number of one session that is one of a few as what a list beside it comes to, where it is that."""
    chosen = (
        [path for path, part in walk(node) if path and is_choice_of_numbers(part)] if in_few_sessions(cases) else []
    )
    for path in chosen:
        wanted = [look(value, path) for _, value in cases]
        sums = [one for one in _nearest(list(_own(node, cases)), path) if one.form.endswith(")") and one.when is None]
        found = next((one for one in sums if equal(one.values, wanted)), None) if all(map(is_number, wanted)) else None
        if found is not None:
            node, term = _with_names(node, Formula(str, (Operand(found.values, found),)), names)
            return replaced(node, path, Said(term))
    return None


def _has_table(part: Node) -> bool:
    """Tell whether a table tells a value, in all cases or in some."""
    return isinstance(part, Table) or (isinstance(part, Chosen) and any(map(_has_table, part.nodes)))


def _derived_one(node: Node, cases: Sequence[Case], vocabulary: Vocabulary, names: Names) -> Node | None:
    own: list[_Own] | None = None
    for path, wanted in _open(node, cases):
        own = list(_own(node, cases)) if own is None else own
        near = [one for one in _nearest(own, path) if one.path != path]
        near = [one for one in near if not one.is_told or _is_before(node, one.path, path)]
        operands = [*_numbers(near), *numeric_terms(cases, vocabulary)]
        found = find_formula_or_part(wanted, operands, _keys(near, cases, vocabulary))
        if found is not None:
            node, term = _with_names(node, found, names)
            return replaced(node, path, Said(term))
    return None


def _derived_in_rows(node: Node, cases: Sequence[Case], names: Names) -> Node | None:
    """Explain numbers in rows that are there under conditions, also by what is beside the list."""
    lists = [(path, part.node if isinstance(part, Named) else part) for path, part in walk(node)]
    for path, part in [(path, part) for path, part in lists if isinstance(part, Rows) and part.unknown]:
        for place, row in enumerate(part.rows):
            shown = [part.found(place, look(value, path)) for _, value in cases]
            there = [index for index, value in enumerate(shown) if value is not MISSING]
            held = [(cases[index][0], shown[index]) for index in there]
            others = [one for one in _nearest(list(_own(node, cases)), path) if not _needs(node, one.path, path)]
            beside = [one.only(there) for one in others]
            for where, wanted in _open(row.node, held):
                found = find_formula_or_part(wanted, [*_inside(row.node, held, where), *_numbers(beside)], ())
                if found is not None:
                    node, term = _with_names(node, found, names)
                    return _with_rows(node, path, part.with_row(place, replaced(row.node, where, Said(term))))
    return None


def _derived_by_key(node: Node, cases: Sequence[Case], vocabulary: Vocabulary, names: Names) -> Node | None:
    """Explain numbers of objects whose members' names are worked out by what is elsewhere in the answer."""
    for path, part in [(path, part) for path, part in walk(node) if isinstance(part, Keyed) and part.unknown]:
        for place, (name, inner) in enumerate(part.members):
            wanted = [look(value, (*path, as_text(name.get(scene)))) for scene, value in cases]
            if not inner.unknown or not all(map(is_amount, wanted)) or len(set(map(canon, wanted))) < _SOME:
                continue
            near = _nearest([one for one in _own(node, cases) if one.path[: len(path)] != path], path)
            found = find_formula_or_part(wanted, [*_numbers(near), *numeric_terms(cases, vocabulary)], ())
            if found is not None:
                node, term = _with_names(node, found, names)
                return replaced(node, path, part.with_member(place, Said(term)))
    return None


def _needs(node: Node, path: Path, other: Path) -> bool:
    """Tell whether a part is, or is worked out from, what another part is named: then that is not reckoned with it."""
    known = part_at(node, other)
    named = {one.name: one.node for one in names_in(node)}
    needed, left = set[str](), [part_at(node, path).expression()]
    while left:
        new = set(_NAMED.findall(left.pop())) & set(named) - needed
        needed |= new
        left += [named[name].expression() for name in new]
    return path == other or (isinstance(known, Named) and known.name in needed)


def _with_rows(node: Node, path: Path, rows: Rows) -> Node:
    """Give the node with other rows at a path, under the name that they had."""
    known = part_at(node, path)
    return replaced(node, path, Named(known.name, rows) if isinstance(known, Named) else rows)


def _with_names(node: Node, found: Formula[_Part], names: Names) -> tuple[Node, Term]:
    """Give the node with what is reckoned from named, and the term that reckons."""
    for operand in found.operands:
        if isinstance(operand.part, _Own):
            node = name_at(node, operand.part.path, names)
    return node, _term(found, [_text(operand, node) for operand in found.operands])


def _text(operand: _Operand, node: Node) -> str:
    part = operand.part
    if isinstance(part, Term):
        return part.text
    text = part.form.format(part_at(node, part.path).expression())
    return text if part.when is None else f"({text} if {guarded(part.when.text)} else 0)"


def _term(found: Formula[_Part], shown: Sequence[str]) -> Term:
    parts = [one.part if isinstance(one.part, Term) else one.part.when for one in found.operands]
    uses, keeps = used_by(part for part in parts if part is not None)
    return Term(found.write(*shown), unknown_before, "", 1.0, uses, keeps)


def part_at(node: Node, path: Path) -> Node:
    return next(part for where, part in walk(node) if where == path)


def name_at(node: Node, path: Path, names: Names) -> Node:
    """Give the node with a name for the part at a path."""
    part = part_at(node, path)
    return node if isinstance(part, Named) else replaced(node, path, Named(names.free(path), part))


def named_part(node: Node, path: Path, names: Names) -> tuple[Node, Term]:
    """Give the node with a name for the part at a path, and the term of that name."""
    node = name_at(node, path, names)
    part = part_at(node, path)
    return node, Term(part.expression(), unknown_before, str(path[-1]), 1.0)


def unknown_before(_scene: Scene) -> Any:
    """Work out what only the answer itself tells: nothing, before there is one."""
    return MISSING


def _own(node: Node, cases: Sequence[Case]) -> Iterator[_Own]:
    for path, part in walk(node):
        is_told = _is_told(part, cases)
        is_sure = not part.unknown or is_told or _is_followed(part)
        if not path or not is_sure or isinstance(part, Object | Over):
            continue
        values = [look(value, path) for _, value in cases]
        when = _condition(node, path) if any(value is MISSING for value in values) else None
        if when is not None and any(map(is_amount, values)):
            values = [0 if value is MISSING else value for value in values]
        if any(value is MISSING for value in values):
            continue
        if all(isinstance(value, list) for value in values):
            yield from _aggregates(path, values)
        elif all(map(is_scalar, values)):
            yield _Own("{}", path, values, 1 if when is None else 2, when, is_told)
        elif when is None and all(isinstance(value, dict) for value in values):
            yield from _amounts(path, values)


def _is_followed(part: Node) -> bool:
    """Tell whether a part is a list of which is known what became of it, whatever else in it is a guess."""
    inside = part.node if isinstance(part, Named) else part
    options = [node for _, node in inside.options] if isinstance(inside, Chosen) else [inside]
    changes = [isinstance(one, Changed) for one in options]
    return any(changes) and all(known or not one.unknown for known, one in zip(changes, options, strict=True))


def _amounts(path: Path, values: Sequence[dict[str, Any]]) -> Iterator[_Own]:
    """Give the numbers in an object that is known as a whole, as a price with its currency."""
    for name in values[0]:
        own = [value.get(name) for value in values]
        if all(map(is_number, own)):
            inside = member("", (name,)).replace("{", "{{").replace("}", "}}")
            yield _Own(f"({{}}){inside}", path, own, 2)


def _is_told(part: Node, cases: Sequence[Case]) -> bool:
    """Tell whether a table of one session says a part: what comes of it is rather reckoned than told as well."""
    table = part.node if isinstance(part, Named) else part
    return isinstance(table, Table) and table.unknown > 0 and in_few_sessions(cases)


def _is_before(node: Node, path: Path, other: Path) -> bool:
    places = [where for where, _ in walk(node)]
    return places.index(path) < places.index(other)


def _condition(node: Node, path: Path) -> Term | None:
    """Give the condition under which a member is there."""
    parent = part_at(node, path[:-1])
    parent = parent.over if isinstance(parent, Over) else parent
    return parent.members[str(path[-1])][1] if isinstance(parent, Object) else None


def _nearest(own: Sequence[_Own], path: Path) -> list[_Own]:
    """Give parts in the order in which they are likely to be reckoned with: those beside the place first."""
    around = path[:-1]
    return sorted(own, key=lambda one: (one.path[: len(around)] != around, one.size, len(one.path)))


def _aggregates(path: Path, values: Sequence[list[Any]]) -> Iterator[_Own]:
    yield _Own("({} | length)", path, [len(value) for value in values], 2)
    rows = [row for value in values for row in value if isinstance(row, dict)]
    if not rows:
        return
    for name in (name for name in rows[0] if all(_is_written(row.get(name)) for row in rows)):
        sums = [round(sum(float(row[name]) for row in value), 6) for value in values]
        yield _Own(f"net({{}}, {_braced(name)})", path, sums, 2)
    fields = [where for where in _dotted(rows[0]) if all(is_number(look(row, where)) for row in rows)]
    for one in fields:
        sums = [sum(look(row, one) for row in value) for value in values]
        yield _Own(f"total({{}}, {_field(one)})", path, sums, 2)
    for place, one in enumerate(fields):
        for other in fields[place + 1 :]:
            sums = [sum(look(row, one) * look(row, other) for row in value) for value in values]
            yield _Own(f"total({{}}, {_field(one)}, {_field(other)})", path, sums, 3)


def _dotted(row: dict[str, Any]) -> list[Path]:
    """Give the places of a row's numbers, also those in objects of it, as an amount with its currency."""
    return [where for where, value in leaves(row, longest_list=0) if is_number(value) and len(where) <= _DEEPEST]


def _field(where: Path) -> str:
    return _braced(".".join(map(str, where)))


def _is_written(value: Any) -> bool:
    return isinstance(value, str) and "." in value and is_amount(value)


def _braced(value: Any) -> str:
    """Write a value so that it comes through `str.format`."""
    return literal(value).replace("{", "{{").replace("}", "}}")


def _numbers(own: Sequence[_Own]) -> list[_Operand]:
    """Give those of the parts that are numbers, or texts of numbers, as operands."""
    found: list[_Operand] = []
    for one in own:
        if all(map(is_number, one.values)):
            found.append(Operand(one.values, one))
        elif all(map(is_amount, one.values)) and one.form == "{}" and any("." in str(value) for value in one.values):
            found.append(Operand([float(value) for value in one.values], replace(one, form="({} | float)")))
    return found


def _inside(node: Node, cases: Sequence[Case], but: Path) -> list[_Operand]:
    """Give the numbers in what is made many times over as operands that are written where they are used."""
    found: list[_Operand] = []
    for one in _nearest(list(_own(node, cases)), but):
        part = part_at(node, one.path)
        if one.path == but or isinstance(part, MadeUp) or one.when is not None:
            continue
        uses, keeps = used_by(part.terms)
        for operand in _numbers([one]):
            assert isinstance(operand.part, _Own), "it has just been made of one"
            text = operand.part.form.format(part.expression())
            found.append(Operand(operand.values, Term(text, part.value, str(one.path[-1]), 0.5, uses, keeps)))
    return found


def _keys(own: Sequence[_Own], cases: Sequence[Case], vocabulary: Vocabulary) -> list[_Operand]:
    """Give the values that may decide about a share: those that are few."""
    keys: list[_Operand] = [
        Operand(one.values, one)
        for one in own
        if one.when is None and all(map(is_scalar, one.values)) and len(set(map(canon, one.values))) <= FEW
    ]
    return [*keys, *key_terms(cases, vocabulary)][:MOST_KEYS]
