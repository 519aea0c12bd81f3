"""Formulas: what numbers come to that are worked out from others, by sums, products, shares and rounding."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, Final, Generic, NamedTuple, TypeVar

from recorder.synthesis.explaining.reckoning import SIGNS, equal
from recorder.synthesis.explaining.thresholds import from_which
from recorder.synthesis.samples.values import canon, is_number
from recorder.synthesis.terms.term import literal

Part = TypeVar("Part")
_WRITTEN: Final = re.compile(r"-?\d{1,12}\.(\d{1,6})")
_MOST_OF_TWO: Final = 60
_MOST_SHARED: Final = 24
_MOST_OF_THREE: Final = 14
_DISTINCT: Final = 3
"""What is made of much may come to two values by chance."""
_LARGE: Final = 20
"""Small whole numbers are soon come to where what is reckoned is rounded."""
_LARGEST_RATE: Final = 1e6
_NOTHING: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Operand(Generic[Part]):
    """Something to reckon with, or to choose a share by: what it came to in each case; `part` is what it is."""

    values: Sequence[Any]
    part: Part


@dataclass(frozen=True, slots=True, eq=False)
class Formula(Generic[Part]):
    """What numbers were found to be: `write` gives the expression for those of its operands."""

    write: Callable[..., str]
    operands: tuple[Operand[Part], ...]


def made(rounding: str, shape: str, operands: tuple[Operand[Part], ...]) -> Formula[Part]:
    """Give the formula that is written in a shape, and rounded."""
    return Formula(lambda *texts: rounding.format(shape.format(*texts)), operands)


class _Rounding(NamedTuple):
    form: str
    of: Callable[[float], Any]


_WHOLE: Final = "({} | round | int)"
_ROUNDINGS: Final = (
    _Rounding("{}", lambda x: x),
    _Rounding("({} | round(2))", lambda x: round(x, 2)),
    _Rounding(_WHOLE, round),
    _Rounding("(({} + 0.5) | round(0, 'floor') | int)", lambda x: math.floor(x + 0.5)),
    _Rounding("({} | round(0, 'floor') | int)", math.floor),
    _Rounding("({} | round(0, 'ceil') | int)", math.ceil),
    _Rounding("({} | round(1))", lambda x: round(x, 1)),
    _Rounding("({} | round(3))", lambda x: round(x, 3)),
    _Rounding("((({} * 100 + 0.5) | round(0, 'floor')) / 100)", lambda x: math.floor(x * 100 + 0.5) / 100),
)


class _Kind(NamedTuple):
    """A way in which a share is taken: how it is written, and what `raw`, the share itself, is as such a rate."""

    form: str
    of: Callable[[float, float], float]
    rate: Callable[[float], float]
    digits: tuple[int, ...]


_KINDS: Final = (
    _Kind("({} * {})", lambda x, rate: x * rate, lambda raw: raw, (1, 2, 3, 4)),
    _Kind("({} * {} / 100)", lambda x, rate: x * rate / 100, lambda raw: raw * 100, (0, 1)),
    _Kind(
        "({0} * {1} / (100 + {1}))",
        lambda x, rate: x * rate / (100 + rate),
        lambda raw: 100 * raw / (1 - raw) if 0 < raw < _HALF else 0,
        (0, 1),
    ),
)
_PARTS: Final = _Kind("({} / {})", lambda x, unit: x / unit, lambda raw: 1 / raw, (0,))
_UNITS: Final = (1_000, 1_000_000, 1_000_000_000, 1_024, 1_048_576, 60, 3_600, 86_400)
"""How many of one unit are one of another: grams, pixels, bytes, seconds."""
_OFF: Final = 0.02
_HALF: Final = 0.5


def find_formula(
    wanted: Sequence[Any], operands: Sequence[Operand[Part]], keys: Sequence[Operand[Part]]
) -> Formula[Part] | None:
    """Find what numbers, or texts of numbers with so many digits after the point, are made of.

    The operands that are nearest come first; keys are what may choose between shares.
    """
    return in_digits(wanted, lambda numbers: _find(numbers, operands, keys))


def in_digits(wanted: Sequence[Any], find: Callable[[Sequence[float]], Formula[Part] | None]) -> Formula[Part] | None:
    """Find what numbers that differ are made of; texts of them have so many digits after the point."""
    digits, numbers = _written(wanted) or (None, wanted)
    if len(numbers) < 2 or not all(map(is_number, numbers)) or len(set(map(canon, numbers))) < 2:
        return None
    found = find(numbers)
    return found if found is None or digits is None else _fixed(found, digits)


def _find(
    wanted: Sequence[Any], operands: Sequence[Operand[Part]], keys: Sequence[Operand[Part]]
) -> Formula[Part] | None:
    return (
        _of_two(wanted, operands[:_MOST_OF_TWO])
        or _share(wanted, operands[:_MOST_OF_TWO])
        or _share_beyond(wanted, operands[:_MOST_SHARED])
        or _of_three(wanted, operands[:_MOST_OF_THREE])
        or _share_of_two(wanted, operands[:_MOST_SHARED])
        or _by_keys(wanted, operands[:_MOST_OF_TWO], keys)
    )


def _fixed(formula: Formula[Part], digits: int) -> Formula[Part]:
    return Formula(lambda *texts: f"({formula.write(*texts)} | fixed({digits}))", formula.operands)


def _written(wanted: Sequence[Any]) -> tuple[int, list[float]] | None:
    """Give how many digits texts of numbers have after the point, and the numbers."""
    read = [_WRITTEN.fullmatch(value) if isinstance(value, str) else None for value in wanted]
    digits = {len(one[1]) for one in read if one is not None}
    return (digits.pop(), [float(value) for value in wanted]) if len(digits) == 1 and all(read) else None


def rounded(values: Iterable[float], wanted: Sequence[Any], among: Sequence[Any] = ()) -> str | None:
    """Give how numbers are rounded where they come to what is wanted then; `among` is all that is, where it is more."""
    given = list(values)
    first, told = given[0], wanted[0]
    if abs(first - told) > 1:
        return None
    # What floating-point reckoning adds to amounts of money is seldom seen in all of the sums that were recorded.
    is_money = any(isinstance(value, float) and not value.is_integer() for value in wanted)
    whole = among or wanted
    is_telling = max(map(abs, whole)) >= _LARGE and len(set(map(canon, whole))) >= _DISTINCT
    for form, of in (_ROUNDINGS[1], *_ROUNDINGS) if is_money else _ROUNDINGS if is_telling else _ROUNDINGS[:2]:
        if of(first) == told and all(of(one) == two for one, two in zip(given, wanted, strict=True)):
            return _WHOLE if _are_whole(form, given, wanted) else form
    return (_WHOLE if _are_whole("{}", given, wanted) else "{}") if equal(given, wanted) else None


def _are_whole(form: str, given: Sequence[float], wanted: Sequence[Any]) -> bool:
    """Tell whether numbers are to be written as whole ones, as all recorded ones were: `270`, and not `270.0`."""
    return form == "{}" and all(isinstance(one, int) for one in wanted) and any(isinstance(one, float) for one in given)


def _of_two(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find another number, or the sum, the difference or the product of two."""
    for operand in operands:
        form = rounded(operand.values, wanted)
        if form is not None:
            return made(form, "{}", (operand,))
    for place, one in enumerate(operands):
        for two in operands[place:]:
            for sign, reckon in SIGNS.items():
                for left, right in ((one, two), (two, one)) if sign == "-" else ((one, two),):
                    if abs(reckon(left.values[0], right.values[0]) - wanted[0]) <= 1:
                        form = rounded(map(reckon, left.values, right.values), wanted)
                        if form is not None:
                            return made(form, f"({{}} {sign} {{}})", (left, right))
    return None


_OF_THREE: Final[tuple[tuple[str, Callable[[Any, Any, Any], Any]], ...]] = (
    ("({} - {} + {})", lambda x, y, z: x - y + z),
    ("({} + {} + {})", lambda x, y, z: x + y + z),
    ("({} - {} - {})", lambda x, y, z: x - y - z),
    ("(({} - {}) * {})", lambda x, y, z: (x - y) * z),
    ("({} * {} * {})", lambda x, y, z: x * y * z),
    ("({} * {} + {})", lambda x, y, z: x * y + z),
    ("(({} - {}) * {} / 100)", lambda x, y, z: (x - y) * z / 100),
)


def _of_three(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find what three numbers come to, or a percentage that another number tells."""
    if len(set(map(canon, wanted))) < _DISTINCT:
        return None
    for one, two in combinations(operands, 2):
        values = [x * y / 100 for x, y in zip(one.values, two.values, strict=True)]
        form = rounded(values, wanted)
        if form is not None:
            return made(form, "({} * {} / 100)", (one, two))
    for a, b, c in permutations(operands, 3):
        for shape, reckon in _OF_THREE:
            if abs(reckon(a.values[0], b.values[0], c.values[0]) - wanted[0]) > 1:
                continue
            form = rounded(map(reckon, a.values, b.values, c.values), wanted)
            if form is not None:
                return made(form, shape, (a, b, c))
    return None


def _share(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find a share of a number that is the same each time."""
    for operand in operands:
        found = _rate_form(operand.values, wanted)
        if found is not None:
            return made(*found, (operand,))
    return None


def _share_beyond(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find a share of a number that is taken only from some amount on, or only below it."""
    free = [place for place, value in enumerate(wanted) if not value]
    due = [place for place, value in enumerate(wanted) if value]
    if len(free) < 2 or len({canon(wanted[place]) for place in due}) < _DISTINCT:
        return None
    for operand in operands:
        without, taken = ([operand.values[place] for place in places] for places in (free, due))
        if max(without) < min(taken):
            test = f">= {literal(from_which(max(without), min(taken)))}"
        elif max(taken) < min(without):
            test = f"< {literal(from_which(max(taken), min(without)))}"
        else:
            continue
        found = _rate_form(taken, [wanted[place] for place in due])
        if found is not None:
            return Formula(_if(test, *found), (operand,))
    return None


def _if(test: str, rounding: str, shape: str) -> Callable[..., str]:
    return lambda text: f"({rounding.format(shape.format(text))} if {text} {test} else 0)"


def _share_of_two(wanted: Sequence[Any], operands: Sequence[Operand[Part]]) -> Formula[Part] | None:
    """Find a share of the product or of the difference of two."""
    if len(set(map(canon, wanted))) < _DISTINCT:
        return None
    for one, two in permutations(operands, 2):
        for sign in "*-":
            values = list(map(SIGNS[sign], one.values, two.values))
            found = _rate_form(values, wanted) if _may_be_share(values, wanted) else None
            if found is not None:
                rounding, shape = found
                return made(rounding, shape.format(f"({{}} {sign} {{}})"), (one, two))
    return None


def _may_be_share(values: Sequence[Any], wanted: Sequence[Any]) -> bool:
    """Tell, from the two that are largest, whether all may be one share of these values."""
    first, second = sorted(range(len(values)), key=lambda place: -abs(values[place]))[:2]
    if not values[second]:
        return False
    shares = [wanted[place] / values[place] for place in (first, second)]
    return bool(abs(shares[0] - shares[1]) <= 1 / abs(values[first]) + 1 / abs(values[second]))


def _rate_form(values: Sequence[Any], wanted: Sequence[Any]) -> tuple[str, str] | None:
    """Give how a share of numbers is rounded and written, with `{}` for them, where it comes to what is wanted."""
    for kind, rate in _rates(values, wanted):
        form = rounded((kind.of(value, rate) for value in values), wanted)
        if form is not None:
            return form, kind.form.format("{}", literal(rate))
    return None


def _rates(values: Sequence[Any], wanted: Sequence[Any]) -> Iterator[tuple[_Kind, float]]:
    """Give what share of numbers others may be, from the largest of them."""
    largest = max(range(len(values)), key=lambda place: abs(values[place]))
    if abs(values[largest]) < _NOTHING or all(abs(value) < _NOTHING for value in wanted):
        return
    raw = wanted[largest] / values[largest]
    for unit in _UNITS:
        if abs(raw * unit - 1) < _OFF:
            yield _PARTS, unit
    if not 1 / _LARGEST_RATE <= abs(raw) <= _LARGEST_RATE:
        return
    for kind in _KINDS:
        for digits in kind.digits:
            rate = round(kind.rate(raw), digits)
            if rate and abs(rate - 1) >= _NOTHING:
                yield kind, int(rate) if rate == int(rate) else rate


def _by_keys(
    wanted: Sequence[Any], operands: Sequence[Operand[Part]], keys: Sequence[Operand[Part]]
) -> Formula[Part] | None:
    """Find a share of a number that is another for each value of a key."""
    for operand in operands:
        for key in keys:
            found = _by_key(operand, wanted, key)
            if found is not None:
                return found
    return None


def _by_key(operand: Operand[Part], wanted: Sequence[Any], key: Operand[Part]) -> Formula[Part] | None:
    values, labels = operand.values, [canon(value) for value in key.values]
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        groups[label].append(place)
    if len(groups) < 2:
        return None
    shown = dict(zip(labels, key.values, strict=True))
    amounts = _amounts_by_label(groups, wanted)
    if amounts:  # such as a voucher that is worth an amount, beside others that are worth a percentage
        return _with_amounts(operand, wanted, key, amounts)
    for kind in _KINDS:
        rates = _rates_by_label(groups, values, wanted, kind)
        if not rates:
            continue
        shares = [kind.of(value, rates.get(label, 0)) for value, label in zip(values, labels, strict=True)]
        form = rounded(shares, wanted)
        if form is not None:
            return Formula(
                _choosing(form, kind, [(rate, shown[label]) for label, rate in rates.items()]), (operand, key)
            )
    return None


def _amounts_by_label(groups: dict[Hashable, list[int]], wanted: Sequence[Any]) -> dict[Hashable, Any]:
    """Give the values of a key for which numbers were always the same and not nothing, with these numbers."""
    told = {label: [wanted[place] for place in places] for label, places in groups.items()}
    return {
        label: values[0]
        for label, values in told.items()
        if len(values) > 1 and len(set(map(canon, values))) == 1 and abs(values[0]) >= _NOTHING
    }


def _with_amounts(
    operand: Operand[Part], wanted: Sequence[Any], key: Operand[Part], amounts: dict[Hashable, Any]
) -> Formula[Part] | None:
    """Find a share by a key where for some of its values it is a fixed amount instead."""
    labels = [canon(value) for value in key.values]
    rest = [place for place, label in enumerate(labels) if label not in amounts]
    few = [Operand([one.values[place] for place in rest], one.part) for one in (operand, key)]
    told = [wanted[place] for place in rest]
    if len(set(map(canon, told))) < 2 or any(
        abs(wanted[place]) > abs(operand.values[place]) for place in range(len(wanted))
    ):
        return None
    found = _by_key(few[0], told, few[1])
    if found is None:
        form = _rate_form(few[0].values, told) if len(set(map(canon, few[1].values))) == 1 else None
        found = made(*form, (few[0],)) if form is not None else None
    if found is None:
        return None
    shown = dict(zip(labels, key.values, strict=True))
    rule, count = found, len(found.operands)

    def write(number: str, choice: str) -> str:
        written = rule.write(*(number, choice)[:count])
        fixed = "".join(
            f"{literal(amount)} if {choice} == {literal(shown[label])} else " for label, amount in amounts.items()
        )
        return f"({fixed}{written})"

    return Formula(write, (operand, key))


def _choosing(form: str, kind: _Kind, rates: Sequence[tuple[float, Any]]) -> Callable[[str, str], str]:
    def write(number: str, key: str) -> str:
        choice = " else ".join(f"{literal(rate)} if {key} == {literal(value)}" for rate, value in rates)
        return form.format(kind.form.format(number, f"({choice} else 0)"))

    return write


def _rates_by_label(
    groups: dict[Hashable, list[int]], values: Sequence[Any], wanted: Sequence[Any], kind: _Kind
) -> dict[Hashable, float]:
    """Give the rate of each value of a key but where it comes to nothing; none at all where one has none."""
    rates: dict[Hashable, float] = {}
    for label, places in groups.items():
        told = [wanted[place] for place in places]
        if all(abs(value) < _NOTHING for value in told):
            continue
        inside = [values[place] for place in places]
        if len(set(map(canon, told))) < 2:
            return {}
        fitting = (
            rate
            for one, rate in _rates(inside, told)
            if one is kind and rounded((kind.of(value, rate) for value in inside), told, wanted) is not None
        )
        found = next(fitting, None)
        if found is None:
            return {}
        rates[label] = found
    return rates
