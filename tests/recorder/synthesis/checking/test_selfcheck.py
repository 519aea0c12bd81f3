"""Each recorded session is asked again of definitions, with the values that they answered."""

from journeys import call
from synthesis.recordings import a_cassette, distilled, notes, serve

from recorder.synthesis.checking.difference import Difference
from recorder.synthesis.checking.selfcheck import check
from recorder.synthesis.samples.sample import samples_of

ORDERS = {
    "id": "orders",
    "match": {"path": "/orders"},
    "cases": [{"response": {"status": 201, "headers": {"Set-Cookie": "sid={{ random_hex(8) }}"}, "body": {"ok": True}},
               "save": [{"state": "sid", "value": "{{ vars.answer.headers['set-cookie'] | regex_search('sid=(.*)', 1) }}"}]}],
}  # fmt: skip
WHO = {
    "id": "who",
    "match": {"path": "/who"},
    "cases": [{"when": "request.cookies.sid == state.sid", "response": {"body": {"who": "ada"}}}],
}


def checked(definitions, *calls):
    return check(samples_of([a_cassette(*calls)]), definitions, serve)


def test_what_synthesis_learnt_answers_its_own_recording():
    made = distilled(notes())
    assert [(one.right, one.definition, one.why) for one in made.checked if not one.right] == []
    assert [(one.definition, one.case) for one in made.checked[:3]] == [
        ("post-notes", 4), ("get-note", 2), ("post-notes", 4),
    ]  # fmt: skip


def test_a_cookie_that_was_handed_out_is_sent_again():
    login = call("POST", "/orders", {}, answer={"ok": True}, status=201, told=((b"Set-Cookie", b"sid=71c0ab82"),))
    who = call("GET", "/who", headers=((b"Cookie", b"sid=71c0ab82"),), answer={"who": "ada"})
    assert [one.right for one in checked([ORDERS, WHO], login, who)] == [True, True]


def test_what_is_wrong_says_where_and_by_which_case():
    [one, miss] = checked(
        [ORDERS], call("POST", "/orders", answer={"ok": False}, status=201), call("GET", "/x", answer={})
    )
    assert (one.right, one.tier, one.why, one.definition, one.case, one.difference) == (
        False, "exact", "value at $.ok", "orders", 1, Difference("value", "$.ok", False, True),
    )  # fmt: skip
    assert (miss.why, miss.tier, miss.definition, miss.case) == ("status 404, not 200", "miss", "", None)


def test_a_definition_that_fails_is_told_and_ends_nothing():
    broken = {"id": "b", "match": {"path": "/b"}, "cases": [{"response": {"body": "{{ 1 // 0 }}"}}]}
    one, other = checked(
        [broken, ORDERS], call("GET", "/b", answer={}), call("POST", "/orders", answer={"ok": True}, status=201)
    )
    assert (one.right, one.definition, one.why.partition(":")[0], other.right) == (False, "", "TemplateError", True)
