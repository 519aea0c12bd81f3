"""Definitions are checked and edited in files, and managed in a running gateway, from the command line."""

import json
import subprocess
import time

import jsonschema_rs
import pytest
from test_cli import MOCKCTL, Gateway, env, run

A = "# The first.\n- id: a\n  match: {path: /a}\n  response: {body: one}   # short\n"
B = "- {id: b, match: {method: [GET, POST], path: {glob: '/b/*'}}, response: {body: two}}\n"


def written(tmp_path, **files):
    for name, text in files.items():
        path = tmp_path / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def test_check_says_what_is_well_and_all_that_is_not(tmp_path):
    written(
        tmp_path,
        m__a_yaml=A,
        m__b_yaml=B,
        bad_yaml="- id: a\n  respons: {}\n- mode: spy\n",
        c_yaml="mocks: [m]\nprt: 1\n",
    )
    well = run("check", "m", cwd=tmp_path)
    wrong = run("check", "m", "bad.yaml", cwd=tmp_path)
    as_json = run("check", "bad.yaml", "--json", cwd=tmp_path)
    config = run("check", "-c", "c.yaml", cwd=tmp_path)
    assert (well.returncode, well.stdout) == (0, "2 definitions in 2 files are well\n")
    assert (wrong.returncode, len(wrong.stderr.splitlines())) == (1, 3)
    assert json.loads(as_json.stdout)["errors"][0] == {
        "file": "bad.yaml",
        "line": 2,
        "path": "0.respons",
        "reason": "unknown key 'respons': did you mean 'response'?",
    }
    assert (config.returncode, config.stderr) == (1, "c.yaml:2: prt: unknown key 'prt': did you mean 'port'?\n")
    assert json.loads(run("check", "m", "--json", cwd=tmp_path).stdout)["valid"] is True


def test_check_compiles_what_it_reads(tmp_path):
    written(
        tmp_path,
        m__a_yaml=A
        + "- id: b\n  response:\n    body: |\n      hi\n      {{ nope() }}\n"
        + "- id: c\n  match: {path: '^/(?=x)'}\n  response: {}\n"
        + "- {id: d, mode: proxy, upstream: shop}\n- {id: e, mode: replay, cassette: none}\n"
        + "- {id: f, response: {script: mine}}\n",
        c_yaml="mocks: [m]\nscripts_enabled: true\nscripts: {mine: {source: 'return 1 +'}}\nupstreams: {shop: http://a.test}\n",
    )
    wrong = run("check", "m", cwd=tmp_path).stderr.splitlines()
    assert [line.partition(" ")[0] for line in wrong] == ["m/a.yaml:7:", "m/a.yaml:11:"]
    assert "1.response.body: line 2: {{ nope() }}: there is no function 'nope'" in wrong[0]
    for name in ("b", "c"):
        run("edit", "m", name, "--delete", cwd=tmp_path)
    assert run("check", "m", cwd=tmp_path).stdout == "4 definitions in 1 files are well\n"
    assert "scripts.mine:1: it cannot be read" in run("check", "-c", "c.yaml", cwd=tmp_path).stderr
    assert not (tmp_path / ".mimic").exists()


def test_the_schema_is_printed(tmp_path):
    printed = json.loads(run("schema", cwd=tmp_path).stdout)
    assert jsonschema_rs.validator_for(printed).is_valid([{"id": "a", "response": {}}])


def test_a_definition_is_edited_in_its_file(tmp_path):
    written(tmp_path, m__a_yaml=A, m__b_yaml=B)
    done = run("edit", "m", "a", "--set", "response.body=three", "--set", "tags=[x]", cwd=tmp_path)
    text = (tmp_path / "m/a.yaml").read_text()
    assert (done.stdout, text) == ("a is changed in m/a.yaml\n", A.replace("one", "three") + "  tags:\n    - x\n")
    run("edit", "m/a.yaml", "a", "--unset", "tags", cwd=tmp_path)
    assert (tmp_path / "m/a.yaml").read_text() == A.replace("one", "three")
    wrong = run("edit", "m", "a", "--set", "mode=spy", cwd=tmp_path)
    assert (wrong.returncode, "mode: expected one of mock" in wrong.stderr) == (2, True)
    assert run("edit", "m", "b", "--delete", cwd=tmp_path).stdout == "b is deleted from m/b.yaml\n"
    assert (tmp_path / "m/b.yaml").read_text() == ""


def test_up_serves_files_and_loads_them_again(tmp_path):
    written(
        tmp_path, m__a_yaml=A, mimic_yaml="port: 0\nmocks: [m]\n", more_json='{"id": "c", "response": {"body": "c"}}'
    )
    with Gateway(tmp_path, "up", "-c", "mimic.yaml", "--mocks", "more.json", "--watch") as gateway:
        assert (gateway.get("/a")[1], gateway.get("/else")[1]) == (b"one", b"c")
        written(tmp_path, m__a_yaml=A.replace("one", "new"))
        deadline = time.monotonic() + 20
        while gateway.get("/a")[1] != b"new":
            assert time.monotonic() < deadline
        code, told = gateway.stop()
    assert (code, "definitions were loaded again" in told, "Traceback" in told) == (0, True, False)


def test_definitions_are_shown_added_and_deleted_in_a_running_gateway(tmp_path):
    written(tmp_path, a_yaml=A, b_yaml=B, bad_yaml="- id: x\n  respons: {}\n- {id: y}\n")
    with Gateway(tmp_path, "up", "--mocks", "a.yaml", "--port", "0") as gateway:
        assert gateway.mockctl("get", "a").stdout.startswith("id: a\nmatch:\n  path: /a\n")
        assert json.loads(gateway.mockctl("get", "a", "--json").stdout)["response"] == {"body": "one"}
        assert gateway.mockctl("create", "-f", "b.yaml").stdout == "b is there\n"
        assert "GET|POST glob /b/*" in gateway.mockctl("list").stdout
        assert [row["id"] for row in json.loads(gateway.mockctl("list", "--json").stdout)] == ["a", "b"]
        again = gateway.mockctl("create", "-f", "b.yaml", "-f", "a.yaml")
        assert (again.returncode, "there is a definition 'b', 'a' already" in again.stderr) == (2, True)
        assert gateway.mockctl("create", "-f", "b.yaml", "--replace").returncode == 0
        wrong = gateway.mockctl("create", "-f", "bad.yaml")
        assert (wrong.returncode, len(wrong.stderr.splitlines())) == (2, 2)
        piped = subprocess.run(
            [*MOCKCTL, "create", "--replace", "-f", "-"],
            cwd=tmp_path,
            env=env(MIMIC_URL=gateway.url),
            input=B,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (piped.returncode, piped.stdout) == (0, "b is there\n")
        assert gateway.mockctl("delete", "b").stdout == "b is deleted\n"
        assert gateway.mockctl("get", "b").returncode == 2
        assert gateway.stop()[0] == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["check"], "name files or folders to check"),
        (["edit", "a.yaml", "a"], "say what to change"),
        (["edit", "a.yaml", "a", "--set", "x"], "write it as PATH=VALUE"),
        (["edit", "a.yaml", "zzz", "--unset", "x"], "there is no definition with the id 'zzz'"),
        (["edit", ".", "zzz", "--unset", "x"], "in this folder"),
        (["edit", "a.yaml", "a", "--set", "id.x=1"], "there is nothing under 'a'"),
        (["edit", "a.yaml", "a", "--set", "tags=[1"], "--set tags=[1:2: "),
        (["create", "-f", "nowhere"], "nowhere: there is no such file or folder"),
        (["up", "--mocks", "nowhere"], "nowhere: there is no such file or folder"),
    ],
)
def test_a_mistake_is_a_sentence_and_exit_code_2(tmp_path, args, told):
    written(tmp_path, a_yaml=A)
    done = run(*args, cwd=tmp_path, MIMIC_URL="http://127.0.0.1:9")
    assert (done.returncode, told in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
