"""A graph runs documents over collections, and judges them by its schema."""

import json
from functools import partial

import pytest

from cassettes.definition import MockDefinition
from cassettes.exchange import Request
from gateway.errors import ConfigError
from gateway.inprocess import InProcess
from gateway.mocking.graph import Graph
from gateway.mocking.resolving import Run

TYPES = """
type Query { book(id: ID!): Book  books(size: Int, after: String): Books  all: [Book] }
type Mutation { addBook(title: String!, author_id: ID): Book  removeBook(id: ID!): Boolean  sell(id: ID!): Book }
type Books { edges: [Edge] totalCount: Int pageInfo: Info }
type Edge { node: Book }
type Info { hasNextPage: Boolean }
type Book { id: ID title: String sold: Int added: String author: Author }
type Author { id: ID name: String books: [Book] }
"""
FIELDS = {
    "Query.book": {"in": "books", "gives": "one", "argument": "id", "missing": {"message": "no {id}"}},
    "Query.books": {"in": "books", "gives": "list", "page": {"limit": "size"}},
    "Query.all": {"in": "books", "gives": "list"},
    "Mutation.addBook": {"in": "books", "gives": "made", "item": {"sold": 0, "added": "{{ now(format='date') }}"}},
    "Mutation.removeBook": {"in": "books", "gives": "removed", "argument": "id"},
    "Mutation.sell": {
        "in": "books",
        "gives": "changed",
        "argument": "id",
        "item": {"sold": "{{ vars.item.sold + 1 }}"},
    },
    "Book.author": {"in": "authors", "gives": "one", "of": "author_id"},
    "Author.books": {"in": "books", "gives": "list", "by": "author_id", "of": "id"},
}
SEEDS = {
    "books": {"seed": {"1": {"id": 1, "title": "Knots", "sold": 3, "author_id": "a"}}},
    "authors": {"seed": {"a": {"id": "a", "name": "Ada"}}},
}


def served(**more):
    definition = {
        "id": "graph", "match": {"path": "/graphql"}, "collections": SEEDS,
        "graph": {"types": TYPES, "fields": FIELDS, **more},
        "cases": [{"response": {"status": "{{ vars.graph.status }}", "body": "{{ vars.graph.answer }}"}}],
    }  # fmt: skip
    gateway = InProcess([MockDefinition.model_validate(definition)], clock=lambda: 1_700_000_000.0, seed=1)

    def ask(query, **variables):
        body = json.dumps({"query": query, "variables": variables}).encode()
        given = gateway.give(Request("POST", b"/graphql", ((b"content-type", b"application/json"),), body))
        return given.response.status, json.loads(given.response.body)

    return ask


def test_a_document_picks_from_items_and_what_they_name():
    ask = served()
    assert ask('{ one: book(id: "1") { title author { name books { id } } } }') == (
        200,
        {"data": {"one": {"title": "Knots", "author": {"name": "Ada", "books": [{"id": "1"}]}}}},
    )


def test_a_document_whose_links_multiply_is_refused_and_writes_nothing(monkeypatch):
    monkeypatch.setattr("gateway.mocking.graph.Run", partial(Run, left=500))
    ask = served()
    for place in range(4):
        ask(f'mutation {{ addBook(title: "t{place}", author_id: "a") {{ id }} }}')
    nested = "id"
    for _ in range(12):
        nested = f"author {{ books {{ {nested} }} }}"
    status, told = ask(f'mutation {{ addBook(title: "last") {{ id }} sell(id: 1) {{ {nested} }} }}')
    assert (status, [*told]) == (400, ["errors"])
    assert "items; ask for less at once" in told["errors"][0]["message"]
    assert len(ask("{ all { id } }")[1]["data"]["all"]) == 5


def test_what_is_made_changed_and_removed_is_so_for_the_next_call():
    ask = served()
    assert ask('mutation { addBook(title: "Sails") { id sold added } }')[1]["data"] == {
        "addBook": {"id": "2", "sold": 0, "added": "2023-11-14"}
    }
    ask("mutation { a: sell(id: 2) { id } b: sell(id: 2) { id } }")
    assert ask("{ book(id: 2) { sold } }")[1]["data"] == {"book": {"sold": 2}}
    assert ask("{ books(size: 1) { edges { node { id } } totalCount pageInfo { hasNextPage } } }")[1]["data"] == {
        "books": {"edges": [{"node": {"id": "1"}}], "totalCount": 2, "pageInfo": {"hasNextPage": True}}
    }
    assert ask("mutation { removeBook(id: 1) }")[1]["data"] == {"removeBook": True}
    assert ask("{ all { id } }")[1]["data"] == {"all": [{"id": "2"}]}


def test_what_is_not_there_is_an_error_of_its_field():
    status, told = served()("{ book(id: 9) { id } }")
    assert (status, told["data"]) == (200, {"book": None})
    assert [(one["message"], one["path"]) for one in told["errors"]] == [("no 9", ["book"])]


def test_documents_that_cannot_be_run_are_refused_and_change_nothing():
    ask = served(refusals={"validation": {"status": 422, "extensions": {"code": "BAD"}}})
    status, told = ask('mutation { addBook(title: "x") { id } addBook(name: 1) { id } }')
    assert status == 422
    assert {one["extensions"]["code"] for one in told["errors"]} == {"BAD"}
    assert ask("{ all { id ")[0] == 400
    assert ask("query Q($id: ID!) { book(id: $id) { id } }")[0] == 400
    assert ask("{ all { id } }")[1]["data"] == {"all": [{"id": "1"}]}


def test_a_schema_that_is_none_is_told_with_its_place():
    for flaw in ({"types": "type Query {"}, {"fields": {"Query.nothing": FIELDS["Query.all"]}}):
        with pytest.raises(ConfigError, match="graph"):
            served(**flaw)
    spec = MockDefinition.model_validate(
        {"id": "g", "graph": {"types": TYPES, "fields": FIELDS}, "cases": [{"response": {}}]}
    ).graph
    assert Graph(spec, "here") is not None
