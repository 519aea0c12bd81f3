"""A recorded session is told before a route is looked for, and the definition that would have answered hears of it."""

import pytest
from supplied import SomeServices, performed

from cassettes.cassette import Cassette, Interaction, Manifest
from cassettes.definition import MockDefinition
from cassettes.exchange import Exchange, Failure, Request, Response
from gateway.retelling import end, is_going_on, retell
from gateway.route import compile_route
from gateway.routes import RouteTable
from gateway.view import RequestView
from recorder.player import Player
from recorder.retelling import Retelling

ASK = Request("GET", b"/a")


class Sessions(SomeServices):
    """Services whose one cassette has one session: these exchanges, in this order."""

    def __init__(self, *exchanges, definitions=()):
        super().__init__(*definitions)
        kept = tuple(Interaction(number, exchange) for number, exchange in enumerate(exchanges, 1))
        self.cassette = Cassette(Manifest("shop"), kept)

    def retelling(self, definition, options):
        return Retelling([("shop", Player(self.cassette, None, options))])


def table(*exchanges, mocks=(), **document):
    definitions = [
        MockDefinition.model_validate(
            {"id": "told", "mode": "replay", "cassette": "shop", "replay": {"order": "session"}, **document}
        ),
        *(MockDefinition.model_validate(mock) for mock in mocks),
    ]
    services = Sessions(*exchanges, definitions=definitions)
    return RouteTable(compile_route(one, services, place) for place, one in enumerate(definitions)), services


def answered(routes, request=ASK):
    view = RequestView(request)
    told = retell(routes.retold, view, routes.find(view))
    return None if told is None else (told[0].id, performed(told[1]))


def an_answer(body=b"hi", status=200):
    return Exchange(ASK, Response(status, ((b"Content-Type", b"text/plain"),), body))


def test_a_session_answers_and_is_over_when_it_is_left():
    routes, _ = table(an_answer())
    assert routes.routes == ()
    route, reply = answered(routes)
    assert (route, reply.body, reply.source) == ("told", b"hi", "cassette")
    assert dict(reply.notes) == {b"X-Mimic-Cassette": b"shop", b"X-Mimic-Match": b"literal; interaction=1"}
    assert is_going_on(routes.retold)
    assert answered(routes) is None
    assert not is_going_on(routes.retold)


@pytest.mark.parametrize(
    "match", [{"path": "/b"}, {"method": "POST"}, {"headers": {"X-A": "1"}}], ids=["path", "method", "header"]
)
def test_what_the_definition_does_not_match_is_none_of_the_session(match):
    routes, _ = table(an_answer(), match=match)
    assert answered(routes) is None
    assert is_going_on(routes.retold)


@pytest.mark.parametrize(("priority", "who"), [(0, "told"), (5, None)])
def test_the_higher_priority_answers(priority, who):
    mock = {"id": "mock", "priority": priority, "match": {"path": "/**"}, "response": {}}
    routes, _ = table(an_answer(), mocks=[mock], priority=1)
    found = answered(routes)
    assert (found and found[0]) == who
    assert is_going_on(routes.retold)


def test_a_session_can_be_ended():
    routes, _ = table(an_answer())
    end(routes.retold)
    assert answered(routes) is None


MOCK = {
    "id": "mock",
    "match": {"path": "/a"},
    "let": {"n": "{{ state.incr('n') }}"},
    "cases": [
        {"when": "false", "response": {"status": 404}, "save": [{"state": "seen", "value": 404}]},
        {"when": "false", "response": {}, "save": [{"state": "seen", "value": "first"}]},
        {"when": "true", "response": {}, "save": [{"state": "seen", "value": "{{ vars.answer.text }}"}]},
        {"response": {"status": "{{ 201 }}"}, "save": [{"state": "seen", "value": "by template"}]},
        {"response": {"status": 500}, "save": [{"state": "seen", "value": "{{ 1 / 0 }}"}]},
    ],
}


@pytest.mark.parametrize(
    ("status", "seen", "said"),
    [
        (200, "hi", "mock took note of this answer: case 3"),
        (404, 404, "mock took note of this answer: case 1"),
        (201, "by template", "mock took note of this answer: case 4"),
        (500, None, "mock could not take note of this answer: definition 'mock', cases.4.save.0.value, line 1"),
    ],
)
async def test_the_first_case_of_that_status_that_holds_takes_note(status, seen, said):
    routes, services = table(an_answer(status=status), mocks=[MOCK], priority=1)
    _, reply = answered(routes)
    state = services.remembered.states.default
    assert (reply.status, reply.body, reply.said.startswith(said)) == (status, b"hi", True)
    assert (await state.get("global:seen") or None, await state.get("global:n")) == (seen, 1)


async def test_a_status_that_no_case_has_is_told():
    mock = {**MOCK, "cases": MOCK["cases"][:3]}
    routes, _ = table(an_answer(status=204), mocks=[mock], priority=1)
    assert answered(routes)[1].said == "mock has no case of this status"


async def test_the_turn_of_a_sequence_goes_on():
    variants = [{"response": {"body": name}} for name in "ab"]
    mock = {"id": "mock", "match": {"path": "/a"}, "cases": [
        {"response": {"variants": variants, "repeat_policy": {"sequence": True}}}]}  # fmt: skip
    routes, _ = table(an_answer(), mocks=[mock], priority=1)
    view = RequestView(ASK)
    bodies = [answered(routes)[1].body, performed(routes.find(view).decide(view)).body]
    assert bodies == [b"hi", b"b"]


def test_of_a_failure_nothing_is_told():
    routes, _ = table(Exchange(ASK, None, Failure("reset")), mocks=[MOCK], priority=1)
    _, reply = answered(routes)
    assert (reply.breaks, reply.said) == (Failure("reset"), "")
