"""Who asks is told by a name that is sent, and by what is looked up for it."""

from journeys import call
from synthesis.scenes import item_lookup, scenes_of

from recorder.synthesis.terms.callers import callers_of


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
