"""What the house tests walk over: the source modules, and the files that a commit would hold."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PACKAGES: Final = ("cassettes", "sanitizers", "recorder", "gateway")
_MADE_FOLDERS: Final = {".git", ".venv", ".mimic", "__pycache__", "node_modules", "dist", "results"}


@cache
def modules(*folders: str) -> tuple[Path, ...]:
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def kept_files() -> tuple[Path, ...]:
    """Give the files that are tracked or would be; outside a git checkout every file that nothing made."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode()
        paths = [ROOT / name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [path for path in ROOT.rglob("*") if not _MADE_FOLDERS & set(path.parts)]
    return tuple(sorted(path for path in paths if path.is_file()))


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def doc(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def headings(name: str) -> set[str]:
    """Give the headings of a page in docs/, without marks: "## `mock`" is "mock"."""
    return {line.lstrip("#").strip().replace("`", "") for line in doc(name).splitlines() if line.startswith("#")}
