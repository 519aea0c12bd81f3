"""Operations behind one path are learnt as if each had a path of its own."""

from synthesis.cabinets import Cabinets, asks, filing, trying
from synthesis.method_paths import Rooms, seating
from synthesis.switchboards import Tickets, Wallet, remote, spending, working
from synthesis.telling import Mocks, learnt, told_in, visits

from recorder.synthesis.calls.operations import see_operations
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.elements import read_elements


def seen(service, script, count=6):
    """Give what each operation is seen as, by its name."""
    samples = told_in(*visits(service, script, count))
    read_elements(samples)
    endpoints = endpoints_of(samples)
    see_operations(endpoints)
    return {
        one.discriminator.value if one.discriminator else "": (one.method, *one.template) for one in endpoints
    }  # fmt: skip


def test_remote_calls_are_seen_as_paths_to_what_they_name():
    assert seen(Wallet, spending) == {
        "purse.open": ("POST", "operations", "purses"),
        "purse.get": ("GET", "operations", "purses", None),
        "coins.put": ("POST", "operations", "purses", None, "coins.put"),
        "purse.label": ("PATCH", "operations", "purses", None),
        "purse.list": ("GET", "operations", "purses"),
        "purse.remove": ("DELETE", "operations", "purses", None),
        "": ("POST", "rpc"),
    }


def test_commands_and_queries_are_seen_together():
    assert seen(Tickets, working) == {
        "OpenTicket": ("POST", "operations", "tickets"),
        "ticketById": ("GET", "operations", "tickets", None),
        "RenameTicket": ("PATCH", "operations", "tickets", None),
        "CloseTicket": ("POST", "operations", "tickets", None, "CloseTicket"),
        "listTickets": ("GET", "operations", "tickets"),
    }


def test_remote_calls_behave_like_the_service():
    mocks = learnt(Wallet, spending, 6)
    assert mocks.wrong == []
    assert {path for _, path in mocks.paths} == {"/rpc"}

    def ask(method, target, sent):
        return mocks.ask(method, target, sent)

    call = remote(ask, _Words())
    made = call("purse.open", owner="ada")["result"]["purse"]
    other = call("purse.open", owner="bob")["result"]["purse"]
    assert call("coins.put", purse=made, coins=5)["result"]["coins"] == 5
    assert call("coins.put", purse=made, coins=2)["result"]["coins"] == 7
    assert call("purse.label", purse=made, label="mine")["result"]["label"] == "mine"
    assert call("purse.get", purse=made)["result"] == {"purse": made, "owner": "ada", "coins": 7, "label": "mine"}
    assert [one["purse"] for one in call("purse.list", owner="bob")["result"]["purses"]] == [other]
    assert len(call("purse.list", limit=1)["result"]["purses"]) == 1
    assert call("purse.remove", purse=made)["result"] == {"removed": made}
    assert call("purse.get", purse=made)["error"] == {"code": 7, "message": "Unknown purse"}
    assert call("purse.fly")["error"] == {"code": -32601, "message": "Method not found"}


def test_two_protocols_on_one_path_are_told_apart_by_header_and_form():
    assert seen(Cabinets, filing) == {
        "Cabinets.CreateDrawer": ("PUT", "operations", "drawers", None),
        "Cabinets.DescribeDrawer": ("GET", "operations", "drawers", None),
        "Cabinets.DeleteDrawer": ("DELETE", "operations", "drawers", None),
        "Cabinets.PutPaper": ("PUT", "operations", "drawers", None, "papers", None),
        "Cabinets.GetPaper": ("GET", "operations", "drawers", None, "papers", None),
        "Cabinets.DeletePaper": ("DELETE", "operations", "drawers", None, "papers", None),
        "Cabinets.ListPapers": ("GET", "operations", "drawers", None, "papers"),
        "AddClerk": ("POST", "operations", "clerks"),
        "GetClerk": ("GET", "operations", "clerks", None),
        "DeleteClerk": ("DELETE", "operations", "clerks", None),
    }


def test_operations_by_header_and_by_form_behave_like_the_service():
    mocks = learnt(Cabinets, filing, 6)
    assert mocks.wrong == []
    do, act = asks(mocks.ask)
    assert do("CreateDrawer", DrawerName="top", Size=7).json == {}
    assert do("CreateDrawer", DrawerName="top", Size=7).json == {"error": "DrawerExists"}
    assert do("DescribeDrawer", DrawerName="top").json == {"Drawer": {"DrawerName": "top", "Size": 7, "State": "OPEN"}}
    for code in ("b", "a"):
        do("PutPaper", DrawerName="top", Paper={"code": {"T": code}, "text": {"T": 'say "no"'}})
    paper = {"code": {"T": "b"}, "text": {"T": 'say "no"'}}
    assert do("GetPaper", DrawerName="top", Key={"code": {"T": "b"}}).json == {"Paper": paper}
    do("DeletePaper", DrawerName="top", Key={"code": {"T": "a"}})
    assert do("GetPaper", DrawerName="top", Key={"code": {"T": "a"}}).json == {}
    assert do("ListPapers", DrawerName="top").json == {"Papers": [paper], "Count": 1}
    assert do("ListPapers", DrawerName="low").json == {"error": "NoSuchDrawer"}
    hired = act("AddClerk", ClerkName="ada", Desk="left").body
    assert b"<Desk>left</Desk>" in hired
    assert act("GetClerk", ClerkName="ada").body == hired.replace(b"AddClerk", b"GetClerk")
    assert act("AddClerk", ClerkName="ada").json == {"error": "ClerkExists"}
    act("DeleteClerk", ClerkName="ada")
    assert act("GetClerk", ClerkName="ada").json == {"error": "NoSuchClerk"}
    assert act("DeleteClerk", ClerkName="ada").json == {"error": "NoSuchClerk"}


def test_one_session_that_goes_on_with_one_thing_of_each_kind_tells_what_makes_them():
    mocks = learnt(Cabinets, trying, 1)
    assert mocks.wrong == []
    do, act = asks(mocks.ask)
    do("CreateDrawer", DrawerName="top-7", Size=7)
    assert do("DescribeDrawer", DrawerName="top-7").json["Drawer"]["Size"] == 7
    paper, key = {"code": {"T": "b-12"}, "text": {"T": "on rain"}}, {"code": {"T": "b-12"}}
    do("PutPaper", DrawerName="top-7", Paper=paper)
    assert do("GetPaper", DrawerName="top-7", Key=key).json == {"Paper": paper}
    do("DeletePaper", DrawerName="top-7", Key=key)
    assert do("GetPaper", DrawerName="top-7", Key=key).json == {}
    hired = act("AddClerk", ClerkName="ada17", Desk="left 3").body
    assert act("GetClerk", ClerkName="ada17").body == hired.replace(b"AddClerk", b"GetClerk")
    act("DeleteClerk", ClerkName="ada17")
    for action in ("GetClerk", "DeleteClerk"):
        assert act(action, ClerkName="ada17").json == {"error": "NoSuchClerk"}


class _Words:
    def randint(self, least, most):
        return (least + most) // 2


def test_commands_and_queries_behave_like_the_service():
    mocks = learnt(Tickets, working, 6)
    made = mocks.ask("POST", "/commands", {"type": "OpenTicket", "payload": {"title": "rain"}}).json["ticket"]

    def do(kind, **payload):
        return mocks.ask("POST", "/commands", {"type": kind, "payload": {"ticketId": made, **payload}})

    def query(name, **params):
        return mocks.ask("POST", "/queries", {"query": name, "params": params})

    assert do("RenameTicket", title="snow").json == {"ticket": made, "status": "open", "version": 2}
    assert query("ticketById", ticketId=made).json["result"]["title"] == "snow"
    assert do("CloseTicket", reason="late").json["status"] == "closed"
    assert do("RenameTicket", title="hail").status == 409
    assert query("ticketById", ticketId="nobody").status == 404
    assert [one["ticketId"] for one in query("listTickets", status="closed").json["result"]["rows"]] == [made]
    assert query("listTickets", status="open").json["result"] == {"rows": [], "count": 0}


def test_graphql_with_variables_is_seen_by_its_fields():
    def row(text, variables, data):
        return ("POST", "/graphql", {"query": text, "variables": variables}, 200, {"data": data})

    make = "mutation Make($name: String!) { createPet(name: $name) { id name } }"
    read = "query One($id: ID!) { pet(id: $id) { id name } }"
    every = "query All($first: Int) { pets(first: $first) { id name } }"
    drop = "mutation Drop($id: ID!) { deletePet(id: $id) { id } }"
    sessions = [
        [
            row(make, {"name": f"a{n}"}, {"createPet": {"id": "11", "name": f"a{n}"}}),
            row(make, {"name": f"b{n}"}, {"createPet": {"id": "12", "name": f"b{n}"}}),
            row(read, {"id": "11"}, {"pet": {"id": "11", "name": f"a{n}"}}),
            row(every, {"first": 9}, {"pets": [{"id": "11", "name": f"a{n}"}, {"id": "12", "name": f"b{n}"}]}),
            row(drop, {"id": "12"}, {"deletePet": {"id": "12"}}),
            row(read, {"id": "12"}, {"pet": None}),
        ]
        for n in range(4)
    ]
    endpoints = endpoints_of(told_in(*sessions))
    see_operations(endpoints)
    assert {one.discriminator.value: (one.method, *one.template[1:]) for one in endpoints} == {
        "Make": ("POST", "pets"),
        "One": ("GET", "pets", None),
        "All": ("GET", "pets"),
        "Drop": ("DELETE", "pets", None),
    }
    [one] = [one for one in endpoints if one.discriminator.value == "One"]
    assert [sample.status for sample in one.samples[:2]] == [200, 404]
    assert [sample.answered_status for sample in one.samples[:2]] == [200, 200]


def test_things_of_a_kind_are_made_where_they_are_not_told_apart():
    rows = [
        row
        for n in range(4)
        for row in (
            ("POST", "/pets", {"kind": "cat", "lives": n}, 201, {"id": f"c{n}", "lives": n}),
            ("POST", "/pets", {"kind": "dog", "bark": n}, 201, {"id": f"d{n}", "bark": n, "loud": True}),
            ("GET", f"/pets/c{n}", None, 200, {"id": f"c{n}", "lives": n}),
        )
    ]
    endpoints = endpoints_of(told_in(rows))
    see_operations(endpoints)
    assert [(one.method, one.path, one.discriminator, one.operation) for one in endpoints] == [
        ("POST", "/pets", None, None), ("GET", "/pets/{pet}", None, None),
    ]  # fmt: skip


def test_refusals_that_mean_the_same_keep_the_status_they_have():
    def row(method, n, status, answer):
        return ("POST", "/rpc", {"jsonrpc": "2.0", "method": method, "params": {"n": n}}, status, answer)

    sessions = [
        [
            row("add", n, 200, {"result": n}),
            row("add", -1, 200, {"error": {"message": "too small"}}),
            row("add", "x", 400, {"error": {"message": "no number"}}),
        ]
        for n in range(1, 5)
    ]
    mocks = Mocks(*sessions)
    assert mocks.wrong == []
    given = [mocks.ask("POST", "/rpc", row("add", n, 0, None)[2]).status for n in (9, -1, "x")]
    assert given == [200, 200, 400]


def test_methods_that_paths_name_are_seen_as_paths_to_what_they_name():
    endpoints = endpoints_of(told_in(*visits(Rooms, seating, 5)))
    see_operations(endpoints)
    assert {one.operation.name: (one.method, *one.template) for one in endpoints} == {
        "rooms.create": ("POST", "operations", "rooms"),
        "rooms.info": ("GET", "operations", "rooms", None),
        "seats.add": ("POST", "operations", "rooms", None, "seats"),
        "seats.info": ("GET", "operations", "rooms", None, "seats", None),
        "seats.list": ("GET", "operations", "rooms", None, "seats"),
        "seats.close": ("POST", "operations", "rooms", None, "seats", None, "seats.close"),
    }


def test_methods_that_paths_name_behave_like_the_service():
    mocks = learnt(Rooms, seating, 6)
    assert mocks.wrong == []
    one, other = (mocks.ask("POST", "/api/rooms.create", {"name": name}).json["room"]["id"] for name in ("a", "b"))

    def add(room, number, kind="aisle"):
        return mocks.ask("POST", "/api/seats.add", {"room": room, "number": number, "kind": kind}).json

    assert add(one, "7")["seat"] == {"number": "7", "kind": "aisle", "status": "open"}
    assert add(other, "7", "window")["seat"]["kind"] == "window"
    assert add(one, "7") == {"ok": False, "error": "seat_exists"}
    assert add(one, "8", "window")["ok"] is True
    closed = mocks.ask("POST", "/api/seats.close", {"room": other, "seat": "7"})
    assert closed.json["seat"] == {"number": "7", "kind": "window", "status": "closed"}
    again = mocks.ask("POST", "/api/seats.close", {"room": other, "seat": "7"})
    assert (again.status, again.json) == (200, {"ok": False, "error": "already_closed"})
    assert mocks.ask("GET", f"/api/seats.info?room={one}&seat=7").json["seat"]["status"] == "open"
    assert mocks.ask("GET", f"/api/seats.info?room={one}&seat=9").json == {"ok": False, "error": "seat_not_found"}
    rows = mocks.ask("GET", f"/api/seats.list?room={one}&kind=window").json["seats"]
    assert [row["number"] for row in rows] == ["8"]
    assert mocks.ask("GET", f"/api/rooms.info?room={one}").json["room"] == {"id": one, "name": "a"}
