"""Names of operations are read with the verb before or behind the noun, and give those of others on the same things."""

from __future__ import annotations

import re

import pytest

from recorder.synthesis.calls.namings import naming_of
from recorder.synthesis.endpoints.discriminators import Discriminator
from recorder.synthesis.endpoints.endpoint import Endpoint


def operation(name):
    told = Discriminator("header", "x-target", name)
    return Endpoint("POST", ("",), (), told, [])


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("account.open", "account.show"),
        ("Bank_1.GetAccount", "Bank_1.ShowAccounts"),
        ("get_account", "show_account"),
        ('"urn:bank/GetAccount"', '"urn:bank/ShowAccount"'),
        ("/api/accounts/open", "/api/accounts/show"),
        ("ListAccounts", "ShowAccount"),
    ],
)
def test_another_verb_stands_where_the_known_one_does(known, other):
    naming = naming_of(operation(known), "account")
    assert re.fullmatch(naming.pattern("show|tell", many=True), other)
    assert not re.fullmatch(naming.pattern("show|tell", many=True), known)


@pytest.mark.parametrize("name", ["transfer.open", "Bank_1.GetTransfer", "ping", "GetAccountant"])
def test_what_speaks_of_something_else_has_no_such_name(name):
    assert naming_of(operation(name), "account") is None


def test_more_words_may_stand_behind():
    naming = naming_of(operation("GetAccount"), "account")
    assert re.fullmatch(naming.pattern("show", has_tail=True), "ShowAccountRoles")
    assert not re.fullmatch(naming.pattern("show"), "ShowAccountRoles")
