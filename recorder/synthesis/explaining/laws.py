"""Laws: what numbers in objects of one form come to in all answers that show such an object, whatever was asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from recorder.synthesis.explaining.fees import find_fee, find_total
from recorder.synthesis.explaining.formulas import Formula, Operand, find_formula
from recorder.synthesis.explaining.shared_counts import SharedCounts
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, canon, is_number, is_scalar, leaves, look, parts
from recorder.synthesis.terms.term import literal

_MOST: Final = 150
_FEWEST: Final = 8
_DISTINCT: Final = 4
_FEWEST_MEMBERS: Final = 3
_DEEPEST: Final = 3
_FEW: Final = 8
_MOST_KEYS: Final = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A number, a choice or a list in an object: `path` is where, `form` how it is written, with `{}` for that.

    With `in_row` it is in a row of one of the object's lists, whose number is worked out.
    """

    path: Path
    form: str = "{}"
    in_row: bool = False


Law = Formula[Place]
_Form = frozenset[str]


class Laws:
    """Finds the laws that hold in all successful answers of a recording, each when it is first asked for.

    `counts` are the numbers that several kinds of answers count on together.
    """

    def __init__(self, samples: Iterable[Sample], counts: SharedCounts | None = None) -> None:
        self.counts = counts
        self._objects: dict[_Form, dict[Any, dict[str, Any]]] = defaultdict(dict)
        self._found: dict[tuple[_Form, Path, frozenset[Path]], Law | None] = {}
        for sample in samples:
            if sample.succeeded and isinstance(sample.answer_json, dict):
                self._see(sample.answer_json)

    def _see(self, document: dict[str, Any]) -> None:
        for path, value in parts(document, longest_list=0):
            if isinstance(value, dict) and len(value) >= _FEWEST_MEMBERS and len(path) <= _DEEPEST:
                known = self._objects[frozenset(value)]
                if len(known) < _MOST:
                    known.setdefault(canon(value), value)

    def of(self, form: Iterable[str], path: Path, but: Iterable[Path]) -> Law | None:
        """Give what the number at a path of objects with such members comes to, without those of some places."""
        asked = frozenset(form), path, frozenset(but)
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def of_row(self, form: Iterable[str], path: Path, field: str, but: Iterable[Path]) -> Law | None:
        """Give what a number in the rows of the list at a path comes to, from its row and from the object."""
        asked = frozenset(form), (*path, 0, field), frozenset(but)
        if asked not in self._found:
            self._found[asked] = self._find_in_rows(asked[0], path, field, asked[2])
        return self._found[asked]

    def _find_in_rows(self, form: _Form, path: Path, field: str, but: frozenset[Path]) -> Law | None:
        shown = [one for one in self._objects.get(form, {}).values() if isinstance(look(one, path), list)]
        pairs = [(one, row) for one in shown for row in look(one, path)]
        rows = [row for _, row in pairs if isinstance(row, dict) and is_number(row.get(field))]
        if len(rows) < max(_FEWEST, len(pairs)) or len({canon(row[field]) for row in rows}) < _DISTINCT:
            return None
        own = [
            Operand([row[name] for row in rows], Place((name,), in_row=True))
            for name in rows[0]
            if name != field and all(is_number(row.get(name)) for row in rows)
        ]
        near = [one.part for one in operands_of(shown) if not _is_in(one.part.path, (path, *but))]
        above = [Operand([look(one, place.path) for one, _ in pairs], place) for place in near if place.form == "{}"]
        return find_formula([row[field] for row in rows], [*own, *above], ())

    def _find(self, form: _Form, path: Path, but: frozenset[Path]) -> Law | None:
        shown = list(self._objects.get(form, {}).values())
        wanted = [look(one, path) for one in shown]
        if len(shown) < _FEWEST or not all(map(is_number, wanted)):
            return None
        near = sorted(
            (one for one in operands_of(shown) if not _is_in(one.part.path, (path, *but))),
            key=lambda one: (one.part.path[: len(path) - 1] != path[:-1], len(one.part.path), len(one.part.form)),
        )
        keys = [one for one in keys_of(shown) if not _is_in(one.part.path, but)][:_MOST_KEYS]
        if len(set(map(canon, wanted))) < _DISTINCT:
            return find_fee(wanted, near, keys)
        return find_formula(wanted, near, keys) or find_fee(wanted, near, keys) or find_total(wanted, near)


def _is_in(path: Path, others: Iterable[Path]) -> bool:
    """Tell whether a place is one of others, in one, or holds one."""
    return any(path[: len(one)] == one[: len(path)] for one in others)


def operands_of(shown: Sequence[dict[str, Any]]) -> Iterator[Operand[Place]]:
    """Give the numbers that all of some objects have, and what those in the rows of their lists come to."""
    for path, value in parts(shown[0], longest_list=0):
        if not path or len(path) > _DEEPEST:
            continue
        values = [look(one, path) for one in shown]
        if is_number(value) and all(map(is_number, values)):
            yield Operand(values, Place(path))
        elif isinstance(value, list) and all(isinstance(one, list) for one in values):
            yield from _sums(path, values)


def _sums(path: Path, lists: Sequence[list[Any]]) -> Iterator[Operand[Place]]:
    rows = [row for one in lists for row in one]
    for where, value in leaves(rows[0], longest_list=0) if rows and isinstance(rows[0], dict) else ():
        if is_number(value) and len(where) < _DEEPEST and all(is_number(look(row, where)) for row in rows):
            field = literal(".".join(map(str, where))).replace("{", "{{").replace("}", "}}")
            yield Operand([sum(look(row, where) for row in one) for one in lists], Place(path, f"total({{}}, {field})"))


def keys_of(shown: Sequence[dict[str, Any]]) -> Iterator[Operand[Place]]:
    """Give what may choose between shares: the members of objects that have a few values."""
    for path, value in leaves(shown[0], longest_list=0):
        if len(path) <= _DEEPEST and (isinstance(value, str | bool) or value is None):
            values = [look(one, path) for one in shown]
            if all(map(is_scalar, values)) and MISSING not in values and 2 <= len(set(map(canon, values))) <= _FEW:
                yield Operand(values, Place(path))


def form_of(objects: Sequence[Any]) -> Mapping[str, Any] | None:
    """Give one of some objects if all have the same members, else None."""
    first = objects[0] if objects else None
    is_one = isinstance(first, dict) and all(isinstance(one, dict) and set(one) == set(first) for one in objects)
    return first if is_one else None
