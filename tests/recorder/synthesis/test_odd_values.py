"""Recordings with values that nobody expects: the synthesis makes definitions that can be loaded, whatever it is told."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from synthesis.cabinets import Cabinets, filing
from synthesis.shelves import Shelf, a_visit
from synthesis.switchboards import Wallet, spending
from synthesis.telling import recorded, visits
from synthesis.tills import Till, keeping
from synthesis.vaults import Vaults
from synthesis.vaults import keeping as locking

from cassettes.cassette import Cassette
from gateway.inprocess import serve
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options

ODD = (
    None, "", 0, -1, 1.5, True, [], {}, [1, "a", None], {"id": None}, "null", "ünï ☃", "1e999",
    "2026-13-45T99:99:99Z", "a" * 300, 2**53, [[]], {"": 1},
)  # fmt: skip
SERVICES = [(Shelf, a_visit), (Till, keeping), (Vaults, locking), (Cabinets, filing), (Wallet, spending)]
STATUSES = (200, 201, 204, 302, 400, 404, 500)


def odd(value, chance, share):
    """Give a document in which some members are gone, others have other values, and rows have moved."""
    if isinstance(value, dict):
        kept = {name: inner for name, inner in value.items() if chance.random() > share / 3}
        return {
            name: chance.choice(ODD) if chance.random() < share else odd(inner, chance, share)
            for name, inner in kept.items()
        }
    if isinstance(value, list):
        rows = [odd(row, chance, share) for row in value if chance.random() > share / 3]
        return chance.sample(rows, len(rows)) if chance.random() < share else rows
    return chance.choice(ODD) if chance.random() < share else value


def odd_body(body, chance, share):
    try:
        return json.dumps(odd(json.loads(body), chance, share)).encode()
    except ValueError:
        return body


def odd_calls(cassette, chance, share):
    """Give the cassette without some calls, with others twice, and with odd bodies and statuses."""
    for interaction in cassette.interactions:
        if chance.random() < share:
            continue
        exchange = interaction.exchange
        request = replace(exchange.request, body=odd_body(exchange.request.body, chance, share))
        answered = exchange.response
        status = chance.choice(STATUSES) if chance.random() < share / 2 else answered.status
        response = replace(answered, body=odd_body(answered.body, chance, share), status=status)
        changed = replace(interaction, exchange=replace(exchange, request=request, response=response))
        yield from [changed] * (2 if chance.random() < share / 2 else 1)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3])
@pytest.mark.parametrize(("service", "script"), SERVICES)
@pytest.mark.parametrize("seed", range(3))
def test_odd_values_end_no_synthesis(service, script, seed, share):
    chance = Random(f"{seed} {share}")
    cassette = recorded(*visits(service, script, 3))
    calls = tuple(replace(one, number=number) for number, one in enumerate(odd_calls(cassette, chance, share), 1))
    made = distil([Cassette(cassette.manifest, calls)], Options(), serve)
    assert len(made.checked) == len(calls)
    assert [one for one in made.remarks if "left out" in one] == []
