"""A shelf knows the files of one cassette and what they add up to."""

from __future__ import annotations

import pytest
from builders import an_interaction

from cassettes.cassette import Finding, Manifest, Session
from cassettes.errors import CodecError
from cassettes.shelf import Shelf, as_findings, count_findings, rebuilt, split_lines
from cassettes.stores.memory import MemoryStore

TOKEN = Finding("request.query.token", "token", "query")
EMAIL = Finding("response.body $.email", "email", "pii", 3)


@pytest.mark.parametrize("folder", ["shop", ""])
def test_a_shelf_keeps_to_its_folder(folder: str) -> None:
    store = MemoryStore()
    store.write("other/cassette.yaml", b"")
    shelf = Shelf(store, folder)
    assert not shelf.exists()
    shelf.write("cassette.yaml", b"x")
    shelf.write(f"bodies/{'a' * 64}", b"y")
    shelf.write("bodies/notes", b"z")

    assert shelf.exists()
    assert (shelf.lines(), shelf.part_of_lines(0, 9), shelf.size_of_lines()) == (b"", b"", 0)
    assert shelf.blobs() == {"a" * 64}
    assert shelf.read_blob("a" * 64) == b"y"
    with pytest.raises(CodecError, match="the blob bbbbbbbbbbbb… is missing"):
        shelf.read_blob("b" * 64)


def test_blank_lines_count_but_say_nothing() -> None:
    assert list(split_lines(b"a\n\n \r\nb\n")) == [(1, b"a"), (4, b"b")]


def test_equal_findings_are_added_up_and_sorted() -> None:
    interactions = [an_interaction(findings=[EMAIL, TOKEN]), an_interaction(findings=[TOKEN])]

    assert as_findings(count_findings(interactions)) == (Finding("request.query.token", "token", "query", 2), EMAIL)


def test_a_manifest_left_behind_by_a_crash_is_rebuilt() -> None:
    behind = Manifest("shop", sessions=(Session("s1", 5.0, recorded=1), Session("s0", 1.0, 2.0, recorded=9)))
    interactions = [an_interaction(1), an_interaction(2, findings=[TOKEN]), an_interaction(3, session="s2")]

    assert rebuilt(behind, interactions) == Manifest(
        "shop",
        sessions=(Session("s1", 5.0, recorded=2), Session("s0", 1.0, 2.0, recorded=9), Session("s2", recorded=1)),
        interactions=3,
        findings=(TOKEN,),
    )
