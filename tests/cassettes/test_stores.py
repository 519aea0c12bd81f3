"""Stores are opened by URL or path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cassettes.errors import CassetteError
from cassettes.stores import open_store
from cassettes.stores.files import FileStore
from cassettes.stores.memory import MemoryStore

if TYPE_CHECKING:
    from pathlib import Path


def test_a_path_and_a_file_url_open_the_same_folder(tmp_path: Path) -> None:
    open_store(tmp_path / "a b").write("x", b"1")

    assert open_store(f"{tmp_path}/a b").read("x") == b"1"
    assert open_store(f"file://{tmp_path}/a%20b").read("x") == b"1"


def test_memory_opens_a_store_of_its_own() -> None:
    open_store("memory:").write("x", b"1")

    assert isinstance(open_store("memory://"), MemoryStore)
    assert open_store("memory:").list() == []


def test_a_windows_path_is_a_path() -> None:
    assert isinstance(open_store("C:\\tapes"), FileStore)


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CassetteError, match=r"'ftp'; known are .*file.*memory"):
        open_store("ftp://example.test/x")
