"""A path in a definition becomes segments that are compared as bytes."""

import pytest

from gateway.route import path_segments


@pytest.mark.parametrize(
    ("path", "segments", "is_prefix"),
    [
        ("/", (b"",), False),
        ("/**", (), True),
        ("/a/b", (b"a", b"b"), False),
        ("/a/", (b"a", b""), False),
        ("/a/**", (b"a",), True),
        ("/users/{id}", (b"users", None), False),
        ("/café/a b", (b"caf%C3%A9", b"a%20b"), False),
        ("/a%2Fb", (b"a%2Fb",), False),
        ("/x:y@z,;=~", (b"x:y@z,;=~",), False),
    ],
)
def test_paths_are_split_and_escaped(path, segments, is_prefix):
    assert path_segments(path) == (segments, is_prefix)
