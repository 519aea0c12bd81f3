"""A mock's answer is chosen: by weight, in turn, or as the caller prefers."""

from collections import Counter

import pytest
from supplied import SomeServices, a_definition, performed

from cassettes.exchange import Request
from gateway.errors import ConfigError, RenderError
from gateway.mocking.composer import Composer
from gateway.mode import Compose, Reply
from gateway.view import RequestView


def composed(**response):
    definition = a_definition(response=response)
    return Composer(definition, SomeServices(definition))


def asked(composer, *headers, body=b""):
    view = RequestView(Request("GET", b"/", headers, body))
    return performed(composer.decide(view))


def in_turn(*bodies, **policy):
    variants = [{"response": {"body": body}} for body in bodies]
    return composed(variants=variants, repeat_policy={"sequence": True, **policy})


def test_one_response_without_templates_is_the_same_reply_each_time():
    composer = composed(body="hi", delay_ms=20)
    assert asked(composer) is asked(composer)
    assert (asked(composer).body, asked(composer).delay_s) == (b"hi", 0.02)


def test_variants_come_by_their_weights_and_with_a_seed_the_same_each_time():
    variants = [{"weight": weight, "response": {"body": name}} for weight, name in ((8, "a"), (2, "b"), (0, "c"))]
    draws = [
        [asked(composer).body for _ in range(1000)]
        for composer in (composed(variants=variants, repeat_policy={"seed": 5}) for _ in range(2))
    ]
    assert draws[0] == draws[1]
    counted = Counter(draws[0])
    assert 150 < counted[b"b"] < 250
    assert counted[b"c"] == 0


@pytest.mark.parametrize(
    ("policy", "bodies"),
    [
        ({}, b"abbbb"),
        ({"then": "last"}, b"abbbb"),
        ({"loop": True}, b"ababa"),
        ({"then": "loop"}, b"ababa"),
    ],
)
def test_a_sequence_ends_as_it_is_told(policy, bodies):
    composer = in_turn("a", "b", **policy)
    assert b"".join(asked(composer).body for _ in range(5)) == bodies


def test_a_sequence_can_hand_over():
    composer = in_turn("a", "b", then="proxy")
    composer.onward = lambda view: Reply(299, (), "upstream")
    assert [asked(composer).status for _ in range(4)] == [200, 200, 299, 299]


def test_each_session_has_a_turn_of_its_own():
    definition = a_definition(
        response={"variants": [{"response": {"body": name}} for name in "ab"], "repeat_policy": {"sequence": True, "scope": "session"}}
    )  # fmt: skip
    composer = Composer(definition, SomeServices(definition))
    ask = [asked(composer, (b"Cookie", b"mimic_session=%b" % who)).body for who in (b"1", b"2", b"1", b"2")]
    assert ask == [b"a", b"a", b"b", b"b"]


PREFERRED = {
    "prefer": True,
    "body": "usual",
    "examples": {"empty": {"body": "[]"}, "gone": {"status": 410, "body": "gone"}, "404": {"status": 404}},
}


@pytest.mark.parametrize(
    ("preference", "status", "body", "applied"),
    [
        (b"example=empty", 200, b"[]", b"example=empty"),
        (b"code=410", 410, b"gone", b"code=410"),
        (b"code=404", 404, b"", b"code=404"),
        (b"code=418", 200, b"usual", None),
        (b"example=unknown", 200, b"usual", None),
        (b"delay=5", 200, b"usual", b"delay=5"),
        (b"code=410, delay=5", 410, b"gone", b"code=410, delay=5"),
        (b"respond-async", 200, b"usual", None),
    ],
)
def test_a_caller_may_force_an_outcome(preference, status, body, applied):
    reply = asked(composed(**PREFERRED), (b"Prefer", preference))
    told = dict(reply.headers).get(b"Preference-Applied")
    assert (reply.status, reply.body, told) == (status, body, applied)
    assert reply.delay_s == (0.005 if b"delay" in preference else 0.0)


def test_a_preference_needs_leave():
    assert asked(composed(**{**PREFERRED, "prefer": False}), (b"Prefer", b"code=410")).status == 200


def test_a_preferred_answer_takes_no_turn():
    composer = composed(
        prefer=True,
        variants=[{"response": {"body": body}} for body in "ab"],
        repeat_policy={"sequence": True},
        examples={"other": {"body": "o"}},
    )
    bodies = [asked(composer, *headers).body for headers in ((), ((b"Prefer", b"example=other"),), ())]
    assert bodies == [b"a", b"o", b"b"]


def test_a_delay_that_is_preferred_lets_the_sequence_go_on():
    variants = [{"response": {"body": name}} for name in ("a", "b")]
    composer = composed(prefer=True, variants=variants, repeat_policy={"sequence": True})
    replies = [asked(composer, (b"Prefer", b"delay=30")) for _ in range(2)]
    assert [(reply.body, reply.delay_s) for reply in replies] == [(b"a", 0.03), (b"b", 0.03)]


@pytest.mark.parametrize(
    ("preference", "applied"),
    [
        (b"example=gone, code=200", b"example=gone"),
        (b"example=gone, code=410", b"code=410, example=gone"),
        (b"example=none, code=410", b"code=410"),
        (b"code=499, delay=5", b"delay=5"),
    ],
)
def test_only_what_was_met_is_told_as_applied(preference, applied):
    composer = composed(prefer=True, body="ok", examples={"gone": {"status": 410, "body": "gone"}})
    assert dict(asked(composer, (b"Prefer", preference)).headers)[b"Preference-Applied"] == applied


def test_state_is_worked_out_at_once_where_it_is_in_memory():
    definition = a_definition(response={"body": "{{ inc('n') }}"})
    plan = Composer(definition, SomeServices(definition)).decide(RequestView(Request("GET", b"/")))
    assert isinstance(plan, Compose)
    assert plan.immediate


def test_a_missing_value_is_an_error_where_that_is_asked_for():
    definition = a_definition(response={"body": "{{ request.json.nothing }}"})
    with pytest.raises(RenderError, match=r"definition 'x', response\.body, line 1"):
        asked(Composer(definition, SomeServices(definition, on_missing="error")), body=b"{}")


def test_a_script_needs_scripts():
    definition = a_definition(response={"script": "generate-and-store-otp"})
    with pytest.raises(ConfigError, match="no script"):
        Composer(definition, SomeServices(definition))
