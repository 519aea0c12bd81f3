from __future__ import annotations

import pytest

from sanitizers.book import RuleBook
from sanitizers.errors import ProfileError
from sanitizers.profile import PROFILES, load_profile

DEFAULT = RuleBook(PROFILES["default"])


def kind(book, place, name, value):
    judgement = book.judge(place, name, value)
    return judgement.kind if judgement else None


def test_the_first_rule_that_fits_decides():
    assert kind(DEFAULT, "header", "X-Api-Key", "abc") == "secret"
    assert kind(DEFAULT, "query", "code", "abcdefgh12345678") == "token"
    assert kind(DEFAULT, "query", "code", "404") is None
    assert kind(DEFAULT, "field", "code", "abcdefgh12345678") is None


def test_a_rule_of_the_profile_goes_before_the_built_in_ones():
    book = RuleBook(
        load_profile({"rules": [{"id": "own", "where": {"field": "Password"}, "class": "pw", "action": "mask"}]})
    )
    judgement = book.judge("field", "password", "x")
    assert (judgement.kind, judgement.rule, judgement.action) == ("pw", "own", "mask")


def test_the_first_of_two_own_rules_decides():
    rules = [{"id": "one", "where": {"query": "q"}}, {"id": "two", "where": {"query": "q"}}]
    assert RuleBook(load_profile({"rules": rules})).judge("query", "q", "x").rule == "one"


def test_a_field_rule_holds_for_queries_and_a_query_rule_not_for_fields():
    book = RuleBook(load_profile({"rules": [{"where": {"field": "customer"}}, {"where": {"query": "q"}}]}))
    assert book.judge("query", "customer", "x") is not None
    assert book.judge("field", "q", "x") is None


def test_rules_can_be_switched_off():
    book = RuleBook(load_profile({"without": ["fields", "contact"]}))
    assert kind(book, "field", "password", "hunter2") is None
    assert [rule.name for rule in book.patterns] == ["private-keys", "providers", "phrases", "payment"]


def test_path_templates_give_their_stretches():
    book = RuleBook(load_profile({"rules": [{"where": {"path": "/customers/{id}/orders/{order}"}}]}))
    assert [(start, end) for start, end, _ in book.in_path("/customers/42/orders/7")] == [(11, 13), (21, 22)]
    assert book.in_path("/customers/42") == []


def test_a_template_without_a_gap_is_refused():
    with pytest.raises(ProfileError, match="template"):
        RuleBook(load_profile({"rules": [{"where": {"path": "/customers"}}]}))
