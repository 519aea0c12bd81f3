from __future__ import annotations

import sys

import pytest

from cassettes.exchange import Exchange, Request
from sanitizers.book import RuleBook
from sanitizers.errors import ProfileError
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import PROFILES, load_profile

OWN = """
without: [contact]
keep:
  - where: {json: "$..traceId"}
    reason: technical id
rules:
  - id: customer
    where: {json: ["$..customerId"], path: "/customers/{id}", query: customer}
    class: customer-id
  - id: note
    where: {field: note}
    action: constant
    value: "-"
limits: {body_mb: 5}
"""


def test_the_default_is_known_by_name():
    assert load_profile("default") is PROFILES["default"]


def test_a_file_becomes_a_profile(tmp_path):
    (tmp_path / "team.yaml").write_text(OWN)
    profile = load_profile(tmp_path / "team.yaml")
    assert profile.name == "team"
    assert profile.without == ("contact",)
    assert profile.body_limit_mb == 5
    assert [(rule.id, rule.where, rule.names, rule.action) for rule in profile.rules] == [
        ("rule-1", "json", ("$..traceId",), "keep"),
        ("customer", "json", ("$..customerId",), "pseudonymize"),
        ("customer", "path", ("/customers/{id}",), "pseudonymize"),
        ("customer", "query", ("customer",), "pseudonymize"),
        ("note", "field", ("note",), "constant"),
    ]


def test_a_digest_tells_content_apart_and_not_names():
    one, same, other = (
        {"name": name, "rules": [{"where": {"field": field}}]} for name, field in (("a", "x"), ("b", "x"), ("a", "y"))
    )
    assert load_profile(one).digest == load_profile(same).digest
    assert load_profile(one).digest != load_profile(other).digest


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"rulez": []}, "rulez"),
        ({"rules": {}}, "list"),
        ({"rules": [1]}, "mapping"),
        ({"rules": [{"where": {}}]}, "where"),
        ({"rules": [{"where": {"body": "x"}}]}, "body"),
        ({"rules": [{"where": {"field": 3}}]}, "list"),
        ({"rules": [{"where": {"field": "x"}, "action": "burn"}]}, "pseudonymize"),
        ({"keep": [{"where": {"field": "x"}}]}, "reason"),
        ({"without": ["everything"]}, "everything"),
        ({"extends": "nobody"}, "nobody"),
        ({"limits": {"body_mb": 0}}, "body_mb"),
        ({"limits": {"body_mb": True}}, "body_mb"),
        ({"detectors": ["magic"]}, "magic"),
        ({"name": 3}, "text"),
    ],
)
def test_what_a_profile_does_not_mean_is_refused(content, told):
    with pytest.raises(ProfileError, match=told):
        load_profile(content)


@pytest.mark.parametrize("text", ["a: [", "- 1", "\x00", "a: &x [*x]\nb: !!python/object:os.system {}"])
def test_a_file_that_is_no_profile_is_refused(tmp_path, text):
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(ProfileError, match=r"bad\.yaml"):
        load_profile(tmp_path / "bad.yaml")


def test_a_detector_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "kingfisher_sdk", None)
    with pytest.raises(ProfileError, match="secrets"):
        RuleBook(load_profile({"detectors": ["kingfisher"]}))


def test_a_detector_that_is_asked_for_finds_what_the_built_in_rules_do_not_know():
    pytest.importorskip("kingfisher_sdk")
    key = "AGE-SECRET-" + "KEY-1" + "QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"
    exchange = Exchange(Request("POST", b"/", (), f"\u00e9 {key} end".encode()))
    assert Sanitizer(load_profile("default"), b"k" * 32).clean(exchange).exchange == exchange
    body = Sanitizer(load_profile({"detectors": ["kingfisher"]}), b"k" * 32).clean(exchange).exchange.request.body
    assert key.encode() not in body
    assert body.decode().startswith("\u00e9 ")
    assert body.endswith(b" end")
