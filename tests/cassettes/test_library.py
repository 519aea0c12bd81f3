"""A library reads what is whole, notes what is not, and changes nothing by reading."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from builders import a_request, a_response, an_exchange, an_interaction

from cassettes.cassette import Cassette, Damage, Finding, Manifest, Session
from cassettes.errors import CassetteBusyError, CassetteError, CassetteFormatError, CassetteNotFoundError
from cassettes.library import Library
from cassettes.stores.files import FileStore
from cassettes.stores.memory import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path

    from cassettes.cassette import Interaction

LARGE = b"\xff" * 5000
TOKEN = Finding("request.query.token", "token", "query")


def three() -> list[Interaction]:
    """A plain one, one with a blob, one with a finding."""
    return [
        an_interaction(1),
        an_interaction(2, an_exchange(response=a_response(body=LARGE))),
        an_interaction(3, findings=[TOKEN]),
    ]


def recorded(folder: Path, name: str = "shop") -> Library:
    library = Library(FileStore(folder))
    with library.write(name, manifest=Manifest(name, 5.0, profile="default")) as writer:
        writer.append(three())
    return library


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_cassette_is_read_as_it_was_written(tmp_path: Path) -> None:
    cassette = recorded(tmp_path).read("shop")

    manifest = Manifest(
        "shop", 5.0, profile="default", sessions=(Session("s1", recorded=3),), interactions=3, findings=(TOKEN,)
    )
    assert cassette == Cassette(manifest, tuple(three()))


def test_reading_changes_no_byte(tmp_path: Path) -> None:
    library = recorded(tmp_path)
    with (tmp_path / "shop" / "interactions.jsonl").open("ab") as lines:
        lines.write(b'{"torn')
    before = everything(tmp_path)
    library.read("shop")
    library.manifest("shop")
    library.names()

    assert everything(tmp_path) == before


def test_a_torn_line_costs_nothing_but_itself_wherever_it_is_cut(tmp_path: Path) -> None:
    library = recorded(tmp_path)
    lines = tmp_path / "shop" / "interactions.jsonl"
    whole = lines.read_bytes()
    for cut in range(len(whole)):
        lines.write_bytes(whole[:cut])
        cassette = library.read("shop")
        finished = (whole[: cut + 1]).count(b"\n")  # a line that lacks its newline only is whole
        is_torn = cut > 0 and b"\n" not in whole[cut - 1 : cut + 1]

        assert cassette.interactions == tuple(three()[:finished])
        assert [damage.line for damage in cassette.damages] == [finished + 1] * is_torn


def test_a_flipped_bit_is_reported_with_its_line_and_the_others_are_there(tmp_path: Path) -> None:
    library = recorded(tmp_path)
    lines = tmp_path / "shop" / "interactions.jsonl"
    whole = lines.read_bytes()
    second = whole.index(b"\n") + 1
    for place in range(second, whole.index(b"\n", second), 7):
        lines.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        cassette = library.read("shop")

        assert cassette.interactions == (three()[0], three()[2])
        assert {(damage.file, damage.line) for damage in cassette.damages} == {("interactions.jsonl", 2)}


@pytest.mark.parametrize(
    ("harm", "reason"),
    [
        (lambda blob: blob.unlink(), "is missing"),
        (lambda blob: blob.write_bytes(b"\0" + LARGE[1:]), "was changed: its SHA-256 is not its name"),
        (lambda blob: blob.write_bytes(LARGE[:-1]), "has 4999 bytes instead of 5000"),
        (lambda blob: (blob.unlink(), blob.mkdir()), "it is not a plain file"),
    ],
)
def test_a_missing_or_wrong_blob_costs_its_interaction_only(tmp_path: Path, harm, reason: str) -> None:
    library = recorded(tmp_path)
    harm(tmp_path / "shop" / "bodies" / hashlib.sha256(LARGE).hexdigest())
    cassette = library.read("shop")

    assert cassette.interactions == (three()[0], three()[2])
    assert len(cassette.damages) == 1
    assert cassette.damages[0].line == 2
    assert reason in cassette.damages[0].reason


def test_a_missing_or_wrong_manifest_is_a_damage(tmp_path: Path) -> None:
    library = recorded(tmp_path)
    manifest = tmp_path / "shop" / "cassette.yaml"
    manifest.write_bytes(b"format: 1\nname: [")
    assert library.read("shop").interactions == tuple(three())
    assert library.read("shop").damages[0].file == "cassette.yaml"
    manifest.unlink()

    assert library.names() == ["shop"]
    assert library.read("shop").damages == (Damage("cassette.yaml", 0, "the manifest is missing"),)


def test_a_newer_format_is_refused_and_left_alone(tmp_path: Path) -> None:
    library = recorded(tmp_path)
    (tmp_path / "shop" / "cassette.yaml").write_bytes(b"format: 2\nname: shop\n")
    before = everything(tmp_path)
    for call in (library.read, library.manifest, library.write):
        with pytest.raises(CassetteFormatError, match=r"format 2.* up to 1"):
            call("shop")

    assert everything(tmp_path) == before


def test_a_cassette_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    library = recorded(tmp_path)

    for call in (library.read, library.manifest, library.delete):
        with pytest.raises(CassetteNotFoundError, match="no cassette shap; did you mean shop"):
            call("shap")
    with pytest.raises(CassetteNotFoundError, match="no cassette zzz; there are: shop"):
        library.read("zzz")
    assert not (tmp_path / "shap").exists()


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", "/x", ".hidden", "a b", "a\\b", "a\0", "x" * 200])
def test_a_reference_that_is_no_name_is_refused(tmp_path: Path, name: str) -> None:
    library = Library(FileStore(tmp_path))

    for call in (library.read, library.write, library.delete, lambda name: library.rename(name, "b")):
        with pytest.raises(CassetteError, match="is not a cassette's name"):
            call(name)


def test_a_path_is_a_reference_where_that_is_allowed(tmp_path: Path) -> None:
    recorded(tmp_path / "my tapes")
    library = Library(MemoryStore(), allow_paths=True)
    path = f"{tmp_path}/my tapes/shop"

    assert library.read(path).interactions == tuple(three())
    with library.write(path) as writer:
        assert writer.append([an_interaction()]) == range(4, 5)
    with pytest.raises(CassetteError, match="is not a cassette's name"):
        Library(MemoryStore()).read(path)
    library.delete(path)
    assert not (tmp_path / "my tapes" / "shop").exists()


def test_names_are_sorted_and_only_of_cassettes(tmp_path: Path) -> None:
    library = recorded(tmp_path, "b")
    recorded(tmp_path, "a")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "x.txt").touch()

    assert library.names() == ["a", "b"]


def test_a_deleted_cassette_is_gone_and_foreign_files_stay(tmp_path: Path) -> None:
    library = recorded(tmp_path, "a")
    recorded(tmp_path, "b")
    (tmp_path / "b" / "README").touch()
    library.delete("a")
    library.delete("b")

    assert list(everything(tmp_path)) == ["b/README"]
    assert Library(FileStore(tmp_path)).names() == []


def test_a_renamed_cassette_is_the_same_under_its_new_name(tmp_path: Path) -> None:
    library = recorded(tmp_path, "old")
    before = library.read("old")
    recorded(tmp_path, "taken")

    with pytest.raises(CassetteError, match="a cassette taken already"):
        library.rename("old", "taken")
    library.rename("old", "new")

    assert library.names() == ["new", "taken"]
    assert library.read("new") == replace(before, manifest=replace(before.manifest, name="new"))


def test_a_cassette_in_use_is_neither_deleted_nor_renamed(tmp_path: Path) -> None:
    library = recorded(tmp_path)
    with library.write("shop"):
        for call in (library.write, library.delete, lambda name: library.rename(name, "b")):
            with pytest.raises(CassetteBusyError, match="shop is being written"):
                call("shop")

    assert len(library.read("shop").interactions) == 3


def test_a_large_cassette_is_read_whole() -> None:
    library = Library(MemoryStore())
    exchanges = [an_interaction(n, an_exchange(a_request(target=b"/pets/%d" % n))) for n in range(1, 2001)]
    with library.write("shop") as writer:
        writer.append(exchanges)

    assert library.read("shop").interactions == tuple(exchanges)
