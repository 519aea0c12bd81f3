"""Recorded documents are read with their arguments, aliases and fragments."""

from synthesis.telling import told

from recorder.synthesis.graphs.documents import calls_of


def read(query, answer, **variables):
    [call] = calls_of(told(("POST", "/g", {"query": query, "variables": variables}, 200, answer)))
    return call


def test_fields_have_their_arguments_wherever_these_are_written():
    call = read(
        'query Q($n: Int = 4, $x: ID!) { a: book(id: $x, kind: OLD) { id } books(page: $n, filter: {state: "new"}) { id } }',
        {"data": {"a": {"id": "7"}, "books": []}},
        x="7",
    )  # fmt: skip
    one, other = call.asked
    assert (one.name, one.value, one.pick.arguments) == ("Query.book", {"id": "7"}, {"id": "7", "kind": "OLD"})
    assert one.pick.types == {"id": "ID!", "kind": ""}
    assert other.arguments == {"page": 4, "state": "new"}


def test_fragments_say_what_their_fields_belong_to():
    call = read("{ books { ...B } } fragment B on Book { id author { name } }", {"data": {"books": []}})
    [books] = call.asked
    assert [(one.name, one.on) for one in books.pick.inside] == [("id", "Book"), ("author", "Book")]


def test_refusals_are_told_apart():
    def why(message):
        return read("{ a }", {"errors": [{"message": message}]}).refused

    assert why("Syntax Error: Unexpected Name.") == "syntax"
    assert why('Cannot query field "a" on type "Query".') == "validation"
    assert why('Variable "$id" of required type "ID!" was not provided.') == "variables"


def test_errors_belong_to_their_fields():
    call = read("{ a { id } b { id } }", {"data": {"a": None, "b": None}, "errors": [{"message": "no", "path": ["b"]}]})
    assert [len(one.errors) for one in call.asked] == [0, 1]
