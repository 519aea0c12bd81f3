"""Batches: each call of a list is answered as if it had been sent alone."""

from random import Random

from synthesis.switchboards import Wallet, spending
from synthesis.telling import Session, learnt, recorded, visits, word

from gateway.inprocess import serve
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.synthesis.synthesize import synthesize


def together(ask, words):
    """Open a purse, then name it, put coins in, look at it and at another, all at once."""
    asked = {"jsonrpc": "2.0", "method": "purse.open", "params": {"owner": word(words)}, "id": 1}
    purse = ask("POST", "/rpc", asked).json["result"]["purse"]
    wanted = [("purse.get", {"purse": purse}), ("purse.get", {"purse": word(words)})]
    wanted += [("coins.put", {"purse": purse, "coins": words.randint(1, 99)}) for _ in range(words.randint(0, 2))]
    words.shuffle(wanted)
    calls = [
        {"jsonrpc": "2.0", "method": method, "params": params, "id": at}
        for at, (method, params) in enumerate(wanted, 2)
    ]
    label = {"jsonrpc": "2.0", "method": "purse.label", "params": {"purse": purse, "label": word(words)}}
    ask("POST", "/rpc", [label, *calls])
    ask("POST", "/rpc", label)
    ask("POST", "/rpc", {**asked, "method": "purse.get", "params": {"purse": purse}, "id": 9})


def test_other_batches_than_the_recorded_ones_are_answered_call_by_call():
    mocks, service = learnt(Wallet, together, 6), Session(Wallet(Random(77)))

    def purse(ask):
        call = {"jsonrpc": "2.0", "method": "purse.open", "params": {"owner": "ada"}, "id": 1}
        return ask("POST", "/rpc", call).json["result"]["purse"]

    def told(ask, own):
        look = {"jsonrpc": "2.0", "method": "purse.get", "params": {"purse": own}, "id": 2}
        name = {"jsonrpc": "2.0", "method": "purse.label", "params": {"purse": own, "label": "mine"}}
        lost = {**look, "params": {"purse": "nowhere"}, "id": "x"}
        both = [ask("POST", "/rpc", batch) for batch in ([look, name, lost, look], [name, name])]
        shown = [{**one, "result": {**one["result"], "purse": ""}} if "result" in one else one for one in both[0].json]
        return shown, both[1].status, both[1].json

    assert told(mocks.ask, purse(mocks.ask)) == told(service.ask, purse(service.ask))


def test_the_sessions_come_out_as_they_were():
    made = distil([recorded(*visits(Wallet, together, 4))], Options(), serve)
    assert all(one.right for one in made.checked if one.definition == "post-rpc-batch")
    batch = made.definitions[-1]
    assert (batch["id"], batch["match"], batch["batch"]) == ("post-rpc-batch", {"method": "POST", "path": "/rpc"}, True)
    assert batch["description"] == "4 recorded batches"


def test_json_rpc_has_batches_though_nobody_sent_one():
    made = synthesize([recorded(*visits(Wallet, spending, 2))]).definitions
    assert [one["description"] for one in made if one.get("batch")] == ["no recorded batch: what JSON-RPC says of them"]


class Shut(Wallet):
    """One that takes no batches."""

    def answer(self, method, target, sent, headers):
        if isinstance(sent, list):
            return 400, {"error": "one at a time"}
        return super().answer(method, target, sent, headers)


def test_batches_that_were_refused_are_no_batches():
    made = synthesize([recorded(*visits(Shut, together, 3))]).definitions
    assert not any(one.get("batch") for one in made)
