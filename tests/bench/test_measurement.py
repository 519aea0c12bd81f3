"""The benchmark's short form: two services of our own, three sessions to learn from, two to be tested with."""

from __future__ import annotations

import pytest

from bench.fidelity.measurement import Plan, measure
from bench.fidelity.session import TEST_SEEDS, TRAIN_SEEDS
from bench.fidelity.sessions import PROGRAMS
from bench.fidelity.stand_in import LearningError
from bench.fidelity.stand_ins import STAND_INS
from bench.fidelity.upstreams import UPSTREAMS

SHORT = Plan(TRAIN_SEEDS[:3], TEST_SEEDS[:2])


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


@pytest.mark.parametrize("name", ["cart", "otp"])
def test_synthesized_mocks_answer_what_was_recorded_and_never_accept_what_is_refused(name):
    synthesized = STAND_INS["synthesized"]
    try:
        synthesized.obtain()
    except LearningError as error:
        pytest.skip(str(error))
    result = measure(UPSTREAMS[name], PROGRAMS[name], synthesized, SHORT)
    assert (result.same.levels[4], result.same.completed) == (result.same.steps, 3)
    assert result.counts.false_accepts == 0
    assert result.ceiling.levels[4] == result.ceiling.steps
