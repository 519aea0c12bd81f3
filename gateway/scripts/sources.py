"""Where scripts come from: the ones that are built in, a folder, and those that the settings name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from gateway.errors import ConfigError
from gateway.script import Script

SOURCE_BYTES: Final = 64 << 10
SUFFIXES: Final = (".monty", ".py")


def load_scripts(
    named: Mapping[str, str], folder: str | None = None, texts: Mapping[str, str] | None = None
) -> dict[str, Script]:
    """Give all scripts by id: `named` maps an id to a file, `texts` to the script itself.

    A named one goes before one of the folder, and that before a built-in one. Raises ConfigError with every reason.
    """
    errors: list[str] = []
    scripts = {script.id: script for script in built_in()}
    for path in _files(folder, errors):
        earlier = scripts.get(path.stem)
        if earlier is not None and earlier.place == str(path.with_suffix(".monty")):
            errors.append(f"{path}: {path.stem}.monty stands beside it, and both are the script {path.stem!r}")
        _keep(scripts, path.stem, path, errors)
    for script_id, file in named.items():
        _keep(scripts, script_id, Path(file), errors)
    for script_id, text in (texts or {}).items():
        _keep_text(scripts, Script(script_id, text, f"scripts.{script_id}"), errors)
    if errors:
        raise ConfigError("\n".join(errors))
    return scripts


def built_in() -> Iterator[Script]:
    """Give the scripts that come with the gateway."""
    for item in sorted(resources.files("gateway.scripts").joinpath("library").iterdir(), key=lambda item: item.name):
        if item.name.endswith(".monty"):
            yield Script(item.name.removesuffix(".monty"), item.read_text(encoding="utf-8"), "(built in)")


def _files(folder: str | None, errors: list[str]) -> list[Path]:
    if folder is None:
        return []
    place = Path(folder)
    if not place.is_dir():
        errors.append(f"scripts_folder: {folder} is not a folder")
        return []
    return sorted(path for path in place.iterdir() if path.suffix in SUFFIXES and path.is_file())


def _keep(scripts: dict[str, Script], script_id: str, path: Path, errors: list[str]) -> None:
    try:
        source = path.read_text(encoding="utf-8")
    except OSError as error:
        errors.append(f"scripts.{script_id}: {path} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        errors.append(f"scripts.{script_id}: {path} is not a text in UTF-8")
    else:
        _keep_text(scripts, Script(script_id, source, str(path)), errors)


def _keep_text(scripts: dict[str, Script], script: Script, errors: list[str]) -> None:
    if len(script.source.encode("utf-8", "surrogatepass")) > SOURCE_BYTES:
        errors.append(f"{script.place}: larger than {SOURCE_BYTES >> 10} KiB, which is the most that a script may be")
        return
    scripts[script.id] = script
