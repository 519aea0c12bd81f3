import gc

import pytest

from gateway.collector import uncollected


def test_the_collector_is_away_meanwhile_and_back_afterwards():
    with pytest.raises(ValueError, match="any"), uncollected():
        seen = gc.isenabled()
        raise ValueError("any")
    assert (seen, gc.isenabled()) == (False, True)


def test_inside_another_it_stays_away():
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
