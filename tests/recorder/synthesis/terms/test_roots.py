"""Roots are what can be said of requests and of what is looked up, whole."""

from synthesis.telling import scenes_of

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.roots import lookup_roots, part_data, patched_roots, request_roots
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term, constant

USER = Lookup("user", "users", constant("u1"))
ITEM = Lookup("item", "users", constant("u1"))
ADA = {"id": "u1", "name": "Ada"}


def a_scene(*row, **lookups):
    """Give the scene of one call, in which a user is held."""
    [scene] = scenes_of(row)
    scene.timeline.put("users", "u1", ADA, -1)
    scene.lookups = lookups
    return scene


def said(roots, scene):
    """Give what there is to say in a scene: the texts, with bars for the marks of items, and the values."""
    given = {term.text.replace("\N{SECTION SIGN}", "|"): term.get(scene) for term in roots}
    return {text: value for text, value in given.items() if value is not MISSING}


def test_a_request_is_spoken_of_by_its_parts():
    scene = a_scene("POST", "/shops/7/orders?dry=1", {"n": 1}, 201, {}, {"X-Tenant": "acme", "Cookie": "sid=s1"})
    assert said(request_roots([scene]), scene) == {
        "request.path_params.shop": "7",
        "request.json": {"n": 1},
        "request.form": {},
        "request.query": {"dry": "1"},
        "request.cookies": {"sid": "s1"},
        "request.text": '{"n": 1}',
        "request.headers['content-type']": "application/json",
        "request.headers['x-tenant']": "acme",
        "(request.raw_body | length)": 8,
        "request.method": "POST",
        "request.path": "/shops/7/orders",
        "request.url": "http:///shops/7/orders?dry=1",
        "request.query_string": "dry=1",
    }


def test_an_item_is_shown_whole_and_a_single_value_as_it_is():
    scene = a_scene("GET", "/x", None, 200, {}, user=USER)
    assert said(lookup_roots({"user": USER}), scene) == {"|users|vars.user|": ADA}
    again = a_scene("GET", "/x", None, 200, {}, user=USER)
    again.timeline.put("users", "u1", "a text", -1)
    assert said(lookup_roots({"user": USER}), again) == {"|users|vars.user|": "a text", "vars.user": "a text"}


def test_a_row_of_a_list_has_no_hidden_members():
    row = Lookup("row", "", constant(7), by="sku", within=Term("vars.rows", lambda _scene: [{"sku": 7}]))
    scene = a_scene("GET", "/x", None, 200, {}, row=row)
    assert said(lookup_roots({"row": row}), scene) == {"vars.row": {"sku": 7}}


def test_a_patch_may_speak_of_the_item_under_a_name():
    patch = [{"op": "replace", "path": "/user/name", "value": "Bo"}]
    scene = a_scene("PATCH", "/users/u1", patch, 200, {}, item=ITEM)
    assert said(patched_roots([scene], {"item": ITEM}), scene) == {
        "json_patch({'user': |users|vars.item|}, request.json).user": {"id": "u1", "name": "Bo"}
    }
    assert list(patched_roots([scene], {})) == []


def test_a_member_of_a_request_may_hold_operations_on_attributes():
    sent = {"Changes": [{"op": "replace", "path": "name", "value": "Bo"}, {"op": "add", "value": {"age": 7}}]}
    scene = a_scene("PATCH", "/users/u1", sent, 200, {}, item=ITEM)
    assert said(patched_roots([scene], {"item": ITEM}), scene) == {
        "scim_patch(|users|vars.item|, request.json.Changes)": {"id": "u1", "name": "Bo", "age": 7}
    }


def test_a_part_that_was_not_sent_has_no_data():
    term = part_data("file")
    assert (term.text, term.get(a_scene("GET", "/x", None, 200, {}))) == ("request.parts.file.data", MISSING)


def test_parameters_whose_names_are_data_are_also_pairs():
    words = ["kernel", "meadow", "garnet", "opal", "haven", "jetty"]
    scenes = scenes_of(*[("GET", f"/x?{word}=1&n=2", None, 200, {}) for word in words])
    assert said(request_roots(scenes), scenes[0])["(request.query | items)"] == [["kernel", "1"], ["n", "2"]]
    same = scenes_of(*[("GET", "/x?page=1&size=2", None, 200, {})] * 6)
    assert "(request.query | items)" not in said(request_roots(same), same[0])
