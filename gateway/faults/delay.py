"""A delay from its definition: a function of chance that gives seconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from math import exp
from random import Random
from typing import Final, TypeAlias

from cassettes.definition import Delay

Wait: TypeAlias = Callable[[Random], float]
"""Gives a wait in seconds."""

LONGEST_S: Final = 600.0
_TRIES: Final = 64


def compile_delay(delay: Delay) -> Wait:
    """Give the function that draws one wait in seconds, from 0 to 600."""
    drawn = _in_ms(delay)
    return lambda random: min(max(drawn(random), 0.0) / 1000, LONGEST_S)


def _in_ms(delay: Delay) -> Callable[[Random], float]:
    if delay.uniform is not None:
        least, most = delay.uniform
        return lambda random: random.uniform(least, most)
    if delay.normal is not None:
        mean, deviation = delay.normal
        return lambda random: _truncated(random, mean, deviation)
    if delay.lognormal is not None:
        median, sigma = delay.lognormal
        return lambda random: median * exp(sigma * random.gauss(0.0, 1.0))
    if delay.percentiles:
        return _interpolated(delay.percentiles)
    fixed = delay.fixed or 0.0
    return lambda _random: fixed


def _truncated(random: Random, mean: float, deviation: float) -> float:
    # The mean is not negative, so each try succeeds at least every other time.
    for _ in range(_TRIES):
        drawn = random.gauss(mean, deviation)
        if drawn >= 0:
            return drawn
    return mean


def _interpolated(percentiles: dict[float, float]) -> Callable[[Random], float]:
    """Invert the distribution (linear between what is known); beyond the outermost percentiles their values hold."""
    points = sorted(percentiles.items())
    ranks = [rank for rank, _ in points]
    values = [value for _, value in points]

    def drawn(random: Random) -> float:
        rank = random.random() * 100
        above = bisect_right(ranks, rank)
        if above == 0:
            return values[0]
        if above == len(ranks):
            return values[-1]
        share = (rank - ranks[above - 1]) / (ranks[above] - ranks[above - 1])
        return values[above - 1] + share * (values[above] - values[above - 1])

    return drawn
