"""After few sessions what is of no form that was ever accepted is refused, and what might be is not."""

from __future__ import annotations

from synthesis.telling import Mocks

SHEEP = [
    ("POST", "/sheep", {"name": f"dolly {age}", "age": age, "site": "https://a.example/x"}, 201, {"id": age})
    for age in (3, 4, 5)
]
SEARCHES = [("GET", f"/search?limit={limit}&q=wool", None, 200, {"found": []}) for limit in (2, 5)]


def test_a_body_that_is_no_object_or_has_nothing_of_what_all_had_is_refused():
    mocks = Mocks([*SHEEP, *SEARCHES])
    assert mocks.ask("POST", "/sheep", ["dolly"]).status == 400
    assert mocks.ask("POST", "/sheep", {}).status == 422
    assert mocks.ask("POST", "/sheep", {"colour": "black"}).status == 422
    assert mocks.ask("POST", "/sheep", {"name": "molly", "age": 7}).status == 201


def test_a_member_of_a_form_that_no_accepted_one_had_is_refused():
    mocks = Mocks(SHEEP)
    assert mocks.ask("POST", "/sheep", {"name": " ", "age": 3, "site": "https://b.example"}).status == 422
    assert mocks.ask("POST", "/sheep", {"name": "molly", "age": -1, "site": "https://b.example"}).status == 422
    assert mocks.ask("POST", "/sheep", {"name": "molly", "age": 3, "site": "juniper"}).status == 422
    assert mocks.ask("POST", "/sheep", {"name": "m", "age": 300, "site": "http://b.example"}).status == 201


def test_a_parameter_that_is_no_number_is_refused_as_elsewhere():
    assert Mocks(SEARCHES).ask("GET", "/search?limit=many&q=wool").status == 400
    assert Mocks(SEARCHES).ask("GET", "/search?limit=3&q=").status == 400
    assert Mocks(SEARCHES).ask("GET", "/search?limit=3&q=milk").status == 200
    refused = ("POST", "/sheep", {"name": "x", "age": "old", "site": "https://a.example/x"}, 422, {"error": "no age"})
    assert Mocks([*SHEEP, refused, *SEARCHES]).ask("GET", "/search?limit=many&q=wool").status == 422


def test_a_member_that_calls_leave_out_where_they_leave_out_others_is_one_that_they_must_have():
    rows = [*SHEEP, *[("POST", "/sheep", {"name": f"fay {age}", "age": age}, 201, {"id": age}) for age in (6, 7)]]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/sheep", {"name": "molly"}).status == 422
    assert mocks.ask("POST", "/sheep", {"name": "molly", "age": 1}).status == 201


def test_what_was_accepted_is_not_refused():
    mocks = Mocks([*SHEEP, ("POST", "/sheep", {"name": "", "age": -1, "site": "none"}, 201, {"id": 9})])
    assert mocks.ask("POST", "/sheep", {"name": "", "age": -4, "site": "juniper"}).status == 201


def test_after_many_sessions_nothing_is_refused_for_its_form():
    assert Mocks(*[SHEEP] * 4).ask("POST", "/sheep", {"colour": "black"}).status == 201


def test_of_many_members_as_many_conditions_are_joined_as_an_expression_may_have():
    names = [f"field{at}" for at in range(22)]
    rows = []
    for at in range(6):
        sent = {name: f"{name} {at}" for name in names}
        rows.append(("POST", "/forms", sent, 201, {"id": at + 1, **sent}))
    mocks = Mocks(rows)
    fine = dict.fromkeys(names, "anything")
    assert mocks.ask("POST", "/forms", fine).json == {"id": 1, **fine}
    assert [mocks.ask("POST", "/forms", {**fine, name: " "}).status for name in (names[0], names[-1])] == [422, 422]


def test_a_member_that_all_of_three_had_is_asked_for_where_others_were_left_out():
    rows = [
        ("POST", "/lambs", {"name": name, **more}, 201, {"id": number})
        for number, (name, more) in enumerate([("ann", {}), ("bea", {"ear": "tag"}), ("cleo", {})])
    ]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/lambs", {"ear": "tag"}).status == 422
    assert mocks.ask("POST", "/lambs", {"name": "dora"}).status == 201
    alike = [(*row[:2], {"name": row[2]["name"], "ear": "tag"}, *row[3:]) for row in rows]
    assert Mocks(alike).ask("POST", "/lambs", {"ear": "tag"}).status == 201


def test_none_is_refused_where_all_numbers_were_above_zero_and_not_where_one_was_zero():
    assert Mocks(SHEEP).ask("POST", "/sheep", {**SHEEP[0][2], "age": 0}).status == 422
    newborn = ("POST", "/sheep", {**SHEEP[0][2], "age": 0}, 201, {"id": 9})
    assert Mocks([*SHEEP, newborn]).ask("POST", "/sheep", {**SHEEP[0][2], "age": 0}).status == 201


def test_a_list_that_was_never_asked_for_pages_refuses_a_limit_that_is_no_number():
    shown = [("GET", f"/sheep{asked}", None, 200, [{"id": age} for age in (3, 4, 5)]) for asked in ("", "?_sort=id")]
    mocks = Mocks([*SHEEP, *shown, ("GET", "/sheep/3", None, 200, {"id": 3})])
    assert mocks.ask("GET", "/sheep?_limit=many").status == 400
    assert mocks.ask("GET", "/sheep?_limit=2").status == 200


def test_words_are_refused_where_all_accepted_calls_sent_numbers():
    rows = [("POST", "/picks", {"count": at}, 201, {"id": at, "count": at}) for at in (1, 2, 3)]
    mocks = Mocks(rows)
    assert [mocks.ask("POST", "/picks", {"count": count}).status for count in ("three", 7)] == [422, 201]


def test_an_object_or_a_remark_that_the_few_calls_had_may_be_left_out():
    def opened(number, currency):
        sent = {"currency": currency, "note": f"no {number}", "customer": {"name": f"ann {number}"}}
        return "POST", "/carts", sent, 201, {"id": number, **sent}

    first = [opened(number, currency) for number, currency in ((1, "EUR"), (2, "SEK"), (3, "EUR"))]
    mocks = Mocks(first, [opened(number, currency) for number, currency in ((1, "EUR"), (2, "NOK"), (3, "SEK"))])
    assert mocks.ask("POST", "/carts", {"currency": "EUR"}).status == 201
    assert mocks.ask("POST", "/carts", {"customer": {"name": "bob"}}).status == 422


def test_switches_words_beside_a_thing_and_pages_may_be_left_out_though_all_calls_had_them():
    usual = {"loud": True, "limit": 5, "tags": ["wool"], "marks": ["ear"], "status": "new", "reference": "R-1"}
    rows = [
        ("POST", "/sheep", {"name": f"dolly {age}", **usual, **({"age": age} if age < 6 else {})}, 201, {"id": age})
        for age in (3, 4, 5, 6, 7)
    ]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/sheep", {"name": "molly", "marks": ["leg"]}).status == 201
    assert mocks.ask("POST", "/sheep", {"name": "molly", **usual, "marks": ["leg"]}).status == 201
    assert mocks.ask("POST", "/sheep", {"marks": ["leg"], **usual}).status == 422
    assert mocks.ask("POST", "/sheep", {"name": "molly", "loud": True}).status == 422


def test_tags_may_be_none_though_all_calls_had_some_and_lines_may_not():
    rows = [
        ("POST", "/sheep", {"name": f"dolly {age}", "tags": [{"id": age}], "legs": [{"id": 4}]}, 201, {"id": age})
        for age in (3, 4)
    ]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/sheep", {"name": "molly", "tags": [], "legs": [{"id": 2}]}).status == 201
    assert mocks.ask("POST", "/sheep", {"name": "molly", "tags": [{"id": 1}], "legs": []}).status == 422
