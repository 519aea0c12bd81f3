"""The law of stores: every kind keeps the one contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cassettes.errors import CassetteBusyError, CassetteError, CassetteNotFoundError
from cassettes.stores import STORES, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from cassettes.store import Store

BAD_NAMES = [
    *("", "..", "../x", "a/../../x", "a/..", "/etc/passwd", "a//b", "a/", "./a", "..\\x", "a\\b", "C:x"),
    *("a\0b", "file://x", "a b", "ä", "a\n", "x" * 300),
]


@pytest.fixture(params=sorted(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return open_store(f"{request.param}:{tmp_path}/shelf")


def test_what_was_written_is_read(store: Store) -> None:
    store.write("pets/bodies/a", b"one")
    store.write("pets/bodies/a", b"two")

    assert store.read("pets/bodies/a") == b"two"


def test_a_part_is_read_as_far_as_there_is_any(store: Store) -> None:
    store.write("pets/lines", b"one\ntwo\n")

    assert store.size("pets/lines") == 8
    assert [store.read_part("pets/lines", *part) for part in ((0, 3), (4, 3), (4, 99), (8, 5), (50, 5), (2, 0))] == [
        b"one", b"two", b"two\n", b"", b"", b"",
    ]  # fmt: skip
    with pytest.raises(CassetteNotFoundError):
        store.size("pets/none")
    with pytest.raises(CassetteNotFoundError):
        store.read_part("pets/none", 0, 1)


def test_appends_follow_one_another_and_give_the_size(store: Store) -> None:
    assert store.append("pets/lines", b"one\n") == 4
    assert store.append("pets/lines", b"two\n") == 8
    assert store.append("pets/lines", b"", offset=8) == 8
    assert store.read("pets/lines") == b"one\ntwo\n"


def test_an_append_at_an_offset_cuts_what_lay_behind_it(store: Store) -> None:
    store.append("lines", b"one\ntorn")

    assert store.append("lines", b"two\n", offset=4) == 8
    assert store.read("lines") == b"one\ntwo\n"


def test_an_append_behind_the_end_or_to_nothing_is_refused(store: Store) -> None:
    store.append("lines", b"one\n")

    with pytest.raises(CassetteError, match="shorter"):
        store.append("lines", b"x", offset=5)
    with pytest.raises(CassetteNotFoundError):
        store.append("others", b"x", offset=0)
    assert store.read("lines") == b"one\n"
    assert store.list() == ["lines"]


def test_a_missing_file_is_not_found_and_may_be_deleted(store: Store) -> None:
    store.delete("pets/none")

    with pytest.raises(CassetteNotFoundError, match="pets/none"):
        store.read("pets/none")


def test_lists_are_sorted_and_keep_to_their_folder(store: Store) -> None:
    for name in ("b", "a/2", "a/1/x", "ab/1"):
        store.write(name, b"")

    assert store.list() == ["a/1/x", "a/2", "ab/1", "b"]
    assert store.list("a") == ["a/1/x", "a/2"]
    assert store.list("none") == []


def test_a_deleted_file_is_gone(store: Store) -> None:
    store.write("a/b/c", b"x")
    store.delete("a/b/c")

    assert store.list() == []


def test_a_folder_moves_to_a_free_place_only(store: Store) -> None:
    for name in ("a/1", "a/b/2", "c/1"):
        store.write(name, name.encode())

    with pytest.raises(CassetteError, match="already"):
        store.move("a", "c")
    with pytest.raises(CassetteNotFoundError):
        store.move("none", "e")
    store.move("a", "d")

    assert store.list() == ["c/1", "d/1", "d/b/2"]
    assert store.read("d/b/2") == b"a/b/2"


def test_a_folder_is_held_by_one_at_a_time(store: Store) -> None:
    with store.lock("pets"):
        with pytest.raises(CassetteBusyError, match=r"pets is being written.*stop"), store.lock("pets"):
            pass
        with store.lock("others"):
            store.write("pets/a", b"")
    with store.lock("pets"):
        pass

    assert store.list() == ["pets/a"]


def test_a_lock_is_let_go_after_an_error(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.lock("pets"):
        raise ZeroDivisionError
    with store.lock("pets"):
        pass


@pytest.mark.parametrize("name", BAD_NAMES)
def test_no_method_takes_a_name_that_is_unsafe(store: Store, name: str) -> None:
    for call in (
        lambda: store.read(name),
        lambda: store.write(name, b"x"),
        lambda: store.append(name, b"x"),
        lambda: store.delete(name),
        lambda: store.move(name, "b"),
        lambda: store.move("b", name),
    ):
        with pytest.raises(CassetteError, match="is not a name"):
            call()
    if name:
        with pytest.raises(CassetteError, match="is not a name"):
            store.list(name)
        with pytest.raises(CassetteError, match="is not a name"), store.lock(name):
            pass


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["write", "append", "delete"]), st.sampled_from(["a", "b/a", "b/c"]), st.binary(max_size=40)
        ),
        max_size=12,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_store_is_like_a_mapping_of_names_to_bytes(store: Store, steps: list[tuple[str, str, bytes]]) -> None:
    for name in store.list():
        store.delete(name)
    model: dict[str, bytes] = {}
    for step, name, content in steps:
        if step == "write":
            store.write(name, content)
            model[name] = content
        elif step == "append":
            model[name] = model.get(name, b"") + content
            assert store.append(name, content) == len(model[name])
        else:
            store.delete(name)
            model.pop(name, None)

    assert {name: store.read(name) for name in store.list()} == model
