"""What is counted of a contract lasts as long as its document and settings; what is kept of it is bounded."""

import json

import pytest

from gateway.config import ContractSettings
from gateway.contracts import RECENT, Contracts
from gateway.errors import UnknownContractError
from gateway.mode import Breached
from recorder.contract import Contract
from recorder.openapi.document import parse_document


def a_document(name="pets"):
    document = {"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {}}
    return Contract(parse_document(json.dumps(document).encode(), name))


def settings(**more):
    return ContractSettings(file="pets.json", **more)


def test_what_has_not_changed_is_kept_on():
    document = a_document()
    contracts = Contracts({"pets": settings()}, {"pets": document})
    before = contracts.get("pets")
    assert contracts.adopt({"pets": settings()}, {"pets": document}) is False
    assert contracts.get("pets") is before
    assert contracts.adopt({"pets": settings(check="enforce")}, {"pets": document}) is True
    assert (contracts.get("pets").check, contracts.get("pets").counts) == ("enforce", {})


def test_a_reload_that_failed_leaves_what_there_was():
    document = a_document()
    contracts = Contracts({"pets": settings()}, {"pets": document})
    before = contracts.get("pets")
    contracts.adopt({}, {})
    contracts.adopt({"pets": settings()}, {"pets": document})
    assert contracts.get("pets") is before


def test_breaches_are_counted_and_the_newest_are_kept():
    kept = next(iter(Contracts({"pets": settings()}, {"pets": a_document()})))
    breach = Breached("pets", "request", "#", "body", "wrong")
    for number in range(RECENT + 3):
        kept.remember("GET /pets", str(number), [breach], at=float(number))
    assert kept.counts == {("GET /pets", "request"): RECENT + 3}
    assert (len(kept.recent), kept.recent[0].trace, kept.recent[-1].at) == (RECENT, "3", RECENT + 2.0)


@pytest.mark.parametrize(
    ("pointer", "names", "told"),
    [
        ("pets#/paths/~1pets/get", ["pets"], "pets#/paths/~1pets/get"),
        ("gone#/paths/~1pets/get", ["everything"], ""),
        (None, ["everything"], ""),
    ],
)
def test_a_definition_has_the_contract_it_names_or_those_for_all(pointer, names, told):
    documents = {"pets": a_document(), "everything": a_document()}
    contracts = Contracts({"pets": settings(), "everything": settings(all=True)}, documents)
    kept, operation = contracts.for_definition(pointer)
    assert ([one.name for one in kept], operation) == (names, told)


def test_an_unknown_contract_names_the_known():
    with pytest.raises(UnknownContractError, match=r"no contract .cats. .known: none."):
        Contracts({}, {}).get("cats")
