"""What may speak of an item is sent in members, fields, parameters, and headers of the service's own."""

from journeys import call
from synthesis.scenes import scenes_of
from synthesis.shelves import Shelf
from synthesis.telling import learnt, word

from recorder.synthesis.collections.asked import asked_terms

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def test_the_scalars_of_a_request_are_asked_with_the_months_of_days():
    sent = {"thing": "a7", "day": "2026-05-04", "sure": True}
    scenes = scenes_of(call("POST", "/take?of=b8", sent, headers=((b"X-Person", b"ada"),)))
    assert [term.text for term in asked_terms(scenes)] == [
        "request.json.day",
        "request.json.thing",
        "request.json.day[:7]",
        "request.query.of",
        "request.headers['x-person']",
    ]


class Office(Shelf):
    """People at `/things`, and remarks of whoever a header names; others who send it are nobody."""

    header = "X-Person-Id"

    def answer(self, method, target, sent, headers):
        if target != "/remarks":
            return super().answer(method, target, sent, headers)
        person = self.things.get(headers.get(self.header))
        if person is None:
            return 401, {"error": "nobody"}
        return 201, {"remark": word(self.chance, LETTERS, 12), "by": person["name"], "text": sent["text"]}


class Traced(Office):
    header = "X-Request-Id"


def a_remark(header):
    """Make two people, let one remark something, and somebody who is not there."""

    def script(ask, words):
        ask("POST", "/things", {"name": word(words)})
        made = ask("POST", "/things", {"name": word(words)}).json
        ask("GET", f"/things/{made['id']}")
        for key in (made["id"], word(words)):
            ask("POST", "/remarks", {"text": word(words)}, {header: key})

    return script


def test_a_header_of_the_services_own_names_an_item():
    mocks = learnt(Office, a_remark("X-Person-Id"))
    key = mocks.ask("POST", "/things", {"name": "ada"}).json["id"]
    assert mocks.ask("POST", "/remarks", {"text": "fine"}, {"X-Person-Id": key}).json["by"] == "ada"
    assert mocks.ask("POST", "/remarks", {"text": "fine"}, {"X-Person-Id": "bo"})[:2] == (401, {"error": "nobody"})


def test_a_header_that_is_about_the_call_names_nothing():
    mocks = learnt(Traced, a_remark("X-Request-Id"))
    assert "resource.things.get(request.headers" not in str(mocks.made.definitions)


def test_of_very_many_members_those_that_most_calls_send_may_name_an_item():
    words = [f"w{place:02}" for place in range(60)]
    calls = [call("POST", "/x", {"a": {word: "text"}, "b": {"name": word}}, status=201) for word in words]
    found = [term.text for term in asked_terms(scenes_of(*calls))]
    assert len(found) == 40
    assert "request.json.b.name" in found
    few = [term.text for term in asked_terms(scenes_of(*calls[:3]))]
    assert few == ["request.json.a.w00", "request.json.a.w01", "request.json.a.w02", "request.json.b.name"]


def test_which_part_of_a_list_is_wanted_names_no_item_but_a_parameter_of_another_name_may():
    read = scenes_of(call("GET", "/x?page=2&_size=1&offset=3&owner=2", answer=[]))
    assert [term.text for term in asked_terms(read)] == ["request.query.owner"]
    write = scenes_of(call("POST", "/x?size=4", {"n": 1}, status=201))
    assert [term.text for term in asked_terms(write)] == ["request.json.n", "request.query.size"]
