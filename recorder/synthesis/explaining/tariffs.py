"""Tariffs: prices of a base and a rate, or in steps, by how much it is: for all alike, or by a zone and a service."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final, TypeAlias, TypeVar

from recorder.synthesis.explaining.formulas import Formula, Operand, rounded
from recorder.synthesis.explaining.thresholds import up_to_which
from recorder.synthesis.samples.values import canon
from recorder.synthesis.terms.term import literal

Part = TypeVar("Part")
_Write: TypeAlias = Callable[[str], str]
"""Writes the price of an amount that is given as an expression."""
_MOST: Final = 16
_MOST_KEYS: Final = 6
_LEAST_POINTS: Final = 3
_MOST_STEPS: Final = 12
_LEAST_OF_STEP: Final = 2
_SLACK: Final = 0.012


@dataclass(frozen=True, slots=True)
class _Price:
    """What amounts cost for one value of the keys, by number and as it is written."""

    of: Callable[[float], float]
    write: _Write


def find_tariff(
    wanted: Sequence[float], operands: Sequence[Operand[Part]], keys: Sequence[Operand[Part]]
) -> Formula[Part] | None:
    """Find the amount by which prices are told, perhaps by one or two keys, each value with a tariff of its own.

    For each of them three amounts have to come out right. Steps have to rise, or to fall, all along, and each of them
    to have come twice.
    """
    if len(set(wanted)) < _LEAST_POINTS:
        return None
    some = keys[:_MOST_KEYS]
    for chosen in [(), *((one,) for one in some), *combinations(some, 2)]:
        groups = _groups(chosen, len(wanted))
        if (chosen and len(groups) < 2) or min(map(len, groups.values())) < _LEAST_POINTS:
            continue
        for operand in operands[:_MOST]:
            prices = {label: _price(operand.values, wanted, places) for label, places in groups.items()}
            known = {label: price for label, price in prices.items() if price is not None}
            if len(known) < len(groups):
                continue
            told = [(label, place) for label, places in groups.items() for place in places]
            values = {place: known[label].of(operand.values[place]) for label, place in told}
            form = rounded([values[place] for place in range(len(wanted))], wanted)
            if form is not None:
                return Formula(_writing(form, chosen, groups, known), (operand, *chosen))
    return None


def _groups(keys: Sequence[Operand[Part]], count: int) -> dict[Hashable, list[int]]:
    """Give the places of the cases by the values of the keys."""
    found: dict[Hashable, list[int]] = defaultdict(list)
    for place in range(count):
        found[tuple(canon(key.values[place]) for key in keys)].append(place)
    return found


def _writing(
    form: str, keys: Sequence[Operand[Part]], groups: dict[Hashable, list[int]], prices: dict[Hashable, _Price]
) -> Callable[..., str]:
    def write(amount: str, *shown: str) -> str:
        options = [
            (" and ".join(f"{text} == {literal(key.values[places[0]])}" for text, key in zip(shown, keys, strict=True)),
             prices[label].write(amount))
            for label, places in groups.items()
        ]  # fmt: skip
        if not keys:
            return form.format(options[0][1])
        return form.format(f"({' else '.join(f'{price} if {when}' for when, price in options)} else 0)")

    return write


def _price(values: Sequence[float], wanted: Sequence[float], places: Sequence[int]) -> _Price | None:
    points = sorted({(values[place], wanted[place]) for place in places})
    if len({amount for amount, _ in points}) < len(points):  # one amount has several prices
        return None
    return next(_lines(points), None) or _steps(points, [values[place] for place in places])


def _lines(points: Sequence[tuple[float, float]]) -> Iterator[_Price]:
    """Give a base with a rate for each unit that all points lie on, that with the fewest digits."""
    if len(points) < _LEAST_POINTS:
        return
    (first, low), (last, high) = points[0], points[-1]
    raw = (high - low) / (last - first)
    for digits in range(5):
        rate = round(raw, digits)
        if not rate or abs(rate - raw) * (last - first) > _SLACK:
            continue
        mean = sum(price - rate * amount for amount, price in points) / len(points)
        for places in range(5):
            base = round(mean, places)
            if all(abs(base + rate * amount - price) <= _SLACK / 2 for amount, price in points):
                yield _line(base, rate)


def _line(base: float, rate: float) -> _Price:
    return _Price(lambda amount: base + rate * amount, lambda amount: f"({_plain(base)} + {_plain(rate)} * {amount})")


def _steps(points: Sequence[tuple[float, float]], amounts: Sequence[float]) -> _Price | None:
    """Give the prices of steps with the amounts up to which they hold, where they rise or fall all along."""
    prices = list(dict.fromkeys(price for _, price in points))
    is_one_way = prices in (sorted(set(prices)), sorted(set(prices), reverse=True))
    told = dict(points)
    counts = [sum(told[amount] == price for amount in amounts) for price in prices]
    if not 1 < len(prices) <= _MOST_STEPS or not is_one_way or min(counts) < _LEAST_OF_STEP:
        return None
    if [price for _, price in points] != sorted((price for _, price in points), key=prices.index):
        return None
    ends = [
        up_to_which(amount, other) for (amount, price), (other, next_price) in pairwise(points) if price != next_price
    ]

    def of(amount: float) -> float:
        return next((price for price, end in zip(prices, ends, strict=False) if amount <= end), prices[-1])

    def write(amount: str) -> str:
        steps = [f"{_plain(price)} if {amount} <= {_plain(end)}" for price, end in zip(prices, ends, strict=False)]
        return f"({' else '.join([*steps, _plain(prices[-1])])})"

    return _Price(of, write)


def _plain(number: float) -> str:
    made: Any = int(number) if number == int(number) else number
    return literal(made)
