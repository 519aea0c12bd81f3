"""Deriving: numbers of an answer that are worked out from other parts of it, and parts that stand in it twice."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from recorder.synthesis.grounds import Case
from recorder.synthesis.node import Fixed, MadeUp, Named, Node, Object, Over, Said, Table, replaced, walk
from recorder.synthesis.scene import Scene
from recorder.synthesis.term import Term, literal, member
from recorder.synthesis.values import MISSING, Path, as_text, canon, is_number, is_scalar, look, same
from recorder.synthesis.vocabulary import Vocabulary

_MOST_TERMS: Final = 60
_FEW: Final = 8
_ROUNDS: Final = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Own:
    """A part of the answer itself as something to reckon with: `path` is the part that has to be named for it."""

    text: Callable[[str], str]
    path: Path
    values: list[Any]
    size: int


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
    if not any(part.unknown for _, part in walk(node) if not isinstance(part, Object | Over)):
        return node
    for _ in range(_ROUNDS):
        found = _derived_one(node, cases, vocabulary, names)
        if found is None:
            return node
        node = found
    return node


def _derived_one(node: Node, cases: Sequence[Case], vocabulary: Vocabulary, names: Names) -> Node | None:
    unknown = [path for path, part in walk(node) if path and isinstance(part, Fixed | Table) and part.unknown]
    own = list(_own(node, cases))
    for path in unknown:
        wanted = [look(value, path) for _, value in cases]
        if not all(map(is_number, wanted)):
            continue
        found = _reckoned(wanted, own, cases, vocabulary)
        if found is None:
            continue
        text, used, terms = found
        for one in used:
            if one.path:
                part = next((part for where, part in walk(node) if where == one.path), None)
                if part is not None and not isinstance(part, Named):
                    node = replaced(node, one.path, Named(names.free(one.path), part))
        calls = {}
        for one in used:
            part = next(part for where, part in walk(node) if where == one.path)
            calls[id(one)] = part.expression()
        shown = text([one.text(calls[id(one)]) for one in used])
        uses = frozenset().union(*(term.uses for term in terms)) if terms else frozenset()
        keeps = frozenset().union(*(term.keeps for term in terms)) if terms else frozenset()
        return replaced(node, path, Said(Term(shown, lambda _scene: MISSING, "", 1.0, uses, keeps)))
    return None


def _own(node: Node, cases: Sequence[Case]) -> Iterator[_Own]:
    for path, part in walk(node):
        if not path or part.unknown or isinstance(part, Object | Over):
            continue
        values = [look(value, path) for _, value in cases]
        if any(value is MISSING for value in values):
            continue
        if all(map(is_number, values)):
            yield _Own(lambda base: base, path, values, 1)
        elif all(isinstance(value, list) for value in values):
            yield from _aggregates(path, values)
        elif all(map(is_scalar, values)):
            yield _Own(lambda base: base, path, values, 1)


def _aggregates(path: Path, values: Sequence[list[Any]]) -> Iterator[_Own]:
    yield _Own(lambda base: f"({base} | length)", path, [len(value) for value in values], 2)
    rows = [row for value in values for row in value if isinstance(row, dict)]
    if not rows:
        return
    fields = [name for name in rows[0] if all(is_number(row.get(name)) for row in rows)]
    for name in fields:
        sums = [sum(row[name] for row in value) for value in values]
        yield _Own(lambda base, name=name: f"total({base}, {literal(name)})", path, sums, 2)
    for place, one in enumerate(fields):
        for other in fields[place + 1 :]:
            sums = [sum(row[one] * row[other] for row in value) for value in values]
            yield _Own(lambda base, a=one, b=other: f"total({base}, {literal(a)}, {literal(b)})", path, sums, 3)


Found = tuple[Callable[[list[str]], str], list[_Own], list[Term]]


def _reckoned(
    wanted: Sequence[Any], own: Sequence[_Own], cases: Sequence[Case], vocabulary: Vocabulary
) -> Found | None:
    """Find what a number is: another, a sum, difference or product of two, or a share of one."""
    if len(cases) < 2 or len({canon(value) for value in wanted}) < 2:
        return None
    numbers = sorted((one for one in own if all(map(is_number, one.values))), key=lambda one: one.size)[:_MOST_TERMS]
    terms = _numeric_terms(cases, vocabulary)
    operands: list[tuple[list[Any], _Own | None, Term | None]] = [(one.values, one, None) for one in numbers]
    operands += [(values, None, term) for term, values in terms]
    for operand in operands:
        if _equal(operand[0], wanted):
            return _told("{}", operand)
    for place, one in enumerate(operands):
        for two in operands[place:]:
            for sign, reckon in _SIGNS:
                if _equal([reckon(a, b) for a, b in zip(one[0], two[0], strict=True)], wanted):
                    return _told(f"({{}} {sign} {{}})", one, two)
                if sign == "-" and _equal([b - a for a, b in zip(one[0], two[0], strict=True)], wanted):
                    return _told("({} - {})", two, one)
    found = _share(wanted, operands, own, cases, vocabulary)
    if found is not None:
        return found
    return _of_three(wanted, operands)


_SIGNS: Final = (("+", lambda a, b: a + b), ("-", lambda a, b: a - b), ("*", lambda a, b: a * b))
Operand = tuple[list[Any], "_Own | None", "Term | None"]


def _told(form: str, *operands: Operand) -> Found:
    used = [one for _, one, _ in operands if one is not None]
    terms = [term for _, _, term in operands if term is not None]

    def text(given: list[str]) -> str:
        names = iter(given)
        return form.format(
            *(next(names) if one is not None else term.text if term else "" for _, one, term in operands)
        )

    return text, used, terms


def _equal(values: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return all(abs(a - b) < 1e-6 * max(1.0, abs(b)) for a, b in zip(values, wanted, strict=True))


def _of_three(wanted: Sequence[Any], operands: Sequence[Operand]) -> Found | None:
    """Find a sum of two less or plus a third, over the parts of the answer itself."""
    own = [one for one in operands if one[1] is not None][:14]
    for a in own:
        for b in own:
            for c in own:
                if a is b or b is c or a is c:
                    continue
                if _equal([x - y + z for x, y, z in zip(a[0], b[0], c[0], strict=True)], wanted):
                    return _told("({} - {} + {})", a, b, c)
                if _equal([x + y + z for x, y, z in zip(a[0], b[0], c[0], strict=True)], wanted):
                    return _told("({} + {} + {})", a, b, c)
                if _equal([(x - y) * z for x, y, z in zip(a[0], b[0], c[0], strict=True)], wanted):
                    return _told("(({} - {}) * {})", a, b, c)
    return None


def _numeric_terms(cases: Sequence[Case], vocabulary: Vocabulary) -> list[tuple[Term, list[Any]]]:
    found: list[tuple[Term, list[Any]]] = []
    for term, value in vocabulary.everything(cases[0][0]):
        if not is_number(value) or "headers" in term.text or term.text.count("[") > 1 or "answer" in term.text:
            continue
        values = [term.get(scene) for scene, _ in cases]
        if all(map(is_number, values)):
            found.append((term, values))
        if len(found) >= _MOST_TERMS // 2:
            break
    return found


_ROUNDINGS: Final[tuple[tuple[str, Callable[[float], Any]], ...]] = (
    ("{}", lambda x: x),
    ("({} | round | int)", round),
    ("(({} + 0.5) | round(0, 'floor') | int)", lambda x: math.floor(x + 0.5)),
    ("({} | round(0, 'floor') | int)", math.floor),
    ("({} | round(0, 'ceil') | int)", math.ceil),
    ("({} | round(2))", lambda x: round(x, 2)),
    ("({} | round(1))", lambda x: round(x, 1)),
)


def _share(
    wanted: Sequence[Any],
    operands: Sequence[Operand],
    own: Sequence[_Own],
    cases: Sequence[Case],
    vocabulary: Vocabulary,
) -> Found | None:
    """Find a fixed share of a number, or of the difference of two; or a share that another value decides."""
    bases = [(operand[0], "{}", (operand,)) for operand in operands]
    mine = sorted((one for one in operands if one[1] is not None), key=lambda one: one[1].size if one[1] else 9)[:14]
    for a in mine:
        for b in mine:
            if a is not b:
                bases.append(([x - y for x, y in zip(a[0], b[0], strict=True)], "({} - {})", (a, b)))
    for values, form, used in bases:
        rate = _rate(values, wanted)
        if rate is not None:
            return _told(rate[1].format(f"({form} * {literal(rate[0])})"), *used)
    keys: list[tuple[Sequence[Any], _Own | None, Term | None]] = [
        (one.values, one, None)
        for one in own
        if all(map(is_scalar, one.values)) and len({canon(v) for v in one.values}) <= _FEW
    ]
    for term, value in vocabulary.everything(cases[0][0]):
        if isinstance(value, str | bool) or value is None:
            given = [term.get(scene) for scene, _ in cases]
            if (
                all(is_scalar(one) for one in given)
                and 2 <= len({canon(one) for one in given}) <= _FEW
                and "headers" not in term.text
            ):
                keys.append((given, None, term))
    for values, form, used in bases[: len(operands)]:
        for key in keys[:20]:
            made = _by_key(values, wanted, key[0])
            if made is not None:
                rates, rounding = made
                shown = (
                    " else ".join(f"{literal(rate)} if {{}} == {literal(value)}" for value, rate in rates) + " else 0"
                )
                repeated = tuple((list(key[0]), key[1], key[2]) for _ in rates)
                return _told(rounding.format(f"({form} * ({shown}))"), *used, *repeated)
    return None


def _rate(values: Sequence[Any], wanted: Sequence[Any]) -> tuple[float, str] | None:
    largest = max(range(len(values)), key=lambda place: abs(values[place]))
    if abs(values[largest]) < 1e-9 or all(abs(value) < 1e-9 for value in wanted):
        return None
    raw = wanted[largest] / values[largest]
    if abs(raw) < 1e-6 or abs(raw) > 1e6:
        return None
    for digits in (1, 2, 3, 4):
        rate = round(raw, digits)
        if not rate or abs(rate - 1) < 1e-9:
            continue
        for form, rounding in _ROUNDINGS:
            if _equal([rounding(value * rate) for value in values], wanted):
                return rate, form
    return None


def _by_key(
    values: Sequence[Any], wanted: Sequence[Any], keys: Sequence[Any]
) -> tuple[list[tuple[Any, float]], str] | None:
    groups: dict[Any, list[int]] = defaultdict(list)
    shown: dict[Any, Any] = {}
    for place, key in enumerate(keys):
        groups[canon(key)].append(place)
        shown[canon(key)] = key
    if len(groups) < 2:
        return None
    rates: list[tuple[Any, float]] = []
    forms = set()
    for key, places in groups.items():
        some, told = [values[place] for place in places], [wanted[place] for place in places]
        if all(abs(value) < 1e-9 for value in told):
            continue
        rate = _rate(some, told)
        if rate is None or len(places) < 2:
            return None
        rates.append((shown[key], rate[0]))
        forms.add(rate[1])
    if not rates:
        return None
    for form, rounding in _ROUNDINGS:
        table = {canon(key): rate for key, rate in rates}
        if _equal(
            [rounding(value * table.get(canon(key), 0)) for value, key in zip(values, keys, strict=True)], wanted
        ):
            return rates, form
    return None


def made_up_terms(node: Node, cases: Sequence[Case], names: Names) -> list[tuple[Term, Path, str]]:
    """Give terms for the parts of an answer that are made anew, so that others can be explained by them."""
    found = []
    recorded = {id(scene): value for scene, value in cases}
    for path, part in walk(node):
        if not path or not isinstance(part, MadeUp | Named):
            continue
        if isinstance(part, Named):
            name = part.name
        else:
            name = names.free(path)
        term = Term(
            f"vars.{name}", lambda scene, path=path: look(recorded.get(id(scene), MISSING), path), str(path[-1]), 0.7,
            frozenset({f"made:{name}"}),
        )  # fmt: skip
        found.append((term, path, name))
    return found


def share_repeats(node: Node, cases: Sequence[Case], names: Names) -> Node:
    """Have what is made anew once where it stands twice in every answer, as a time or an id can."""
    first: dict[tuple[Any, ...], Path] = {}
    for path, part in list(walk(node)):
        if not path or not isinstance(part, MadeUp):
            continue
        values = tuple(canon(look(value, path)) for _, value in cases)
        known = first.setdefault(values, path)
        if known is not path:
            origin = next(one for where, one in walk(node) if where == known)
            if not isinstance(origin, Named):
                origin = Named(names.free(known), origin)
                node = replaced(node, known, origin)
            node = replaced(node, path, Said(Term(f"vars.{origin.name}", lambda _scene: MISSING, origin.name)))
    return node


def name_used(node: Node, uses: frozenset[str], terms: Sequence[tuple[Term, Path, str]]) -> Node:
    """Name the parts that headers were explained by."""
    for _, path, name in terms:
        if f"made:{name}" in uses:
            part = next(one for where, one in walk(node) if where == path)
            if not isinstance(part, Named):
                node = replaced(node, path, Named(name, part))
    return node


__all__ = ["Names", "Scene", "as_text", "derive", "made_up_terms", "member", "name_used", "same", "share_repeats"]
