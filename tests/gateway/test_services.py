"""Services open what definitions name, once, and refuse to mix what must not be mixed."""

import pytest
from builders import an_exchange, an_interaction

from cassettes.cassette import Manifest
from cassettes.definition import MockDefinition
from cassettes.exchange import Request, Response
from gateway.config import Configuration, Settings, UpstreamSettings, load_configuration
from gateway.errors import ConfigError
from gateway.services import LiveServices
from recorder.player import Miss, PlayOptions


def services(home, unsafe_raw=False, **upstreams):
    known = {name: UpstreamSettings(url=url) for name, url in upstreams.items()}
    return LiveServices(Configuration(settings=Settings(home=str(home)), upstreams=known), unsafe_raw=unsafe_raw)


def record(cassette="tape", **more):
    return MockDefinition.model_validate({"id": "r", "mode": "record", "upstream": "a", "cassette": cassette, **more})


def keep(made, definition=None):
    made.recording(definition or record())(an_exchange())
    made.sessions.stop_all()


def test_recording_anew_sets_the_old_one_aside(tmp_path):
    keep(services(tmp_path, a="http://a.test"))
    made = services(tmp_path, a="http://a.test")
    keep(made)
    assert made.library.names() == ["tape", "tape.previous"]
    assert len(made.library.read("tape").interactions) == 1


def test_new_episodes_are_added(tmp_path):
    keep(services(tmp_path, a="http://a.test"))
    made = services(tmp_path, a="http://a.test")
    keep(made, record(record_mode="new_episodes"))
    assert len(made.library.read("tape").interactions) == 2


@pytest.mark.parametrize(("first", "then", "told"), [(True, False, "uncleaned"), (False, True, "is cleaned")])
def test_cleaned_and_uncleaned_do_not_mix(tmp_path, first, then, told):
    keep(services(tmp_path, first, a="http://a.test"))
    with pytest.raises(ConfigError, match=told):
        services(tmp_path, then, a="http://a.test").recording(record(record_mode="new_episodes"))


def test_two_keys_do_not_mix(tmp_path, monkeypatch):
    keep(services(tmp_path, a="http://a.test"))
    monkeypatch.setenv("MIMIC_SANITIZE_KEY", "07" * 32)
    with pytest.raises(ConfigError, match="another key"):
        services(tmp_path, a="http://a.test").recording(record(record_mode="new_episodes"))


def test_a_definition_plays_its_own_upstreams_part(tmp_path):
    made = services(tmp_path)
    with made.library.write(
        "both", manifest=Manifest("both", upstreams={"a": "http://a", "b": "http://b"}, profile="raw")
    ) as w:
        w.append(
            [
                an_interaction(
                    exchange=an_exchange(Request("GET", b"/x"), Response(200, (), name), upstream=name.decode())
                )
                for name in (b"a", b"b")
            ]
        )
    answers = {
        part: made.player("both", PlayOptions(repeat="strict"), part).play(Request("GET", b"/x")) for part in ("a", "b")
    }
    assert {part: answer.response.body for part, answer in answers.items()} == {"a": b"a", "b": b"b"}
    assert isinstance(made.player("both", PlayOptions(repeat="strict"), "b").play(Request("GET", b"/x")), Miss)


def test_a_path_that_goes_to_the_log_is_cleaned(tmp_path):
    shown = services(tmp_path).shown_path(Request("GET", b"/users/bob.kay@corp.internal/orders?token=sesame"))
    assert shown.startswith("/users/")
    assert "bob" not in shown
    assert "sesame" not in shown


def test_a_body_file_lies_beside_the_definition_that_a_file_holds_and_in_files_for_others(tmp_path):
    (tmp_path / "m.yaml").write_text("- {id: a, response: {body_file: a.txt}}\n")
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies/b.txt").write_text("y")
    flags = {"home": str(tmp_path / "home"), "mocks": [str(tmp_path / "m.yaml")], "files": str(tmp_path / "bodies")}
    configuration = load_configuration(None, flags, {})
    made = LiveServices(configuration)
    [definition] = configuration.definitions
    other = MockDefinition.model_validate({"id": "other", "response": {}})
    assert made.body_file(definition, "a.txt") == tmp_path / "a.txt"
    assert made.body_file(other, "b.txt") == tmp_path / "bodies/b.txt"
    # What the admin API made of the file's definition may not read what lies beside the file.
    for one, name in ((definition, "m.yaml"), (other, "a.txt")):
        with pytest.raises(ConfigError, match="there is no such file"):
            made.body_file(one, name)
