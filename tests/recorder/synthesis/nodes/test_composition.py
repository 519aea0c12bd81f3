"""Nodes made of others say together what those say; nodes that are one expression stand in a document as one."""

from recorder.synthesis.nodes.node import Fixed, Items, Joined, Named, Said, Table
from recorder.synthesis.terms.term import Term

ID, OWNER = (
    Term("vars.item.id", lambda _scene: 7, "id"),
    Term("request.auth.username", lambda _scene: "ada", "username"),
)


def test_a_node_made_of_others_guesses_and_speaks_of_what_they_do():
    made = Items([Said(ID), Fixed("x", guess=True), Joined(["/", Said(OWNER), Fixed(1, guess=True)])])
    assert (made.unknown, made.terms) == (2, [ID, OWNER])


def test_a_node_with_a_name_is_as_sure_as_what_it_names():
    named = Named("link", Joined(["/orders/", Said(ID)]))
    assert (named.nodes, named.unknown, named.terms) == ([named.node], 0, [ID])


def test_a_node_that_is_one_expression_is_written_as_one():
    table = Table("plans", ID, {"7": "pro"}, "free")
    documents = [node.document() for node in (Said(ID), Named("link", Said(ID)), table)]
    assert documents == [
        "{{ vars.item.id }}",
        "{{ vars.link }}",
        "{{ (resource.plans.get(vars.item.id) | default('free')) }}",
    ]
