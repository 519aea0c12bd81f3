"""The benchmark's short form: two services of our own, a few sessions to learn from, one to be tested with."""

from __future__ import annotations

import pytest

from bench.fidelity.measurement import Plan, measure
from bench.fidelity.session import TEST_SEEDS, TRAIN_SEEDS
from bench.fidelity.sessions import PROGRAMS
from bench.fidelity.stand_ins import STAND_INS
from bench.fidelity.upstreams import UPSTREAMS


@pytest.fixture(autouse=True)
def _cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_every_upstream_has_a_session_program():
    assert set(PROGRAMS) == set(UPSTREAMS)


def test_a_replayed_session_is_wholly_right_and_the_real_server_is_its_own_ceiling():
    plan = Plan(TRAIN_SEEDS[:1], TEST_SEEDS[:1])
    result = measure(UPSTREAMS["cart"], PROGRAMS["cart"], STAND_INS["replay"], plan)
    whole = result.same.steps
    assert (result.same.levels, result.same.completed) == ((whole,) * 6, 1)
    assert result.verbatim.levels == (whole,) * 6
    assert set(result.ceiling.levels) == {result.ceiling.steps}
    assert result.rules == result.interactions == whole
    assert (result.counts.steps, result.counts.sessions) == (result.ceiling.steps // 2, 1)


def test_synthesized_mocks_retell_what_was_recorded_and_answer_another_session_as_the_service_would():
    """The carts: what was learnt of eight sessions is held against a ninth."""
    plan = Plan(TRAIN_SEEDS[:8], TEST_SEEDS[:1], same=1)
    result = measure(UPSTREAMS["cart"], PROGRAMS["cart"], STAND_INS["synthesized"], plan)
    steps = result.counts.steps
    assert (result.same.levels, result.same.completed) == ((result.same.steps,) * 6, 1)
    assert (result.counts.levels[:2], result.counts.completed) == ((steps, steps), 1)
    assert (result.same.false_accepts, result.counts.false_accepts) == (0, 0)
    assert set(result.ceiling.levels) == {result.ceiling.steps}


def test_a_session_that_nothing_can_foretell_is_told_again():
    """Codes by text message: their answers follow from nothing in the recording."""
    result = measure(UPSTREAMS["otp"], PROGRAMS["otp"], STAND_INS["synthesized"], Plan(TRAIN_SEEDS[:1], ()))
    assert (result.same.levels, result.same.completed) == ((result.same.steps,) * 6, 1)
    assert (result.verbatim.levels, result.same.false_accepts) == ((result.verbatim.steps,) * 6, 0)
