"""Operations on attributes are done one after the other, or none of them (RFC 7644 §3.5.2)."""

import pytest

from cassettes.jsonpatch import PatchError
from cassettes.scimpatch import attributes_patched

ADA = {
    "name": {"given": "Ada", "family": "King"},
    "title": "Countess",
    "emails": [{"value": "a@x.org", "type": "work"}, {"value": "b@x.org", "type": "home"}],
}


def changed(*operations):
    made = attributes_patched(ADA, operations, lambda _value: None)
    return {name: made.get(name) for name in {**ADA, **made} if made.get(name) != ADA.get(name)}


@pytest.mark.parametrize(
    ("operation", "told"),
    [
        ({"op": "replace", "path": "title", "value": "Lady"}, {"title": "Lady"}),
        ({"op": "Replace", "path": "name.family", "value": "Byron"}, {"name": {"given": "Ada", "family": "Byron"}}),
        ({"op": "replace", "value": {"title": "Lady", "active": False}}, {"title": "Lady", "active": False}),
        ({"op": "add", "path": "emails", "value": [{"value": "c"}]}, {"emails": [*ADA["emails"], {"value": "c"}]}),
        ({"op": "add", "path": "name", "value": {"middle": "Gordon"}}, {"name": {**ADA["name"], "middle": "Gordon"}}),
        ({"op": "remove", "path": "title"}, {"title": None}),
        ({"op": "remove", "path": "emails"}, {"emails": []}),
        ({"op": "remove", "path": "name.given"}, {"name": {"family": "King"}}),
        ({"op": "remove", "path": 'emails[type eq "work"]'}, {"emails": ADA["emails"][1:]}),
        (
            {"op": "replace", "path": 'emails[type eq "Home"].value', "value": "z@x.org"},
            {"emails": [ADA["emails"][0], {"value": "z@x.org", "type": "home"}]},
        ),
    ],
)
def test_each_operation_does_what_it_says(operation, told):
    assert changed(operation) == told


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "merge", "path": "title", "value": 1},
        {"op": "remove"},
        {"op": "replace", "path": 'emails[type eq "other"].value', "value": 1},
        {"op": "replace", "path": "a b", "value": 1},
        "replace",
    ],
)
def test_what_cannot_be_done_is_an_error_and_changes_nothing(operation):
    with pytest.raises(PatchError):
        changed({"op": "remove", "path": "title"}, operation)
    assert ADA["title"] == "Countess"
