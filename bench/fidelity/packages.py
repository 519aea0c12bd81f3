"""The packages of the upstreams: installed once into a cache folder outside the repository."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from bench.peer import fetch
from bench.process import StartError


def cache_folder() -> Path:
    """Give the folder where upstreams are kept between runs."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mimic-fidelity"


def python_environment(name: str, *packages: str) -> Path:
    """Give the `bin` folder of an environment that holds these Python packages; raises StartError."""
    folder = cache_folder() / "python" / name
    if not (folder / ".complete").exists():
        fetch([sys.executable, "-m", "venv", str(folder)], folder)
        fetch([str(folder / "bin" / "pip"), "install", "--quiet", *packages], folder)
        (folder / ".complete").touch()
    return folder / "bin"


def node_modules(name: str, *packages: str) -> Path:
    """Give the `node_modules` folder that holds these npm packages; raises StartError."""
    folder = cache_folder() / "npm" / name
    if not (folder / ".complete").exists():
        fetch(
            ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts", *packages],
            folder,
        )
        (folder / ".complete").touch()
    found = folder / "node_modules"
    if not found.is_dir():
        raise StartError(f"npm left no folder {found}")
    return found


def go_command(name: str, package: str) -> Path:
    """Give the command that this Go package, `path@version`, is built to; raises StartError."""
    if shutil.which("go") is None:
        raise StartError("go is not installed")
    folder = cache_folder() / "go" / name
    found = folder / package.partition("@")[0].rpartition("/")[2]
    if not found.exists():
        fetch(["env", f"GOBIN={folder}", "go", "install", package], folder)
    return found
