"""A reel gives each line once, wherever the cassette is cut."""

from __future__ import annotations

import pytest
from builders import a_response, an_exchange, an_interaction

from cassettes.cassette import Manifest
from cassettes.codec import dump_interaction
from cassettes.errors import CassetteNotFoundError, CodecError
from cassettes.library import Library
from cassettes.stores.files import FileStore

LINES = [b"a", b"bb", b"", b"cccc", b"d"]


def a_reel(folder, content):
    """Give the reel of a cassette with these bytes for lines."""
    (folder / "tape").mkdir()
    (folder / "tape" / "interactions.jsonl").write_bytes(content)
    return Library(FileStore(folder)).reel("tape")


@pytest.mark.parametrize("end", [b"\n", b""])
def test_parts_that_meet_have_each_line_once(tmp_path, end):
    reel = a_reel(tmp_path, b"\n".join(LINES) + end)
    whole = [(0, b"a"), (2, b"bb"), (6, b"cccc"), (11, b"d")]
    assert list(reel.lines(0, reel.size)) == whole
    for cut in range(reel.size + 1):
        assert [*reel.lines(0, cut), *reel.lines(cut, reel.size)] == whole


def test_lines_longer_than_what_is_read_at_once_are_whole(tmp_path):
    long = [b"x" * 3_000_000, b"y" * 10, b"z" * 1_500_000]
    reel = a_reel(tmp_path, b"\n".join(long) + b"\n")
    assert [line for _, line in reel.lines(0, reel.size)] == long
    assert [line for _, line in reel.lines(3_000_001, 3_000_002)] == [long[1]]


def test_lines_in_runs_are_those_that_stand_there(tmp_path):
    reel = a_reel(tmp_path, b"\n".join(LINES) + b"\n")
    assert list(reel.lines_in([(2, 3), (11, 2)])) == [b"bb", b"d"]


def test_a_line_is_read_with_the_body_that_lies_beside_it(tmp_path):
    library = Library(FileStore(tmp_path))
    kept = an_interaction(1, an_exchange(response=a_response(body=b"\xff" * 5000)))
    with library.write("shop", manifest=Manifest("shop", profile="default")) as writer:
        writer.append([kept])
    reel = library.reel("shop")
    assert (reel.manifest.profile, reel.damages) == ("default", ())
    assert [reel.load(line) for _, line in reel.lines(0, reel.size)] == [kept]
    with pytest.raises(CodecError, match="not JSON"):
        reel.load(b"{")


def test_what_is_added_changes_size_and_tail(tmp_path):
    line, _ = dump_interaction(an_interaction(1))
    reel = a_reel(tmp_path, line + b"\n")
    before = reel.size, reel.tail
    with (tmp_path / "tape" / "interactions.jsonl").open("ab") as lines:
        lines.write(line.replace(b'"number":1', b'"number":2') + b"\n")
    assert (reel.size > before[0], reel.tail != before[1]) == (True, True)


def test_a_cassette_without_lines_is_empty_and_one_that_is_not_there_is_told(tmp_path):
    (tmp_path / "tape").mkdir()
    (tmp_path / "tape" / "cassette.yaml").write_bytes(b"format: 1\nname: tape\n")
    reel = Library(FileStore(tmp_path)).reel("tape")
    assert (reel.size, list(reel.lines(0, 100))) == (0, [])
    with pytest.raises(CassetteNotFoundError, match="there is no cassette other"):
        Library(FileStore(tmp_path)).reel("other")
