"""A configuration is read whole, or refused with every error and its place."""

import pytest

from gateway.config import Settings, is_loopback, load_configuration
from gateway.errors import ConfigError


def load(tmp_path, text, environment=None, **flags):
    path = tmp_path / "mimic.yaml"
    path.write_text(text)
    return load_configuration(str(path), flags, environment or {})


def refusal(tmp_path, text, environment=None, **flags):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text, environment, **flags)
    return str(caught.value).replace(str(tmp_path) + "/", "")


def test_flags_beat_the_environment_which_beats_the_file(tmp_path):
    text = "port: 1001\nhome: from-file\nlog_level: error\n"
    environment = {"MIMIC_PORT": "1002", "MIMIC_HOME": "from-environment"}
    settings = load(tmp_path, text, environment, port=1003).settings
    assert (settings.port, settings.home, settings.log_level) == (1003, "from-environment", "error")


def test_upstreams_are_urls_or_documents(tmp_path):
    text = "upstreams:\n  a: https://a.test\n  b: {url: https://b.test, first_byte_s: 3}\n"
    upstreams = load(tmp_path, text).upstreams
    assert (upstreams["a"].url, upstreams["b"].first_byte_s) == ("https://a.test", 3.0)


def test_a_list_is_a_list_of_definitions(tmp_path):
    definitions = load(tmp_path, "- {id: a, response: {status: 204}}\n").definitions
    assert [(item.id, item.mode) for item in definitions] == [("a", "mock")]


def test_every_error_is_told_at_once_with_line_path_and_the_nearest_name(tmp_path):
    text = """\
prot: 80
upstreams:
  a: {urk: x}
routes:
  - id: one
    match: {pth: /x}
    response: {status: 99}
  - id: two
    mode: proxy
  - id: two
    response: {}
"""
    told = refusal(tmp_path, text)
    assert "mimic.yaml:1: prot: unknown key 'prot': did you mean 'port'?" in told
    assert "mimic.yaml:3: upstreams.a.urk: unknown key 'urk': did you mean 'url'?" in told
    assert "mimic.yaml:6: routes.0.match.pth: unknown key 'pth': did you mean 'path'?" in told
    assert "mimic.yaml:7: routes.0.response.status" in told
    assert "mimic.yaml:8: routes.1: mode 'proxy' needs an upstream" in told


def test_an_id_stands_once(tmp_path):
    text = "routes:\n- {id: a, response: {}}\n- {id: a, response: {}}\n"
    assert "mimic.yaml:3: the id 'a' stands at line 2 too" in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [1", "mimic.yaml:2: did not find"),
        ("a: 1\na: 2\n", "mimic.yaml:2: the key 'a' stands here twice"),
        ("a: &x 1\nb: *x\n", "mimic.yaml:1: anchors and aliases (x) are not read"),
        (
            "a: !!python/object/apply:os.system ['true']\n",
            "the tag tag:yaml.org,2002:python/object/apply:os.system is not read",
        ),
        ("? [a]\n: 1\n", "a key must be a plain name"),
        ("just text", "a configuration is a mapping"),
        ("a: " + "[" * 80 + "]" * 80, "nested deeper than 64"),
        ("routes: 7\n", "a list of definitions is expected"),
        ("upstreams: 7\n", "a mapping of alias to URL is expected"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(tmp_path, text, told):
    assert told in refusal(tmp_path, text)


def test_a_missing_file_is_a_sentence(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: cannot be read: No such file"):
        load_configuration(str(tmp_path / "nowhere.yaml"), {}, {})


def test_listening_elsewhere_needs_a_key(tmp_path):
    assert "set an admin key" in refusal(tmp_path, "host: 0.0.0.0\n")
    assert load(tmp_path, "host: 0.0.0.0\nadmin_key: k\n").settings.host == "0.0.0.0"


def test_certificate_and_key_go_together(tmp_path):
    assert "cert and key go together" in refusal(tmp_path, "cert: a.pem\n")


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("example.test", False),
    ],
)
def test_loopback_is_known(host, expected):
    assert is_loopback(host) is expected


def test_every_setting_says_what_it_is():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_key_is_not_shown():
    assert "sesame" not in repr(Settings(admin_key="sesame"))


def test_chaos_profiles_are_read_by_name(tmp_path):
    text = "chaos:\n  storm: {tags: [pay], for_s: 60, faults: {error: {rate: 0.2}}}\n"
    storm = load(tmp_path, text).chaos["storm"]
    assert (storm.tags, storm.for_s, storm.faults.error.rate) == (["pay"], 60.0, 0.2)


def test_errors_in_faults_are_told_with_their_place_and_the_nearest_name(tmp_path):
    text = """\
chaos:
  storm:
    faults:
      outage: {form: 2026-07-01T12:00:00Z}
  calm: {fautls: {}}
routes:
  - id: one
    response: {}
    faults:
      rate_limit: {limt: 5}
"""
    told = refusal(tmp_path, text)
    assert "mimic.yaml:4: chaos.storm.faults.outage.form: unknown key 'form': did you mean 'from'?" in told
    assert "mimic.yaml:5: chaos.calm.fautls: unknown key 'fautls': did you mean 'faults'?" in told
    assert "mimic.yaml:10: routes.0.faults.rate_limit.limt: unknown key 'limt': did you mean 'limit'?" in told
    assert "mimic.yaml:1: chaos: a mapping of name to profile is expected" in refusal(tmp_path, "chaos: [1]\n")


def test_redis_by_default_needs_its_url(tmp_path):
    assert "state: redis needs redis_url" in refusal(tmp_path, "state: redis\n")
    settings = load(tmp_path, "state: redis\n", {"MIMIC_REDIS_URL": "redis://:secret@redis:6379/0"}).settings
    assert (settings.state, settings.redis_url) == ("redis", "redis://:secret@redis:6379/0")
    assert "secret" not in repr(settings)


HELLO = "- {id: hello, response: {}}\n"


def test_definitions_come_from_files_beside_the_configuration_and_from_flags(tmp_path, monkeypatch):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.yaml").write_text("- {id: a, response: {}}\n")
    (tmp_path / "b.json").write_text('{"id": "b", "response": {}}')
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    text = "mocks: [in]\nfiles: bodies\nroutes:\n" + HELLO
    configuration = load(tmp_path, text, mocks=["../b.json"])
    assert [item.id for item in configuration.definitions] == ["hello", "a", "b"]
    assert configuration.settings.mocks == [str(tmp_path / "in"), "../b.json"]
    assert configuration.settings.files == str(tmp_path / "bodies")
    assert configuration.loaded.origins["hello"].line() == 4


def test_the_environment_names_files_too(tmp_path, monkeypatch):
    (tmp_path / "b.json").write_text('{"id": "b", "response": {}}')
    monkeypatch.chdir(tmp_path)
    assert [item.id for item in load(tmp_path, "", {"MIMIC_MOCKS": "b.json"}).definitions] == ["b"]


def test_a_folder_that_holds_the_configuration_is_read_without_it(tmp_path):
    (tmp_path / "a.yaml").write_text("- {id: a, response: {}}\n")
    definitions = load(tmp_path, "mocks: [.]\nport: 1\nroutes:\n" + HELLO).definitions
    assert [item.id for item in definitions] == ["hello", "a"]


def test_mistakes_of_settings_and_of_every_file_are_told_together(tmp_path):
    (tmp_path / "a.yaml").write_text(HELLO + "- {id: b, respons: {}}\n")
    told = refusal(tmp_path, "mocks: [a.yaml]\nprot: 1\nroute: []\nroutes:\n" + HELLO, host="0.0.0.0")
    assert told.splitlines() == [
        "a.yaml:2: 1.respons: unknown key 'respons': did you mean 'response'?",
        "a.yaml:1: the id 'hello' stands at mimic.yaml:5 too",
        "mimic.yaml:2: prot: unknown key 'prot': did you mean 'port'?",
        "mimic.yaml:3: route: unknown key 'route': did you mean 'routes'?",
    ]


def a_contract(tmp_path, text='{"openapi": "3.1.0", "info": {}, "paths": {}}'):
    (tmp_path / "pets.json").write_text(text)


def test_a_contract_is_a_file_beside_the_configuration_or_a_mapping(tmp_path):
    a_contract(tmp_path)
    loaded = load(tmp_path, "contracts:\n  one: pets.json\n  two: {file: pets.json, check: off, all: true}\n")
    assert {name: (one.check, one.all) for name, one in loaded.contracts.items()} == {
        "one": ("report", False),
        "two": ("off", True),
    }
    assert [document.name for document in loaded.documents.values()] == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "contracts:\n  pets: nowhere.json\n",
            "mimic.yaml:2: contracts.pets: nowhere.json: cannot be read: No such file or directory",
        ),
        (
            "contracts:\n  pets:\n    file: odd.json\n",
            (
                "mimic.yaml:3: contracts.pets.file: odd.json: an OpenAPI document is a mapping that begins with "
                "openapi: 3.1.0 or swagger: '2.0'"
            ),
        ),
        (
            "contracts:\n  pets: {file: pets.json, chek: off}\n",
            "mimic.yaml:2: contracts.pets.chek: unknown key 'chek': did you mean 'check'?",
        ),
        (
            "contracts:\n  pets: {file: pets.json, check: maybe}\n",
            "mimic.yaml:2: contracts.pets.check: expected one of off, report, enforce, not 'maybe'",
        ),
        ("contracts: [pets.json]\n", "mimic.yaml:1: contracts: a mapping of name to document is expected"),
        ("contract: {}\n", "mimic.yaml:1: contract: unknown key 'contract': did you mean 'contracts'?"),
    ],
)
def test_a_contract_that_cannot_be_used_is_told_with_its_place(tmp_path, text, sentence):
    a_contract(tmp_path)
    (tmp_path / "odd.json").write_text("[]")
    assert refusal(tmp_path, text) == sentence
