"""Who asks is told by a name that is sent, and by what is looked up for it."""

from journeys import call
from synthesis.scenes import item_lookup, scenes_of

from recorder.synthesis.terms.callers import callers_of, own_headers
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term


def test_the_members_of_what_a_call_looks_up_may_tell_who_asks():
    lookups = {"token": item_lookup("token", "tokens", "id")}
    [scene] = scenes_of(
        call("POST", "/x", {"id": "t1"}), held={"tokens": {"t1": {"user": "ann", "age": 7}}}, lookups=lookups
    )
    found = callers_of([scene], lookups)
    assert {text: term.get(scene) for text, term in found.items()} == {
        "{{ vars.token.user }}": "ann",
        "{{ vars.token.age }}": 7,
    }


def test_a_header_of_the_services_own_that_says_the_same_in_several_calls_tells_who_asks():
    tenants = [b"a", b"b", b"a", b"b"]
    scenes = scenes_of(
        *(
            call("GET", "/x", headers=((b"X-Tenant", tenant), (b"X-Nonce", b"n%d" % at), (b"X-Once", b"o%d" % at)))
            for at, tenant in enumerate(tenants)
        )
    )
    found = callers_of(scenes, {})
    assert {text: [term.get(scene) for scene in scenes] for text, term in found.items()} == {
        "{{ request.headers['x-tenant'] }}": ["a", "b", "a", "b"]
    }


def test_a_header_that_something_is_looked_up_by_is_no_name_of_who_asks():
    key = Term("request.headers['x-key']", lambda scene: scene.sample.headers["x-key"], "x-key")
    lookups = {"key": Lookup("key", "keys", key)}
    scenes = scenes_of(
        *(call("GET", "/x", headers=((b"X-Key", b"k1"),)) for _ in range(3)),
        held={"keys": {"k1": {"user": "ann"}}},
        lookups=lookups,
    )
    assert list(callers_of(scenes, lookups)) == ["{{ vars.key.user }}"]


def test_headers_of_the_services_own_are_none_that_http_knows_or_that_are_about_the_call():
    sent = ((b"X-Tenant", b"oak"), (b"Accept", b"*/*"), (b"X-Request-Id", b"r-1"), (b"Idempotency-Key", b"k-1"))
    assert own_headers(scenes_of(call("GET", "/x", headers=sent))) == ["x-tenant"]
