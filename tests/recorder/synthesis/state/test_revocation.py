"""A call after which a ticket is refused ends it."""

from journeys import bearer, call
from synthesis.scenes import scenes_of

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.revocation import learn_revocation
from recorder.synthesis.state.tickets import find_tickets, remember_tickets
from recorder.synthesis.state.world import World

TOKEN = "tok-71c0ab"


def learnt(*calls):
    scenes = scenes_of(*calls)
    endpoint_of = {scene.sample.number: scene.endpoint for scene in scenes}
    tickets = find_tickets([scene.sample for scene in scenes], endpoint_of, {})
    remember_tickets(World(scenes), tickets)
    learn_revocation(scenes, tickets)
    return scenes, tickets


def a_look(status=200):
    return call("GET", "/me", answer={"name": "ada"}, status=status, headers=bearer(TOKEN))


def a_login(answer):
    return call("POST", "/login", {"name": "ada"}, answer=answer)


def test_a_ticket_that_is_refused_after_a_call_was_ended_by_it():
    scenes, [ticket] = learnt(
        a_login({"token": TOKEN}), a_look(), call("POST", "/logout", headers=bearer(TOKEN)), a_look(401)
    )
    revokers = {endpoint.path: causes for endpoint, causes in ticket.revokers.items()}
    assert revokers == {"/logout": [(None, ())]}
    held = [scene.timeline.get("tokens", TOKEN, moment) is not MISSING for moment, scene in enumerate(scenes)]
    assert held == [False, True, True, False]


def test_a_ticket_that_is_still_accepted_was_ended_by_nothing():
    _, [ticket] = learnt(a_login({"token": TOKEN}), a_look(), call("POST", "/ping", headers=bearer(TOKEN)), a_look())
    assert ticket.revokers == {}


def test_a_ticket_may_end_with_another_that_it_came_with():
    refresh = "ref-82d1bc"
    _, tickets = learnt(
        a_login({"token": TOKEN, "refresh": refresh}),
        a_look(),
        call("POST", "/forget", {"refresh": refresh}, status=204),
        a_look(401),
    )
    named = {ticket.name: ticket for ticket in tickets}
    revokers = {endpoint.path: causes for endpoint, causes in named["tokens"].revokers.items()}
    assert revokers == {"/forget": [(named["refreshs"], ("answer", "token"))]}
