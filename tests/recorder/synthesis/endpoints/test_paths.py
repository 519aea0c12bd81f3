"""Parts of paths are parameters by their form or by evidence, and words that every session uses stay."""

from random import Random

import pytest
from synthesis.telling import told_in, word

from recorder.synthesis.endpoints.paths import is_typed, singular, templates_of


def shown(*sessions):
    """Give the templates of sessions of (method, path[, status]), each once, in their order."""
    rows = [
        [(method, path, None, *(status or [200]), {"ok": True}) for method, path, *status in session]
        for session in sessions
    ]
    templates = templates_of(told_in(*rows))
    return list(dict.fromkeys("/" + "/".join("{}" if part is None else part for part in one) for one in templates))


@pytest.mark.parametrize(
    ("segment", "typed"),
    [
        ("42", True), ("0b0e4f2a-1111-4222-8333-444455556666", True), ("9f86d081884c", True), ("ord_8fJk20LmQx71", True),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", True), ("2024-02-29", True), ("ada@harbour.test", True), ("!7fJk20LmQx71", True), ("!lobby", False),
        ("eyJhbGci.eyJzdWIi.x", True),
        ("orders", False), ("me", False), ("search-by-name", False), ("deadbeef", False), ("x7", False),
    ],
)  # fmt: skip
def test_a_part_is_typed_where_it_looks_made_for_one_thing(segment, typed):
    assert is_typed(segment) is typed


def test_a_version_is_no_parameter():
    assert shown([("GET", "/v1/users/7"), ("GET", "/v2/users/8"), ("GET", "/2024-01-01/users/9")]) == [
        "/v1/users/{}", "/v2/users/{}", "/2024-01-01/users/{}",
    ]  # fmt: skip


def test_a_decimal_is_a_version_where_words_follow_it():
    assert shown([("GET", "/api/2.0/users/7"), ("GET", "/api/2.0/users/8")]) == ["/api/2.0/users/{}"]
    assert shown([("GET", "/at/52.5/13.4"), ("GET", "/at/52.5/13.4/rain")]) == ["/at/{}/{}", "/at/{}/{}/rain"]
    numbers = [("GET", f"/scales/{weight}/fee") for weight in ("1.5", "2.0", "7.25")]
    assert shown(numbers) == ["/scales/{}/fee"]


def test_ids_of_letters_are_parameters_where_a_session_was_told_of_them_and_me_stays():
    def session(seed):
        key = word(Random(seed))
        return [
            ("POST", "/users", {"name": "x"}, 201, {"id": key}),
            ("GET", f"/users/{key}", None, 200, {"id": key}),
            ("GET", "/users/me", None, 200, {"id": "me-myself"}),
        ]

    found = {"/" + "/".join(part or "{}" for part in one) for one in templates_of(told_in(session(1), session(2)))}
    assert found == {"/users", "/users/{}", "/users/me"}


def test_words_that_no_two_sessions_share_are_one_parameter():
    sessions = [[("GET", f"/echo/{word(Random(seed))}"), ("GET", "/health")] for seed in range(6)]
    assert shown(*sessions) == ["/echo/{}", "/health"]


def test_words_that_all_sessions_use_are_no_parameter():
    sessions = [[("GET", "/reports/daily"), ("GET", "/reports/weekly"), ("GET", "/reports/yearly")] for _ in range(6)]
    assert shown(*sessions) == ["/reports/daily", "/reports/weekly", "/reports/yearly"]


def test_what_only_ever_failed_joins_the_parameter_beside_it():
    assert shown([("GET", "/orders/7"), ("GET", "/orders/nope", 404), ("GET", "/ordres/7", 404)]) == [
        "/orders/{}", "/ordres/{}",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "one"),
    [("orders", "order"), ("categories", "category"), ("boxes", "box"), ("addresses", "address"), ("glass", "glass"), ("news", "new"), ("bus", "bus")],
)  # fmt: skip
def test_a_collection_names_its_items(word, one):
    assert singular(word) == one


def test_words_that_lead_on_alike_are_names_of_things_though_nobody_told_of_them():
    def made(board, kind):
        return ("POST", f"/boards/{board}/topics", {"title": "x"}, 201, {"id": kind, "title": "x", "locked": False})

    rows = [made("help", 1), made("general", 2), ("GET", "/boards/help/topics", None, 200, [{"id": 1}])]
    found = {"/" + "/".join(part or "{}" for part in one) for one in templates_of(told_in(rows))}
    assert found == {"/boards/{}/topics"}
    other = ("POST", "/boards/archive/topics", {"title": "x"}, 202, {"job": "j-1", "queue": "slow"})
    found = {"/" + "/".join(part or "{}" for part in one) for one in templates_of(told_in([made("help", 1), other]))}
    assert found == {"/boards/help/topics", "/boards/archive/topics"}


def test_collections_whose_things_have_much_in_common_are_no_names_of_things():
    def found(kind, *members):
        common = {"id": "x", "created": 1, "updated": 1, "name": "y", "tags": []}
        return ("POST", f"/api/{kind}/filter", {"sort": "x"}, 200, [{**common, **dict.fromkeys(members, "z")}])

    templates = templates_of(told_in([found("flows", "labels"), found("variables", "value")]))
    assert templates == [("api", "flows", "filter"), ("api", "variables", "filter")]
    templates = templates_of(told_in([found("flows", "value"), found("variables", "value")]))
    assert templates == [("api", None, "filter")] * 2


def test_rare_words_that_lead_on_to_rare_words_are_parameters_though_some_come_again():
    pairs = [
        "opal/copper",
        "jetty/grove",
        "basin/thistle",
        "timber/willow",
        "quiver/walnut",
        "saddle/basin",
        "opal/fern",
        "harbor/haven",
        "anchor/summit",
    ]
    sessions = [[("GET", f"/cookies/set/{pair}"), ("GET", "/cookies")] for pair in pairs]
    assert shown(*sessions) == ["/cookies/set/{}/{}", "/cookies"]


def test_words_that_lead_on_to_other_kinds_of_answers_stay():
    rows = [
        [("GET", f"/{path}", None, 200, answer)]
        for path, answer in [
            ("image/svg", {"a": 1}),
            ("encoding/utf8", {"b": 1}),
            ("forms/post", {"c": 1}),
            ("x/y", {"d": 1}),
        ]
    ]
    templates = templates_of(told_in(*rows))
    assert None not in [part for one in templates for part in one]


@pytest.mark.parametrize(
    ("answered", "headers"), [({"key": "OPAL", "state": "open"}, {}), ({"ok": True}, {"Location": "/boards/OPAL"})]
)
def test_what_was_made_right_above_names_itself_in_one_session_too(answered, headers):
    rows = [
        ("POST", "/boards", {"key": "OPAL"}, 201, answered, {}, headers),
        ("GET", "/boards/OPAL/cards", None, 200, []),
    ]
    assert templates_of(told_in(rows)) == [("boards",), ("boards", None, "cards")]


def test_one_session_shows_one_of_what_another_has_others_of():
    links = [
        ("POST", "/links", {"url": "https://harbour.test/a"}, 201, {"code": "k7Qz2", "owner": "ada"}),
        ("GET", "/k7Qz2", None, 302, None), ("GET", "/health", None, 200, {"status": "ok"}), ("GET", "/ada", None, 200, {"name": "Ada"}),
        ("PUT", "/shelf/tea-14.txt", {"a": 1}, 200, None), ("PUT", "/shelf/rye", {"a": 1}, 201, None),
        ("GET", "/shelf/rye", None, 200, {"a": 1}), ("DELETE", "/shelf/rye", None, 204, None),
    ]  # fmt: skip
    assert {one for one in templates_of(told_in(links)) if len(one) == 1} == {
        ("links",),
        (None,),
        ("health",),
        ("ada",),
    }
    assert {one for one in templates_of(told_in(links)) if len(one) == 2} == {("shelf", None)}


def test_a_number_makes_a_name_in_one_session_at_the_end_of_a_part_and_behind_a_plural():
    calls = [
        ("GET", "/v1/locations/eu-west1/beds"), ("GET", "/v1/pool/north_17/state"), ("GET", "/v1/zones/v1beta1/x"),
        ("GET", "/v1/encoding/utf8"), ("GET", "/v1/grade-7/all"), ("GET", "/v1/runs/a7:stop"),
    ]  # fmt: skip
    stay = ["/v1/zones/v1beta1/x", "/v1/encoding/utf8", "/v1/grade-7/all", "/v1/runs/a7:stop"]
    assert shown(calls) == ["/v1/locations/{}/beds", "/v1/pool/{}/state", *stay]
    assert shown(calls, calls)[:2] == ["/v1/locations/eu-west1/beds", "/v1/pool/north_17/state"]


def test_a_word_that_is_only_read_or_written_stays_in_one_session():
    page = [("GET", "/settings", None, 200, {"theme": "dark"}), ("PUT", "/settings", {"theme": "light"}, 200, {"a": 1})]
    assert templates_of(told_in(page)) == [("settings",), ("settings",)]


def test_an_answer_that_repeats_the_middle_of_its_path_does_not_tell_that_it_names_a_thing():
    sessions = [
        [
            ("POST", "/data/notes", None, 201, {"id": "7"}),
            ("GET", "/data/notes/7", None, 200, {"id": "7", "kind": "notes"}),
            ("GET", "/data/desks/3", None, 200, {"id": "3", "kind": "desks"}),
        ],
        [("GET", "/data/desks/4", None, 200, {"id": "4", "kind": "desks"})],
    ]
    found = {"/" + "/".join(part or "{}" for part in one) for one in templates_of(told_in(*sessions))}
    assert found == {"/data/notes", "/data/notes/{}", "/data/desks/{}"}


THINGS = ("notes", "desks", "lamps", "doors", "bells")


def listed(key, things):
    """Give a session in which rows of a list all tell what they belong to."""
    rows = [{"id": number, "room": key, things: number} for number in (7, 8)]
    return [("POST", "/rooms", {}, 201, {"room": key}), ("GET", f"/rooms/{key}/{things}", None, 200, rows)]


def test_what_rows_belong_to_is_named_where_it_is_another_in_each_session_and_a_kind_is_not():
    others = [listed(word(Random(number)), things) for number, things in enumerate(THINGS)]
    assert set(templates_of(told_in(*others))) == {("rooms",), *(("rooms", None, things) for things in THINGS)}
    same = [listed("lobby", things) for things in THINGS]
    assert set(templates_of(told_in(*same))) == {("rooms",), *(("rooms", "lobby", things) for things in THINGS)}


def put(answered, sent=None, words=("USD", "JPY")):
    """Give the templates of two sessions that put the same words, and list things of one of them."""
    rows = [("PUT", f"/rates/{one}", sent or {"rate": 2}, 200, answered(one)) for one in words]
    listed = ("GET", "/desks", None, 200, [{"id": own, "currency": "USD"} for own in (7, 8)])
    return set(templates_of(told_in([*rows, listed], [*rows, listed]))) - {("desks",)}


def test_words_that_answers_to_what_is_put_there_say_are_names_though_all_sessions_use_them():
    assert put(lambda one: {"currency": one, "rate": 2}) == {("rates", None)}


def test_words_that_are_not_said_each_time_or_are_of_other_kinds_stay():
    both = {("rates", "USD"), ("rates", "JPY")}
    assert put(lambda one: {"currency": "USD", "rate": 2}) == both
    assert put(lambda one: {"currency": one, one: 1, f"{one}2": 2}) == both
    assert put(lambda one: {"currency": one}, sent=[1]) == both
