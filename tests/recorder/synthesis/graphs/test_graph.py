"""A GraphQL service is learnt as a graph, which answers documents that nobody sent."""

from synthesis.presses import ADD, BOOK, Press, printed
from synthesis.telling import Mocks


def test_the_recorded_calls_are_answered_as_recorded():
    mocks = Mocks(*printed())
    assert [one["id"] for one in mocks.made.definitions if "graph" in one] == ["post-graphql-graph"]
    assert mocks.wrong == []


def test_documents_that_nobody_sent_are_answered_as_by_the_service():
    mocks, press = Mocks(*printed()), Press()

    def ask(text, **variables):
        found = mocks.ask("POST", "/graphql", {"query": text, "variables": variables})
        press.ask(text, **variables)
        *_, status, answer = press.rows[-1]
        assert (found.status, found.json) == (status, answer)

    ask(ADD, input={"title": "Hull", "pages": 77, "authorId": "1"})
    ask("{ first: author(id: 1) { books { title pages state } } second: author(id: 2) { id } }")
    ask('mutation { retitle(id: "3", title: "Keel") { title author { name books { title } } } }')
    ask("{ books(limit: 1, offset: 2) { items { title author { name } } total } }")
    ask("query Q { books(filter: { pages_gte: 80 }) { total } book(id: 3) { ...B } } fragment B on Book { pages }")
    ask("mutation { printBook(id: 3) { copies state } }")
    ask("mutation { dropBook(id: 3) }")
    ask(BOOK, id="3")
    ask("{ books { items { id } } }")


def test_what_is_wrong_with_a_document_is_told_as_by_the_service():
    mocks, press = Mocks(*printed()), Press()
    for text, variables in [
        ("{ authors { id ", {}),
        ("{ author { id } }", {}),
        ("{ autor(id: 1) { id } }", {}),
        (BOOK, {}),
        (BOOK, {"id": ["x"]}),
        ("{ authors }", {}),
    ]:
        found = mocks.ask("POST", "/graphql", {"query": text, "variables": variables})
        press.ask(text, **variables)
        *_, status, answer = press.rows[-1]
        assert (found.status, found.json) == (status, answer), text


def test_a_service_with_a_field_that_is_not_understood_is_left_to_its_operations():
    def session(number):
        sign_in = {
            "query": "mutation In($name: String!) { signIn(name: $name) { token } }",
            "variables": {"name": f"n{number}"},
        }
        return [
            ("POST", "/graphql", sign_in, 200, {"data": {"signIn": {"token": f"tok-{number}-9c1e77ab"}}}),
            ("POST", "/graphql", {"query": "{ version }"}, 200, {"data": {"version": "2"}}),
        ]  # fmt: skip

    mocks = Mocks(*map(session, range(3)))
    assert not [one for one in mocks.made.definitions if "graph" in one]


def test_documents_that_cannot_be_run_are_told_so_with_200_where_none_was_recorded():
    rows = [row for row in printed()[0] if "errors" not in row[4]]
    mocks = Mocks(rows)
    for text in ("{ authors { id ", "{ nothing }", BOOK):
        found = mocks.ask("POST", "/graphql", {"query": text})
        assert (found.status, list(found.json)) == (200, ["errors"])
