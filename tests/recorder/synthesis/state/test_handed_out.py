"""What was handed out is known with what it came with until a call ends it, and so is what renewed it."""

from journeys import bearer, call
from synthesis.scenes import scenes_of

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.handed_out import handed_out
from recorder.synthesis.state.world import World

TOKEN, LATER = "tok-71c0ab", "tok-82d1bc"


def a_look(token, status=200):
    return call("GET", "/me", answer={"name": "ada"}, status=status, headers=bearer(token))


def learnt(*calls):
    scenes = scenes_of(*calls)
    world = World(scenes, {}, {scene.sample.session: scene.timeline for scene in scenes})
    return scenes, handed_out([scene.sample for scene in scenes], world, {})


def held(scenes, token):
    return [scene.timeline.get("tokens", token, moment) is not MISSING for moment, scene in enumerate(scenes)]


def test_a_token_is_known_until_the_call_that_ends_it():
    scenes, [ticket] = learnt(
        call("POST", "/login", {"name": "ada"}, answer={"token": TOKEN}), a_look(TOKEN),
        call("POST", "/logout", headers=bearer(TOKEN)), a_look(TOKEN, 401),
    )  # fmt: skip
    assert [endpoint.path for endpoint in ticket.revokers] == ["/logout"]
    assert held(scenes, TOKEN) == [False, True, True, False]


def test_a_token_that_a_call_hands_out_for_another_is_known_beside_it():
    scenes, [ticket] = learnt(
        call("POST", "/login", {"name": "ada"}, answer={"token": TOKEN}), a_look(TOKEN),
        call("POST", "/refresh", headers=bearer(TOKEN), answer={"token": LATER}), a_look(LATER),
    )  # fmt: skip
    assert sorted(endpoint.path for endpoint in ticket.issuers) == ["/login", "/refresh"]
    assert (held(scenes, TOKEN)[-1], held(scenes, LATER)[-1]) == (True, True)


def test_an_item_of_a_collection_is_not_handed_out():
    scenes = scenes_of(call("POST", "/login", {"name": "ada"}, answer={"token": TOKEN}), a_look(TOKEN))
    for scene in scenes:
        scene.timeline.put("sessions", TOKEN, {"id": TOKEN}, -1)
    world = World(scenes, {}, {scene.sample.session: scene.timeline for scene in scenes})
    assert handed_out([scene.sample for scene in scenes], world, {}) == []
