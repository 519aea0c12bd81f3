import pytest

from recorder.synthesis.explaining.thresholds import from_which, up_to_which


@pytest.mark.parametrize(("above", "least", "told"), [(87.5, 112, 100), (4.2, 5.7, 5), (0.31, 0.34, 0.34), (9, 10, 10)])
def test_something_holds_from_the_roundest_number(above, least, told):
    assert from_which(above, least) == told


@pytest.mark.parametrize(("least", "above", "told"), [(4, 6, 5), (9.5, 12, 10), (18.2, 31, 20), (0.31, 0.34, 0.32)])
def test_something_holds_up_to_the_roundest_number(least, above, told):
    assert up_to_which(least, above) == told
