"""A node is written as a document and as an expression, and worked out on a scene."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.nodes.node import (
    MADE_UP,
    Chosen,
    Each,
    Fixed,
    Items,
    Joined,
    MadeUp,
    Named,
    Object,
    Over,
    Said,
    Table,
    escaped,
    names_in,
    replaced,
    walk,
)
from recorder.synthesis.samples.values import MISSING, look
from recorder.synthesis.terms.term import Term

[SCENE] = scenes_of(("POST", "/things", {"a": 1, "rows": [{"n": 2}, {"n": 3}], "is": True}, 201, {}))


def sent(*path, text=None):
    return Term(
        text or ".".join(("request.json", *path)), lambda scene: look(scene.sample.json, path), path[-1] if path else ""
    )


def row(name):
    return Said(Term(f"row.{name}", lambda scene: look(scene.values["row"], (name,)), name))


A, IS, NOPE = sent("a"), sent("is"), sent("nope")


@pytest.mark.parametrize(
    ("node", "document", "expression", "value"),
    [
        (Fixed("x"), "x", "'x'", "x"),
        (Fixed("{{ x }}"), "{{ ('{' ~ '{ x }}') }}", "('{' ~ '{ x }}')", "{{ x }}"),
        (Said(A), "{{ request.json.a }}", "request.json.a", 1),
        (MadeUp("uuid()", "uuid"), "{{ uuid() }}", "uuid()", MADE_UP),
        (Joined(["/x/", Said(A)]), "/x/{{ request.json.a }}", "('/x/' ~ request.json.a)", "/x/1"),
        (Joined(["/x/", Said(NOPE)]), "/x/{{ request.json.nope }}", "('/x/' ~ request.json.nope)", MISSING),
        (Joined([MadeUp("uuid()", "uuid")]), "{{ uuid() }}", "(uuid())", MADE_UP),
        (Items([Fixed(1), Said(A)]), [1, "{{ request.json.a }}"], "[1, request.json.a]", [1, 1]),
        (Object({"n": (Said(A), None)}), {"n": "{{ request.json.a }}"}, "{'n': request.json.a}", {"n": 1}),
        (
            Object({"n": (Said(A), NOPE)}), {"n": "{{ request.json.a if request.json.nope else omit }}"},
            "merge({'n': (request.json.a if request.json.nope else omit)})", {},
        ),
        (
            Over(Object({"z": (Fixed(0), None)}), [sent()], Object({"id": (Fixed(7), None)}), ["rows"]),
            "{{ without(merge({'z': 0}, request.json, {'id': 7}), 'rows') }}",
            "without(merge({'z': 0}, request.json, {'id': 7}), 'rows')", {"z": 0, "a": 1, "is": True, "id": 7},
        ),
        (Over(Object({}), [sent()], Object({})), "{{ request.json }}", "request.json", SCENE.sample.json),
        (
            Chosen([(NOPE, Fixed(1)), (IS, Fixed(2)), (None, Fixed(3))]),
            "{{ 1 if request.json.nope else 2 if request.json.is else 3 }}",
            "(1 if request.json.nope else 2 if request.json.is else 3)", 2,
        ),
        (Each(sent("rows"), row("n")), "{{ each(request.json.rows, row.n) }}", "each(request.json.rows, row.n)", [2, 3]),
        (Each(A, row("n")), "{{ each(request.json.a, row.n) }}", "each(request.json.a, row.n)", MISSING),
        (
            Table("names", A, {"1": "one"}, "many"), "{{ (resource.names.get(request.json.a) | default('many')) }}",
            "(resource.names.get(request.json.a) | default('many'))", "one",
        ),
        (Named("n", Said(A)), "{{ vars.n }}", "vars.n", 1),
    ],
)  # fmt: skip
def test_a_node_is_written_and_worked_out(node, document, expression, value):
    assert (node.document(), node.expression(), node.value(SCENE)) == (document, expression, value)


def test_guesses_are_counted_through_all_parts():
    guess = Fixed(1, guess=True)
    nodes = [
        Items([guess, Fixed(2)]),
        Object({"a": (guess, None), "b": (guess, IS)}),
        Joined(["a", guess]),
        Chosen([(None, guess)]),
    ]
    assert [node.unknown for node in nodes] == [1, 2, 1, 1]
    assert [term.text for term in nodes[1].terms] == ["request.json.is"]


def test_a_part_is_replaced_where_it_stands():
    whole = Object({"a": (Items([Fixed(1), Fixed(2)]), None), "b": (Fixed(3), None)})
    assert [path for path, _ in walk(whole)] == [(), ("a",), ("a", 0), ("a", 1), ("b",)]
    assert replaced(whole, ("a", 1), Fixed(9)).document() == {"a": [1, 9], "b": 3}
    over = Over(Object({}), [sent()], Object({"id": (Fixed(7), None)}))
    assert replaced(over, ("id",), Fixed(8)).value(SCENE) == {**SCENE.sample.json, "id": 8}
    assert replaced(Fixed(1), ("x",), Fixed(2)).document() == 1


def test_names_come_before_those_that_need_them():
    inner = Named("id", Said(A))
    outer = Named("link", Joined(["/x/", inner]))
    assert [one.name for one in names_in(Object({"l": (outer, None)}))] == ["id", "link"]


def test_what_looks_like_a_template_is_not_read_as_one():
    assert escaped({"a": ["{% x %}", "plain", 1]}) == {"a": ["{{ '{% x %}' }}", "plain", 1]}
