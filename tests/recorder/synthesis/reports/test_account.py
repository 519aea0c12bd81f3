"""The account of a synthesis says by endpoint what was recorded, how it is answered, and what is in doubt."""

from journeys import bearer, call
from synthesis.presses import printed
from synthesis.recordings import a_cassette, a_session, distilled, notes
from synthesis.telling import Mocks

from recorder.synthesis.reports.account import (
    GRAPH,
    CollectionAccount,
    TicketAccount,
    collection_accounts,
    endpoint_accounts,
    ticket_accounts,
)
from recorder.synthesis.reports.report_endpoint import endpoint_section

TOKENS = ("tok_8fJk20LmQx71Zr94", "tok_Zr94Qx718fJk20Lm", "tok_20LmZr948fJkQx71")


def logins():
    """Give sessions in which a token is handed out, shown, and missing."""
    calls = []
    for number, token in enumerate(TOKENS):
        name = f"s{number}"
        calls += [
            call("GET", "/me", answer={"error": "log in"}, status=401, session=name),
            call("POST", "/login", {"user": f"user-{number}"}, answer={"token": token}, session=name),
            call("GET", "/me", headers=bearer(token), answer={"user": f"user-{number}"}, session=name),
        ]
    return a_cassette(*calls)


def test_an_endpoint_tells_its_calls_and_its_cases():
    post, get, delete = endpoint_accounts(distilled(notes()))
    assert (get.method, get.path, get.statuses, get.tiers) == (
        "GET",
        "/notes/{note}",
        {200: 5, 404: 4},
        {"synthesized": 9},
    )
    assert [(one.when, one.status, one.calls, one.right) for one in get.cases] == [
        ("there is no such item", 404, 4, 4), ("otherwise", 200, 5, 5),
    ]  # fmt: skip
    assert (post.cases[-1].keeps, delete.cases[1].keeps) == (("keeps an item in notes",), ("forgets an item of notes",))
    assert (get.share, get.wrong, get.doubts) == (1.0, (), ())


def test_what_came_out_wrong_is_counted_and_what_was_seen_once_is_in_doubt():
    odd = [call("GET", "/odd", answer={"n": number}, session="odd") for number in (3, 1, 2)]
    once = call("GET", "/once", answer={"a": 1}, session="odd")
    accounts = {one.id: one for one in endpoint_accounts(distilled(a_cassette(*odd, once)))}
    odd = accounts["get-odd"]
    assert (odd.calls, odd.share < 1, len(odd.wrong)) == (3, True, 3 - odd.right)
    assert accounts["get-once"].doubts == ("recorded once",)


def test_collections_tell_who_reads_and_changes_them():
    seeded = [call("GET", "/notes", answer=[{"id": "n-seed01", "text": "old"}], session="n-71c0ab")]
    made = distilled(a_cassette(*seeded, *a_session("n-71c0ab", ["milk", "tea"])))
    assert collection_accounts(made) == [
        CollectionAccount(
            "notes", 1, ("get-notes", "post-notes", "get-note", "delete-note"), ("post-notes", "delete-note")
        )
    ]


def test_tickets_tell_who_hands_them_out_and_who_asks_for_them():
    made = distilled(logins())
    assert ticket_accounts(made) == [TicketAccount("tokens", "request.auth.token", ("post-login",), (), ("get-me",))]
    assert collection_accounts(made) == []


def test_a_status_that_is_worked_out_has_no_number():
    calls = [call("GET", f"/status/{code}", answer={}, status=code, session="s") for code in (200, 201, 404, 409, 418)]
    made = distilled(a_cassette(*calls))
    made.definitions[-1]["cases"][-1]["response"]["status"] = "{{ request.path_params.code | int }}"
    account = endpoint_accounts(made)[-1]
    assert account.cases[-1].status is None
    assert "a status that is worked out" in endpoint_section(account)


def test_a_graphql_service_has_one_account_with_its_fields_and_its_collections():
    made = Mocks(*printed()).made
    [whole] = [one for one in endpoint_accounts(made) if one.sort == GRAPH]
    assert (whole.path, whole.right) == ("/graphql", whole.calls)
    assert whole.calls > 0
    told = dict(whole.parameters)
    assert told["Mutation.addBook"] == "makes one of book_items"
    assert told["Book.author"] == "one of author_items, whose id is this one’s authorId"
    books = next(one for one in collection_accounts(made) if one.name == "book_items")
    assert books.readers == books.writers == (whole.id,)
    assert "What its fields give" in endpoint_section(whole)
