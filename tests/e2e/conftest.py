"""Fixtures of the end-to-end tests: the servers and the recordings that the tests of one run share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from e2e.recordings import Recordings
from e2e.servers import Pool

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pool]:
    """Give the servers of this run."""
    with Pool(tmp_path_factory.mktemp("servers")) as servers:
        yield servers


@pytest.fixture(scope="session")
def recordings(tmp_path_factory: pytest.TempPathFactory, pool: Pool) -> Recordings:
    """Give the recordings of this run."""
    return Recordings(tmp_path_factory.mktemp("recordings"), pool)
