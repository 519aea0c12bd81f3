"""The collector is away while very many objects are made, and back afterwards."""

import gc

import pytest

from gateway.collector import uncollected


def test_the_collector_is_away_meanwhile_and_back_afterwards():
    with uncollected():
        seen = gc.isenabled()
    assert (seen, gc.isenabled()) == (False, True)


def test_it_is_back_after_an_error():
    with pytest.raises(ZeroDivisionError), uncollected():
        1 / 0  # noqa: B018
    assert gc.isenabled()


def test_inside_another_it_stays_away():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
