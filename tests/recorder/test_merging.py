"""A second import keeps what a person edited, takes what the document changed, and marks what vanished."""

import pytest

from cassettes.definition import MockDefinition
from recorder.importer import Import
from recorder.merging import Kept, Merge, merge, stamped


def generated(route_id, body="old", **more):
    definition = {
        "id": route_id,
        "match": {"method": "GET", "path": f"/{route_id}"},
        "response": {"body": body},
        **more,
    }
    return stamped(definition, "openapi", "pets")


def an_import(*definitions):
    return Import("openapi", "pets", definitions)


def outcome(merged):
    return {name: getattr(merged, name) for name in Merge.__slots__ if name != "definitions" and getattr(merged, name)}


def test_what_nobody_touched_takes_what_is_new():
    merged = merge([generated("a"), generated("b")], an_import(generated("a", "new"), generated("b"), generated("c")))
    assert merged.definitions == (generated("a", "new"), generated("b"), generated("c"))
    assert outcome(merged) == {"added": ("c",), "changed": ("a",), "unchanged": ("b",)}


def test_an_edited_field_stays_and_the_others_take_what_is_new():
    edited = {**generated("a", tags=["x"]), "response": {"body": "mine"}, "priority": 5}
    merged = merge([edited], an_import(generated("a", "new", tags=["y"])))
    (definition,) = merged.definitions
    assert {name: definition[name] for name in ("response", "priority", "tags")} == {
        "response": {"body": "mine"}, "priority": 5, "tags": ["y"],
    }  # fmt: skip
    assert merged.kept == (Kept("a", ("response", "priority"), ("response",)),)


def test_an_edit_is_kept_again_and_again():
    edited = {**generated("a"), "response": {"body": "mine"}}
    once = merge([edited], an_import(generated("a", "new")))
    twice = merge(once.definitions, an_import(generated("a", "newer")))
    assert (twice.definitions[0]["response"], twice.kept[0].fields) == ({"body": "mine"}, ("response",))


def test_a_person_may_take_a_field_away():
    edited = generated("a", name="A pet")
    del edited["name"]
    merged = merge([edited], an_import(generated("a", name="A pet")))
    assert ("name" in merged.definitions[0], merged.kept) == (False, (Kept("a", ("name",)),))


def test_an_edit_that_the_document_catches_up_with_is_no_edit():
    edited = {**generated("a"), "response": {"body": "new"}}
    merged = merge([edited], an_import(generated("a", "new")))
    assert (merged.definitions, merged.kept) == ((generated("a", "new"),), ())


def test_what_vanished_is_disabled_and_comes_back_as_it_was():
    gone = merge([generated("a", tags=["x"])], an_import())
    (marked,) = gone.definitions
    assert (marked["enabled"], marked["tags"], gone.vanished) == (False, ["x", "vanished"], ("a",))
    still = merge(gone.definitions, an_import())
    assert (still.definitions, still.vanished) == (gone.definitions, ())
    back = merge(gone.definitions, an_import(generated("a", tags=["x"])))
    assert (back.definitions, back.returned) == ((generated("a", tags=["x"]),), ("a",))


def test_definitions_of_other_makers_are_left_alone():
    mine, other = {"id": "a", "response": {}}, stamped({"id": "b", "response": {}}, "openapi", "users")
    merged = merge([mine, other], an_import(generated("a")))
    assert merged.definitions[:2] == (mine, other)
    assert (merged.definitions[2]["id"], merged.renamed) == ("pets a", ("pets a",))
    again = merge(merged.definitions, an_import(generated("a")))
    assert (len(again.definitions), again.unchanged) == (3, ("pets a",))


@pytest.mark.parametrize("dumped", [{"exclude_unset": True}, {"exclude_defaults": True}])
def test_a_round_trip_through_the_gateway_is_no_edit(dumped):
    definition = generated("a", tags=["x"])
    served = MockDefinition.model_validate(definition).model_dump(mode="json", by_alias=True, **dumped)
    merged = merge([{**served, "enabled": True, "mode": "mock"}], an_import(definition))
    assert outcome(merged) == {"unchanged": ("a",)}
