"""Endpoints borrow refusals from those beside them, and never where that would refuse what was recorded as fine."""

from journeys import bearer
from synthesis.shelves import Shelf
from synthesis.telling import Mocks, learnt, word

TOKEN = {name.decode(): value.decode() for name, value in bearer()}


def quiet(ask, words):
    """Make, read and change a thing, and ask for one that is not there: only reading is ever refused."""
    made = ask("POST", "/things", {"name": word(words)}).json
    ask("GET", f"/things/{made['id']}")
    ask("GET", f"/things/{word(words)}")
    ask("PATCH", f"/things/{made['id']}", {"name": word(words)})
    ask("DELETE", f"/things/{made['id']}")


def test_an_unknown_item_is_refused_as_its_neighbours_refuse_it():
    mocks = learnt(Shelf, quiet)
    asked = [mocks.ask("PATCH", "/things/nobody", {"name": "x"}), mocks.ask("DELETE", "/things/nobody")]
    assert [one[:2] for one in asked] == [(404, {"error": "no such thing"})] * 2
    assert [one.headers["match"].split(";")[0] for one in asked] == ["resource", "resource"]
    assert mocks.ask("GET", "/things").status == 404


def test_an_unknown_item_is_refused_where_no_refusal_was_ever_recorded():
    def fine(ask, words):
        made = ask("POST", "/things", {"name": word(words)}).json
        ask("GET", f"/things/{made['id']}")

    mocks = learnt(Shelf, fine)
    assert mocks.ask("GET", "/things/nobody")[:2] == (404, None)
    assert mocks.definition("get-thing")["cases"][0] == {
        "when": "vars.item is none", "note": "there is no such item", "tier": "resource", "response": {"status": 404, "body": None},
    }  # fmt: skip


def test_credentials_that_all_calls_show_are_asked_for_where_a_neighbour_asks_for_them():
    rows = [
        ("GET", "/me", None, 401, {"error": "log in"}),
        ("GET", "/me", None, 200, {"name": "Ada"}, TOKEN),
        ("GET", "/news", None, 200, {"items": ["a"]}, TOKEN),
        ("GET", "/public", None, 200, {"ok": True}),
    ]
    mocks = Mocks(rows, rows)
    assert [mocks.ask("GET", path)[:2] for path in ("/me", "/news", "/public")] == [
        (401, {"error": "log in"}), (401, {"error": "log in"}), (200, {"ok": True}),
    ]  # fmt: skip
    assert mocks.ask("GET", "/news", headers=TOKEN)[:2] == (200, {"items": ["a"]})


def test_what_was_recorded_as_fine_is_never_refused():
    rows = [
        ("GET", "/me", None, 401, {"error": "log in"}), ("GET", "/me", None, 200, {"name": "Ada"}, TOKEN),
        ("GET", "/news", None, 200, {"items": ["a"]}, TOKEN), ("GET", "/news", None, 200, {"items": ["a"]}),
    ]  # fmt: skip
    assert Mocks(rows, rows).ask("GET", "/news").status == 200


def test_after_few_sessions_credentials_that_all_calls_show_are_asked_for_as_http_says():
    rows = [("GET", "/news", None, 200, {"items": ["a"]}, TOKEN), ("GET", "/public", None, 200, {"ok": True})]
    mocks = Mocks(rows)
    given = mocks.ask("GET", "/news")
    assert (given.status, given.headers["www-authenticate"]) == (401, "Bearer")
    assert mocks.ask("GET", "/public").status == 200
    assert Mocks(*[rows] * 4).ask("GET", "/news").status == 200


def test_an_unknown_item_is_refused_where_all_that_was_recorded_are_other_refusals():
    rows = [
        ("POST", "/things", {"name": "lamp"}, 201, {"id": 7, "name": "lamp"}),
        ("GET", "/things/7", None, 200, {"id": 7, "name": "lamp"}),
        ("PATCH", "/things/7", {"name": "rug"}, 403, {"error": "not yours"}),
    ]
    mocks = Mocks(rows)
    assert mocks.ask("PATCH", "/things/nobody", {"name": "rug"}).status == 404


def test_credentials_that_no_call_ever_had_are_not_asked_for():
    key = {"x-api-key": "k3y-a7-q9"}
    rows = [
        ("POST", "/things", {"name": "tea"}, 201, {"id": "9f86d081884c", "name": "tea"}, key),
        ("POST", "/things", {"name": "rye"}, 201, {"id": "60303ae22b99", "name": "rye"}, key),
        ("GET", "/things", None, 401, {"error": "Send your key"}),
    ]
    mocks = Mocks(rows)
    conditions = [case.get("when", "") for case in mocks.definition("get-thing")["cases"]]
    assert "vars.item is none" in conditions
    assert not any("authorization" in str(one) for one in conditions)


def test_methods_of_json_rpc_do_not_ask_for_headers_since_they_tell_refusals_in_answers():
    def called(number, method, params, result):
        sent = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        return "POST", "/rpc", sent, 200, {"jsonrpc": "2.0", "id": number, "result": result}, TOKEN

    rows = [called(at, "book.open", {"name": f"b {at}"}, {"book": f"bk_{at}9f", "name": f"b {at}"}) for at in (1, 2, 3)]
    rows += [
        called(at, "book.show", {"book": f"bk_{at}9f"}, {"book": f"bk_{at}9f", "name": f"b {at}"}) for at in (1, 2)
    ]
    sent = {"jsonrpc": "2.0", "id": 9, "method": "book.open", "params": {"name": "new"}}
    assert Mocks(rows).ask("POST", "/rpc", sent).json["result"]["name"] == "new"
