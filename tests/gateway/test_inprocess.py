"""Definitions answer in this process as they do behind a gateway."""

import json
import logging

import pytest
from e2e.test_cases import SHOP
from serving_gateway import a_gateway

from cassettes.definition import MockDefinition
from cassettes.exchange import Request, Response
from gateway.errors import ConfigError
from gateway.inprocess import InProcess, serve


def definitions(*documents):
    return [MockDefinition.model_validate(document) for document in documents]


def asks(method="GET", target=b"/", *headers, body=None):
    sent = b"" if body is None else json.dumps(body).encode()
    return Request(method, target, headers, sent, "127.0.0.1", "http")


COUNTER = {
    "id": "counter",
    "cases": [
        {
            "tier": "literal",
            "response": {"body": {"n": "{{ state.incr('n') }}", "chance": "{{ uuid() }}", "at": "{{ now() }}"}},
        }
    ],
}


def test_it_remembers_until_it_is_reset_and_chance_has_a_seed():
    one = InProcess(definitions(COUNTER), clock=lambda: 0.0, seed=7)
    answers = [one.answer(asks()) for _ in range(2)]
    one.reset()
    assert one.answer(asks()) == answers[0]
    bodies = [json.loads(response.body) for response, _ in answers]
    assert [(body["n"], body["at"]) for body in bodies] == [(1, "1970-01-01T00:00:00Z"), (2, "1970-01-01T00:00:00Z")]
    assert bodies[0]["chance"] != bodies[1]["chance"]
    assert [match for _, match in answers] == ["literal; case=1; score=10"] * 2


def test_what_lives_only_so_long_ends_by_its_clock():
    now = [0.0]
    document = {"id": "x", "cases": [
        {"when": "not state.s", "response": {"status": 201}, "save": [{"state": "s", "value": 1, "ttl": 60}]},
        {"response": {}}]}  # fmt: skip
    one = InProcess(definitions(document), clock=lambda: now[0])
    statuses = []
    for now[0] in (0.0, 59.0, 61.0):
        statuses.append(one.answer(asks())[0].status)
    assert statuses == [201, 200, 201]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"response": {"body": "hi"}}, (200, b"hi", "prefix; score=10")),
        ({"match": {"path": "/other"}, "response": {}}, (404, None, "miss")),
        ({"enabled": False, "response": {}}, (404, None, "miss")),
        ({"mode": "replay", "cassette": "c", "replay": {"order": "session"}}, (404, None, "miss")),
        ({"cases": [{"when": "false", "response": {}}]}, (501, None, "miss")),
        ({"resource": {"name": "p"}, "match": {"path": "/"}}, (200, b"[]", "exact; score=30")),
        ({"response": {"delay_ms": 60_000, "fault": "reset"}}, (200, b"", "prefix; score=10")),
        ({"response": {}, "faults": {"error": {"rate": 1, "status": 503, "body": "no"}}}, (503, b"no", "prefix; score=10")),
        ({"state": {"persist_to": "redis"}, "response": {"body": "{{ inc('n') }}"}}, (200, b"1", "prefix; score=10")),
    ],
)  # fmt: skip
def test_each_kind_of_mock_answers(document, told):
    response, match = InProcess(definitions({"id": "x", **document})).answer(asks())
    status, body, wanted = told
    assert (response.status, response.body if body is not None else None, match) == (status, body, wanted)


def test_scenarios_move_on():
    steps = [
        {"id": "new", "scenario": {"name": "o", "state": "started", "to": "paid"}, "response": {"body": "new"}},
        {"id": "paid", "scenario": {"name": "o", "state": "paid"}, "response": {"body": "paid"}},
    ]
    one = InProcess(definitions(*steps))
    assert [one.answer(asks())[0].body for _ in range(3)] == [b"new", b"paid", b"paid"]


def test_a_body_that_is_not_sent_is_not_given():
    one = InProcess(definitions({"id": "x", "response": {"body": "hi"}}))
    response, _ = one.answer(asks("HEAD"))
    assert (response.status, response.body, dict(response.headers)[b"content-length"]) == (200, b"", b"2")


def test_an_answer_from_elsewhere_is_taken_note_of():
    one = InProcess(definitions({"id": "x", "match": {"path": "/{id}"}, "cases": [
        {"when": "request.method == 'GET'", "response": {"body": "{{ resource.seen.get(request.path_params.id) }}"}},
        {"response": {"status": 201}, "save": [
            {"in": "seen", "key": "{{ request.path_params.id }}", "item": "{{ vars.answer.json.n }}"}]},
    ]}))  # fmt: skip
    one.follow(asks("POST", b"/a"), Response(201, (), b'{"n": 7}'))
    one.follow(asks("POST", b"/b/c"), Response(201, (), b'{"n": 7}'))
    assert (one.answer(asks("GET", b"/a"))[0].body, one.find(asks("GET", b"/a")), one.find(asks("GET", b"/b/c"))) == (
        b"7",
        "x",
        None,
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"mode": "proxy", "upstream": "u"}, "the upstream 'u' cannot be had where definitions are answered in process"),
        ({"mode": "replay", "cassette": "c"}, "the cassette 'c' cannot be had where definitions are answered in process"),
        ({"response": {"body_file": "f"}}, "the file 'f' cannot be had where definitions are answered in process"),
        ({"response": {"script": "s"}}, "s"),
    ],
)  # fmt: skip
def test_what_only_a_whole_gateway_has_is_refused(document, sentence):
    with pytest.raises(ConfigError) as told:
        InProcess(definitions({"id": "x", **document}))
    assert sentence in str(told.value)


def test_nothing_is_logged(caplog):
    with caplog.at_level(logging.DEBUG):
        one = InProcess(definitions(COUNTER, {"id": "y", "state": {"persist_to": "redis"}, "response": {}}))
        one.answer(asks())
    assert caplog.records == []


async def test_the_answers_are_those_of_a_gateway(tmp_path):
    sent = [
        asks("POST", b"/shop/login", (b"content-type", b"application/json"), body={"name": "ada", "password": "no"}),
        asks("POST", b"/shop/orders", body={"item": "tea"}),
        asks("GET", b"/shop/orders"),
        asks("DELETE", b"/shop/orders/1"),
        asks("GET", b"/nowhere"),
    ]
    one = InProcess(definitions(*SHOP))
    async with a_gateway(tmp_path, *SHOP) as client:
        for request in sent:
            response, match = one.answer(request)
            live = await client.request(request.method, request.target.decode(), content=request.body)
            assert (response.status, match) == (live.status_code, live.headers["x-mimic-match"])
            if match != "miss":
                assert response.body == live.content


def test_an_answer_names_its_definition_and_files_are_read_where_they_can_be():
    document = {"id": "page", "match": {"path": "/page"}, "response": {"body_file": "page.html"}}
    one = InProcess(definitions(document), open_file=lambda definition, name: f"{definition.id} {name}".encode())
    found = [one.give(asks(target=target)) for target in (b"/page", b"/none")]
    assert [(given.response.status, given.match, given.definition) for given in found] == [
        (200, "exact; score=30", "page"), (404, "miss", ""),
    ]  # fmt: skip
    assert found[0].response.body == b"page page.html"


def test_definitions_are_served_as_they_are_written():
    one = serve([{"id": "x", "response": {"body": "{{ random_hex(8) }}"}}], lambda: 0.0)
    assert (
        one.answer(asks())[0].body
        == serve([{"id": "x", "response": {"body": "{{ random_hex(8) }}"}}], lambda: 0.0).answer(asks())[0].body
    )


def test_a_secret_is_known_by_its_stand_in_where_that_is_told():
    body = {"known": "{{ as_recorded(request.query.key, ['abc']) == 'abc' }}"}
    document = {"id": "x", "response": {"body": body}}
    told = InProcess(definitions(document), stand_in=lambda value: "abc" if value == "xyz" else value)
    untold = InProcess(definitions(document))
    found = [one.answer(asks(target=b"/?key=xyz"))[0].body for one in (told, untold)]
    assert found == [b'{"known":true}', b'{"known":false}']
