"""A definition is edited where it stands; everything else in the file stays as it was, to the byte."""

import copy
import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cassettes.document import read_document
from gateway.documents.editing import add_to_file, added, document_in, edit_file, edited, relisted
from gateway.errors import ConfigError

HOUSE = """\
# Mocks of the shop.
# Two lines of it.

- id: a          # the first
  match: { method: GET,   path: /a }   # spaces on purpose
  response:
    status: 200

    # why these headers
    headers:
      X:   "one"   # quoted
      Y: 'two'
    body: |
      hello
        world

  tags: [x,  y]

# about b
- id: b
  response:
    body:
      - 1
      # between
      - two
      - {a: 1}
  enabled:
"""
INDENTED = """\
---
routes:
    -   id: a
        match:
            path: /a
            headers: {X: y, Z: [1, 2]}
        response:
            body: >-
                folded
                text
            status: "{{ 200 }}"   # a template

    -   id: b
        priority: 10
        response: {body: {deep: {deeper: yes}}, status: 204}
port: 8000  # a setting
"""
SINGLE = "id: a\nname: 'One'\nresponse:\n  body: plain text that goes\n    on here\n  # done\n"
WINDOWS = (
    "- id: a\r\n  response:\r\n    body: |\r\n      x\r\n      y\r\n  name: n # c\r\n- id: b\r\n  response: {}\r\n"
)
MARKED = "\ufeff- {id: a, name: é😀, response: {body: \"q\\n\"}}\n- {id: 'b', response: {status: 201}}\n"
JSON = '[\n  {"id": "a", "match": {"path":"/a"},\n   "response": {"body": "\\ud83d\\ude00", "status": 200}},\n{"id": "b"}]\n'
SAMPLES = {
    "house.yaml": HOUSE,
    "indented.yaml": INDENTED,
    "single.yaml": SINGLE,
    "windows.yaml": WINDOWS,
    "marked.yaml": MARKED,
    "plain.json": JSON.replace("\\ud83d\\ude00", "é"),
}


def items(value):
    value = value.get("routes", value) if isinstance(value, dict) else value
    return value if isinstance(value, list) else [value]


def leaves(node, place=()):
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from leaves(value, (*place, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from leaves(item, (*place, index))
    else:
        yield place, node


def put(value, place, leaf):
    for part in place[:-1]:
        value = value[part]
    value[place[-1]] = leaf


def a_changed(name, text, identity, change):
    document = copy.deepcopy(next(item for item in items(read_document(text, name).value) if item["id"] == identity))
    change(document)
    return edited(text, name, identity, document)


TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30),
    st.sampled_from(["yes", "null", "1", "1.5", "a: b", "a #b", "- x", "x\ny\n", " x", "x ", "'", '"', "{{ x }}", ""]),
    st.lists(st.sampled_from(["one", "  two", "", "#three", "é"]), max_size=5).map("\n".join),
)
SCALARS = st.one_of(TEXTS, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_one_leaf_is_changed_and_the_rest_is_identical_to_the_byte(name, data):
    text = SAMPLES[name]
    body = text.removeprefix("\ufeff")
    document = read_document(text, name).value
    at = len(text) - len(body)
    found = [(place, node) for place, node in leaves(yaml.compose(body, Loader=yaml.CSafeLoader)) if "id" not in place]
    place, node = data.draw(st.sampled_from([pair for pair in found if pair[0] != ("port",)]))
    wanted = data.draw(SCALARS)
    whole = copy.deepcopy(document)
    put(whole, place, wanted)
    index = next((part for part in place if isinstance(part, int) and place.index(part) <= 1), None)
    item = items(whole)[index or 0] if isinstance(document, list) or "routes" in document else whole
    new = edited(text, name, item["id"], item)
    after = node.end_mark.index
    while node.style in ("|", ">") and body[after - 1] in "\r\n":
        after -= 1
    assert json.dumps(read_document(new, name).value) == json.dumps(whole)
    assert new.startswith(text[: at + node.start_mark.index])
    assert new.endswith(body[after:])


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(SAMPLES)),
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.dictionaries(st.sampled_from(["status", "body", "x", "y"]), inner, max_size=3),
        ),
        max_leaves=6,
    ),
    st.sampled_from(["response", "name", "tags", "new", "match"]),
)
def test_whatever_is_written_is_what_is_read_and_the_other_definitions_stay(name, value, key):
    text = SAMPLES[name]
    document = copy.deepcopy(items(read_document(text, name).value)[0])
    document[key] = value
    try:
        new = edited(text, name, "a", document)
    except ConfigError as error:
        assert "by hand" in str(error)  # noqa: PT017
        return
    after = items(read_document(new, name).value)
    assert json.dumps(after[0], sort_keys=True) == json.dumps(document, sort_keys=True)
    assert after[1:] == items(read_document(text, name).value)[1:]
    marker = {"house.yaml": "# about b\n", "indented.yaml": "    -   id: b\n", "windows.yaml": "- id: b\r\n"}.get(name)
    if marker:
        assert new.endswith(text[text.index(marker) :])


def test_a_key_is_added_and_one_taken_away_by_their_lines():
    new = a_changed("f.yaml", HOUSE, "a", lambda item: (item.update(name="A"), item["response"]["headers"].pop("X")))
    assert new == HOUSE.replace('      X:   "one"   # quoted\n', "").replace("[x,  y]\n", "[x,  y]\n  name: A\n")


def test_an_item_of_a_list_is_taken_away_by_its_line():
    new = a_changed("f.yaml", HOUSE, "b", lambda item: item["response"]["body"].pop(1))
    assert new == HOUSE.replace("      - two\n", "")


def test_a_text_of_several_lines_keeps_its_block():
    new = a_changed("f.yaml", HOUSE, "a", lambda item: item["response"].update(body="bye\n\n now\n"))
    assert new == HOUSE.replace("      hello\n        world\n", "      bye\n\n       now\n")


def test_numbers_that_are_equal_stay_as_they_are_written():
    assert a_changed("f.yaml", HOUSE, "a", lambda item: item["response"].update(status=200.0)) == HOUSE


def test_a_definition_is_taken_away():
    assert edited(HOUSE, "f.yaml", "a", None).startswith(
        "# Mocks of the shop.\n# Two lines of it.\n\n\n# about b\n- id: b"
    )
    assert read_document(edited(INDENTED, "f.yaml", "b", None), "f").value["routes"][-1]["id"] == "a"
    assert [item["id"] for item in json.loads(edited(JSON, "f.json", "a", None))] == ["b"]


def test_the_last_definition_can_be_taken_away():
    text = edited(edited(HOUSE, "f.yaml", "a", None), "f.yaml", "b", None)
    assert read_document(text, "f").value is None
    assert "# about b" in text


def test_a_definition_is_added_in_the_manner_of_the_file():
    new = added(INDENTED, "f.yaml", {"id": "c", "response": {"body": "x\ny\n"}})
    piece = "    - id: c\n      response:\n        body: |\n          x\n          y\n"
    assert new == INDENTED.replace("port:", piece + "port:")
    assert [item["id"] for item in json.loads(added(JSON, "f.json", {"id": "c"}))] == ["a", "b", "c"]
    assert added("", "f.yaml", {"id": "c"}) == "- id: c\n"
    assert json.loads(added("", "f.json", {"id": "c"})) == [{"id": "c"}]


def test_a_json_file_that_yaml_cannot_read_is_written_anew():
    new = a_changed("f.json", JSON, "a", lambda item: item["response"].update(status=201))
    assert json.loads(new)[0]["response"] == {"body": "😀", "status": 201}


def test_files_are_replaced_in_one_step_through_links_with_their_mode(tmp_path):
    file, link = tmp_path / "mocks.yaml", tmp_path / "link.yaml"
    file.write_text(HOUSE)
    file.chmod(0o640)
    link.symlink_to(file)
    edit_file(link, "b", {**document_in(link, "b"), "enabled": True})
    add_to_file(tmp_path / "new.yaml", {"id": "n"})
    assert file.read_text() == HOUSE.replace("  enabled:\n", "  enabled: true\n")
    assert (link.is_symlink(), file.stat().st_mode & 0o777) == (True, 0o640)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.yaml", "mocks.yaml", "new.yaml"]


def test_a_file_of_one_definition_goes_with_it(tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text(SINGLE)
    edit_file(file, "a", None)
    assert not file.exists()


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda file: edit_file(file, "zzz", {}), "there is no definition with the id 'zzz'"),
        (lambda file: add_to_file(file, {"id": "b"}), "it holds one definition and no list"),
        (lambda file: edit_file(file.with_name("nowhere.yaml"), "a", {}), "cannot be read: No such file"),
        (lambda file: add_to_file(file.with_name("no") / "x.yaml", {}), "cannot be written: No such file"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(tmp_path, act, told):
    file = tmp_path / "one.yaml"
    file.write_text(SINGLE)
    with pytest.raises(ConfigError, match=told):
        act(file)
    assert file.read_text() == SINGLE


def test_a_broken_file_is_not_touched(tmp_path):
    file = tmp_path / "one.yaml"
    file.write_text("- id: [")
    with pytest.raises(ConfigError, match=r"one\.yaml:2: "):
        edit_file(file, "a", {})


def test_a_list_is_made_other_definitions_and_what_stays_is_not_touched():
    text = "# top\n- id: a  # first\n  tags: [x]\n\n# about b\n- id: b\n  priority: 1.0\n"
    wanted = [{"id": "a", "tags": ["x", "y"]}, {"id": "b", "priority": 1}, {"id": "c"}]
    assert relisted(text, "m.yaml", wanted) == (
        "# top\n- id: a  # first\n  tags: [x, y]\n\n# about b\n- id: b\n  priority: 1.0\n- id: c\n"
    )
    assert json.loads(relisted('{"mocks": [{"id": "a"}]}', "m.json", wanted)) == {"mocks": wanted}
    with pytest.raises(ConfigError, match="write it as a list"):
        relisted("id: a\n", "m.yaml", wanted)
