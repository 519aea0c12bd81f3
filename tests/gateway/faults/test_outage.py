"""An outage begins and ends by the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from cassettes.definition import Outage
from gateway.faults.outage import compile_outage

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


def seconds_on(seconds, **outage):
    """Give at which of these seconds after noon, when it was loaded, the outage is on."""
    now = 0.0
    is_on = compile_outage(
        Outage.model_validate(outage),
        began=50.0,
        clock=lambda: NOON.timestamp() + now,
        monotonic=lambda: 50.0 + now,
    )
    found = []
    for second in seconds:
        now = float(second)
        if is_on():
            found.append(second)
    return found


@pytest.mark.parametrize(
    ("outage", "on"),
    [
        ({}, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"after_s": 3}, [3, 4, 5, 6, 7, 8, 9]),
        ({"for_s": 2}, [0, 1]),
        ({"after_s": 3, "for_s": 2}, [3, 4]),
        ({"after_s": 1, "for_s": 2, "every_s": 4}, [1, 2, 5, 6, 9]),
        ({"from": NOON + timedelta(seconds=4)}, [4, 5, 6, 7, 8, 9]),
        ({"from": NOON + timedelta(seconds=4), "for_s": 2}, [4, 5]),
        ({"from": NOON + timedelta(seconds=4), "until": NOON + timedelta(seconds=7)}, [4, 5, 6]),
        ({"until": NOON + timedelta(seconds=2)}, [0, 1]),
        ({"from": "2026-07-01T12:00:08"}, [8, 9]),
        ({"from": "2026-07-01T14:00:08+02:00"}, [8, 9]),
    ],
)
def test_an_outage_is_on_exactly_in_its_window(outage, on):
    assert seconds_on(range(10), **outage) == on
