"""Answers of operations tell of members of items that they do not show."""

from synthesis.switchboards import Tickets, Wallet, spending, working
from synthesis.telling import told_in, visits

from recorder.synthesis.endpoint import endpoints_of
from recorder.synthesis.entities import bind
from recorder.synthesis.operations import see_operations


def tellings(service, script):
    endpoints = endpoints_of(told_in(*visits(service, script, 5)))
    see_operations(endpoints)
    _, bindings = bind(endpoints)
    return {one.discriminator.value: binding.told for one, binding in bindings.items() if binding.told}


def test_commands_tell_what_became_of_their_item():
    told = {"status": ("status",), "version": ("version",)}
    assert tellings(Tickets, working) == {"OpenTicket": told, "RenameTicket": told, "CloseTicket": told}


def test_a_result_may_hold_what_is_told():
    assert tellings(Wallet, spending) == {"coins.put": {"purse": ("result", "purse"), "coins": ("result", "coins")}}


def test_members_of_the_same_name_that_the_item_does_not_have_then_are_none():
    def row(method, params, result):
        sent = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        return ("POST", "/rpc", sent, 200, {"jsonrpc": "2.0", "id": 1, "result": result})

    sessions = [
        [
            row("pet.add", {"name": f"n{n}"}, {"pet": f"pet-{n}", "name": f"n{n}", "size": 0}),
            row("pet.feed", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "size": 99, "food": n}),
            row("pet.get", {"pet": f"pet-{n}"}, {"pet": f"pet-{n}", "name": f"n{n}", "size": 1}),
        ]
        for n in range(4)
    ]
    endpoints = endpoints_of(told_in(*sessions))
    see_operations(endpoints)
    _, bindings = bind(endpoints)
    assert [binding.told for one, binding in bindings.items() if one.discriminator.value == "pet.feed"] == [
        {"pet": ("result", "pet")}
    ]
