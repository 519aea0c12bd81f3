"""What never waits needs no task."""

import pytest

from gateway.immediate import at_once


async def given(value):
    return value


async def waiting():
    await Pause()


class Pause:
    def __await__(self):
        yield


async def failing():
    await given(1)
    raise KeyError("no")


def test_a_coroutine_that_never_waits_is_run_to_its_end():
    async def both():
        return await given(1) + await given(2)

    assert at_once(both()) == 3


def test_what_it_raises_is_raised():
    with pytest.raises(KeyError):
        at_once(failing())


def test_one_that_waits_is_a_mistake():
    with pytest.raises(AssertionError, match="waits"):
        at_once(waiting())
