"""The calls of a batch are samples of their own, in the place of that of the batch."""

from synthesis.telling import told

from recorder.synthesis.samples.batches import with_their_calls
from recorder.synthesis.samples.values import MISSING


def call(method, number=None):
    return {"jsonrpc": "2.0", "method": method, **({"id": number} if number is not None else {})}


def reply(number):
    return {"jsonrpc": "2.0", "id": number, "result": number}


def test_each_call_has_its_reply_and_a_notification_none():
    batch = [call("a", 1), call("b"), call("c", 2), call("d", 3)]
    samples = told(("POST", "/rpc", batch, 200, [reply(2), reply(1)]), ("POST", "/rpc", call("a", 4), 200, reply(4)))
    found = with_their_calls(samples)
    assert [(one.number, one.status, one.json, one.answer_json) for one in found[1:]] == [
        (1, 200, call("a", 1), reply(1)),
        (2, 204, call("b"), MISSING),
        (3, 200, call("c", 2), reply(2)),
        (4, 200, call("a", 4), reply(4)),
    ]
    assert found[0] is samples[0], "one call was told nothing: it was answered as a whole"
    assert [name for name, _ in found[2].answer_headers if "content" in name] == []


def test_calls_take_the_place_of_their_batch():
    samples = told(
        ("POST", "/rpc", [call("a", 1), call("b")], 200, [reply(1)]), ("POST", "/rpc", call("a", 4), 200, {})
    )
    assert [(one.number, one.json) for one in with_their_calls(samples)] == [
        (1, call("a", 1)),
        (2, call("b")),
        (3, call("a", 4)),
    ]


def test_lists_of_other_things_are_no_batches():
    samples = told(("POST", "/rpc", [{"a": 1}], 200, []), ("POST", "/rpc", [], 200, []))
    assert with_their_calls(samples) == samples
