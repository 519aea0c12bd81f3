"""The store in a folder survives crashes, short writes and failing disks, and follows no link."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cassettes.errors import CassetteBusyError, CassetteError
from cassettes.stores import files
from cassettes.stores.files import FileStore

if TYPE_CHECKING:
    from pathlib import Path


def failing(monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, name, fail)


def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)
    store.write("a/x", b"old")
    failing(monkeypatch, "write", errno.ENOSPC)

    with pytest.raises(CassetteError, match=r"cannot write a/x: No space left on device"):
        store.write("a/x", b"new")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x"]
    assert store.read("a/x") == b"old"


def test_an_append_that_did_not_reach_the_disk_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)
    store.append("x", b"one\n")
    with monkeypatch.context() as patch:
        failing(patch, "fdatasync", errno.EIO)
        with pytest.raises(CassetteError, match="Input/output error"):
            store.append("x", b"two\n")

    assert store.read("x") == b"one\n"


def test_short_writes_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_write = os.write
    monkeypatch.setattr(os, "write", lambda fd, content: whole_write(fd, content[: max(1, len(content) // 2)]))
    store = FileStore(tmp_path)
    store.append("x", b"x" * 1000)
    store.write("y", b"y" * 1000)

    assert store.read("x") == b"x" * 1000
    assert store.read("y") == b"y" * 1000


def test_links_and_pipes_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "store" / "pipe")
    store = FileStore(tmp_path / "store")

    with pytest.raises(CassetteError, match="link"):
        store.read("link")
    with pytest.raises(CassetteError, match="link"):
        store.append("link", b"x")
    with pytest.raises(CassetteError, match="plain file"):
        store.read("pipe")
    assert (tmp_path / "secret").read_text() == "secret"


def test_unfinished_files_are_not_listed_and_are_swept(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    store.write("a/x", b"")
    (tmp_path / "a" / ".tmp~1-2").write_bytes(b"half")

    assert store.list() == ["a/x"]
    store.sweep("a")
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["x"]


def test_another_process_cannot_take_a_held_folder_and_can_when_it_is_let_go(tmp_path: Path) -> None:
    program = (
        "import sys; from cassettes.stores.files import FileStore\n"
        "with FileStore(sys.argv[1]).lock('pets'): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(CassetteBusyError, match="pets"), FileStore(tmp_path).lock("pets"):
            pass
        other.kill()
        other.wait()
    with FileStore(tmp_path).lock("pets"):
        pass


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "none")

    assert store.list() == []
    with pytest.raises(CassetteError):
        store.read("a")
    assert not (tmp_path / "none").exists()


def test_a_lock_whose_folder_goes_in_between_is_taken_anew(tmp_path, monkeypatch):
    missing = [True]
    opened = files._open_lock

    def open_lock(folder):
        if missing.pop() if missing else False:
            folder.rmdir()  # as its last holder does
        return opened(folder)

    monkeypatch.setattr(files, "_open_lock", open_lock)
    with FileStore(tmp_path).lock("claims/one"):
        assert (tmp_path / "claims" / "one").is_dir()
