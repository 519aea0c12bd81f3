from __future__ import annotations

import json

import pytest

from cassettes.exchange import Exchange, Request, Response
from sanitizers.masks import Addresses, is_masked, masks_in
from sanitizers.pipeline import Sanitizer, restore
from sanitizers.profile import PROFILES
from sanitizers.vault import Vault

KEY = b"k" * 32
ADDRESS = "dana.whitfield@corp.internal"


def shown(vault, mask):
    """Give the stand-in of an address and that of what is shown of it."""
    return vault.stand_in(ADDRESS), vault.stand_in(mask)


@pytest.mark.parametrize("text", ["d***@corp.internal", "d••••d@corp.internal", "***@c***.internal", "da**@x"])
def test_an_address_with_hidden_letters_is_masked(text):
    assert is_masked(text)


@pytest.mark.parametrize("text", ["dana@corp.internal", "d*@corp.internal", "****", "2 ** 3", "a***b"])
def test_other_texts_are_not(text):
    assert not is_masked(text)


def test_masks_are_found_in_what_is_said():
    text = "Sent to d***@corp.internal, and to 'b**k@x.org'. Not to c@x.org."
    assert masks_in(text) == ["d***@corp.internal", "b**k@x.org"]


@pytest.mark.parametrize(
    ("mask", "first", "stars", "last"),
    [
        ("d***@corp.internal", 1, "***", 0),
        ("da****@corp.internal", 2, "****", 0),
        ("d***d@corp.internal", 1, "***", 1),
        ("D•••@Corp.internal", 1, "•••", 0),
        ("d" + 12 * "*" + "d@corp.internal", 1, 12 * "*", 1),
        ("***@corp.internal", 0, "***", 0),
    ],
)
def test_what_is_shown_of_an_address_is_shown_of_its_stand_in(mask, first, stars, last):
    made, told = shown(Vault(KEY), mask)
    local, _, domain = made.partition("@")
    assert told == f"{local[:first]}{stars}{local[len(local) - last :] if last else ''}@{domain}"


def test_a_domain_can_be_hidden_too():
    made, told = shown(Vault(KEY), "d***@c***.internal")
    assert told == f"{made[0]}***@e***.com"
    assert shown(Vault(KEY), "d***@***al")[1] == f"{made[0]}***@***om"


def test_stars_for_each_letter_are_as_many_as_the_stand_in_has():
    vault = Vault(KEY)
    assert len(vault.stand_in("bobby@corp.internal").partition("@")[0]) == 8
    assert vault.stand_in("b****@corp.internal").count("*") == 7


@pytest.mark.parametrize("mask", ["e***@corp.internal", "d***@corp.example", "d***x@corp.internal"])
def test_a_mask_of_no_known_address_has_a_stand_in_of_its_own(mask):
    made, told = shown(Vault(KEY), mask)
    assert told != mask
    assert "corp" not in told
    assert told == Vault(KEY).stand_in(mask)
    assert told != f"{made[0]}***@example.com"


def test_of_several_addresses_that_fit_it_is_the_one_seen_last():
    vault = Vault(KEY)
    one, other = (vault.stand_in(text) for text in (ADDRESS, "dora@corp.internal"))
    assert vault.stand_in("d***@corp.internal") == f"{other[0]}***@example.com"
    vault.stand_in(ADDRESS)
    assert vault.stand_in("d***@corp.internal") == f"{one[0]}***@example.com"


def test_a_masked_stand_in_is_left_alone():
    vault = Vault(KEY)
    _, told = shown(vault, "d***@corp.internal")
    assert vault.is_stand_in(told)
    assert vault.stand_in(told) == told


def test_of_stand_ins_that_come_again_as_much_is_shown():
    made, told = shown(Vault(KEY), "d***@corp.internal")
    later = Vault(KEY)
    later.learn(made)
    assert later.stand_in(made) == made
    assert later.stand_in(told) == told


def test_only_the_last_addresses_are_remembered():
    known = Addresses(limit=2)
    for name in ("ada", "bea", "cat"):
        known.see(f"{name}@x.org", f"{name[::-1]}@example.com")
    assert [known.masked(f"{letter}**@x.org") for letter in "abc"] == [None, "a**@example.com", "t**@example.com"]


def exchange(shown):
    body = json.dumps({"sent_to": shown, "told": f"We wrote to {shown}."}).encode()
    head = ((b"Content-Type", b"application/json"),)
    return Exchange(Request("GET", b"/send?address=" + ADDRESS.encode()), Response(200, head, body))


@pytest.mark.parametrize("mask", ["d***@corp.internal", "d••••d@corp.internal"])
def test_a_client_is_shown_of_its_own_address_what_the_service_showed(mask):
    live = exchange(mask)
    kept = Sanitizer(PROFILES["default"], KEY).clean(live).exchange
    player = Sanitizer(PROFILES["default"], KEY)
    player.learn(kept)
    assert not [word for word in (b"corp", b"whitfield") if word in kept.request.target + kept.response.body]
    cleaned = player.clean_request(live.request)
    assert cleaned.request == kept.request
    assert json.loads(restore(kept.response, cleaned.stand_ins).body) == json.loads(live.response.body)
