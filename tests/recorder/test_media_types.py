"""The media type of a file is told by its name, in templates and in synthesis."""

from __future__ import annotations

from synthesis.telling import Mocks

from recorder.media_types import media_type_of


def test_endings_tell_media_types():
    names = ("a/b.csv", "notes.md", "q.txt", "a.json", "v1.2", "README", "b.csv/c")
    assert list(map(media_type_of, names)) == [
        "text/csv",
        "text/markdown",
        "text/plain",
        "application/json",
        *[None] * 3,
    ]


def test_one_session_tells_that_a_type_follows_the_name():
    rows = [
        ("POST", "/files", {"name": name}, 201, {"id": name[::-1], "name": name, "kind": kind})
        for name, kind in (("a-71c0.csv", "text/csv"), ("b-82d1.txt", "text/plain"), ("c-93e2.csv", "text/csv"))
    ]
    assert Mocks(rows).ask("POST", "/files", {"name": "d-04f3.json"}).json["kind"] == "application/json"
