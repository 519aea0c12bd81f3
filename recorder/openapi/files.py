"""The files of a document: the one that was named, and what lies in its folder; nothing outside, nothing remote."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import Any, Final

from recorder.errors import DocumentError
from recorder.openapi.text import MAX_BYTES, read_text

_MAX_FILES: Final = 20_000
_MAX_TOTAL_BYTES: Final = 256 << 20
_SUFFIXES: Final = (".yaml", ".yml", ".json")
_ROOT_NAMES: Final = ("openapi", "swagger")


class Files:
    """Reads files by their path relative to the root folder, each once.

    `folder` is None for a document that stands alone. Paths are given with `/` and without `..`.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder is not None else None
        self._values: dict[str, Any] = {}
        self._bytes = 0

    def hold(self, name: str, value: Any) -> None:
        """Keep a document that was read already."""
        self._values[name] = value

    def read(self, name: str) -> Any:
        """Give a file's value; raises DocumentError where it may not or cannot be read."""
        if name not in self._values:
            self._values[name] = self._load(name)
        return self._values[name]

    def _load(self, name: str) -> Any:
        if self._folder is None:
            raise DocumentError(f"{name}: a document that is sent alone has no files beside it: bundle them into it")
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder):
            raise DocumentError(f"{name}: lies outside the document's folder, which is not read")
        if len(self._values) >= _MAX_FILES or self._bytes > _MAX_TOTAL_BYTES:
            raise DocumentError(f"{name}: more than {_MAX_FILES} files or {_MAX_TOTAL_BYTES >> 20} MiB are not read")
        text = read_bytes(path, name)
        self._bytes += len(text)
        if path.suffix not in _SUFFIXES and text.lstrip()[:1] not in (b"{", b"["):
            return text.decode(errors="replace")  # Markdown, source text: what descriptions refer to
        return read_text(text, name)


def read_bytes(path: Path, name: str) -> bytes:
    """Give a file's bytes; raises DocumentError with a sentence."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DocumentError(f"{name}: larger than {MAX_BYTES >> 20} MiB, which is the most that is read")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{name}: cannot be read: {error.strerror}") from None


def joined(base: str, reference: str) -> str | None:
    """Give the path of a reference seen from a file, or None where it would leave the folder."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), reference))
    return None if path.startswith(("../", "/")) or path == ".." else path


def root_file(path: Path) -> Path:
    """Give the document itself; in a folder the file called openapi or swagger, or the only one at its top."""
    if not path.is_dir():
        return path
    files = sorted(item for item in path.iterdir() if item.is_file() and item.suffix in _SUFFIXES)
    named = [item for item in files if item.stem.lower() in _ROOT_NAMES]
    if len(named or files) == 1:
        return (named or files)[0]
    shown = ", ".join(item.name for item in files[:5]) or "none"
    raise DocumentError(f"{path}: name the file in it that is the document (there are: {shown})")
