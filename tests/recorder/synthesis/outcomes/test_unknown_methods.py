"""Methods of JSON-RPC that nobody called, on nothing that is known, are unknown: as the standard says, or as one was."""

from __future__ import annotations

from synthesis.telling import Mocks


def purse(key, **more):
    return {"purse": key, "owner": "ada", **more}


def call(method, **params):
    return {"jsonrpc": "2.0", "id": method, "method": method, "params": params}


def remote(method, result, **params):
    told = {"jsonrpc": "2.0", "id": method, "result": result}
    return "POST", "/rpc", call(method, **params), 200, told


REMOTE = [
    remote("purse.open", purse("kq81xz20m"), owner="ada"),
    remote("purse.open", purse("tb44pw93c"), owner="ada"),
    remote("purse.get", purse("kq81xz20m"), purse="kq81xz20m"),
    remote("purse.fill", {"done": True}, purse="kq81xz20m", coins=3),
    remote("purse.get", purse("tb44pw93c"), purse="tb44pw93c"),
]


def asked(mocks, method, **params):
    return mocks.ask("POST", "/rpc", call(method, **params)).json


def test_other_methods_of_json_rpc_are_unknown():
    mocks = Mocks(REMOTE)
    for method, params in (("coin.melt", {}), ("purse.seal", {"purse": "none"})):
        told = asked(mocks, method, **params)
        assert (told["id"], told["error"]["code"]) == (method, -32601)


def test_unknown_methods_are_refused_as_one_was():
    error = {"jsonrpc": "2.0", "id": "coin.melt", "error": {"code": -32601, "message": "Nothing of that name"}}
    mocks = Mocks([*REMOTE, ("POST", "/rpc", call("coin.melt"), 200, error)])
    assert asked(mocks, "coin.cast")["error"]["message"] == "Nothing of that name"
    assert asked(mocks, "purse.show", purse="x")["jsonrpc"] == "2.0"
