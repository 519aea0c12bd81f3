from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.state.beginnings import begun

BERTHS = Collection(("berths", None), "berths", told_id="answer.json.berthno")
BOATS = Collection(("boats", None), "boats", ("id",))
GIVEN = {"berths": {"7": {"boat": "Gull"}, "A1": {"boat": "Tern"}}, "boats": {"gull": {"id": "gull"}}}
BINDINGS = (Binding("item", BERTHS), Binding("item", BOATS), Binding("none", None))


def test_what_was_there_before_all_sessions_is_held_and_what_one_had_stands_in_its_place():
    assert begun(GIVEN, {}, BINDINGS).get("boats", "gull", 0) == {"id": "gull"}
    own = begun(GIVEN, {"boats": {"tern": {"id": "tern"}}}, BINDINGS)
    assert list(own.under("boats", "", 0)) == ["tern"]
    assert list(own.under("berths", "", 0)) == ["7", "A1"]


def test_the_ids_of_items_that_do_not_hold_them_are_kept_hidden():
    made = begun(GIVEN, {}, BINDINGS)
    assert made.get("berths~", "7", 0) == {"answer.json.berthno": 7}
    assert made.get("berths~", "A1", 0) == {"answer.json.berthno": "A1"}
    assert made.get("boats~", "gull", 0) is MISSING
