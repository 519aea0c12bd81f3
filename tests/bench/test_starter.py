"""Tests of the starter: each gateway that it forks is a fresh one."""

from pathlib import Path

import httpx

from bench.fidelity.recording import mimic
from bench.fidelity.starter import starting

MOCKS = """\
- id: things
  match: {path: "/things"}
  mode: mock
  resource: {name: things}
"""


def test_gateways_are_started_one_after_another_and_remember_nothing(tmp_path: Path) -> None:
    mocks = tmp_path / "mocks.yaml"
    mocks.write_text(MOCKS, encoding="utf-8")
    with starting() as starter:
        for _ in range(2):
            with mimic(["up", "--mocks", str(mocks)], tmp_path / "home", tmp_path / "up", starter) as base:
                assert httpx.get(f"{base}/things").json() == []
                assert httpx.post(f"{base}/things", json={"name": "one"}).status_code == 201
                assert len(httpx.get(f"{base}/things").json()) == 1
        process = starter.launch(["check", str(mocks)], tmp_path, {}, tmp_path / "checked.txt")
        assert process.wait(60) == 0
        failed = starter.launch(["check", str(tmp_path / "none.yaml")], tmp_path, {}, tmp_path / "none.txt")
        assert failed.wait(60) != 0
    assert "none.yaml" in (tmp_path / "none.txt").read_text(encoding="utf-8")
