"""A short key is placed in its scope and store, and no request reaches another scope's keys."""

import asyncio
import hashlib
import logging

import pytest
from builders import a_request
from hypothesis import given
from hypothesis import strategies as st

from cassettes.definition import MockDefinition, StateSpec
from gateway.errors import ConfigError
from gateway.memory.scopes import Declaration, States, declarations_of, split, stem_of
from gateway.states.memory import MemoryBackend
from gateway.states.sqlite import SqliteBackend
from gateway.view import MISSING, RequestView


def a_view(*headers, client="192.0.2.7"):
    pairs = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in headers)
    return RequestView(a_request(headers=pairs, client=client))


def some_states(*declarations, stores=("memory",), **more):
    return States("memory", {name: MemoryBackend() for name in stores}, declarations, **more)


def a_definition(id_, **state):
    return MockDefinition.model_validate({"id": id_, "response": {}, "state": state})


def run(work):
    """Drive a coroutine over memory, which never waits."""
    with pytest.raises(StopIteration) as done:
        work.send(None)
    return done.value.value


@pytest.mark.parametrize(
    ("scope", "view", "stored"),
    [
        ("global", a_view(), "global:k"),
        ("session", a_view(("Cookie", "a=b; mimic_session=s 1/:ü; c=d")), "session:s%201%2F%3A%C3%BC:k"),
        ("session", a_view(("X-Mimic-Session", "s2")), "session:s2:k"),
        ("session", a_view(("X-Mimic-Session", "s2"), ("Cookie", "mimic_session=s1")), "session:s1:k"),
        ("session", a_view(), "session::k"),
        ("client-ip", a_view(client="2001:db8::1"), "client-ip:2001%3Adb8%3A%3A1:k"),
        ("header:X-Tenant", a_view(("x-tenant", "acme:k")), "header:x-tenant:acme%3Ak:k"),
        ("header:X-Tenant", a_view(), "header:x-tenant::k"),
    ],
)
def test_a_key_is_stored_in_its_scope(scope, view, stored):
    states = some_states()
    run(states.of("a", StateSpec(scope=scope), view).set("k", 1))
    assert run(states.default.keys()) == [stored]
    assert split(stored) == (scope.lower(), "k")


def test_the_sessions_cookie_can_be_another():
    states = some_states(session_cookie="sid")
    assert states.stem("session", a_view(("Cookie", "mimic_session=a; sid=b"))) == "session:b"


def test_a_long_value_stands_as_its_hash_and_nobody_can_send_that():
    long, digest = "x" * 300, hashlib.sha256(b"x" * 300).hexdigest()
    assert stem_of("session", long) == f"session:#{digest}"
    assert stem_of("session", f"#{digest}") == f"session:%23{digest}"


OPERATIONS = [
    (lambda state: state.set("k", {"a": 1}), None),
    (lambda state: state.get("k"), {"a": 1}),
    (lambda state: state.get("none", 7), 7),
    (lambda state: state.get("none"), None),
    (lambda state: state.incr("n", 2), 2),
    (lambda state: state.incr("n"), 3),
    (lambda state: state.cas("n", 3, 9), True),
    (lambda state: state.cas("n", 3, 9), False),
    (lambda state: state.cas("new", None, None), True),
    (lambda state: state.cas("new", None, 1), True),
    (lambda state: state.cas("new", None, 2), False),
    (lambda state: state.push("l", "a"), 1),
    (lambda state: state.push("l", "b"), 2),
    (lambda state: state.items("l"), ["a", "b"]),
    (lambda state: state.pop("l"), "b"),
    (lambda state: state.pop("none"), None),
    (lambda state: state.delete("l"), True),
    (lambda state: state.delete("l"), False),
]


def test_every_operation_is_one_of_the_store():
    state = some_states().of("a", StateSpec(), a_view())
    assert [run(operation(state)) for operation, _ in OPERATIONS] == [wanted for _, wanted in OPERATIONS]


def test_a_definitions_keys_end_as_it_says():
    clock = iter(range(0, 1000, 10)).__next__
    states = States("memory", {"memory": MemoryBackend(clock)})
    state = states.of("a", StateSpec(ttl_s=15), a_view())
    run(state.set("k", 1))
    run(state.set("longer", 1, ttl=600))
    assert [run(state.get("k")), run(state.get("k")), run(state.get("longer"))] == [None, None, 1]


def test_a_declared_beginning_holds_for_every_definition():
    states = some_states(*declarations_of(a_definition("send", keys=[{"session": "otp:{{ request.json.phone }}"}])))
    run(states.of("verify", StateSpec(), a_view(("X-Mimic-Session", "s"))).set("otp:123", "4711"))
    run(states.of("verify", StateSpec(), a_view(("X-Mimic-Session", "s"))).set("ot", 1))
    assert run(states.default.keys()) == ["global:ot", "session:s:otp:123"]


def test_the_longest_beginning_wins():
    states = some_states(
        Declaration("a", "cart:", "session", None),
        Declaration("b", "cart:total:", "global", None),
        Declaration("c", "c", "client-ip", None),
    )
    state = states.of("x", StateSpec(), a_view(("X-Mimic-Session", "s"), client="10.0.0.1"))
    for key in ("cart:1", "cart:total:eu", "count", "other"):
        run(state.set(key, 1))
    assert run(states.default.keys()) == [
        "client-ip:10.0.0.1:count",
        "global:cart:total:eu",
        "global:other",
        "session:s:cart:1",
    ]


@pytest.mark.parametrize(
    ("pattern", "prefix", "scope"),
    [
        ("otp:{{ request.json.phone }}", "otp:", "client-ip"),
        ("visits", "visits", "client-ip"),
        ("session:{session_id}:cart:{{ id }}", "cart:", "session"),
        ("mock:{mock_id}:counter", "mock:shop:counter", "client-ip"),
        ({"header:X-Tenant": "quota:"}, "quota:", "header:X-Tenant"),
    ],
)
def test_a_pattern_counts_up_to_its_first_template(pattern, prefix, scope):
    definition = a_definition("shop", scope="client-ip", persist_to="db", keys=[pattern])
    assert declarations_of(definition) == [Declaration("shop", prefix, scope, "sqlite")]


def test_a_pattern_without_a_fixed_beginning_is_refused():
    with pytest.raises(ConfigError, match="begin it with a fixed text"):
        declarations_of(a_definition("a", keys=["{{ request.path }}"]))


@pytest.mark.parametrize(
    "other", [Declaration("b", "otp:", "global", None), Declaration("b", "otp:", "session", "sqlite")]
)
def test_definitions_that_contradict_each_other_are_named(other):
    with pytest.raises(ConfigError, match=r"'a' and 'b' contradict each other.*'otp:' are session"):
        some_states(Declaration("a", "otp:", "session", "memory"), other, stores=("memory", "sqlite"))


def test_a_declaration_without_a_store_agrees_with_one_that_has_it():
    states = some_states(
        Declaration("a", "otp:", "session", None),
        Declaration("b", "otp:", "session", "sqlite"),
        Declaration("c", "otp:", "session", None),
        stores=("memory", "sqlite"),
    )
    run(states.of("c", StateSpec(), a_view()).set("otp:1", 1))
    assert run(states.backends["sqlite"].keys()) == ["session::otp:1"]


def test_a_definition_names_its_store(tmp_path):
    states = States("memory", {"memory": MemoryBackend(), "sqlite": SqliteBackend(tmp_path / "state.db")})
    assert states.of("a", StateSpec(), a_view()).immediate is True
    assert list(states.stores_in_use) == ["memory"]
    assert states.of("b", StateSpec(persist_to="db"), a_view()).immediate is False
    assert list(states.stores_in_use) == ["memory", "sqlite"]
    assert not (tmp_path / "state.db").exists()


def test_without_redis_the_default_store_serves_and_each_definition_is_told_once(caplog):
    warned = set()
    spec = StateSpec(persist_to="redis", keys=["otp:{{ x }}"])
    definition = MockDefinition.model_validate({"id": "send", "response": {}, "state": spec.model_dump()})
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            states = some_states(*declarations_of(definition), warned=warned)
            states.admit(definition)
            run(states.of("send", spec, a_view()).set("otp:1", 1))
    assert [(record.route, record.store) for record in caplog.records] == [("send", "memory")]
    assert run(states.default.keys()) == ["global:otp:1"]


def test_a_stored_key_is_looked_for_where_it_was_declared():
    declared = Declaration("a", "otp:", "session", "sqlite")
    states = some_states(declared, stores=("memory", "sqlite"))
    assert [states.locate(key) for key in ("session:s:otp:1", "global:otp:1", "session:s:x", "odd")] == [
        "sqlite",
        "memory",
        "memory",
        "memory",
    ]


VALUES = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=12) | st.sampled_from(
    ["", ":", "a:b", "%3A", "global", "session:a", "x" * 300, "#" + "0" * 64]
)
WHO = st.tuples(st.sampled_from(["global", "session", "client-ip", "header:X-A", "header:X-B"]), VALUES)
KEYS = st.text(max_size=8) | st.sampled_from(["k", "a:k", "session:a:k", ":"])


def seen_by(states, who):
    scope, value = who
    headers = {"session": "X-Mimic-Session", "header:X-A": "X-A", "header:X-B": "X-B"}
    view = RequestView(a_request(client=value if scope == "client-ip" else "", headers=()))
    if scope in headers:
        view = RequestView(a_request(headers=((headers[scope].encode(), value.encode("latin-1")),), client=""))
    return states.of("a", StateSpec(scope=scope), view)


@given(st.lists(st.tuples(WHO, KEYS), min_size=1, max_size=12, unique_by=lambda one: (one[0][0], *one)))
def test_whatever_a_client_sends_its_keys_are_its_own(places):
    states = some_states()
    # In the global scope everybody is the same, whatever was sent.
    places = list({((scope, "" if scope == "global" else value), key) for (scope, value), key in places})
    for number, (who, key) in enumerate(places):
        run(seen_by(states, who).set(key, number))
    assert [run(seen_by(states, who).get(key)) for who, key in places] == list(range(len(places)))
    assert len(run(states.default.keys())) == len(places)


async def test_a_hundred_sessions_do_not_see_each_other():
    states = some_states()

    async def visit(number):
        state = states.of("a", StateSpec(scope="session"), a_view(("X-Mimic-Session", f"s{number}")))
        for _ in range(number):
            await state.incr("visits")
            await asyncio.sleep(0)
        return await state.get("visits", 0)

    assert await asyncio.gather(*(visit(number) for number in range(100))) == list(range(100))
    assert await states.default.get("global:visits") is MISSING
