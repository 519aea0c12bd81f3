"""A ticket is handed out, shown again, and stands for what it came with."""

from journeys import bearer, call
from synthesis.scenes import scenes_of
from synthesis.telling import Mocks

from recorder.synthesis.state.tickets import find_memories, find_tickets, given_of, remember_tickets, ticket_lookups
from recorder.synthesis.state.world import World


def a_visit(token="tok-71c0ab"):
    return (
        call("POST", "/login", {"name": "ada"}, answer={"token": token}),
        call("GET", "/me", answer={"name": "ada"}, headers=bearer(token)),
    )


def tickets_of(scenes, keys=()):
    endpoint_of = {scene.sample.number: scene.endpoint for scene in scenes}
    return find_tickets([scene.sample for scene in scenes], endpoint_of, {0: set(keys)})


def test_a_token_that_is_shown_again_is_a_ticket():
    scenes = scenes_of(*a_visit())
    [ticket] = tickets_of(scenes)
    issuers = {endpoint.path: [place for place, _ in places] for endpoint, places in ticket.issuers.items()}
    assert (ticket.name, ticket.slot, ticket.term.text) == ("tokens", "auth.token", "request.auth.token")
    assert issuers == {"/login": ["vars.answer.json.token"]}


def test_the_key_of_an_item_is_no_ticket():
    assert tickets_of(scenes_of(*a_visit()), keys=["tok-71c0ab"]) == []


def test_what_is_called_by_the_id_of_an_item_is_no_place_for_tickets():
    sent = ((b"Cookie", b"17=tok-71c0ab"),)
    scenes = scenes_of(
        call("POST", "/new", {"text": "x"}, answer={"id": 17}, told=((b"Set-Cookie", b"17=tok-71c0ab; Path=/"),)),
        call("DELETE", "/id/17", answer=None, headers=sent),
    )
    assert [ticket.name for ticket in tickets_of(scenes, keys=["17"])] == []
    [ticket] = tickets_of(scenes)
    assert (ticket.name, ticket.slot) == ("_17s", "cookies.17")
    assert ticket.name.isidentifier()


def test_what_a_ticket_came_with_is_looked_up_where_it_is_shown():
    scenes = scenes_of(*a_visit())
    tickets = tickets_of(scenes)
    remember_tickets(World(scenes), tickets)
    [lookup] = ticket_lookups(scenes[1:], tickets).values()
    assert lookup.text == "resource.tokens.get(request.auth.token)"
    assert lookup.find(scenes[1]) == ("tok-71c0ab", {"request": {"name": "ada"}, "answer": {"token": "tok-71c0ab"}})
    assert ticket_lookups(scenes[:1], tickets) == {}


def test_a_key_with_which_a_call_is_answered_as_before_is_remembered():
    calls = [
        call("POST", "/pay", {"sum": 5}, answer={"id": number}, headers=((b"Idempotency-Key", key),))
        for number, key in ((1, b"key-71c0ab"), (1, b"key-71c0ab"), (2, b"key-82d1bc"))
    ]
    scenes = scenes_of(*calls)
    [memory] = find_memories(
        [scene.sample for scene in scenes], {scene.sample.number: scene.endpoint for scene in scenes}
    )
    assert (memory.name, memory.slot) == (
        f"idempotency_key_of_{scenes[0].endpoint.id}".replace("-", "_"),
        "headers.idempotency-key",
    )
    assert [read(scenes[0].sample) for _, read in memory.issuers[scenes[0].endpoint]] == ["key-71c0ab"]


def test_what_a_request_gave_is_its_json_or_its_form():
    [json, form] = scenes_of(call("POST", "/a", {"a": 1}), call("POST", "/b"))
    form.sample.form = {"a": ["1", "2"]}
    assert (given_of(json.sample), given_of(form.sample)) == ({"a": 1}, {"a": "1"})


def test_a_day_that_is_sent_and_shown_again_is_no_ticket():
    stay = {"from": "2031-02-01", "until": "2031-02-03"}
    asked = [call("POST", "/stays", stay, answer={"id": 7, **stay}), call("POST", "/rooms/free", stay, answer={})]
    assert tickets_of(scenes_of(*asked)) == []


def test_a_token_is_known_without_a_scheme_before_it():
    def entered(name, number):
        token = f"tk{number * 7919:06x}{name[::-1]}9f2c{number}"
        shown = {"token": token, "name": name}
        asked = ("GET", "/me", None, 200, {"name": name}, {"Authorization": token})
        return [("POST", "/sessions", {"name": name}, 200, shown), asked]

    names = ("heron", "otter", "plover", "stoat", "marten", "lynx")
    mocks = Mocks(*([*entered(names[at], at + 3), *entered(names[at + 1], at + 9)] for at in range(5)))
    token = mocks.ask("POST", "/sessions", {"name": "wren"}).json["token"]
    mocks.ask("POST", "/sessions", {"name": "ibex"})
    assert mocks.ask("GET", "/me", None, {"Authorization": token}).json == {"name": "wren"}


def test_what_a_header_said_before_any_answer_did_was_handed_out_by_none():
    def a_call(method, path, user):
        told = {"owner": user, "id": f"{path}-1"}
        return call(method, path, {} if method == "POST" else None, answer=told, headers=((b"X-User", user.encode()),))

    assert tickets_of(scenes_of(a_call("POST", "/polls", "ada-7316"), a_call("GET", "/polls/1", "ada-7316"))) == []
    [ticket] = tickets_of(scenes_of(a_visit("key-71c0ab")[0], a_call("GET", "/polls/1", "key-71c0ab")))
    assert ticket.slot == "headers.x-user"


def test_a_header_that_other_endpoints_are_sent_too_is_no_key_of_a_call():
    key = ((b"X-User", b"ada-7316"),)
    twice = [call("POST", "/polls", {"n": 1}, answer={"n": 1}, headers=key)] * 2
    alone = [call("POST", "/polls", {"n": 1}, answer={"n": 1}, headers=((b"X-User", b"bob-9025"),))]

    def memories(*calls):
        scenes = scenes_of(*calls)
        return find_memories([scene.sample for scene in scenes], {one.sample.number: one.endpoint for one in scenes})

    assert [one.slot for one in memories(*twice, *alone)] == ["headers.x-user"]
    others = [call("GET", "/me", answer={"n": 1}, headers=headers) for headers in (key, ((b"X-User", b"bob-9025"),))]
    assert memories(*twice, *alone, *others) == []
