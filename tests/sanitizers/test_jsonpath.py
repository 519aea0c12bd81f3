from __future__ import annotations

import pytest

from sanitizers.errors import ProfileError
from sanitizers.jsonpath import compiled


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$.a.b", ("a", "b")),
        ("$..id", ("a", 3, "id")),
        ("$..id", ("id",)),
        ("$.items[*].id", ("items", 7, "id")),
        ("$.items[0].id", ("items", 0, "id")),
        ("$.a.*.c", ("a", "whatever", "c")),
        ("$['with space']", ("with space",)),
        ("$..a..b", ("x", "a", "y", 1, "b")),
        ("$.a[*][*]", ("a", 1, 2)),
    ],
)
def test_a_path_matches_where_it_leads(path, steps):
    assert compiled(path)(steps)


@pytest.mark.parametrize(
    ("path", "steps"),
    [("$.a.b", ("a",)), ("$.a.b", ("a", "b", "c")), ("$..id", ("ids",)), ("$.items[0]", ("items", 1))],
)
def test_a_path_matches_nowhere_else(path, steps):
    assert not compiled(path)(steps)


@pytest.mark.parametrize("path", ["$.a[?(@.b == 1)]", "$.a[", "", "$.a | $.b", "$.a[1:2]"])
def test_what_cannot_be_compiled_is_refused(path):
    with pytest.raises(ProfileError, match="JSONPath"):
        compiled(path)
