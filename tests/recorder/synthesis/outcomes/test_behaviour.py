"""An endpoint behaves by outcomes: what tells them apart, how each answers, what each changes."""

from __future__ import annotations

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, learnt, word

from recorder.synthesis.outcomes.behaviour import entity_in_request, made_key, part_of_answer


def behaviours(mocks):
    return {one.endpoint.id: one for one in mocks.made.synthesis.behaviours}


def test_the_outcomes_of_an_endpoint_come_with_their_conditions_and_the_last_without():
    get = behaviours(learnt(Shelf, a_visit))["get-thing"]
    told = [
        ([term.text for term in rule.terms] if rule else None, one.status, len(one.scenes)) for rule, one in get.cases
    ]
    assert told == [(["vars.item is none"], 404, 4), (None, 200, 8)]
    assert (get.unexplained, get.writes, get.collection.name) == ([], False, "things")


def test_it_is_told_where_a_new_item_and_its_id_stand():
    post, get = (behaviours(learnt(Shelf, a_visit))[name] for name in ("post-things", "get-things"))
    assert (made_key(post.binding), part_of_answer(post.binding), made_key(get.binding)) == (
        "vars.answer.json.id",
        "vars.answer.json",
        None,
    )
    assert entity_in_request(post.scenes, post.binding) == ()


def test_an_id_that_only_the_place_tells_is_read_from_there():
    rows = [
        row
        for number in (21, 22)
        for row in (
            ("POST", "/users", {"name": "Ada"}, 201, None, {}, {"Location": f"/users/{number}"}), ("GET", f"/users/{number}", None, 200, {"name": "Ada"}),
        )
    ]  # fmt: skip
    post = behaviours(Mocks(rows))["post-users"]
    assert made_key(post.binding) == "(vars.answer.headers.location | regex_search('([^/?]+)/?(?:[?].*)?$', 1))"


def test_refusals_that_say_other_things_are_other_outcomes_and_values_in_them_are_not():
    rows = [
        ("POST", "/pay", {"card": "a"}, 400, {"error": "no amount"}), ("POST", "/pay", {"card": "b"}, 400, {"error": "no amount"}),
        ("POST", "/pay", {"amount": 3}, 400, {"error": "no card"}), ("POST", "/pay", {"amount": 9}, 400, {"error": "no card"}),
        ("POST", "/pay", {"card": "visa1", "amount": 900}, 402, {"error": "card visa1 has not 900"}),
        ("POST", "/pay", {"card": "visa2", "amount": 950}, 402, {"error": "card visa2 has not 950"}),
        ("POST", "/pay", {"card": "visa3", "amount": 5}, 200, {"paid": 5}), ("POST", "/pay", {"card": "visa4", "amount": 7}, 200, {"paid": 7}),
    ]  # fmt: skip
    mocks = Mocks(rows)
    [pay] = behaviours(mocks).values()
    assert sorted((one.status, len(one.scenes)) for _, one in pay.cases) == [(200, 2), (400, 2), (400, 2), (402, 2)]
    asked = ({"card": "x"}, {"amount": 1}, {"card": "visa8", "amount": 990}, {"card": "visa9", "amount": 6})
    assert [mocks.ask("POST", "/pay", sent)[:2] for sent in asked] == [
        (400, {"error": "no amount"}), (400, {"error": "no card"}), (402, {"error": "card visa8 has not 990"}), (200, {"paid": 6}),
    ]  # fmt: skip


def test_a_status_that_is_asked_for_is_given():
    rows = [("GET", f"/status/{code}", None, code, None) for code in (200, 201, 404, 409, 418, 503)]
    mocks = Mocks(rows)
    assert [mocks.ask("GET", f"/status/{code}").status for code in (202, 422, 500)] == [202, 422, 500]


class Job(Shelf):
    """Things that are made in the background: each look at one brings it a step further."""

    def create(self, sent, headers):
        _, made = super().create({**sent, "state": "queued"}, headers)
        return 202, made

    def get(self, thing, sent, headers):
        thing["state"] = {"queued": "running", "running": "done"}.get(thing["state"], "done")
        return 200, thing


def a_put(name, status=201):
    return ("PUT", f"/notes/{name}", {"text": f"about {name}"}, status, {"name": name, "text": f"about {name}"})


def a_note(name):
    return [a_put(name), ("GET", f"/notes/{name}", None, 200, {"name": name, "text": f"about {name}"})]


def test_what_was_only_seen_made_by_put_is_replaced_with_200():
    mocks = Mocks([*a_note("harbour"), *a_note("sails"), *a_note("knots")])
    asked = [mocks.ask("PUT", "/notes/tides", {"text": text}) for text in ("one", "two")]
    assert [one.status for one in asked] == [201, 200]
    assert mocks.ask("GET", "/notes/tides").json["text"] == "two"


def test_a_service_that_says_201_of_each_put_is_believed():
    mocks = Mocks([*a_note("harbour"), a_put("harbour"), *a_note("sails"), a_put("sails")])
    assert [mocks.ask("PUT", "/notes/tides", {"text": text}).status for text in ("one", "two")] == [201, 201]


def a_wait(ask, words):
    key = ask("POST", "/things", {"name": word(words)}).json["id"]
    for _ in range(4):
        ask("GET", f"/things/{key}")


def test_polling_goes_on():
    mocks = learnt(Job, a_wait)
    made = mocks.ask("POST", "/things", {"name": "report"})
    seen = [mocks.ask("GET", f"/things/{made.json['id']}").json["state"] for _ in range(5)]
    assert (made.status, made.json["state"], seen) == (202, "queued", ["running", "done", "done", "done", "done"])
