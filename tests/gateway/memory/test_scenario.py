"""Scenarios move for one of their scope at a time, and of those that race exactly one moves them."""

import asyncio

import pytest
from builders import a_request
from state_places import a_backend, a_redis

from cassettes.definition import ScenarioStep
from gateway.errors import ScenarioMovedError
from gateway.matcher import Verdict
from gateway.memory.scenario import ScenarioListing, ScenarioPredicate, Scenarios, Standing
from gateway.memory.scopes import States
from gateway.states import BACKENDS
from gateway.states.memory import MemoryBackend
from gateway.view import RequestView

PAY = ScenarioStep(name="order", state="started", to="paid")
SHIP = ScenarioStep(name="order", state="paid", to="shipped")


def a_view(session=""):
    return RequestView(a_request(headers=((b"X-Mimic-Session", session.encode()),)))


@pytest.fixture(params=list(BACKENDS))
async def scenarios(request, tmp_path):
    if request.param == "redis":
        with a_redis(tmp_path) as server:
            async with a_backend("redis", server.url) as backend:
                yield Scenarios(States("redis", {"redis": backend}), [PAY, SHIP])
        return
    async with a_backend(request.param, tmp_path / "state.db") as backend:
        yield Scenarios(States(request.param, {request.param: backend}), [PAY, SHIP])


def in_memory(*steps):
    return Scenarios(States("memory", {"memory": MemoryBackend()}), steps)


async def test_of_a_hundred_that_move_it_exactly_one_does(scenarios):
    async def pay(number):
        found = await scenarios.current("order", "global", a_view())
        try:
            await scenarios.move(PAY, a_view(), found)
        except ScenarioMovedError:
            return None
        return number if found == "started" else None

    moved = await asyncio.gather(*(pay(number) for number in range(100)))
    assert sum(number is not None for number in moved) == 1
    assert await scenarios.current("order", "global", a_view()) == "paid"


async def test_it_goes_from_state_to_state_and_back_to_the_start(scenarios):
    back = ScenarioStep(name="order", state="shipped", to="started")
    seen = []
    for step in (PAY, SHIP, back, PAY):
        found = (await scenarios.prefetch([step], a_view()))["order", "global"]
        await scenarios.move(step, a_view(), found)
        seen.append((found, await scenarios.current("order", "global", a_view())))
    assert seen == [("started", "paid"), ("paid", "shipped"), ("shipped", "started"), ("started", "paid")]


async def test_a_move_from_where_it_no_longer_stands_is_an_error(scenarios):
    await scenarios.move(PAY, a_view(), "started")
    with pytest.raises(ScenarioMovedError, match="'order' is no longer in 'started'"):
        await scenarios.move(PAY, a_view(), "started")


async def test_a_step_that_leads_nowhere_moves_nothing():
    scenarios = in_memory(PAY)
    await scenarios.move(ScenarioStep(name="order", state="paid"), a_view(), "paid")
    assert await scenarios.current("order", "global", a_view()) == "started"


async def test_each_session_has_its_own():
    step = ScenarioStep(name="a b:c", to="next", scope="session")
    scenarios = in_memory(step, PAY)
    await scenarios.move(step, a_view("s:1"), "started")
    await scenarios.move(PAY, a_view("s:1"), "started")
    assert [await scenarios.current("a b:c", "session", a_view(who)) for who in ("s:1", "s:2", "")] == [
        "next",
        "started",
        "started",
    ]
    assert await scenarios.listing() == [
        ScenarioListing("a b:c", ("session",), ("started", "next"), (Standing("session", "s:1", "next"),)),
        ScenarioListing("order", ("global",), ("started", "paid"), (Standing("global", "", "paid"),)),
    ]


async def everybody(scenarios):
    return {
        (one.name, standing.scope, standing.value)
        for one in await scenarios.listing()
        for standing in one.current
        if standing.state != "started"
    }


ALL = {
    ("a", "global", ""),
    ("a", "header:x-t", "1"),
    ("a", "session", "s"),
    ("a", "session", "st"),
    ("b", "session", "s"),
}


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ({}, set()),
        ({"name": "a"}, {("b", "session", "s")}),
        ({"scope": "session"}, {("a", "global", ""), ("a", "header:x-t", "1")}),
        ({"scope": "session", "value": "s"}, ALL - {("a", "session", "s"), ("b", "session", "s")}),
        ({"name": "a", "scope": "session", "value": "s"}, ALL - {("a", "session", "s")}),
        ({"name": "a", "scope": "global"}, ALL - {("a", "global", "")}),
        ({"name": "a", "scope": "header:X-T"}, ALL - {("a", "header:x-t", "1")}),
    ],
)
async def test_one_or_all_begin_again(asked, left):
    scopes = {"a": ("global", "session", "header:X-T"), "b": ("session",)}
    scenarios = in_memory(
        *(ScenarioStep(name=name, to="next", scope=scope) for name, known in scopes.items() for scope in known)
    )
    for name, scope, value in ALL:
        await scenarios.set(name, "next", scope, value)
    assert await everybody(scenarios) == ALL
    assert await scenarios.reset(**asked) == len(ALL) - len(left)
    assert await everybody(scenarios) == left


async def test_a_predicate_asks_what_was_prefetched():
    scenarios, view = in_memory(PAY, SHIP), a_view()
    await scenarios.move(PAY, view, "started")
    before = (ScenarioPredicate(PAY).holds(view), ScenarioPredicate(SHIP).holds(view))
    view.scenarios = await scenarios.prefetch([PAY, SHIP], view)
    anywhere = ScenarioPredicate(ScenarioStep(name="order", to="x"))
    assert before == (True, False)
    assert (ScenarioPredicate(PAY).holds(view), ScenarioPredicate(SHIP).holds(view), anywhere.holds(view)) == (
        False,
        True,
        True,
    )
    assert (ScenarioPredicate(PAY).count, anywhere.count) == (1, 0)
    assert ScenarioPredicate(SHIP).explain(view) == Verdict("scenario", True, "order in paid", "order in paid", 1.0)
    assert ScenarioPredicate(PAY).explain(view) == Verdict(
        "scenario",
        False,
        "order in started",
        "order in paid",
        0.5,
        "The scenario 'order' stands in 'paid': move it on, or reset it.",
    )


def test_in_memory_nothing_waits():
    scenarios = in_memory(PAY)
    assert scenarios.immediate is True
    work = scenarios.prefetch([PAY], a_view())
    with pytest.raises(StopIteration) as done:
        work.send(None)
    assert done.value.value == {("order", "global"): "started"}
