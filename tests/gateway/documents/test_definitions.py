"""Definitions are read from files and folders together; every mistake is told at once, with its place."""

import json
import os
from pathlib import Path

import pytest

from cassettes.definition import MockDefinition
from gateway.documents.definitions import Loaded, body_files, definition_files, load_definitions, resolve_body_file
from gateway.errors import ConfigError

ONE = "id: {}\nresponse: {{status: 204}}\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to stand in, so that names are short; gives a function that writes files."""
    monkeypatch.chdir(tmp_path)

    def write(**files):
        for name, text in files.items():
            path = Path(name.replace("__", "/").replace("_", "."))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return write


def ids(*paths, before=Loaded()):
    return [item.id for item in load_definitions([Path(path) for path in paths], before).definitions]


def refusal(*paths):
    with pytest.raises(ConfigError) as caught:
        load_definitions([Path(path) for path in paths])
    assert [str(complaint) for complaint in caught.value.complaints] == str(caught.value).splitlines()
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "- {id: a, response: {}}\n- {id: b, response: {}}\n",
        "routes:\n- {id: a, response: {}}\n- {id: b, response: {}}\n",
        "mocks: [{id: a, response: {}}, {id: b, response: {}}]\n",
        "definitions: [{id: a, response: {}}, {id: b, response: {}}]\n",
        '[{"id": "a", "response": {}}, {"id": "b", "response": {}}]',
    ],
)
def test_a_file_holds_a_list_in_one_of_these_forms(folder, text):
    folder(f_yaml=text)
    assert ids("f.yaml") == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "expected"), [(ONE.format("a"), ["a"]), ("", []), ("# nothing\n", []), ("routes:\n", [])]
)
def test_a_file_holds_one_definition_or_none(folder, text, expected):
    folder(f_yaml=text)
    assert ids("f.yaml") == expected


def test_a_folder_is_read_with_its_subfolders_in_order_without_what_is_hidden(folder):
    folder(m__b_yaml=ONE.format("b"), m__a_yml=ONE.format("a"), m__z__c_json='{"id": "c", "response": {}}')
    folder(m__note_txt="no", m___git__x_yaml="no: [", m___h_yaml="no: [")
    assert ids("m") == ["a", "b", "c"]
    assert [str(path) for path in definition_files(Path("m"))] == ["m/a.yml", "m/b.yaml", "m/z/c.json"]


def test_the_same_file_named_twice_is_read_once(folder):
    folder(m__a_yaml=ONE.format("a"))
    assert ids("m", "m/a.yaml") == ["a"]


def test_every_mistake_of_every_file_is_told_at_once(folder):
    folder(
        m__a_yaml="- id: a\n  respons: {}\n- id: ok\n  response: {}\n- id: c\n  match:\n    headers:\n      X: {equls: 1}\n",
        m__b_json='[{"id": "b", "response": {},\n"mode": "spy"}]',
        m__c_yaml="- id: x\n  response: {}\n  id: y\n",
        m__d_json="{not json",
        m__e_yaml="- id: ok\n  response: {}\n",
        m__f_yaml="- just text\n",
        m__g_yaml="routes: 7\n",
        m__h_yaml="7\n",
    )
    told = refusal("m", "nowhere")
    assert [line.partition(" character")[0] if "d.json" in line else line for line in told] == [
        "m/a.yaml:2: 0.respons: unknown key 'respons': did you mean 'response'?",
        "m/a.yaml:8: 2.match.headers.X.equls: unknown key 'equls': did you mean 'equals'?",
        "m/b.json:2: 0.mode: expected one of mock, passthrough, proxy, proxy-with-fallback, record, replay, not 'spy'",
        "m/c.yaml:3: the key 'id' stands here twice: keep one",
        "m/d.json:1: not JSON: unexpected",
        "m/e.yaml:1: the id 'ok' stands at m/a.yaml:3 too",
        "m/f.yaml:1: 0: a mapping is expected, not 'just text'",
        "m/g.yaml:1: routes: a list of definitions is expected",
        "m/h.yaml:1: a list of definitions is expected",
        "nowhere: there is no such file or folder",
    ]


def test_an_id_that_stands_twice_in_a_file_has_both_lines(folder):
    folder(f_yaml="- {id: a, response: {}}\n- {id: a, response: {}}\n")
    assert refusal("f.yaml") == ["f.yaml:2: the id 'a' stands at line 1 too"]


def test_each_definition_knows_where_it_came_from(folder):
    folder(f_yaml="- {id: a, response: {}}\n\n- {id: b, response: {}}\n")
    origins = load_definitions([Path("f.yaml")]).origins
    assert {name: (str(origin.file), origin.line()) for name, origin in origins.items()} == {
        "a": ("f.yaml", 1),
        "b": ("f.yaml", 3),
    }


def test_what_did_not_change_is_the_same_object_when_it_is_loaded_again(folder):
    folder(m__a_yaml=ONE.format("a"), m__b_yaml="- {id: b, response: {}}\n- {id: c, response: {body: {x: 1}}}\n")
    before = load_definitions([Path("m")])
    folder(m__b_yaml="- {id: b, response:   {}}\n- {id: c, response: {body: {x: true}}}\n")
    after = load_definitions([Path("m")], before)
    assert [old is new for old, new in zip(before.definitions, after.definitions, strict=True)] == [True, True, False]
    assert json.dumps(after.definitions[2].response.body) == '{"x": true}'


def test_the_examples_of_the_mission_load_as_they_are_written():
    seed = Path(__file__).parents[3] / "examples" / "definitions" / "mission.yaml"
    assert ids(seed) == ["auth-login-success", "otp-send", "otp-verify", "products-list"]


def test_a_body_file_is_no_definition(folder):
    folder(
        m__a_yaml="- {id: a, response: {body_file: bodies/a.json}}\n",
        m__bodies__a_json='{"id": 7}',
        m__bodies__b_json="[]",
    )
    assert ids("m") == ["a"]


def test_a_body_file_that_is_not_there_is_told_with_its_line(folder):
    folder(f_yaml="- id: a\n  response:\n    variants:\n    - response: {body_file: b.txt}\n")
    assert refusal("f.yaml") == [
        "f.yaml:4: 0.response.variants.0.response.body_file: body_file 'b.txt': there is no such file in '.'"
    ]


def test_every_body_file_of_a_definition_is_found():
    response = {
        "body_file": "1",
        "variants": [{"response": {"body_file": "2"}}],
        "examples": {"x": {"body_file": "3"}},
        "fallback": {"body_file": "4"},
    }
    definition = MockDefinition.model_validate({"id": "a", "response": response})
    assert sorted(name for _, name in body_files(definition)) == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "../../../../etc/passwd",
        "/etc/passwd",
        "..\\secret",
        "a\\..\\..\\secret",
        "a/../../secret",
        "a/../b",
        "..",
        ".",
        "",
        "a",
        "x\0y",
        "file:///etc/passwd",
        "link",
        "linked/secret",
        "{{request.query.f}}",
        "./{{ request.query.f }}",
        "{% raw %}",
        "a" * 5000,
    ],
)
def test_no_file_outside_the_folder_is_read(tmp_path, name):
    inside = tmp_path / "mocks"
    (inside / "a").mkdir(parents=True)
    (tmp_path / "secret").write_text("s")
    os.symlink(tmp_path / "secret", inside / "link")
    os.symlink(tmp_path, inside / "linked")
    for origin, root in ((inside / "m.yaml", None), (None, inside)):
        with pytest.raises(ConfigError, match="body_file"):
            resolve_body_file(name, origin, root)


def test_a_file_inside_the_folder_is_given(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x.txt").write_text("x")
    os.symlink(tmp_path / "b/x.txt", tmp_path / "link")
    assert resolve_body_file("b/x.txt", tmp_path / "m.yaml", None) == tmp_path / "b/x.txt"
    assert resolve_body_file("link", tmp_path / "m.yaml", None) == tmp_path / "b/x.txt"
    assert resolve_body_file("./b/x.txt", None, tmp_path) == tmp_path / "b/x.txt"


def test_without_a_file_or_a_folder_no_file_is_named():
    with pytest.raises(ConfigError, match="setting `files`"):
        resolve_body_file("x.txt", None, None)
