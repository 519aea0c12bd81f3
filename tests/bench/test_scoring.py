from __future__ import annotations

import json
import random
import uuid
from dataclasses import replace

import pytest

from bench.fidelity.scoring import answered_by_mimic, score
from bench.fidelity.transcript import Step, Transcript

HEADERS = (("content-type", "application/json"),)


def step(label, status=200, body=None, *, method="GET", path="/", reads=False, asked="", headers=(), served="mock"):
    told = (*HEADERS, *headers, ("x-mimic-served-by", served))
    text = "" if body is None else json.dumps(body)
    return Step(label, method, path, status, told, text, size=len(text), reads=reads, asked=asked)


def run(*steps, aborted=""):
    return Transcript("shop", 1, steps, aborted)


def levels(real, second, third, mock):
    return [scored.level for scored in score(real, second, third, mock)]


def created(number, at, *, name="tea"):
    return step("create", 201, {"id": number, "name": name, "at": at}, method="POST", path="/items")


def fresh_run(*, at="2026-01-01T10:00:00Z", number=None):
    number = number or uuid.uuid4().hex
    return run(
        created(number, at),
        step("read", 200, {"id": number, "name": "tea", "at": at}, path=f"/items/{number}", reads=True),
        step("list", 200, {"items": [{"id": number, "name": "tea"}], "total": 1}, path="/items", reads=True),
    )


@pytest.fixture
def runs():
    return fresh_run(), fresh_run(at="2026-01-01T10:00:05Z"), fresh_run(at="2026-01-01T10:00:09Z")


def with_step(transcript, number, **changes):
    steps = list(transcript.steps)
    steps[number] = replace(steps[number], **changes)
    return replace(transcript, steps=tuple(steps))


def test_the_real_server_asked_again_is_wholly_right(runs):
    assert levels(*runs, runs[1]) == [5, 5, 5]
    assert levels(*runs, runs[2]) == [5, 5, 5]


def test_other_ids_and_other_times_are_right_where_they_are_the_same_throughout(runs):
    mock = fresh_run(at="2027-05-05T00:00:00Z")
    assert [(scored.level, scored.strict, scored.body) for scored in score(*runs, mock)] == [(5, True, True)] * 3


def test_a_wrong_status_is_answered_and_no_more(runs):
    scored = score(*runs, with_step(fresh_run(), 1, status=404))
    assert [(one.level, one.false_accept) for one in scored] == [(5, False), (0, False), (5, False)]
    assert scored[1].why == "status 404, not 200"


def test_an_id_swapped_on_the_way_is_no_longer_linked(runs):
    other = uuid.uuid4().hex
    mock = with_step(fresh_run(), 1, text=json.dumps({"id": other, "name": "tea", "at": "2026-01-01T10:00:00Z"}))
    assert levels(*runs, mock) == [5, 4, 5]
    assert score(*runs, mock)[1].why == "link at $.id"


def test_a_wrong_stable_value_is_of_the_right_shape_only(runs):
    mock = fresh_run()
    body = json.loads(mock.steps[1].text) | {"name": "coffee"}
    scored = score(*runs, with_step(mock, 1, text=json.dumps(body)))[1]
    assert (scored.level, scored.strict, scored.body, scored.why) == (3, False, False, "value at $.name")


def test_a_missing_key_and_another_type_are_of_another_shape(runs):
    mock = fresh_run()
    body = json.loads(mock.steps[1].text)
    lacking = {key: value for key, value in body.items() if key != "name"}
    assert score(*runs, with_step(mock, 1, text=json.dumps(lacking)))[1].level == 2
    assert score(*runs, with_step(mock, 1, text=json.dumps(body | {"name": 7})))[1].level == 2
    assert score(*runs, with_step(mock, 1, text=json.dumps(body | {"more": 7})))[1].level == 2


def test_a_time_in_another_notation_is_not_well_formed(runs):
    mock = fresh_run()
    body = json.loads(mock.steps[1].text) | {"at": "yesterday"}
    assert score(*runs, with_step(mock, 1, text=json.dumps(body)))[1].level == 4


def test_a_time_that_is_the_same_in_every_run_is_a_value_like_any_other():
    real = run(step("look", 200, {"due": "2027-03-04T10:00:00Z"}))
    assert levels(real, real, real, run(step("look", 200, {"due": "2027-03-04T10:00:01Z"}))) == [3]


def test_a_list_in_another_order_has_the_shape_and_not_the_values():
    rows = [{"name": name} for name in ("ash", "elm", "oak")]
    real = run(step("list", 200, rows, reads=True))
    mock = run(step("list", 200, rows[::-1], reads=True))
    assert levels(real, real, real, mock) == [3]
    assert score(real, real, real, mock)[0].why == "value at $[0].name"


def test_a_list_that_lacks_an_element_has_the_shape_and_not_the_values():
    real = run(step("list", 200, [{"name": "ash"}, {"name": "elm"}]))
    assert levels(real, real, real, run(step("list", 200, [{"name": "ash"}]))) == [3]
    assert levels(real, real, real, run(step("list", 200, []))) == [3]


def test_a_list_that_the_real_server_sorts_by_its_own_ids_may_come_in_any_order():
    def one(seed):
        dice = random.Random(seed)
        ids = [f"{dice.getrandbits(128):032x}" for _ in range(3)]
        rows = sorted([{"id": number, "name": name} for number, name in zip(ids, ("ash", "elm", "oak"), strict=True)],
                      key=lambda row: row["id"])  # fmt: skip
        made = [step(f"create {name}", 201, {"id": number}) for number, name in zip(ids, "aeo", strict=True)]
        return run(*made, step("list", 200, rows, reads=True))

    real, second, third, mock = one(1), one(2), one(3), one(4)
    assert levels(real, second, third, mock) == [5, 5, 5, 5]


def test_an_accepted_request_that_the_service_refuses_is_a_false_accept():
    real = run(step("buy", 402, {"error": "declined"}, method="POST"))
    scored = score(real, real, real, run(step("buy", 201, {"id": "x"}, method="POST")))[0]
    assert (scored.level, scored.false_accept, scored.honest) == (0, True, False)


def test_a_mock_that_says_it_cannot_answer_is_honest_where_the_service_refuses_too():
    problem = {"type": "urn:mimic:problem:no-route", "title": "No route matches", "status": 404}
    real = run(step("buy", 402, {"error": "declined"}), step("look", 200, {"name": "tea"}))
    mock = run(step("buy", 404, problem, served="error"), step("look", 404, problem, served="error"))
    told = [(one.level, one.honest, one.false_accept, one.why) for one in score(real, real, real, mock)]
    assert told == [(-1, True, False, "not answered"), (-1, False, False, "not answered")]


def test_a_wrong_answer_marked_as_unsure_is_honest():
    real = run(step("look", 200, {"name": "tea"}))
    mock = run(step("look", 200, {"name": "milk"}, headers=(("x-mimic-match", "schema"),)))
    assert [(one.level, one.honest) for one in score(real, real, real, mock)] == [(3, True)]


def test_steps_that_were_never_reached_are_wrong(runs):
    mock = replace(runs[1], steps=runs[1].steps[:1], aborted="read: no value")
    scored = score(*runs, mock)
    assert [(one.level, one.reached, one.reads) for one in scored] == [
        (5, True, False),
        (-1, False, True),
        (-1, False, True),
    ]


def test_repeats_of_a_label_are_compared_one_by_one():
    real = run(step("poll", 200, {"state": "queued"}), step("poll", 200, {"state": "done"}))
    mock = run(step("poll", 200, {"state": "queued"}), step("poll", 200, {"state": "queued"}))
    assert levels(real, real, real, mock) == [5, 3]


def test_an_opaque_value_that_repeats_across_runs_is_compared_up_to_a_bijection():
    real = run(step("create", 201, {"etag": '"a1b2c3d4e5f6a7b8"'}), step("read", 200, {"etag": '"a1b2c3d4e5f6a7b8"'}))
    other = run(step("create", 201, {"etag": '"0f0e0d0c0b0a0908"'}), step("read", 200, {"etag": '"0f0e0d0c0b0a0908"'}))
    assert [(one.level, one.strict) for one in score(real, real, real, other)] == [(5, False), (5, False)]
    broken = run(step("create", 201, {"etag": '"0f0e0d0c0b0a0908"'}), step("read", 200, {"etag": '"ffffffffffffff00"'}))
    assert levels(real, real, real, broken) == [5, 3]


def test_what_the_client_itself_sent_must_come_back_as_it_was():
    sent = "order-4711-abcd-0815"
    real = run(step("create", 201, {"ref": sent}, asked=f'\n\n{{"ref": "{sent}"}}'))
    mock = run(step("create", 201, {"ref": "order-9999-wxyz-1234"}))
    assert levels(real, real, real, mock) == [3]


def test_what_the_server_made_up_stays_so_when_the_client_sends_it_back():
    def one(tag, told=None):
        return run(
            step("create", 201, {"rev": tag}),
            step("refused", 409, {"why": f"{told or tag} is not the latest"}, path=f"/items/1?rev={tag}"),
        )

    real = one("a1b2c3d4e5f6a7b8")
    assert levels(real, real, real, one("0f0e0d0c0b0a0908")) == [5, 5]
    assert levels(real, real, real, one("0f0e0d0c0b0a0908", "ffffffffffffff00")) == [5, 3]


def test_numbers_that_the_client_asks_by_are_ids_and_others_are_not():
    def one(number, count):
        return run(
            step("create", 201, {"id": number, "count": count}),
            step("read", 200, {"id": number, "count": count}, path=f"/items/{number}"),
        )

    real = one(4, 3)
    assert [(scored.level, scored.strict) for scored in score(real, real, real, one(7, 3))] == [(5, False), (5, False)]
    assert levels(real, real, real, one(4, 5)) == [3, 3]


def test_a_message_that_names_an_id_is_right_with_the_mocks_own_id(runs):
    def one(number):
        body = {"message": f"Item {number} does not exist"}
        return run(
            created(number, "2026-01-01T10:00:00Z"), step("gone", 404, body, path=f"/items/{number}", reads=True)
        )

    real, second, third, mock = (one(uuid.uuid4().hex) for _ in range(4))
    assert levels(real, second, third, mock) == [5, 5]
    body = {"message": f"Thing {json.loads(mock.steps[0].text)['id']} does not exist"}
    assert levels(real, second, third, with_step(mock, 1, text=json.dumps(body))) == [5, 3]


@pytest.mark.parametrize(
    ("given", "level"),
    [
        ([("location", "{base}/items/1")], 5),
        ([("location", "http://127.0.0.1:8000/items/1")], 1),
        ([], 1),
        ([("location", "{base}/items/1"), ("set-cookie", "sid=1")], 1),
        ([("location", "{base}/items/1"), ("server", "other"), ("date", "now")], 5),
        ([("location", "{base}/items/2")], 3),
    ],
)
def test_headers_that_mean_something_are_compared(given, level):
    real = run(step("create", 201, {"ok": True}, headers=(("location", "{base}/items/1"), ("date", "then"))))
    assert levels(real, real, real, run(step("create", 201, {"ok": True}, headers=tuple(given)))) == [level]


def test_another_media_type_is_no_right_header():
    real = run(step("look", 200, {"name": "tea"}))
    other = Step("look", "GET", "/", 200, (("content-type", "text/html"),), '{"name": "tea"}')
    assert levels(real, real, real, run(other)) == [1]


def test_xml_is_compared_by_its_elements():
    def one(key, etag):
        text = f"<List><Item><Key>{key}</Key><ETag>{etag}</ETag></Item></List>"
        return run(Step("list", "GET", "/", 200, (("content-type", "application/xml"),), text))

    real = one("a.txt", "d41d8cd98f00b204e9800998ecf8427e")
    assert levels(real, real, real, one("a.txt", "900150983cd24fb0d6963f7d28e17f72")) == [5]
    assert levels(real, real, real, one("b.txt", "d41d8cd98f00b204e9800998ecf8427e")) == [3]


def test_event_streams_are_compared_event_by_event():
    def one(*words):
        text = "".join(f'data: {{"word": "{word}"}}\n\n' for word in words) + "data: [DONE]\n\n"
        return run(Step("stream", "POST", "/", 200, (("content-type", "text/event-stream"),), text))

    assert levels(one("a", "b"), one("a", "b"), one("a", "b"), one("a", "b")) == [5]
    assert levels(one("a", "b"), one("a", "b"), one("a", "b"), one("a")) == [3]


def test_bytes_are_right_or_wrong():
    def one(digest):
        return run(
            Step("get", "GET", "/", 200, (("content-type", "image/png"),), "", binary=True, digest=digest, size=9)
        )

    assert levels(one("aa"), one("aa"), one("aa"), one("aa")) == [5]
    assert levels(one("aa"), one("aa"), one("aa"), one("bb")) == [3]


def test_an_id_of_another_length_is_not_of_the_form():
    def one(number):
        return run(step("create", 201, {"id": number}))

    real, second, third = (one(f"{random.Random(seed).getrandbits(64):016x}") for seed in (1, 2, 3))
    assert levels(real, second, third, one(f"{random.Random(4).getrandbits(64):016x}")) == [5]
    assert levels(real, second, third, one("a1b2c3d4")) == [4]
    assert levels(real, second, third, one("not-an-id-at-all")) == [4]


def test_a_map_in_a_list_may_have_other_keys_in_every_run():
    def batch():
        account = f"{random.getrandbits(40):012d}"
        return run(step("batch", 200, [{"account": account, "balances": {account: 7}}, {"error": "none"}]))

    assert levels(batch(), batch(), batch(), batch())[0] >= 3
    assert levels(batch(), batch(), batch(), run(step("batch", 200, [{"account": "1"}, {"error": "none"}])))[0] < 3


def test_what_one_more_real_run_gives_in_another_order_is_not_stable():
    real, other = (run(step("groups", 200, {"of": names})) for names in (["all", "members"], ["members", "all"]))
    assert [one.level for one in score(real, real, real, other)] == [3]
    scored = score(real, real, real, other, answered_by_mimic, other)
    assert [one.level for one in scored] == [5]
