"""Definitions of files are made to answer in this process, and what cannot says why."""

import json

import pytest
from builders import a_request

from gateway.commands.mocks import read_mocks
from gateway.errors import ConfigError

HELLO = "- {id: hello, match: {path: /hello}, response: {body: hi}}\n"


def write(folder, text, name="mocks.yaml"):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def answers(mocks, *targets):
    process = mocks.begin(lambda: 0.0)
    found = [process.give(a_request(target=target)) for target in targets]
    return [(one.response.status, one.response.body, one.definition) for one in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HELLO, "mocks.yaml"),
        (f"mocks:\n  {HELLO}", "mocks.yaml"),
        (f"port: 0\nroutes:\n  {HELLO}", "mimic.yaml"),
        (json.dumps([{"id": "hello", "match": {"path": "/hello"}, "response": {"body": "hi"}}]), "mocks.json"),
        ("id: hello\nmatch: {path: /hello}\nresponse: {body: hi}\n", "mocks.yaml"),
    ],
)
def test_files_lists_configurations_and_single_definitions_are_read(tmp_path, text, name):
    file = write(tmp_path, text, name)
    assert answers(read_mocks(file), b"/hello") == [(200, b"hi", "hello")]
    assert answers(read_mocks(str(tmp_path)) if name != "mimic.yaml" else read_mocks(file), b"/hello")[0][0] == 200


def test_a_body_file_lies_beside_its_definition(tmp_path):
    (tmp_path / "hello.txt").write_text("from a file")
    file = write(tmp_path, "- {id: hello, match: {path: /hello}, response: {body_file: hello.txt}}\n")
    assert answers(read_mocks(file), b"/hello") == [(200, b"from a file", "hello")]


def test_what_cannot_answer_here_keeps_its_requests_from_others(tmp_path):
    file = write(
        tmp_path,
        "- {id: all, response: {body: any}}\n"
        "- {id: real, match: {path: /real}, mode: proxy, upstream: 'https://api.example.com'}\n"
        "- {id: script, match: {path: /script}, response: {script: x}}\n"
        "- {id: turns, match: {path: /turns}, upstream: 'https://api.example.com', response: "
        "{repeat_policy: {sequence: true, then: proxy}, variants: [{response: {body: x}}]}}\n"
        "- {id: hooked, match: {path: /hooked}, response: {body: y}, hooks: {webhooks: [{url: 'https://a.example'}]}}\n"
        "- {id: again, mode: replay, cassette: one, replay: {order: session}}\n",
    )
    mocks = read_mocks(file)
    assert mocks.elsewhere == {
        "real": "mode proxy",
        "script": "a script that answers",
        "turns": "another mode after its last answer",
    }
    assert [one.id for one in mocks.retold] == ["again"]
    assert answers(mocks, b"/real", b"/hooked", b"/x") == [
        (503, b"", "real"),
        (200, b"y", "hooked"),
        (200, b"any", "all"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[]\n", "there is no definition in it"),
        ("- {id: a, response: {status: 9}}\n", "status"),
        ("a: [\n", "mocks.yaml:2"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path, text, told):
    with pytest.raises(ConfigError, match=told):
        read_mocks(write(tmp_path, text))


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(ConfigError, match="there is no such file or folder"):
        read_mocks("nowhere.yaml")
