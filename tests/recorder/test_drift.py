"""A run decides what to ask, with what the live service handed out, and tells drift from what is made anew."""

from dataclasses import replace

from journeys import TOKEN, a_visit, bearer, call, kept

from cassettes.cassette import Finding
from recorder.drift import DriftRun
from recorder.leaves import request_leaves

LIVE = "tok_Zr94Qx718fJk20Lm"


def play(interactions, live, *, refuse=(), other=(), ignored=(), **options):
    """Ask everything that is to be asked of live interactions, by number; give the requests and what was seen."""
    run, sent = DriftRun(interactions, **options), {}
    by_number = {one.number: one.exchange for one in live}
    for ask in run.asks():
        number = ask.interaction.number
        sent[number] = ask.request
        if number in refuse:
            run.failed(ask, "no answer: refused")
        else:
            run.took(ask, by_number[number], by_number[number])
    return sent, run.seen(other, ignored)


def outcomes(seen):
    return [one.outcome for one in seen]


def differences(seen):
    return [(one.interaction.number, each.place, each.sort) for one in seen for each in one.differences]


def value_at(request, place):
    return next(leaf.value for leaf in request_leaves(request) if leaf.place == place)


def test_ids_and_tokens_of_the_live_run_are_sent_and_are_no_drift():
    live = a_visit(order=2044, token=LIVE, at=1_800_000_000.0)
    sent, seen = play(a_visit(), live, writes=True)
    assert value_at(sent[3], "request.headers.authorization") == f"Bearer {LIVE}"
    assert sent[4].target == b"/orders/2044"
    assert sent[5].target == b"/orders/2044/pay"
    assert outcomes(seen) == ["same"] * 5


def test_without_writes_what_needs_them_is_not_asked_either():
    sent, seen = play(a_visit(), a_visit())
    assert list(sent) == [2]
    assert outcomes(seen) == ["skipped", "same", "skipped", "skipped", "skipped"]
    assert [one.reason for one in seen if one.outcome == "skipped"][:2] == ["POST may change something"] * 2
    assert seen[3].reason == "it needs what interaction 3 answered, which was not asked"


def test_a_list_that_shows_what_was_not_written_is_not_asked():
    journey = kept(
        call("POST", "/notes", {"text": "a"}, answer={"id": 1}, status=201),
        call("GET", "/notes", answer=[{"id": 1}]),
        call("POST", "/notes", {"text": ""}, answer={"error": "empty"}, status=422),
        call("GET", "/tags", answer=[]),
    )
    _, seen = play(journey, journey)
    assert outcomes(seen) == ["skipped", "skipped", "skipped", "same"]
    assert seen[1].reason == "it shows what interaction 1 wrote, which was not asked"


def test_what_a_live_answer_lacks_cannot_be_carried_on():
    live = list(a_visit())
    live[0] = replace(live[0], exchange=kept(call("POST", "/login", answer={"error": "no"}, status=401))[0].exchange)
    _, seen = play(a_visit(), live, writes=True)
    assert outcomes(seen) == ["drifted", "same", "unknown", "unknown", "unknown"]
    assert seen[2].reason == "it needs response.body $.token of interaction 1, which is not there now"


def test_where_no_answer_came_nothing_is_compared():
    _, seen = play(a_visit(), a_visit(), refuse={2})
    assert (seen[1].outcome, seen[1].reason) == ("unknown", "no answer: refused")


def test_what_shows_a_write_that_could_not_be_compared_cannot_be_compared_either():
    def journey(*shown):
        return kept(
            call("POST", "/notes", {"text": "a"}, answer={"ok": True}, status=201),
            call("GET", "/notes", answer=list(shown)),
            call("GET", "/tags", answer=list(shown)),
        )

    _, seen = play(journey("a"), journey(), writes=True, refuse={1})
    assert outcomes(seen) == ["unknown", "unknown", "drifted"]
    assert seen[1].reason == "it shows what interaction 1 wrote, which could not be compared"


def test_what_is_there_no_more_new_or_of_another_kind_is_told_by_place():
    was = kept(call("GET", "/a", answer={"x": 1, "y": "b", "z": None}, told=((b"X-Kind", b"old"),)))
    now = kept(call("GET", "/a", answer={"x": "1", "z": None, "w": 2}, told=((b"X-Kind", b"new"),)))
    _, seen = play(was, now)
    assert differences(seen) == [
        (1, "response.headers.x-kind", "value"), (1, "response.body $.x", "type"),
        (1, "response.body $.y", "missing"), (1, "response.body $.w", "added"),
    ]  # fmt: skip
    assert outcomes(play(was, now, ignored=["response.headers.x-kind"])[1]) == ["drifted"]


def test_a_number_that_grew_may_be_a_price_unless_two_recordings_say_that_it_counts():
    was, now, other = (kept(call("GET", "/a", answer={"n": n}, at=float(n))) for n in (10, 30, 20))
    assert outcomes(play(was, now)[1]) == ["drifted"]
    assert outcomes(play(was, now, other=other)[1]) == ["same"]


def test_headers_of_the_moment_and_entity_tags_are_no_drift_but_their_absence_is():
    def answers(**headers):
        told = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
        return kept(call("GET", "/a", answer={"n": 1}, told=told))

    was = answers(Age="7", ETag='"a1"', Server_Timing="db;dur=3")
    assert outcomes(play(was, answers(Age="9", ETag='"b2"', Server_Timing="db;dur=4"))[1]) == ["same"]
    assert differences(play(was, answers(Age="9"))[1]) == [(1, "response.headers.etag", "missing")]


def test_the_services_own_name_may_be_another():
    was, now = (
        kept(call("GET", "/a", answer={"next": f"http://{name}/a?page=2"})) for name in ("api.test", "127.0.0.1:80")
    )
    assert outcomes(play(was, now)[1]) == ["drifted"]
    assert outcomes(play(was, now, names={"api.test": "127.0.0.1:80"})[1]) == ["same"]


def test_a_refusal_of_cleaned_credentials_is_not_drift_and_headers_mend_it():
    [one] = kept(call("GET", "/me", answer={"user": "ada"}, headers=bearer()))
    was = (replace(one, findings=(Finding("request.headers.authorization", "token", "headers"),)),)
    refused = kept(call("GET", "/me", answer={"error": "no"}, status=401))
    sent, seen = play(was, refused)
    assert outcomes(seen) == ["unknown"]
    assert (
        "answered 401: request.headers.authorization went out as cleaned; give what is right with --secret, --header or --set"
        in seen[0].reason
    )
    sent, seen = play(was, was, headers=((b"Authorization", b"Bearer mine"),))
    assert value_at(sent[1], "request.headers.authorization") == "Bearer mine"
    assert (outcomes(seen), seen[0].stand_ins) == (["same"], ())


def test_a_secret_of_a_body_can_be_given_by_its_place():
    [one] = kept(call("POST", "/login", {"user": "ada", "pin": "cleaned1"}, answer={"token": TOKEN}))
    was = (replace(one, findings=(Finding("request.body $.pin", "password", "fields"),)),)
    refused = kept(call("POST", "/login", answer={"error": "no"}))
    sent, seen = play(was, refused, writes=True)
    assert (outcomes(seen), seen[0].stand_ins) == (["unknown"], ("request.body $.pin",))
    sent, seen = play(was, was, writes=True, places={"request.body $.pin": "right"})
    assert (outcomes(seen), value_at(sent[1], "request.body $.pin")) == (["same"], "right")


def test_stand_ins_of_several_callers_are_replaced_wherever_they_stand():
    was = kept(*(call("GET", "/me", answer={}, headers=bearer(f"stand-in-{one}")) for one in "ab"))
    sent, _ = play(was, was, secrets={"stand-in-a": "right-a", "stand-in-b": "right-b"})
    told = [value_at(sent[number], "request.headers.authorization") for number in (1, 2)]
    assert told == ["Bearer right-a", "Bearer right-b"]


def test_what_was_cleaned_and_is_data_explains_a_refusal_only():
    [one] = kept(call("GET", "/people?mail=a%40b.test", answer={"n": 1}))
    was = (replace(one, findings=(Finding("request.query.mail", "email", "fields"),)),)
    assert outcomes(play(was, kept(call("GET", "/people", answer={}, status=404)))[1]) == ["unknown"]
    assert outcomes(play(was, kept(call("GET", "/people", answer={"n": 1, "m": 2})))[1]) == ["drifted"]


def test_another_secret_where_a_secret_was_is_no_drift_and_another_address_is():
    def answers(secret, found):
        [one] = kept(call("GET", "/me", answer={"hash": secret, "mail": f"{secret[3:6]}@a.test"}))
        places = (("response.body $.hash", found), ("response.body $.mail", "email"))
        return (replace(one, findings=tuple(Finding(where, kind, "fields") for where, kind in places)),)

    was, now = answers("$5u$31$ODtR", "password"), answers("$7o$85$RJ1E", "password")
    run = DriftRun(was)
    for ask in run.asks():
        run.took(ask, now[0].exchange, now[0].exchange, now[0].findings)
    assert differences(run.seen()) == [(1, "response.body $.mail", "value")]


def test_a_code_in_a_message_is_found_and_sent_and_the_message_is_no_drift():
    def journey(code):
        return kept(
            call("GET", "/outbox", answer={"text": f"Your Willow code is {code}. It expires in 10 minutes"}),
            call("POST", "/check", {"code": code}, answer={"verified": True}),
        )

    sent, seen = play(journey("125634"), journey("374100"), writes=True)
    assert value_at(sent[2], "request.body $.code") == "374100"
    assert outcomes(seen) == ["same", "same"]


def test_an_id_that_a_short_session_is_all_about_is_carried_on():
    def journey(one):
        calls = [call("POST", "/tasks", {"title": "a"}, answer={"id": one}, status=201)]
        return kept(*calls, *(call("GET", f"/tasks/{one}", answer={"id": one, "n": 1}) for _ in range(6)))

    sent, seen = play(journey("lad9wawt"), journey("c4y08fqi"), writes=True)
    assert sent[7].target == b"/tasks/c4y08fqi"
    assert outcomes(seen) == ["same"] * 7


def test_a_set_of_names_may_be_in_another_order():
    was, now, less = (
        kept(call("GET", "/a", told=((b"Allow", line),))) for line in (b"GET, HEAD", b"HEAD, GET", b"GET")
    )
    assert outcomes(play(was, now)[1]) == ["same"]
    assert outcomes(play(was, less)[1]) == ["drifted"]


def test_a_header_that_is_given_needs_no_login():
    sent, seen = play(a_visit(), a_visit(), headers=((b"authorization", b"Bearer mine"),))
    assert seen[3].reason == "it needs what interaction 3 answered, which was not asked"
    assert list(sent) == [2]


def test_a_failure_that_was_recorded_is_not_asked():
    [one] = kept(call("GET", "/a"))
    broken = (replace(one, exchange=replace(one.exchange, response=None)),)
    assert play(broken, broken)[1][0].reason == "no whole answer was recorded"
