"""The object around one with an id is the thing, where lists show such wholes."""

from synthesis.telling import told_in

from recorder.synthesis.calls.wholes import Wholes
from recorder.synthesis.endpoints.endpoint import endpoints_of

KNOWN = {(0, "a7"), (0, "b8")}


def wholes(*rows):
    samples = told_in([("POST", "/pots.search", {}, 200, {"pots": list(rows)})])
    return Wholes(endpoints_of(samples))


def test_an_object_around_an_id_is_the_thing_where_rows_are_so():
    found = wholes({"base": {"id": "a7"}, "on": {}}, {"base": {"id": "b8"}, "on": {}})
    assert found.around((("pot", "base"), ("id",)), KNOWN) == (("pot",), ("base", "id"))


def test_an_object_with_an_id_is_the_thing_where_rows_are_plain():
    found = wholes({"id": "a7"}, {"id": "b8"})
    assert found.around((("pot",), ("id",)), KNOWN) == (("pot",), ("id",))


def test_rows_with_other_ids_tell_nothing():
    found = wholes({"base": {"id": "c1"}}, {"base": {"id": "d2"}})
    assert found.around((("pot", "base"), ("id",)), KNOWN) == (("pot", "base"), ("id",))
