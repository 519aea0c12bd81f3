"""A response keeps its caller waiting, and breaks, as it is told."""

from random import Random

from cassettes.definition import SingleResponse
from gateway.mocking.manners import compile_manners
from gateway.mode import Reply


def manners(**document):
    return compile_manners(SingleResponse.model_validate(document), Random(3))


def test_there_are_none_where_nothing_is_said():
    assert manners(body="x") is None


def test_a_fixed_delay_is_the_same_for_all():
    fixed = manners(delay_ms=20, delay={"fixed": 5}, fault="reset")
    reply = fixed.apply(Reply(200, (), "mock"))
    assert (fixed.is_fixed, reply.delay_s, reply.fault) == (True, 0.025, "reset")


def test_a_drawn_delay_is_another_each_time():
    drawn = manners(delay={"uniform": [10, 50]})
    delays = {drawn.apply(Reply(200, (), "mock")).delay_s for _ in range(20)}
    assert not drawn.is_fixed
    assert len(delays) > 10
    assert all(0.01 <= delay <= 0.05 for delay in delays)
