"""Profiles are switched on for a tag, meet at once, and end by the clock."""

import pytest
from builders import a_request
from serving_gateway import a_gateway, an_upstream, ok

from cassettes.definition import Faults
from gateway.config import ChaosProfile
from gateway.errors import ConfigError, UnknownProfileError
from gateway.faults.chaos import ChaosBoard
from gateway.mode import Reply
from gateway.view import RequestView

VIEW = RequestView(a_request())
REPLY = Reply(200, (), "mock")
DOWN = {"outage": {"status": 503}}
TAGGED = {"id": "pay", "tags": ["payments"], "match": {"path": "/pay"}, "response": {"body": "paid"}}
PLAIN = {"id": "shop", "match": {"path": "/shop"}, "response": {"body": "open"}}


class Clock:
    def __init__(self, now=1000.0):
        self.now = now

    def __call__(self):
        return self.now


def a_board(clock=None, seen=None, **profiles):
    clock = clock or Clock()
    found = {name: ChaosProfile.model_validate(profile) for name, profile in profiles.items()}
    on_change = seen.append if seen is not None else lambda _: None
    return ChaosBoard(found, on_change=on_change, clock=clock, monotonic=clock)


def status(board, *tags, route="r"):
    return board.meddle(VIEW, REPLY, route, frozenset(tags)).status


def test_a_profile_meets_its_tags_and_without_tags_everyone():
    board = a_board(some={"faults": DOWN, "tags": ["a", "b"]}, all={"faults": DOWN})
    board.start("some")
    assert [status(board, *tags) for tags in ((), ("a",), ("b", "c"), ("c",))] == [200, 503, 503, 200]
    board.start("all")
    assert status(board) == 503
    board.stop("all")
    assert status(board) == 200


def test_a_profile_ends_by_itself():
    clock, seen = Clock(), []
    board = a_board(clock, seen, down={"faults": DOWN, "for_s": 30})
    assert board.start("down").ends == 1030.0
    clock.now = 1029.9
    assert status(board) == 503
    clock.now = 1030.0
    assert status(board) == 200
    assert (board.running(), seen) == ([], [True, False])


def test_what_is_said_at_the_start_goes_before_what_the_profile_says():
    board = a_board(down={"faults": DOWN, "for_s": 30, "tags": ["a"]})
    assert board.start("down", for_s=5, tags=["b"], faults=Faults()).ends == 1005.0
    assert status(board, "a") == 200
    assert board.start("down", until=1002.0).ends == 1002.0
    assert board.start("down", until=1002.0, for_s=1).ends == 1001.0


def test_a_profile_may_be_made_up_on_the_spot():
    board = a_board()
    running = board.start("now", faults=Faults.model_validate(DOWN))
    assert (running.ends, running.tags, status(board)) == (None, frozenset(), 503)


def test_a_start_afresh_counts_afresh():
    board = a_board(limit={"faults": {"rate_limit": {"limit": 1, "key": "global"}}})
    board.start("limit")
    assert [status(board), status(board)] == [200, 429]
    board.start("limit")
    assert [status(board), status(board)] == [200, 429]


def test_a_limit_counts_over_all_routes_or_by_route():
    board = a_board(limit={"faults": {"rate_limit": {"limit": 1, "key": "global"}}})
    board.start("limit")
    assert [status(board, route=route) for route in "ab"] == [200, 429]
    board.start("limit", faults=Faults.model_validate({"rate_limit": {"limit": 1, "key": "route"}}))
    assert [status(board, route=route) for route in "aba"] == [200, 200, 429]


def test_an_outage_counts_from_the_start():
    clock = Clock()
    board = a_board(clock, down={"faults": {"outage": {"after_s": 5}}})
    clock.now = 5000.0
    board.start("down")
    assert status(board) == 200
    clock.now = 5005.0
    assert status(board) == 503


def test_what_cannot_be_done_is_refused_with_what_could():
    board = a_board(down={"faults": DOWN})
    with pytest.raises(UnknownProfileError, match=r"no chaos profile 'up' \(known: down\); give its faults"):
        board.start("up")
    with pytest.raises(UnknownProfileError, match=r"'down' is not on \(on: none\)"):
        board.stop("down")
    with pytest.raises(ConfigError, match="ended before it began"):
        board.start("down", until=1.0)


def test_all_are_stopped_at_once():
    seen = []
    board = a_board(None, seen, a={"faults": DOWN}, b={"faults": DOWN})
    board.start("a")
    board.start("b")
    assert (board.stop_all(), board.running(), seen[-1]) == (["a", "b"], [], False)


async def test_a_profile_takes_effect_at_once_over_the_admin_api(tmp_path):
    async with a_gateway(tmp_path, TAGGED, PLAIN) as client:
        before = [(await client.get(path)).status_code for path in ("/pay", "/shop")]
        started = await client.post(
            "/api/admin/chaos/storm/start", json={"for_s": 60, "tags": ["payments"], "faults": DOWN}
        )
        during = [await client.get(path) for path in ("/pay", "/shop")]
        listed = (await client.get("/api/admin/chaos")).json()
        on = (await client.get("/api/admin/status")).json()["chaos"]
        await client.post("/api/admin/chaos/storm/stop")
        after = await client.get("/pay")
    assert before == [200, 200]
    assert started.json()["ends"] == pytest.approx(started.json()["began"] + 60)
    assert [answer.status_code for answer in during] == [503, 200]
    assert (during[0].headers["x-mimic-fault"], during[0].headers["x-mimic-served-by"]) == ("outage", "mock")
    assert (listed["items"], listed["running"], on) == ([], [started.json()], ["storm"])
    assert after.text == "paid"
    assert client.gateway.plane.chaos is None


async def test_a_profile_and_the_definitions_own_faults_combine(tmp_path):
    limited = {**TAGGED, "faults": {"rate_limit": {"limit": 5}}}
    async with a_gateway(tmp_path, limited) as client:
        await client.post("/api/admin/chaos/slow/start", json={"faults": {"bytes_per_s": 1e6}})
        combined = await client.get("/pay")
        await client.post("/api/admin/chaos/down/start", json={"faults": DOWN})
        down = await client.get("/pay")
        stopped = (await client.post("/api/admin/chaos/stop")).json()
        after = await client.get("/pay")
    assert (combined.text, combined.headers["ratelimit-remaining"]) == ("paid", "4")
    assert combined.headers["x-mimic-fault"] == "throttle"
    assert down.status_code == 503
    assert stopped == {"stopped": ["slow", "down"]}
    assert (after.headers["ratelimit-remaining"], "x-mimic-fault" in after.headers) == ("2", False)


async def test_a_proxied_route_is_met_and_its_upstream_is_not_asked(tmp_path):
    async with an_upstream(ok()) as upstream:
        proxied = {"id": "up", "mode": "proxy", "upstream": upstream.url, "tags": ["t"]}
        async with a_gateway(tmp_path, proxied) as client:
            await client.post("/api/admin/chaos/down/start", json={"faults": DOWN, "tags": ["t"]})
            answer = await client.get("/x")
    assert (answer.status_code, upstream.requests) == (503, [])


async def test_a_wrong_start_is_a_problem_document(tmp_path):
    async with a_gateway(tmp_path, PLAIN) as client:
        unknown = await client.post("/api/admin/chaos/none/start")
        misspelt = await client.post("/api/admin/chaos/x/start", json={"faults": {"delai": {}}})
        key = await client.post("/api/admin/chaos/x/start", json={"faults": {"rate_limit": {"limit": 1, "key": "who"}}})
        past = await client.post("/api/admin/chaos/x/start", json={"faults": {}, "until": "2020-01-01T00:00:00"})
    assert [answer.status_code for answer in (unknown, misspelt, key, past)] == [404, 422, 422, 422]
    assert "known: none" in unknown.json()["detail"]
    assert "rate_limit.key" in key.json()["detail"]
