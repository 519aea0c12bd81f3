"""Tests of packages: a client that is not there is told, and what was fetched is not fetched again."""

from pathlib import Path

import pytest

from bench.fidelity import packages
from bench.fidelity.upstream import Start, running, steady_port
from bench.process import StartError

MODULE = "example.com/owner/tool@v1.2.0"


def test_a_command_of_go_is_built_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[list[str]] = []

    def fetch(command: list[str], folder: Path) -> None:
        built.append(command)
        folder.mkdir(parents=True)
        (folder / "tool").touch()

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(packages.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setattr(packages, "fetch", fetch)
    found = {packages.go_command("tools", MODULE) for _ in range(2)}
    assert found == {tmp_path / "mimic-fidelity" / "go" / "tools" / "tool"}
    assert [command[-3:] for command in built] == [["go", "install", MODULE]]


def test_a_machine_without_go_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages.shutil, "which", lambda _: None)
    with pytest.raises(StartError, match="go is not installed"):
        packages.go_command("tools", MODULE)


class Unreachable:
    name, held_out, keeps_nothing = "unreachable", False, False

    def obtain(self) -> None:
        raise StartError("no registry")

    def prepare(self, folder: Path, port: int) -> Start:
        raise AssertionError


def test_a_server_is_obtained_before_it_is_started() -> None:
    with pytest.raises(StartError, match="no registry"), running(Unreachable(), steady_port()):
        pass
