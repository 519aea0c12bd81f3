"""What nearly every service refuses is refused after few sessions, and never what was accepted when it was recorded."""

from __future__ import annotations

from synthesis.telling import JSON, Mocks

from cassettes.exchange import Request

PEOPLE = [
    ("POST", "/people", {"username": "ada", "age": 36}, 201, {"id": 1, "username": "ada", "age": 36}),
    ("POST", "/people", {"username": "bob", "age": 41}, 201, {"id": 2, "username": "bob", "age": 41}),
    ("GET", "/people/1", None, 200, {"id": 1, "username": "ada", "age": 36}),
    ("GET", "/people/2", None, 200, {"id": 2, "username": "bob", "age": 41}),
]
PAGES = [
    ("POST", "/pages", {"slug": slug, "text": slug * 2}, 201, {"slug": slug, "text": slug * 2})
    for slug in ("start", "about")
] + [("GET", "/pages/start", None, 200, {"slug": "start", "text": "startstart"})]


def torn(mocks, method, target):
    """Give the status of a call whose body is no JSON."""
    response, _ = mocks.gateway.answer(Request(method, target.encode(), JSON, b'{"username": '))
    return response.status


def test_a_body_that_is_no_json_is_refused():
    mocks = Mocks(PEOPLE)
    assert torn(mocks, "POST", "/people") == 400
    assert mocks.ask("POST", "/people", {"username": "cy", "age": 7}).status == 201


def test_a_body_that_is_no_json_is_refused_as_neighbours_refuse_it():
    rows = [*PEOPLE, ("POST", "/notes", None, 422, {"error": "no JSON"}), ("POST", "/notes", {"a": 1}, 201, {"ok": 1})]
    assert torn(Mocks(rows), "POST", "/people") == 400


def test_a_thing_with_the_id_or_the_name_of_another_is_refused():
    mocks = Mocks(PEOPLE)
    assert mocks.ask("POST", "/people", {"username": "cy", "age": 7}).status == 201
    assert mocks.ask("POST", "/people", {"username": "cy", "age": 8}).status == 409
    pages = Mocks(PAGES)
    assert [pages.ask("POST", "/pages", {"slug": "news", "text": "x"}).status for _ in range(2)] == [201, 409]


def test_what_was_accepted_twice_is_not_refused():
    rows = [*PEOPLE, ("POST", "/people", {"username": "ada", "age": 1}, 201, {"id": 3, "username": "ada", "age": 1})]
    mocks = Mocks(rows)
    assert [mocks.ask("POST", "/people", {"username": "cy", "age": 7}).status for _ in range(2)] == [201, 201]


def test_after_many_sessions_nothing_is_refused_that_nobody_saw_refused():
    mocks = Mocks(*[PEOPLE] * 4)
    assert [mocks.ask("POST", "/people", {"username": "cy", "age": 7}).status for _ in range(2)] == [201, 201]


def test_who_signs_in_is_known_already_and_not_refused():
    rows = []
    for at, name in enumerate(("ada", "bob"), 1):
        who = {"id": at, "username": name, "email": f"{name}@a.example"}
        sent = {"email": who["email"], "password": f"p4ss-{name}"}
        rows += [
            ("POST", "/users", {**sent, "username": name}, 201, who),
            ("POST", "/sessions", sent, 201, {"token": f"tok-{name}-1f3k9", "user": who}),
            ("GET", f"/users/{at}", None, 200, who),
        ]
    mocks = Mocks(rows)
    cy = {"email": "cy@c.example", "password": "secret77"}
    assert mocks.ask("POST", "/users", {**cy, "username": "cy"}).status == 201
    assert [mocks.ask("POST", "/sessions", cy).status for _ in range(2)] == [201, 201]
    assert mocks.ask("POST", "/users", {**cy, "username": "cy"}).status == 409


def test_more_than_there_is_of_a_thing_is_refused_if_no_accepted_call_asked_for_that():
    shelf = {"TEA-40": 9, "RYE-75": 4, "OIL-10": 6}
    goods = [{"sku": sku, "in_stock": left} for sku, left in shelf.items()]
    rows = [("GET", "/goods", None, 200, {"goods": goods}), ("GET", "/goods/TEA-40", None, 200, goods[0])]
    for at, (sku, count) in enumerate((("TEA-40", 3), ("RYE-75", 4), ("OIL-10", 1))):
        rows.append(("POST", "/picks", {"sku": sku, "count": count}, 201, {"id": at + 1, "sku": sku, "count": count}))
    more = ("POST", "/picks", {"sku": "TEA-40", "count": 50}, 201, {"id": 4, "sku": "TEA-40", "count": 50})
    for recorded, status in ((rows, 409), ([*rows, more], 201)):
        mocks = Mocks(recorded)
        assert mocks.ask("POST", "/picks", {"sku": "RYE-75", "count": 5}).status == status
        assert mocks.ask("POST", "/picks", {"sku": "RYE-75", "count": 2}).status == 201


def test_what_a_form_names_is_taken_as_what_json_names_is():
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    rows = [
        ("POST", "/plans", b"id=gold-7&name=Gold", 200, {"id": "gold-7", "name": "Gold"}, form),
        ("GET", "/plans/gold-7", None, 200, {"id": "gold-7", "name": "Gold"}),
        ("POST", "/users", b"username=ada&password=tea", 201, {"id": "u-71c0abx9", "username": "ada"}, form),
        ("GET", "/users/u-71c0abx9", None, 200, {"id": "u-71c0abx9", "username": "ada"}),
    ]
    mocks = Mocks(rows)
    for _ in range(2):
        given = [mocks.ask("POST", "/plans", b"id=iron-9&name=Iron", form).status]
        given.append(mocks.ask("POST", "/users", b"username=bob&password=oil", form).status)
    assert given == [409, 409]
    assert mocks.ask("POST", "/plans", b"id=tin-8&name=Tin", form).status == 200
    assert mocks.ask("POST", "/users", b"username=cy&password=rye", form).status == 201
