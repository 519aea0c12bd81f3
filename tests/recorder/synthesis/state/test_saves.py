"""What an answer changes is written beside it."""

from journeys import bearer, call
from synthesis.recordings import a_cassette, distilled, notes
from synthesis.shelves import Shelf
from synthesis.telling import learnt, word

from recorder.synthesis.state.saves import Saves, said


def saves_of(made, hidden=None):
    """Give the saves of each definition's cases that succeed, by method and path."""
    behaviours = made.synthesis.behaviours
    collections = list({id(one.collection): one.collection for one in behaviours if one.collection}.values())
    saves = Saves(behaviours, (), collections, hidden or {})
    return {
        f"{one.endpoint.method} {one.endpoint.path}": [
            save for _, outcome in one.cases if outcome.status < 300 for save in saves.of_items(one, outcome)
        ]
        for one in behaviours
    }


def test_what_is_made_is_kept_as_it_is_answered_and_what_is_deleted_is_dropped():
    made = saves_of(distilled(notes()))
    [param] = {path.partition("{")[2].rstrip("}") for path in made if "{" in path}
    key = f"{{{{ request.path_params.{param} }}}}"
    assert made["POST /notes"] == [
        {"in": "notes", "key": "{{ vars.answer.json.id }}", "item": "{{ vars.answer.json }}"}
    ]
    assert made[f"GET /notes/{{{param}}}"] == []
    assert {"in": "notes", "key": key, "delete": True} in made[f"DELETE /notes/{{{param}}}"]


def test_what_items_do_not_show_is_kept_beside():
    made = saves_of(distilled(notes()), hidden={"notes": {"request.json.text"}})
    assert made["POST /notes"][0]["item"] == "{{ merge(vars.answer.json, {'_text': request.json.text}) }}"


def test_an_expression_is_written_as_a_template():
    assert said("vars.item") == "{{ vars.item }}"


def test_a_ticket_is_remembered_with_what_it_came_with():
    calls = []
    for number in range(2):
        token = f"tok-71c0ab{number}"
        calls.append(call("POST", "/login", {"name": "ada"}, answer={"token": token}, session=str(number)))
        calls.append(call("GET", "/me", answer={"name": "ada"}, headers=bearer(token), session=str(number)))
    [login, _] = distilled(a_cassette(*calls)).synthesis.definitions
    assert login["cases"][-1]["save"] == [
        {
            "in": "tokens",
            "key": "{{ vars.answer.json.token }}",
            "item": {"request": "{{ merge(request.json) }}", "answer": "{{ merge(vars.answer.json) }}"},
        }
    ]


class Desk(Shelf):
    """Things that anybody but who made them may approve, once; who made one is not shown."""

    def __init__(self, chance):
        super().__init__(chance)
        self.makers = {}

    def answer(self, method, target, sent, headers):
        if not target.endswith("/approve"):
            status, told = super().answer(method, target, sent, headers)
            if method == "POST":
                self.makers[told["id"]] = headers["X-User"]
            return status, told
        thing = self.things[target.split("/")[2]]
        if self.makers[thing["id"]] == headers["X-User"]:
            return 403, {"error": "not your own"}
        if thing["state"] == "approved":
            return 409, {"error": "approved already"}
        thing["state"] = "approved"
        return 200, thing


def approving(ask, words):
    """Make things, approve one's own, then each by another, and once again."""
    maker, boss = ({"X-User": word(words)} for _ in range(2))
    for _ in range(2):
        path = f"/things/{ask('POST', '/things', {'name': word(words), 'state': 'new'}, maker).json['id']}"
        for who in (maker, boss, boss, maker):
            ask("POST", f"{path}/approve", {}, who)
        ask("GET", path)


def test_what_an_action_is_asked_for_is_not_what_a_thing_was_made_with():
    mocks = learnt(Desk, approving)
    assert mocks.wrong == []
    maker, boss = {"X-User": "ada-lovelace"}, {"X-User": "grace-hopper"}
    path = f"/things/{mocks.ask('POST', '/things', {'name': 'oak', 'state': 'new'}, maker).json['id']}"
    asked = [mocks.ask("POST", f"{path}/approve", {}, who).status for who in (maker, boss, boss, maker)]
    assert asked == [403, 200, 409, 403]
