"""Waits follow the distribution they are named for; seeds are fixed, so each of these holds or does not."""

from random import Random
from statistics import median, quantiles

import pytest

from cassettes.definition import Delay
from gateway.faults.delay import compile_delay

DRAWS = 20_000


def draws(count=DRAWS, seed=7, **delay):
    wait, random = compile_delay(Delay.model_validate(delay)), Random(seed)
    return [wait(random) for _ in range(count)]


def test_a_fixed_wait_is_always_the_same():
    assert draws(3, fixed=250) == [0.25, 0.25, 0.25]


def test_a_uniform_wait_fills_its_range_evenly():
    found = draws(uniform=[100, 300])
    assert 0.1 <= min(found) < 0.101
    assert 0.299 < max(found) <= 0.3
    assert quantiles(found, n=4) == pytest.approx([0.15, 0.2, 0.25], rel=0.02)


def test_a_normal_wait_has_its_mean_and_deviation():
    found = draws(normal=[1000, 100])
    mean = sum(found) / DRAWS
    deviation = (sum((value - mean) ** 2 for value in found) / DRAWS) ** 0.5
    assert (mean, deviation) == pytest.approx((1.0, 0.1), rel=0.02)


def test_a_normal_wait_is_cut_off_at_zero_and_not_heaped_there():
    found = draws(normal=[0, 100])
    assert min(found) > 0
    # Half a normal distribution: its median is the 75 % quantile of the whole.
    assert median(found) == pytest.approx(0.1 * 0.6745, rel=0.03)


def test_a_lognormal_wait_has_its_median_and_sigma():
    found = draws(lognormal=[80, 0.5])
    low, middle, high = quantiles(found, n=100)[15], median(found), quantiles(found, n=100)[83]
    assert middle == pytest.approx(0.08, rel=0.02)
    assert (middle / low, high / middle) == pytest.approx((1.6487, 1.6487), rel=0.04)


def test_percentiles_come_back_as_they_were_measured():
    found = draws(percentiles={50: 20, 0: 10, 95: 100, 100: 500})
    percent = quantiles(found, n=100)
    assert (percent[24], percent[49], percent[94]) == pytest.approx((0.015, 0.02, 0.1), rel=0.1)
    assert min(found) >= 0.01
    assert max(found) <= 0.5


def test_beyond_the_outermost_percentiles_their_values_hold():
    found = draws(percentiles={50: 20, 95: 100})
    assert (min(found), max(found)) == (0.02, 0.1)
    assert set(draws(percentiles={50: 20})) == {0.02}


@pytest.mark.parametrize(
    "delay", [{"uniform": [0, 9]}, {"normal": [5, 2]}, {"lognormal": [5, 1]}, {"percentiles": {0: 1, 100: 9}}]
)
def test_the_same_seed_gives_the_same_waits(delay):
    assert draws(20, seed=3, **delay) == draws(20, seed=3, **delay)
    assert draws(20, seed=3, **delay) != draws(20, seed=4, **delay)


def test_no_wait_is_longer_than_ten_minutes():
    assert max(draws(2000, lognormal=[600_000, 10])) == 600.0


def test_a_delay_says_one_thing():
    with pytest.raises(ValueError, match="exactly one of fixed"):
        Delay.model_validate({"fixed": 1, "uniform": [1, 2]})
    with pytest.raises(ValueError, match="exactly one of fixed"):
        Delay.model_validate({"fixed": None})
    with pytest.raises(ValueError, match="at least 1 item"):
        Delay.model_validate({"percentiles": {}})
