"""Operations that one session did not call are answered for the things that others name; their names are like theirs."""

from __future__ import annotations

from urllib.parse import urlencode

from synthesis.cabinets import FORM
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


def test_methods_on_a_known_kind_of_things_are_read_changed_listed_and_removed():
    mocks = Mocks(REMOTE)
    key = asked(mocks, "purse.open", owner="bea")["result"]["purse"]
    assert asked(mocks, "purse.show", purse=key)["result"]["owner"] == "bea"
    assert asked(mocks, "purse.update", purse=key, owner="cy")["result"]["owner"] == "cy"
    assert [one["owner"] for one in asked(mocks, "purse.list")["result"]["purses"]] == ["cy"]
    assert asked(mocks, "purse.seal", purse=key)["result"]["owner"] == "cy"
    assert "error" not in asked(mocks, "purse.delete", purse=key)
    assert asked(mocks, "purse.list")["result"]["purses"] == []


def named(path, sent, told):
    return "POST", f"/api/{path}", sent, 200, told


PATHS = [
    named("crates.create", {"label": "tea"}, {"ok": True, "crate": {"id": "C81XQ20", "label": "tea"}}),
    ("GET", "/api/crates.info?crate=C81XQ20", None, 200, {"ok": True, "crate": {"id": "C81XQ20", "label": "tea"}}),
    named("crates.weigh", {"crate": "C81XQ20"}, {"ok": True, "weight": 3}),
    ("GET", "/api/crates.info?crate=C00XX00", None, 404, {"ok": False, "error": "no_crate"}),
]


def test_operations_that_paths_name_are_done_with_known_things_alone():
    mocks = Mocks(PATHS)
    crate = mocks.ask("POST", "/api/crates.create", {"label": "salt"}).json["crate"]["id"]
    assert mocks.ask("POST", "/api/crates.close", {"crate": crate}).json["crate"]["label"] == "salt"
    assert mocks.ask("POST", "/api/crates.close", {"crate": "C99ZZ99"}).status == 404
    assert mocks.ask("POST", "/api/lids.fit", {"crate": crate}).json["crate"]["label"] == "salt"
    assert mocks.ask("GET", f"/api/lids.info?crate={crate}").json["crate"]["label"] == "salt"
    assert mocks.ask("POST", "/api/barrels.close", {"barrel": "B1"}).headers["match"] == "miss"


def action(name, told, **sent):
    return "POST", "/", urlencode({"Action": name, "Version": "3", **sent}).encode(), 200, told, FORM


def test_operations_with_the_verb_before_the_noun_are_read_so():
    bird = {"BirdName": "wren17", "Colour": "brown"}
    rows = [action("CreateBird", bird, **bird), action("GetBird", bird, BirdName="wren17")]
    mocks = Mocks([*rows, action("FeedBird", {"Fed": "seeds"}, BirdName="wren17", Food="seeds")])
    assert mocks.ask(*action("CreateBird", None, BirdName="kite40", Colour="red")[:3], FORM).status == 200
    assert mocks.ask(*action("DescribeBird", None, BirdName="kite40")[:3], FORM).json["Colour"] == "red"
    assert mocks.ask(*action("DeleteBird", None, BirdName="kite40")[:3], FORM).status == 200
    assert mocks.ask(*action("DescribeNest", None, NestName="oak")[:3], FORM).headers["match"] == "miss"


def test_after_more_than_few_sessions_nothing_is_supposed():
    mocks = Mocks(*[REMOTE] * 4)
    assert mocks.ask("POST", "/rpc", call("purse.show", purse="kq81xz20m")).status == 404


def test_what_was_only_refused_as_nobody_called_is_answered_to_callers():
    who = {"Authorization": "Basic YWRhOnNlY3JldA=="}
    rows = [(*one, who) for one in PATHS]
    rows = [*rows, ("GET", "/api/crates.peek?crate=C81XQ20", None, 401, {"ok": False, "error": "not_authed"})]
    mocks = Mocks(rows)
    crate = mocks.ask("POST", "/api/crates.create", {"label": "salt"}, who).json["crate"]["id"]
    assert mocks.ask("GET", f"/api/crates.peek?crate={crate}").status == 401
    assert mocks.ask("GET", f"/api/crates.peek?crate={crate}", None, who).status == 401
    rows[-1] = ("GET", "/api/crates.get?crate=C81XQ20", None, 401, {"ok": False, "error": "not_authed"})
    mocks = Mocks(rows)
    crate = mocks.ask("POST", "/api/crates.create", {"label": "salt"}, who).json["crate"]["id"]
    assert mocks.ask("GET", f"/api/crates.get?crate={crate}").status == 401
    assert mocks.ask("GET", f"/api/crates.get?crate={crate}", None, who).json["crate"]["label"] == "salt"
