"""What a path names by a member of it is looked up by that, and then what it was made under."""

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.collections.alias_lookups import alias_lookups
from recorder.synthesis.collections.binding import Alias, Collection
from recorder.synthesis.terms.scene import HIDDEN

PASSES = Collection(("clubs", None, "passes", None), "passes", ("id",))
CLUBS = Collection(("clubs", None), "clubs", ("id",))


def looked_up(alias):
    held = {
        "passes": {"c7/p1": {"id": "p1", "code": "k4z9"}, "c8/p2": {"id": "p2", "code": "k5z8"}},
        "passes" + HIDDEN: {"c8/p2": {"request.path_params.club": "c8"}},
        "clubs": {"c7": {"id": "c7"}, "c8": {"id": "c8"}},
    }
    [first, *_] = scenes_of(*(call("GET", f"/codes/{code}", answer={}) for code in ("k5z8", "k4z9")), held=held)
    first.params = {"code": "k5z8"}
    first.lookups = alias_lookups(alias, lambda name: name)
    return {one.text: first.looked_up(name) for name, one in first.lookups.items()}


def test_an_item_is_found_by_its_member_and_what_it_was_made_under_with_it():
    assert looked_up(Alias(PASSES, "code", "code", ("club", CLUBS))) == {
        "resource.passes.find('code', request.path_params.code)": {"id": "p2", "code": "k5z8"},
        "resource.clubs.get(vars.pass._club)": {"id": "c8"},
    }


def test_what_is_made_under_nothing_is_found_alone():
    assert list(looked_up(Alias(PASSES, "code", "code"))) == ["resource.passes.find('code', request.path_params.code)"]
