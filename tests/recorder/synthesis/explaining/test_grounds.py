"""A term is behind values where it fits them all and that can hardly be chance."""

import pytest
from synthesis.telling import Mocks, scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds, come_again, fits, is_of_transport, rank, spread
from recorder.synthesis.terms.term import Term, alike
from recorder.synthesis.terms.vocabulary import Vocabulary


def grounds_of(*sent, **more):
    """Give grounds and scenes for requests that sent these objects."""
    scenes = scenes_of(*[("POST", "/things", one, 200, {}) for one in sent])
    vocabulary = Vocabulary(scenes, {})
    return Grounds(vocabulary, Judge(scenes, vocabulary).decide, "things", **more), scenes


class Sent:
    def __init__(self, session):
        self.session = session


class Asked:
    def __init__(self, session):
        self.sample = Sent(session)


def places_of(sessions):
    """Give, by session, the places in it of the cases that are looked at where each session has ten."""
    some = spread([(Asked(session), place) for session in range(sessions) for place in range(10)])
    seen = {}
    for scene, place in some:
        seen.setdefault(scene.sample.session, []).append(place)
    assert len(some) == 120
    assert all(places == list(range(len(places))) for places in seen.values())
    return seen


def test_of_very_many_cases_the_first_of_each_session_and_some_whole_sessions_are_looked_at():
    seen = places_of(20)
    assert len(seen) == 20
    assert seen[0] == list(range(10))


@pytest.mark.parametrize("sessions", [119, 121, 1_000])
def test_of_very_many_sessions_some_are_looked_at_whole_too(sessions):
    seen = places_of(sessions)
    assert len(seen) == 40
    assert max(seen) > sessions // 2
    assert sum(len(places) == 10 for places in seen.values()) == 8


@pytest.mark.parametrize(
    ("field", "sent", "name", "text"),
    [
        ("note", ["rye bread", "oat milk"], "x", "request.json.note"),
        ("n", [1, 2], "x", None),
        ("n", [1, 2], "N", "request.json.n"),
        ("n", [1, 2, 3, 4], "x", "request.json.n"),
        ("note", ["rye bread", "rye bread"], "x", "request.json.note"),
        ("note", ["rye bread"] * 3, "x", None),
        ("note", ["rye bread"] * 3, "note", "request.json.note"),
    ],
)
def test_a_term_is_taken_where_it_is_hardly_chance(field, sent, name, text):
    grounds, scenes = grounds_of(*[{field: one} for one in sent])
    term = grounds.term(list(zip(scenes, sent, strict=True)), name)
    assert (term and term.text) == text


def test_without_echo_nothing_fits():
    grounds, scenes = grounds_of({"note": "rye bread"}, {"note": "oat milk"}, uses_echo=False)
    cases = [(scene, scene.sample.json["note"]) for scene in scenes]
    assert (grounds.fitting(cases), grounds.term(cases, "note"), grounds.mostly(cases)) == ([], None, None)


def test_what_nearly_always_fits_is_found_where_many_are_alike():
    grounds, scenes = grounds_of(*[{"of": {"n": number}} for number in range(10)])
    cases = [(scene, scene.sample.json["of"]) for scene in scenes]
    cases[9] = (scenes[9], {"n": "another"})
    assert (grounds.mostly(cases).text, grounds.mostly(cases[:7])) == ("request.json.of", None)


def test_scenes_are_told_apart_by_a_condition():
    grounds, scenes = grounds_of(*[{"paid": number % 2 == 0, "n": number} for number in range(6)])
    condition = grounds.condition(scenes, [True, False] * 3)
    assert [bool(condition.get(scene)) for scene in scenes] == [True, False] * 3
    assert grounds.condition(scenes, [True] * 6) is None


def test_names_are_alike_but_for_case_and_signs():
    assert [alike(*pair) for pair in (("user_id", "userId"), ("id", "key"), ("", ""))] == [True, False, False]


def test_of_terms_that_fit_the_one_of_the_same_name_is_first():
    own, other = Term("request.json.total", len, "total", 1.05), Term("vars.item.sum", len, "sum", 0.5)
    assert sorted([other, own], key=lambda term: rank(term, "total")) == [own, other]


def test_headers_are_of_transport_also_those_that_were_kept():
    terms = [
        Term("request.headers['x-tenant']", len), Term("vars.item._etag", len, keeps=frozenset({("things", "headers.etag")})),
        Term("request.json.etag", len),
    ]  # fmt: skip
    assert [is_of_transport(term) for term in terms] == [True, True, False]


def test_a_term_fits_where_it_comes_to_every_value():
    _, scenes = grounds_of({"n": 1}, {"n": 2})
    term = Term("request.json.n", lambda scene: scene.sample.json["n"])
    told = [fits(term, list(zip(scenes, values, strict=True))) for values in ([1, 2], [1, 3])]
    assert told == [True, False]


@pytest.mark.parametrize(("name", "is_told"), [("display_name", True), ("title", False)])
def test_in_one_session_what_the_named_thing_has_under_the_same_name_is_taken_from_there(name, is_told):
    scenes = scenes_of(*[("POST", "/sign-in", {"email": "ada@example.com"}, 200, {})] * 3)
    held = Term("vars.email.answer.display_name", lambda _scene: "Ada Larsson", "display_name", 2.5)
    vocabulary = Vocabulary(scenes, {}).with_terms(scenes, held)
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "sign_in")
    term = grounds.term([(scene, "Ada Larsson") for scene in scenes], name)
    assert (term is not None and term.text == held.text) == is_told


def test_values_come_again_where_several_sessions_have_one_of_them():
    scenes = [scene for rows in ("ab", "ab") for scene in scenes_of(*[("GET", "/x", None, 200, {}) for _ in rows])]
    for scene in scenes[2:]:
        scene.sample.session = 1
    assert come_again(list(zip(scenes, ["open", "shut", "open", "late"], strict=True)))
    assert not come_again(list(zip(scenes, ["ann", "bob", "cid", "dot"], strict=True)))
    assert come_again(list(zip(scenes[:2], ["ann", "bob"], strict=True)))


@pytest.mark.parametrize(("header", "owner"), [("X-User", "ada7316lovelace"), ("X-Request-Id", "hugo31157pebble")])
def test_of_one_session_a_name_that_a_header_says_follows_it_but_nothing_that_is_about_the_call(header, owner):
    recorded = "hugo31157pebble"
    rows = [
        (
            "POST",
            "/notes",
            {"text": text},
            201,
            {"id": f"n-{text}", "text": text, "owner": recorded},
            {header: recorded},
        )
        for text in ("oak", "elm", "fir")
    ]
    made = Mocks(rows).ask("POST", "/notes", {"text": "ash"}, {header: "ada7316lovelace"}).json
    assert made["owner"] == owner


def signed_up(name):
    user = {"id": f"usr_{name}9", "name": name.title()}
    return ("POST", "/signups", {"name": name}, 201, {"token": f"tok_{name}_8Wq2Lx", "user": user})


def posted(name, number, column):
    caller = {"Authorization": f"Bearer tok_{name}_8Wq2Lx"}
    made = {"id": f"crd_{number}a7", "title": f"t {number}", "column": column, "createdBy": f"usr_{name}9"}
    return ("POST", "/cards", {"title": f"t {number}", "column": column}, 201, made, caller)


def board(name):
    caller = {"Authorization": f"Bearer tok_{name}_8Wq2Lx"}
    made = {"id": "brd_1c", "ownerId": f"usr_{name}9"}
    return ("POST", "/boards", {"title": "b"}, 201, made, caller)


def card_by(mocks, name):
    """Sign up, and give who did so and who is said to have made a card."""
    told = mocks.ask("POST", "/signups", {"name": name}).json
    sent = {"title": "x", "column": "todo"}
    made = mocks.ask("POST", "/cards", sent, {"Authorization": f"Bearer {told['token']}"}).json
    return told["user"]["id"], made["createdBy"]


def test_who_made_something_in_the_only_session_is_who_calls():
    mocks = Mocks(
        [signed_up("ada"), signed_up("bob"), board("ada"), posted("ada", 1, "todo"), posted("ada", 2, "done")]
    )
    caller, told = card_by(mocks, "eve")
    assert told == caller


def test_who_made_something_is_nobody_that_does_not_call():
    robot = [(*posted("ada", number, "todo")[:4], {"id": f"crd_{number}a7", "createdBy": "robot"},
              {"Authorization": "Bearer tok_ada_8Wq2Lx"}) for number in (1, 2)]  # fmt: skip
    mocks = Mocks([signed_up("ada"), *robot])
    assert card_by(mocks, "eve")[1] == "robot"
