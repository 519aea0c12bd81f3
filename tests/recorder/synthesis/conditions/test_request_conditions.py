"""What a request is as a whole can be asked for."""

from journeys import bearer, call
from synthesis.scenes import held_in, item_lookup, scenes_of

from recorder.synthesis.conditions.request_conditions import of_bodies, of_credentials, of_headers, of_lookups


def test_credentials_are_there_or_of_a_scheme():
    scenes = scenes_of(call("GET", "/me"), call("GET", "/me", headers=bearer()))
    assert held_in(of_credentials(scenes), scenes) == {
        "not request.headers.authorization": [0],
        "request.auth.scheme == 'bearer'": [1],
    }


def test_a_cookie_is_there_or_not():
    scenes = scenes_of(call("GET", "/me"), call("GET", "/me", headers=((b"Cookie", b"sid=abc"),)))
    assert held_in(of_credentials(scenes), scenes)["request.cookies['sid'] is defined"] == [1]


def test_what_is_looked_up_is_there_or_not():
    lookups = {"item": item_lookup()}
    scenes = scenes_of(
        call("POST", "/pick", {"id": "a"}),
        call("POST", "/pick", {"id": "b"}),
        held={"things": {"a": {"id": "a"}}},
        lookups=lookups,
    )
    [made] = of_lookups(lookups)
    assert (made.about, made.term.uses, held_in([made], scenes)) == (
        "exists.item",
        frozenset({"item"}),
        {"vars.item is none": [1]},
    )


def test_a_body_is_there_or_not_and_json_or_not():
    broken = (call("POST", "/things")[0], "")
    scenes = scenes_of(
        call("POST", "/things", {"a": 1}), broken, call("POST", "/things", [1]), call("POST", "/things", {})
    )
    assert held_in(of_bodies(scenes), scenes) == {
        "not request.body": [1],
        "request.json is not defined": [1],
        "request.json is not mapping": [1, 2],
        "request.body and request.json is not defined": [],
        "request.json is mapping and not request.json": [3],
        "request.content_type == 'application/json'": [0, 2, 3],
    }


def test_a_header_of_few_values_is_asked_for_by_value():
    scenes = scenes_of(*(call("GET", "/", headers=((b"X-Plan", plan), (b"Host", b"a"))) for plan in (b"free", b"paid")))
    assert held_in(of_headers(scenes), scenes) == {
        "request.headers['x-plan'] is defined": [0, 1],
        "request.headers['x-plan'] == 'free'": [0],
        "request.headers['x-plan'] == 'paid'": [1],
    }
