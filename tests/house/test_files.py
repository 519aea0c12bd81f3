from __future__ import annotations

import re
import tomllib

import pytest
from house.tree import ROOT, kept_files, named

# Written in two parts, so that this file does not hold what it looks for.
PLACES = ["/wo" + "rk/", "/home" + "/", "/Users" + "/"]
REGISTRIES = ["pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js", "deb." + "debian.org"]


@pytest.mark.parametrize("needle", PLACES + REGISTRIES)
def test_no_file_names_a_place_that_only_its_writer_has(needle):
    assert [named(path) for path in kept_files() if needle.encode() in path.read_bytes()] == []


def test_the_lock_holds_no_addresses_and_a_hash_for_each_package():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.split(r"\n(?=[a-z0-9])", lock.strip(), flags=re.IGNORECASE)
    assert len(entries) > 20
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_has_every_dependency_of_the_project():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {_normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", lock, flags=re.MULTILINE)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {_normal(re.split(r"[^A-Za-z0-9._-]", line)[0]) for line in wanted}
    assert sorted(names - locked) == [], "run make lock"


def test_the_changelog_tells_what_is_new():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog
    assert re.search(r"## \[Unreleased\]\n+### (Added|Changed|Fixed)\n+- ", changelog)


def test_the_two_commands_are_there():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    assert targets >= {"run", "test", "check", "fmt", "bench", "lock", "clean"}
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()
