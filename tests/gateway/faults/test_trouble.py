"""Faults become plans: what is replaced, what is added, and that a seed gives the same trouble again."""

import json
from collections import Counter
from random import Random

import pytest
from builders import a_request

from cassettes.definition import Delay, Faults
from gateway.errors import ConfigError
from gateway.faults.delay import compile_delay
from gateway.faults.trouble import apply_manners, carry_over, compile_pace, compile_trouble, response_delay
from gateway.mode import Compose, Forward, Pace, Reply
from gateway.view import RequestView

VIEW = RequestView(a_request())
REPLY = Reply(200, ((b"content-length", b"2"),), "mock", b"hi")
FORWARD = Forward(upstream=None)


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def a_trouble(clock=None, **faults):
    clock = clock or Clock()
    return compile_trouble(Faults.model_validate(faults), route_id="r", clock=clock, monotonic=clock)


def meddled(plan=REPLY, **faults):
    return a_trouble(**faults).meddle(VIEW, plan)


def made(plan):
    work = plan.make()
    with pytest.raises(StopIteration) as done:
        work.send(None)
    return done.value.value


def composing(plan, calls=None):
    async def make():
        if calls is not None:
            calls.append(1)
        return plan

    return Compose(make, immediate=True)


def facts(plan):
    return plan.delay_s, plan.pace, plan.fault, plan.troubles, plan.notes


def test_no_faults_leave_the_very_plan():
    plan = composing(REPLY)
    assert meddled(seed=1) is REPLY
    assert meddled(FORWARD, error={"rate": 0}) is FORWARD
    assert meddled(plan, connection={"kind": "reset", "rate": 0}) is plan


def test_a_delay_a_pace_and_a_broken_connection_are_done_to_any_plan():
    faults = {"delay": {"fixed": 1500}, "bytes_per_s": 2000, "connection": {"kind": "reset"}, "seed": 1}
    troubles = ("delay", "throttle", "reset")
    expected = (1.5, Pace(100, 0.0, 2000.0), "reset", troubles, ((b"X-Mimic-Fault", b"delay, throttle, reset"),))
    assert facts(meddled(REPLY, **faults)) == expected
    assert facts(meddled(FORWARD, **faults)) == expected
    composed = meddled(composing(REPLY), **faults)
    assert composed.immediate
    assert facts(made(composed)) == expected


def test_a_delay_adds_to_that_of_the_answer():
    assert meddled(Reply(200, (), "cassette", delay_s=2.0), delay={"fixed": 500}).delay_s == 2.5


def test_an_error_stands_in_the_answers_place():
    reply = meddled(
        FORWARD,
        error={"rate": 1, "status": 418, "headers": {"X-A": ["1", "2"]}, "body": {"oh": "no"}},
        delay={"fixed": 100},
    )
    assert (reply.status, reply.source, reply.body, reply.delay_s) == (418, "mock", b'{"oh":"no"}', 0.1)
    assert reply.headers == (
        *((b"X-A", b"1"), (b"X-A", b"2"), (b"content-type", b"application/json"), (b"content-length", b"11")),
    )
    assert reply.notes == ((b"X-Mimic-Fault", b"error, delay"),)


def test_an_error_without_a_body_is_a_problem_document():
    reply = meddled(error={"rate": 1, "headers": {"X-A": "1"}})
    assert json.loads(reply.body)["type"] == "urn:mimic:problem:injected-error"
    assert dict(reply.headers) == {
        b"content-type": b"application/problem+json",
        b"content-length": b"%d" % len(reply.body),
        b"X-A": b"1",
    }


def test_what_is_replaced_is_not_worked_out():
    calls = []
    for faults in ({"error": {"rate": 1}}, {"outage": {}}, {"rate_limit": {"limit": 0}}):
        assert type(meddled(composing(REPLY, calls), **faults)) is Reply
    assert calls == []


def test_errors_come_at_their_rate():
    trouble = a_trouble(error={"rate": 0.2}, seed=5)
    statuses = Counter(trouble.meddle(VIEW, REPLY).status for _ in range(10_000))
    assert statuses[503] == pytest.approx(2000, rel=0.05)
    assert statuses[200] + statuses[503] == 10_000


def sequence(count=200, **faults):
    trouble = a_trouble(**faults)
    return [trouble.meddle(VIEW, REPLY) for _ in range(count)]


def test_the_same_seed_gives_the_same_sequence():
    faults = {
        "delay": {"uniform": [1, 9]},
        "error": {"rate": 0.3},
        "connection": {"kind": "garbage", "rate": 0.3},
    }
    assert sequence(seed=1, **faults) == sequence(seed=1, **faults)
    assert sequence(seed=1, **faults) != sequence(seed=2, **faults)
    assert sequence(**faults) != sequence(**faults)


def test_one_kind_of_chance_does_not_change_anothers():
    alone = [plan.delay_s for plan in sequence(seed=1, delay={"uniform": [1, 9]})]
    beside = [plan.delay_s for plan in sequence(seed=1, delay={"uniform": [1, 9]}, error={"rate": 0.5})]
    assert alone == beside


def test_a_limit_is_told_on_every_answer_and_beyond_it_there_is_429():
    trouble = a_trouble(rate_limit={"limit": 1, "window_s": 30})
    first, second = trouble.meddle(VIEW, REPLY), trouble.meddle(VIEW, REPLY)
    told = {
        b"RateLimit-Limit": b"1",
        b"RateLimit-Policy": b'"default";q=1;w=30',
        b"RateLimit-Remaining": b"0",
        b"RateLimit-Reset": b"30",
        b"RateLimit": b'"default";r=0;t=30',
    }
    assert dict(first.headers) == {b"content-length": b"2", **told}
    assert (first.status, first.troubles, second.status, second.troubles) == (200, (), 429, ("rate-limit",))
    assert dict(second.headers) == {
        b"content-type": b"application/problem+json",
        b"content-length": b"%d" % len(second.body),
        b"Retry-After": b"30",
        **told,
    }


def test_a_limit_replaces_what_the_answer_says_of_another_one():
    other = Reply(200, ((b"ratelimit-limit", b"9"), (b"RateLimit", b'"x";r=1'), (b"A", b"1")), "cassette")
    names = [name for name, _ in meddled(other, rate_limit={"limit": 1}).headers]
    assert names[0] == b"A"
    assert len(names) == len({name.lower() for name in names})


def test_a_limit_is_added_to_a_forward_without_costing_it_a_task():
    plan = meddled(FORWARD, rate_limit={"limit": 5})
    assert plan.added[0] == (b"RateLimit-Limit", b"5")
    assert not plan.takes_time


def test_a_refusal_may_have_a_status_and_a_body_of_its_own():
    reply = meddled(rate_limit={"limit": 0, "status": 503, "body": "slow down"})
    assert (reply.status, reply.body) == (503, b"slow down")


def test_a_limit_by_route_counts_each_route_of_a_profile():
    trouble = a_trouble(rate_limit={"limit": 1, "key": "route"})
    assert [trouble.meddle(VIEW, REPLY, route).status for route in ("a", "b", "a", "")] == [200, 200, 429, 200]


def test_an_outage_replaces_everything_until_it_ends_by_itself():
    clock = Clock()
    trouble = a_trouble(clock, outage={"for_s": 10, "status": 502}, error={"rate": 1, "status": 500})
    during = trouble.meddle(VIEW, FORWARD)
    clock.now = 10.0
    after = trouble.meddle(VIEW, FORWARD)
    assert (during.status, during.troubles, after.status) == (502, ("outage",), 500)


def test_an_outage_may_break_the_connection():
    reply = meddled(outage={"fault": "hang"})
    assert (reply.fault, reply.takes_time, reply.troubles) == ("hang", True, ("outage", "hang"))


def test_a_broken_connection_goes_before_an_error():
    plan = meddled(error={"rate": 1}, connection={"kind": "truncate"})
    assert (plan.status, plan.body, plan.fault) == (200, b"hi", "truncate")


def test_of_two_troubles_the_later_counts_and_delays_add_up():
    first = a_trouble(delay={"fixed": 100}, connection={"kind": "reset"}, between_chunks_ms=5)
    second = a_trouble(delay={"fixed": 200}, connection={"kind": "empty"}, bytes_per_s=1)
    plan = second.meddle(VIEW, first.meddle(VIEW, REPLY))
    assert (round(plan.delay_s, 3), plan.fault, plan.pace) == (0.3, "empty", Pace(1, 0.0, 1.0))
    assert plan.notes == ((b"X-Mimic-Fault", b"delay, throttle, empty"),)


@pytest.mark.parametrize(
    ("faults", "pace"),
    [
        ({}, None),
        ({"chunk_bytes": 7}, Pace(7, 0.0, None)),
        ({"between_chunks_ms": 20}, Pace(1024, 0.02, None)),
        ({"bytes_per_s": 10}, Pace(1, 0.0, 10.0)),
        ({"bytes_per_s": 1e9}, Pace(65_536, 0.0, 1e9)),
        ({"bytes_per_s": 10, "chunk_bytes": 50}, Pace(50, 0.0, 10.0)),
    ],
)
def test_a_pace_has_pieces_as_asked_or_small_enough_to_be_even(faults, pace):
    assert compile_pace(Faults.model_validate(faults)) == pace


def test_a_key_that_is_none_is_an_error_of_the_definition():
    with pytest.raises(ConfigError, match=r"faults.rate_limit.key: 'ip'"):
        a_trouble(rate_limit={"limit": 1, "key": "ip"})


def test_a_response_has_manners_of_its_own():
    wait = compile_delay(Delay(fixed=300))
    reply = apply_manners(Reply(200, (), "mock", delay_s=0.1), wait, "drip", random=Random(1))
    assert facts(reply) == (0.4, None, "drip", ("drip",), ((b"X-Mimic-Fault", b"drip"),))
    assert apply_manners(REPLY, None, None) is REPLY


def test_a_responses_two_delays_are_one():
    assert response_delay(0, None) is None
    assert response_delay(250, None)(Random(1)) == 0.25
    assert response_delay(250, Delay(fixed=100))(Random(1)) == pytest.approx(0.35)


def test_what_stands_instead_of_an_upstreams_answer_has_its_trouble():
    plan = meddled(FORWARD, delay={"fixed": 100}, connection={"kind": "empty"}, rate_limit={"limit": 3})
    reply = carry_over(plan, REPLY)
    assert (reply.delay_s, reply.fault, reply.seed) == (0.1, "empty", plan.seed)
    assert reply.headers[1] == (b"RateLimit-Limit", b"3")
    assert carry_over(FORWARD, REPLY) is REPLY


def test_a_header_that_would_be_two_lines_is_refused():
    with pytest.raises(ValueError, match="holds a line break"):
        Faults.model_validate({"error": {"rate": 1, "headers": {"A": "1\r\nB: 2"}}})
