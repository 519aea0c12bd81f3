"""The services of our own on a real port: a session is played to its end, and again it is answered the same."""

from __future__ import annotations

import pytest

from bench.fidelity.scoring import score
from bench.fidelity.session import DEV_SEEDS, played
from bench.fidelity.sessions import PROGRAMS
from bench.fidelity.upstream import running, steady_port
from bench.fidelity.upstreams import UPSTREAMS

SERVICES = (
    "bank",
    "books",
    "tracker",
    "booking",
    "identity",
    "store",
    "archive",
    "blog",
    "shortener",
    "chat",
    "grocer",
    "newsdesk",
    "balances",
    "boards",
    "plans",
    "photos",
    "boxoffice",
    "helpdesk",
    "polls",
    "bookmarks",
    "leave",
    "petstore",
    "stays",
    "cluster",
    "samples",
    "trips",
    "instances",
    "flags",
    "queues",
)


@pytest.mark.parametrize("name", SERVICES)
def test_a_session_comes_to_its_end_and_the_service_repeats_what_it_answered(name):
    port, runs = steady_port(), []
    for _ in range(3):
        with running(UPSTREAMS[name], port) as base:
            runs.append(played(name, PROGRAMS[name], DEV_SEEDS[0], base))
    first, second, third = runs
    assert [run.aborted for run in runs] == ["", "", ""]
    assert 20 <= len(first.steps) <= 45
    assert {step.status for step in first.steps} & set(range(500, 600)) == set()
    asked = [(step.label, step.method, step.status) for step in first.steps]
    assert asked == [(step.label, step.method, step.status) for step in third.steps]
    assert {one.level for one in score(first, second, third, third)} == {5}
