"""What composing an answer draws on is made for one definition, and for one request of it."""

import pytest
from supplied import SomeServices, a_definition

from cassettes.exchange import Request
from gateway.errors import ConfigError
from gateway.immediate import at_once
from gateway.view import RequestView


def view(target=b"/", *headers):
    return RequestView(Request("GET", target, headers, b"", "127.0.0.1"))


def test_a_context_has_the_definitions_keys_rendered():
    definition = a_definition(state={"keys": ["otp:{{ request.query.phone }}", {"session": "cart:{{ route }}"}]})
    supplies = SomeServices(definition).supplies
    context = supplies.contexts(definition)(view(b"/?phone=49"))
    assert (context.keys, context.route, context.immediate) == (("otp:49", "cart:x"), "x", True)


def test_a_key_does_not_depend_on_state():
    definition = a_definition(state={"keys": ["a:{{ state.get('b') }}"]})
    with pytest.raises(ConfigError, match="depends on the request only"):
        SomeServices(definition).supplies.contexts(definition)


def test_state_is_that_of_the_definitions_scope():
    definition = a_definition(state={"scope": "session"})
    contexts = SomeServices(definition).supplies.contexts(definition)
    one, same, other = (
        contexts(view(b"/", (b"X-Mimic-Session", who))).state for who in (b"a", b"a", b"b")
    )  # fmt: skip
    at_once(one.set("k", 1))
    assert (at_once(same.get("k")), at_once(other.get("k"))) == (1, None)


def test_contexts_go_on_with_what_is_remembered_now():
    services = SomeServices()
    contexts = services.supplies.contexts(a_definition())
    at_once(contexts(view()).state.set("k", 1))
    services.remembered = SomeServices().remembered
    assert at_once(contexts(view()).state.get("k")) is None


def test_scenarios_are_known_by_their_names():
    seen = view()
    seen.scenarios = {("order", "session"): "paid"}
    assert SomeServices().supplies.plain_contexts(a_definition())(seen).scenario == {"order": "paid"}


def test_a_rate_limits_key_is_a_template_of_the_request():
    supplies = SomeServices().supplies
    assert supplies.render("{{ request.query.user }}!")(view(b"/?user=ada")) == "ada!"
    with pytest.raises(ConfigError, match="depends on the request only"):
        supplies.render("{{ inc('n') }}")


def test_turns_are_counted_apart_in_each_scope():
    definition = a_definition()
    turns = SomeServices().supplies.turns(definition, "header:X-User")
    counts = [at_once(turns(view(b"/", (b"x-user", who))).incr("n")) for who in (b"a", b"a", b"b")]
    assert counts == [1, 2, 1]
