from __future__ import annotations

import subprocess
import sys

from recorder.synthesis.plan.folder import Folder

HOLDER = """
import sys
from pathlib import Path
from recorder.synthesis.plan.folder import Folder
with Folder(Path(sys.argv[1])).claimed("survey/1.json") as is_open:
    print(is_open, flush=True)
    sys.stdin.read()
"""


def test_files_are_there_once_they_are_written(tmp_path):
    folder = Folder(tmp_path / "plan")
    folder.write_json("survey/1.json", {"a": {1: 2}})
    assert (folder.has("survey/1.json"), folder.has("survey/2.json")) == (True, False)
    assert folder.read_json("survey/1.json") == {"a": {"1": 2}}
    assert folder.open_ones(["survey/1.json", "survey/2.json", "top.json"]) == ["survey/2.json", "top.json"]


def test_what_one_holds_another_does_not_and_what_is_done_nobody_does(tmp_path):
    one, two = Folder(tmp_path), Folder(tmp_path)
    with one.claimed("a/1.json") as mine, two.claimed("a/1.json") as other, two.claimed("a/2.json") as next_one:
        assert (mine, other, next_one) == (True, False, True)
        one.write("a/1.json", b"x")
    with two.claimed("a/1.json") as again:
        assert not again


def test_a_claim_ends_with_the_process_that_is_killed(tmp_path):
    folder = Folder(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline().strip() == b"True"
        with folder.claimed("survey/1.json") as is_open:
            assert not is_open
        holder.kill()
        holder.wait()
    with folder.claimed("survey/1.json") as is_open:
        assert is_open


def test_a_folder_is_removed_with_all_that_the_plan_wrote(tmp_path):
    folder = Folder(tmp_path / "plan")
    folder.write("a/1.json", b"x")
    folder.write("b.json", b"y")
    folder.remove()
    assert not (tmp_path / "plan").exists()
