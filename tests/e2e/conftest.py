"""Fixtures of the end-to-end tests: the recordings that the tests of one run share."""

from __future__ import annotations

import pytest
from e2e.recordings import Recordings


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Recordings:
    """Give the recordings of this run."""
    return Recordings(tmp_path_factory.mktemp("recordings"))
