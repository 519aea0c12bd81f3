"""The store in a folder: what it has confirmed survives a crash of the process and of the machine."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cassettes.errors import CassetteError, CassetteNotFoundError
from cassettes.store import busy, check_name

if TYPE_CHECKING:
    from collections.abc import Iterator

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TEMPORARY: Final = ".tmp~"  # the tilde keeps these names apart from every checked name
_counter: Final = itertools.count()
_READ: Final = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_WRITE: Final = os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class FileStore:
    """A store in the folder `root`, which is made at the first write; links in place of files are not followed."""

    def __init__(self, root: str | Path) -> None:
        self._root = Path(root)

    def __repr__(self) -> str:
        return f"FileStore({str(self._root)!r})"

    def read(self, name: str) -> bytes:
        with self._opened(name) as (fd, size):
            return _read_all(fd, size)

    def read_part(self, name: str, offset: int, size: int) -> bytes:
        with self._opened(name) as (fd, _):
            os.lseek(fd, offset, os.SEEK_SET)
            return _read_at_most(fd, size)

    def size(self, name: str) -> int:
        with self._opened(name) as (_, size):
            return size

    def write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        temporary = path.with_name(f"{_TEMPORARY}{os.getpid()}-{next(_counter)}")
        with _errors("write", name):
            _make_folder(path.parent)
            try:
                fd = os.open(temporary, _WRITE | os.O_CREAT | os.O_EXCL, 0o666)
                try:
                    _write_all(fd, content)
                    os.fsync(fd)
                finally:
                    os.close(fd)
                os.replace(temporary, path)  # noqa: PTH105 (beside the other calls on descriptors)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)

    def append(self, name: str, content: bytes, *, offset: int | None = None) -> int:
        path = self._path(name)
        with _errors("write", name):
            if offset is None:
                _make_folder(path.parent)
            # A descriptor of its own each time: after a failed fsync the same one may claim success (fsyncgate).
            fd = os.open(path, _WRITE | (os.O_CREAT if offset is None else 0), 0o666)
            try:
                size = os.fstat(fd).st_size
                start = size if offset is None else offset
                if size < start:
                    raise CassetteError(f"cannot write {name}: it has become shorter than what was written to it")
                _append_at(fd, content, start)
            finally:
                os.close(fd)
            if offset is None:
                _sync_folder(path.parent)
        return start + len(content)

    def delete(self, name: str) -> None:
        path = self._path(name)
        with _errors("delete", name), suppress(FileNotFoundError):
            path.unlink()
            _sync_folder(path.parent)
        with suppress(OSError):  # an empty folder is no cassette; one with other files stays
            while path.parent != self._root:
                path = path.parent
                path.rmdir()

    def move(self, old: str, new: str) -> None:
        source, target = self._path(old), self._path(new)
        with _errors("rename", old):
            if target.exists() and any(target.iterdir()):
                raise CassetteError(f"cannot rename {old} to {new}: there is one already")
            _make_folder(target.parent)
            os.rename(source, target)  # noqa: PTH104 (beside the other calls on descriptors)
            _sync_folder(target.parent)

    def list(self, prefix: str = "") -> list[str]:
        top = self._path(prefix) if prefix else self._root
        with _errors("list", prefix or str(self._root)):
            return sorted(f"{prefix}/{name}" if prefix else name for name in _walk(top))

    def sweep(self, prefix: str = "") -> None:
        top = self._path(prefix) if prefix else self._root
        with _errors("clean", prefix or str(self._root)):
            for folder, _, files in os.walk(top):
                for file in files:
                    if file.startswith(_TEMPORARY):
                        Path(folder, file).unlink(missing_ok=True)

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        folder = self._path(name) if name else self._root
        with _errors("lock", name or str(self._root)):
            fd = _take(folder, name)
        try:
            yield
        finally:
            os.close(fd)
            with suppress(OSError):  # a folder in which nothing was written, or all was deleted
                folder.rmdir()

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[int, int]]:
        """Give a plain file's descriptor and size."""
        path = self._path(name)
        with _errors("read", name):
            fd = os.open(path, _READ)
            try:
                facts = os.fstat(fd)
                if not stat.S_ISREG(facts.st_mode):
                    raise CassetteError(f"cannot read {name}: it is not a plain file")
                yield fd, facts.st_size
            finally:
                os.close(fd)

    def _path(self, name: str) -> Path:
        return self._root / check_name(name)


@contextmanager
def _errors(verb: str, name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise CassetteNotFoundError(f"cannot {verb} {name}: there is no such file") from error
    except OSError as error:
        reason = "it is a link, which is not followed" if error.errno == errno.ELOOP else error.strerror
        raise CassetteError(f"cannot {verb} {name}: {reason}") from error


def _read_all(fd: int, size: int) -> bytes:
    pieces = []
    while piece := os.read(fd, max(size, 1 << 16) + 1):
        pieces.append(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _read_at_most(fd: int, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := os.read(fd, min(size, 1 << 20))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _write_all(fd: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(fd, view) :]  # a write may take less than it was given


def _append_at(fd: int, content: bytes, start: int) -> None:
    try:
        os.ftruncate(fd, start)
        os.lseek(fd, start, os.SEEK_SET)
        _write_all(fd, content)
        _sync_content(fd)
    except BaseException:
        with suppress(OSError):  # best effort: the next append cuts at its offset anyway
            os.ftruncate(fd, start)
        raise


def _sync_content(fd: int) -> None:
    if hasattr(os, "fdatasync"):
        os.fdatasync(fd)
    else:
        os.fsync(fd)


def _make_folder(folder: Path) -> None:
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir()
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, as its files already are."""
    if sys.platform == "win32":
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _walk(top: Path) -> Iterator[str]:
    """Give the plain files below `top`, hidden folders and unfinished files left out."""
    try:
        entries = list(os.scandir(top))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            yield from (f"{entry.name}/{name}" for name in _walk(Path(entry.path)))
        else:
            yield entry.name


def _take(folder: Path, name: str) -> int:
    """Hold the folder itself, so that no lock file lies about and none can be left behind."""
    while True:
        try:
            _make_folder(folder)
            fd = _open_lock(folder)
        except FileNotFoundError:  # deleted by its last holder before it could be opened
            continue
        try:
            _lock_or_refuse(fd, name)
            if sys.platform == "win32" or os.path.samestat(os.fstat(fd), folder.stat()):
                return fd
        except FileNotFoundError:  # deleted by its last holder in between: begin again
            pass
        except BaseException:
            os.close(fd)
            raise
        os.close(fd)


def _open_lock(folder: Path) -> int:
    if sys.platform == "win32":
        return os.open(folder / f"{_TEMPORARY}lock", os.O_RDWR | os.O_CREAT)
    return os.open(folder, os.O_RDONLY)


def _lock_or_refuse(fd: int, name: str) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise busy(name) from None
