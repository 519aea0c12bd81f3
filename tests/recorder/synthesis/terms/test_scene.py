"""A scene finds what a request speaks of in what was held when it came."""

from synthesis.telling import scenes_of

from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.scene import Lookup, find_row
from recorder.synthesis.terms.term import Term

ADA, BO = {"id": "a1", "owner": {"mail": "ada@x.test"}}, {"id": "b2", "owner": {"mail": "bo@x.test"}}
ASKED = Term("request.query.q", lambda scene: scene.sample.query.get("q", [MISSING])[0], "q")


def scene(target="/users/a1?q=bo@x.test", **lookups):
    """Give a scene in which two users are held."""
    [one] = scenes_of(("GET", target, None, 200, {}))
    one.timeline.put("users", "a1", ADA, -1)
    one.timeline.put("users", "b2", BO, -1)
    one.timeline.put("users~", "b2", {"etag": '"7"'}, -1)
    one.lookups = lookups
    return one


def test_an_item_is_looked_up_by_its_key():
    here = scene("/users/a1?q=b2", user=Lookup("user", "users", ASKED))
    assert (here.looked_up("user"), here.key_of("user"), here.hidden("user", "etag")) == (BO, "b2", '"7"')
    assert (here.hidden("user", "none"), here.looked_up("nobody")) == (MISSING, MISSING)
    assert Lookup("user", "users", ASKED).text == "resource.users.get(request.query.q)"


def test_an_item_is_looked_up_by_a_field_perhaps_under_a_prefix():
    by_mail = Lookup("user", "users", ASKED, by="owner.mail")
    here = scene(user=by_mail)
    assert (here.looked_up("user"), here.key_of("user")) == (BO, "b2")
    assert by_mail.text == "resource.users.find('owner.mail', request.query.q)"
    under = Lookup("user", "users", ASKED, by="owner.mail", prefix=Term("'a'", lambda _scene: "a"))
    assert (under.find(here), under.text) == (("", MISSING), "resource.users.find('owner.mail', request.query.q, 'a')")


def test_a_row_is_looked_up_in_a_list():
    rows = Term("vars.cart.rows", lambda _scene: [{"sku": 7}, {"sku": "8"}])
    found = Lookup("row", "", ASKED, by="sku", within=rows)
    assert (found.find(scene("/x?q=7")), found.find(scene("/x?q=9"))) == (("", {"sku": 7}), ("", MISSING))
    assert found.text == "find(vars.cart.rows, 'sku', request.query.q)"
    assert find_row("no list", "sku", 7) is MISSING


def test_what_was_not_asked_for_is_not_found():
    assert scene("/users/a1", user=Lookup("user", "users", ASKED)).looked_up("user") is MISSING


def test_a_scene_seen_from_a_row_knows_the_row_and_all_else():
    here = scene("/users/a1?q=b2", user=Lookup("user", "users", ASKED))
    row = here.with_row({"n": 1})
    assert (row.values, here.values, row.looked_up("user"), row.sample) == ({"row": {"n": 1}}, {}, BO, here.sample)


def test_a_look_up_needs_what_its_key_its_prefix_and_its_list_speak_of():
    def term(name):
        return Term(f"vars.{name}.x", lambda _scene: MISSING, "x", 1.0, frozenset({name}))

    assert Lookup("row", "users", term("key")).uses == {"key"}
    assert Lookup("row", "", term("key"), "sku", term("lead"), term("cart")).uses == {"key", "lead", "cart"}
