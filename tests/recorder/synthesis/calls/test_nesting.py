"""Things whose ids others have elsewhere belong to what all calls for them name as well."""

from synthesis.telling import told_in

from recorder.synthesis.calls.operations import see_operations
from recorder.synthesis.endpoints.endpoint import endpoints_of


def seen(number, beside):
    """Give what is seen of rooms and seats: `number` names a seat in a session, `beside` whom a look names as well."""
    sessions = []
    for n in range(4):
        rows = []
        for room in (f"room{n}a", f"room{n}b"):
            rows.append(("POST", "/rooms.create", {"name": "x"}, 200, {"id": room, "name": "x"}))
            sent = {"room": room, "number": number(n, room)}
            rows.append(("POST", "/seats.add", sent, 200, {"seat": sent}))
            asked = f"room={beside(room, rows)}&seat={sent['number']}"
            rows.append(("GET", f"/rooms.info?room={room}", None, 200, {"id": room, "name": "x"}))
            rows.append(("GET", f"/seats.info?{asked}", None, 200, {"seat": sent}))
        sessions.append(rows)
    endpoints = endpoints_of(told_in(*sessions))
    see_operations(endpoints)
    return {one.operation.name: one.template for one in endpoints}


def test_ids_that_come_again_belong_to_others():
    found = seen(lambda _n, _room: "101", lambda room, _: room)
    assert found["seats.add"] == ("operations", "rooms", None, "seats")
    assert found["seats.info"] == ("operations", "rooms", None, "seats", None)


def test_so_it_is_where_bodies_tell_the_operations_apart():
    sessions = []
    for n in range(4):
        rows = []
        for method, params, result in (
            ("room.create", {"name": "x"}, {"room": f"room{n}", "name": "x"}),
            ("seat.add", {"room": f"room{n}", "seat": "101"}, {"seat": "101", "free": True}),
            ("seat.get", {"room": f"room{n}", "seat": "101"}, {"seat": "101", "free": True}),
            ("room.get", {"room": f"room{n}"}, {"room": f"room{n}", "name": "x"}),
            ("seat.get", {"room": f"room{n}", "seat": "101"}, {"seat": "101", "free": True}),
        ):
            call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
            rows.append(("POST", "/rpc", call, 200, {"jsonrpc": "2.0", "id": 1, "result": result}))
        sessions.append(rows)
    endpoints = endpoints_of(told_in(*sessions))
    see_operations(endpoints)
    found = {one.discriminator.word: one.template for one in endpoints}
    assert found["seat.get"] == ("operations", "rooms", None, "seats", None)


def test_ids_that_are_those_of_one_thing_stand_alone():
    found = seen(lambda n, room: f"seat-{n}-{room}", lambda room, _: room)
    assert found["seats.info"] == ("operations", "seats", None)


def test_what_is_looked_at_beside_others_does_not_belong_to_them():
    found = seen(lambda _n, room: "101" if room.endswith("a") else "102", lambda _, rows: rows[0][4]["id"])
    assert found["seats.info"] == ("operations", "seats", None)
