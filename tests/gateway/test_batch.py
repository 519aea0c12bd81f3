"""A body that is a list of calls: each is answered as if it had been sent alone."""

import json

import pytest
from pydantic import ValidationError

from cassettes.definition import MockDefinition
from cassettes.exchange import Request, Response
from gateway.batch import MOST_CALLS
from gateway.inprocess import InProcess

BATCH = {"id": "batch", "match": {"method": "POST", "path": "/rpc"}, "batch": True}


def call(name, answer, **more):
    body = {"jsonpath": "$['method']", "equals": name}
    case = {"tier": "synthesized", "response": {"status": 200, "body": answer}, **more}
    return {"id": name, "match": {"method": "POST", "path": "/rpc", "body": body}, "cases": [case]}


PUT = call(
    "put", {"id": "{{ request.json.id }}", "result": "kept"}, save=[{"state": "n", "value": "{{ request.json.n }}"}]
)
GET = call("get", {"id": "{{ request.json.id }}", "result": "{{ state.n }}"})
TELL = {
    "id": "tell",
    "match": {"method": "POST", "path": "/rpc", "body": {"jsonpath": "$['method']", "equals": "tell"}},
    "cases": [{"response": {"status": 204}, "save": [{"state": "n", "value": "{{ request.json.n }}"}]}],
}
OTHER = {"id": "other", "match": {"path": "/rpc"}, "response": {"status": 200, "body": {"error": "Invalid Request"}}}


@pytest.fixture
def mocks():
    return InProcess([MockDefinition.model_validate(one) for one in (PUT, GET, TELL, OTHER, BATCH)])


def asks(document):
    return Request("POST", b"/rpc", ((b"Content-Type", b"application/json"),), json.dumps(document).encode())


def test_each_call_sees_what_those_before_it_did(mocks):
    response, match = mocks.answer(asks([
        {"method": "put", "n": 1, "id": "a"}, {"method": "get", "id": "b"},
        {"method": "tell", "n": 2}, {"method": "get", "id": "c"},
    ]))  # fmt: skip
    assert response.status == 200
    assert json.loads(response.body) == [
        {"id": "a", "result": "kept"}, {"id": "b", "result": 1}, {"id": "c", "result": 2},
    ]  # fmt: skip
    assert match.startswith("synthesized; calls=4")
    assert (b"content-type", b"application/json") in response.headers


def test_calls_that_are_told_nothing_have_no_answer(mocks):
    response, _ = mocks.answer(asks([{"method": "tell", "n": 5}]))
    assert (response.status, response.body) == (204, b"")
    assert json.loads(mocks.answer(asks({"method": "get", "id": 1}))[0].body)["result"] == 5


def test_what_is_no_batch_and_what_no_call_may_be(mocks):
    for document in ([], {"method": "nothing"}):
        assert json.loads(mocks.answer(asks(document))[0].body) == {"error": "Invalid Request"}
    assert json.loads(mocks.answer(asks(["x", 1]))[0].body) == [{"error": "Invalid Request"}] * 2
    assert mocks.answer(asks([{"method": "get"}, [{"method": "get"}]]))[0].status == 404


def test_a_batch_that_was_answered_elsewhere_is_taken_note_of_call_by_call(mocks):
    sent = [{"method": "tell", "n": 3}, {"method": "put", "n": 4, "id": 1}, {"method": "tell", "n": 6}]
    mocks.follow(asks(sent), Response(200, (), json.dumps([{"id": 1, "result": "kept"}]).encode()))
    assert json.loads(mocks.answer(asks({"method": "get", "id": 1}))[0].body)["result"] == 6


def test_what_a_batch_answers_is_not_its_own():
    with pytest.raises(ValidationError, match="the other definitions answer each call"):
        MockDefinition.model_validate({**BATCH, "response": {"status": 200}})


def test_a_batch_of_too_many_calls_is_refused_before_any_is_answered(mocks):
    mocks.answer(asks({"method": "put", "id": 1, "n": 7}))
    refused = mocks.answer(asks([{"method": "put", "id": 1, "n": 6}] * (MOST_CALLS + 1)))[0]
    assert refused.status == 413
    assert json.loads(refused.body)["limit"] == MOST_CALLS
    assert json.loads(mocks.answer(asks({"method": "get", "id": 1}))[0].body)["result"] == 7
