"""A part of many answers is explained by what was asked and held: the plainest thing that fits them all."""

from __future__ import annotations

import pytest
from synthesis.telling import Mocks, scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.explain import Changed, Explainer, how_changed, related_term
from recorder.synthesis.explaining.grounds import spread
from recorder.synthesis.nodes.node import Fixed
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

SENT = [
    {"name": "Ada", "qty": 2, "price": 30, "tags": ["a"]}, {"name": "Bo", "qty": 3, "price": 15, "tags": []},
    {"name": "Cyd", "qty": 5, "price": 11, "tags": ["b", "c"]}, {"name": "Dora", "qty": 7, "price": 44, "tags": ["d"]},
]  # fmt: skip


def explained(answer, sent=SENT, **more):
    """Give the document of what explains an answer that a function makes of each request."""
    scenes = scenes_of(*[("POST", "/orders", one, 200, {}) for one in sent])
    vocabulary = Vocabulary(scenes, {})
    explainer = Explainer(vocabulary, Judge(scenes, vocabulary).decide, "orders", **more)
    node = explainer.explain([(scene, answer(scene.sample.json)) for scene in scenes])
    return node.document() if not node.unknown else "?"


@pytest.mark.parametrize(
    ("answer", "document"),
    [
        (lambda sent: "fine", "fine"),
        (lambda sent: {"ok": True, "of": [1, 2]}, {"ok": True, "of": [1, 2]}),
        (lambda sent: sent["name"], "{{ request.json.name }}"),
        (lambda sent: sent, "{{ request.json }}"),
        (lambda sent: {"who": sent["name"], "n": sent["qty"]}, {"who": "{{ request.json.name }}", "n": "{{ request.json.qty }}"}),
        (lambda sent: sent["name"].upper(), "{{ (request.json.name | upper) }}"),
        (lambda sent: str(sent["qty"]), "{{ (request.json.qty | string) }}"),
        (lambda sent: sent["qty"] + 1, "{{ (request.json.qty + 1) }}"),
        (lambda sent: len(sent["tags"]), "{{ (request.json.tags | length) }}"),
        (lambda sent: f"Hello {sent['name']}!", "Hello {{ request.json.name }}!"),
        (lambda sent: f"/orders/{sent['name']}?n={sent['qty']}", "{{ request.path }}/{{ request.json.name }}?n={{ request.json.qty }}"),
        (lambda sent: {**sent, "state": "open"}, "{{ merge(request.json, {'state': 'open'}) }}"),
        (lambda sent: [], []),
    ],
)  # fmt: skip
def test_the_plainest_explanation_is_taken(answer, document):
    assert explained(answer) == document


def test_what_is_the_same_each_time_though_it_is_sent_is_fixed_where_that_is_likelier():
    assert explained(lambda sent: "open", [{"state": "open"}, {"state": "done"}, {"state": "open"}]) == "open"


def test_a_member_that_is_not_always_there_is_there_on_a_condition():
    sent = [{"a": n, **({"note": f"n{n}"} if n % 2 else {})} for n in range(6)]
    found = explained(lambda one: {"got": one["a"], **({"noted": True} if "note" in one else {})}, sent)
    assert (found["got"], "request.json.note" in found["noted"]) == ("{{ request.json.a }}", True)
    assert found["noted"].endswith(" else omit }}")


def test_without_echo_nothing_is_taken_from_the_request():
    sent = [{"name": name} for name in ("Ada", "Bo", "Cyd", "Dora", "Eli", "Fay", "Gus", "Hal", "Ida")]
    assert explained(lambda one: one["name"], sent) == "{{ request.json.name }}"
    assert explained(lambda one: one["name"], sent, uses_echo=False) == "?"


def test_what_nothing_tells_is_a_guess():
    assert explained(lambda sent: {"Ada": 71, "Bo": 13, "Cyd": 99, "Dora": 28}[sent["name"]]) == "?"


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ([1, 2], [1, 2], ("same", 0)),
        ([1, 2], [1, 2, 3], ("more", 2)),
        ([1, 2, 3], [1, 3], ("less", 1)),
        ([{"a": 1}, {"b": 1}], [{"a": 1}, {"b": 2}], ("changed", 1)),
        ([1, 2], [2, 1], ("other", 0)),
        ([1, 2, 3], [4, 5], ("other", 0)),
        ([1], [1, 2, 3], ("other", 0)),
    ],
)
def test_it_is_told_how_a_list_changed(old, new, change):
    assert how_changed(old, new) == change


ROWS = Term("vars.item.rows", lambda _scene: [{"id": 1, "n": 2}, {"id": 2, "n": 5}], "rows")
ID = Term("request.path_params.row", lambda _scene: "2", "row")


@pytest.mark.parametrize(
    ("changed", "text", "value"),
    [
        (Changed("more", ROWS, Fixed({"id": 3})), "(vars.item.rows + [{'id': 3}])", [{"id": 1, "n": 2}, {"id": 2, "n": 5}, {"id": 3}]),
        (Changed("less", ROWS, None, "id", ID), "drop_rows(vars.item.rows, 'id', request.path_params.row)", [{"id": 1, "n": 2}]),
        (
            Changed("changed", ROWS, Fixed({"n": 9}), "id", ID),
            "each(vars.item.rows, merge(row, {'n': 9}) if (row.id | string) == (request.path_params.row | string) else row)",
            [{"id": 1, "n": 2}, {"id": 2, "n": 9}],
        ),
        (Changed("less", Term("x", lambda _scene: 7), None, "id", ID), "drop_rows(x, 'id', request.path_params.row)", MISSING),
    ],
)  # fmt: skip
def test_a_list_that_changed_in_one_place_is_written_so(changed, text, value):
    [scene] = scenes_of(("GET", "/x", None, 200, {}))
    assert (changed.expression(), changed.document(), changed.value(scene)) == (text, f"{{{{ {text} }}}}", value)


def test_items_that_belong_to_another_are_found_by_their_field():
    [scene] = scenes_of(("GET", "/x", None, 200, {}))
    for key, owner in (("a", 1), ("b", 2), ("c", 1)):
        scene.timeline.put("rows", key, {"id": key, "owner": owner}, -1)
    found = related_term("rows", "owner", Term("vars.item.id", lambda _scene: "1"))
    assert [one["id"] for one in found.get(scene)] == ["a", "c"]
    assert "keep_rows(resource.rows.all(), 'owner', vars.item.id)" in found.text


def test_what_names_the_items_of_a_list_is_written_without_marks_of_its_own():
    sign = "\N{SECTION SIGN}"
    inner = Term(f"{sign}things{sign}vars.item{sign}.id", lambda _scene: "1")
    assert related_term("rows", "owner", inner).text == (
        f"{sign}rows{sign}keep_rows(resource.rows.all(), 'owner', vars.item.id){sign}"
    )


def test_of_very_many_cases_the_first_of_each_session_stay():
    scenes = scenes_of(*[("GET", "/x", None, 200, {})] * 400)
    cases = [(scene, place) for place, scene in enumerate(scenes)]
    some = spread(cases)
    assert (len(some) < 400, some[0], [*some] == sorted(some, key=lambda case: case[1])) == (True, cases[0], True)
    assert spread(cases[:9]) == cases[:9]


PRICES = {"mug": 450, "desk": 4575, "lamp": 1275, "rug": 990}


def filled(*carts):
    """Give the rows of one session in which things were put into carts, with the lines that carts have then."""
    rows = []
    for number, things in enumerate(carts, 1):
        lines = []
        rows.append(("POST", "/carts", {}, 201, {"id": f"cart-{number}-qx81", "lines": [], "total": 0}))
        for thing, count in things:
            sent = {"thing": thing, "count": count}
            lines = [*lines, {**sent, "price": PRICES[thing], "sum": PRICES[thing] * count}]
            cart = {"id": f"cart-{number}-qx81", "lines": lines, "total": sum(line["sum"] for line in lines)}
            rows.append(("POST", f"/carts/cart-{number}-qx81/lines", sent, 201, cart))
        rows.append(("GET", f"/carts/cart-{number}-qx81", None, 200, cart))
    return rows


def test_in_one_session_a_list_grows_by_what_is_sent_though_not_all_of_a_new_row_is_known():
    mocks = Mocks(filled([("mug", 2), ("desk", 1), ("lamp", 3)], [("rug", 1), ("mug", 4), ("desk", 2)]))
    assert mocks.wrong == []
    cart = mocks.ask("POST", "/carts", {}).json["id"]
    mocks.ask("POST", f"/carts/{cart}/lines", {"thing": "lamp", "count": 2})
    given = mocks.ask("POST", f"/carts/{cart}/lines", {"thing": "mug", "count": 3}).json
    assert given["lines"] == [
        {"thing": "lamp", "count": 2, "price": 1275, "sum": 2550}, {"thing": "mug", "count": 3, "price": 450, "sum": 1350},
    ]  # fmt: skip
    assert given["total"] == 3900


def test_a_part_that_is_asked_for_again_is_not_explained_again():
    scenes = scenes_of(
        *[("POST", "/x", {"name": f"n{place}"}, 201, {"made": {"name": f"n{place}"}}) for place in (1, 2)]
    )
    vocabulary = Vocabulary(scenes, {})
    explainer = Explainer(vocabulary, Judge(scenes, vocabulary).decide, "x")
    cases = [(scene, scene.sample.answer_json["made"]) for scene in scenes]
    assert explainer.explain(cases, "made", 1) is explainer.explain(list(cases), "made", 1)
    assert explainer.explain(cases[:1], "made", 1) is not explainer.explain(cases, "made", 1)


def test_what_lies_too_deep_is_not_looked_into():
    def nested(sent):
        made = {"name": sent["name"], "word": f"{sent['name']}-{sent['qty'] % 2}"}
        for _ in range(20):
            made = {"in": made, "qty": sent["price"] * 3 + sent["qty"]}
        return made

    assert explained(nested) == "?"
