"""What all tests of recordings share."""

import pytest

from recorder.synthesis import faults


@pytest.fixture(autouse=True)
def _faults_are_raised(monkeypatch):
    """Let a fault of the synthesis fail the test: people get the rest, but here it would hide what is wrong."""
    monkeypatch.setattr(faults, "CAUGHT", ())
