"""What several tests of the listening side share."""

import pytest
from listener import Echo, listening


@pytest.fixture(scope="module")
def echo_listener():
    with listening(Echo()) as listener:
        yield listener


@pytest.fixture
def echo(echo_listener):
    """Give a server that answers with what it was asked, and has seen nothing yet."""
    echo_listener.seen.clear()
    return echo_listener
