"""A small GraphQL service for tests of synthesis: a press with authors, whose books are in pages."""

from __future__ import annotations

from types import SimpleNamespace

from graphql import GraphQLError, build_schema, graphql_sync
from synthesis.telling import told_in

from gateway.mocking.phrasing import phrased
from recorder.synthesis.graphs.documents import calls_of
from recorder.synthesis.graphs.places import places_of
from recorder.synthesis.graphs.stock import keys_of, stock_of, writings_of

TYPES = """
type Query { author(id: ID!): Author  authors: [Author]  book(id: ID!): Book
  books(offset: Int, limit: Int, orderBy: String, filter: Filter): Books }
type Mutation { addAuthor(name: String!): Author  addBook(input: NewBook!): Added
  printBook(id: ID!): Book  retitle(id: ID!, title: String!): Book  dropBook(id: ID!): Boolean }
type Author { id: ID  name: String  books: [Book] }
type Book { id: ID  title: String  pages: Int  state: String  copies: Int  author: Author }
type Books { items: [Book]  total: Int }
type Added { book: Book  ok: Boolean }
input NewBook { title: String!  pages: Int!  authorId: ID! }
input Filter { state: String  pages_gte: Int }
"""
SCHEMA = build_schema(TYPES)


class Press:
    """Authors and books, of which there are two each before anybody calls."""

    def __init__(self):
        self.authors = {"1": {"id": "1", "name": "Ada"}, "2": {"id": "2", "name": "Bo"}}
        self.books = {}
        for title, pages, author in (("Knots", 90, "1"), ("Sails", 210, "2")):
            self._book(title, pages, author)
        self.rows = []

    def _book(self, title, pages, author):
        number = str(len(self.books) + 1)
        self.books[number] = {
            "id": number, "title": title, "pages": pages, "state": "DRAFT", "copies": 0, "author_id": author,
        }  # fmt: skip
        return self.books[number]

    def ask(self, query, **variables):
        """Answer a document, and note the call."""
        result = graphql_sync(SCHEMA, query, self._root(), variable_values=variables)
        answer = {}
        if result.errors:
            answer["errors"] = [dict(one.formatted) for one in result.errors]
            for one, error in zip(answer["errors"], result.errors, strict=True):
                if error.original_error is None or isinstance(error.original_error, GraphQLError):
                    one["message"] = phrased(one["message"], variables, '"')
        is_refused = result.data is None and not any(one.path for one in result.errors or ())
        if not is_refused:
            answer["data"] = result.data
        status = 400 if is_refused else 200
        self.rows.append(("POST", "/graphql", {"query": query, "variables": variables}, status, answer))
        return answer.get("data")

    def _root(self):
        return SimpleNamespace(
            author=lambda info, **sent: self._author(sent["id"]),
            authors=lambda info: [self._author(one) for one in self.authors],
            book=lambda info, **sent: self._shown(self._found(sent["id"])),
            books=self._books,
            addAuthor=self._add_author,
            addBook=lambda info, **sent: {"book": self._shown(self._added(**sent["input"])), "ok": True},
            printBook=lambda info, **sent: self._shown(self._printed(sent["id"])),
            retitle=lambda info, **sent: self._shown(self._changed(sent["id"], title=sent["title"])),
            dropBook=lambda info, **sent: self.books.pop(self._found(sent["id"])["id"]) is not None,
        )  # fmt: skip

    def _added(self, title, pages, authorId):  # noqa: N803
        return self._book(title, pages, authorId)

    def _printed(self, number):
        return self._changed(number, state="PRINTED", copies=self._found(number)["copies"] + 100)

    def _found(self, number):
        book = self.books.get(number)
        if book is None:
            raise GraphQLError(f"no book {number}", extensions={"code": "NOT_FOUND"})
        return book

    def _changed(self, number, **members):
        self._found(number).update(members)
        return self.books[number]

    def _add_author(self, info, name):
        number = str(len(self.authors) + 1)
        self.authors[number] = {"id": number, "name": name}
        return self._author(number)

    def _author(self, number):
        own = self.authors.get(number)
        if own is None:
            return None
        books = lambda info: [self._shown(one) for one in self.books.values() if one["author_id"] == number]  # noqa: E731
        return {**own, "books": books}

    def _shown(self, book):
        return {**book, "author": lambda info: self._author(book["author_id"])}

    def _books(self, info, offset=0, limit=50, orderBy=None, filter=None):  # noqa: A002, N803
        rows = list(self.books.values())
        if filter and "state" in filter:
            rows = [one for one in rows if one["state"] == filter["state"]]
        if filter and "pages_gte" in filter:
            rows = [one for one in rows if one["pages"] >= filter["pages_gte"]]
        if orderBy:
            rows.sort(key=lambda one: one[orderBy])
        return {"items": [self._shown(one) for one in rows[offset : offset + limit]], "total": len(rows)}


ADD = "mutation Add($input: NewBook!) { addBook(input: $input) { ok book { id title state } } }"
BOOK = "query Book($id: ID!) { book(id: $id) { id title pages state copies author { name } } }"


def printing(press, number):
    """Make books of two authors, print and drop some, and read all of it."""
    ask = press.ask
    ask("{ authors { id name } books { total items { id title pages } } }")
    ask("query A($id: ID!) { author(id: $id) { name books { title } } }", id="1")
    ask(BOOK, id="1")
    ask(BOOK, id="2")
    writer = ask("mutation New($name: String!) { addAuthor(name: $name) { id name } }", name=f"Cy {number}")
    author = writer["addAuthor"]["id"]
    made = [
        ask(ADD, input={"title": f"Rope {number}{at}", "pages": 50 + 40 * at + number, "authorId": one})["addBook"]["book"]["id"]
        for at, one in enumerate((author, "2", author))
    ]  # fmt: skip
    ask(BOOK, id=made[1])
    ask("mutation P($id: ID!) { printBook(id: $id) { state copies } }", id=made[0])
    ask("mutation P($id: ID!) { printBook(id: $id) { id state copies } }", id=made[0])
    ask(
        "mutation R($id: ID!, $title: String!) { retitle(id: $id, title: $title) { id title } }",
        id=made[1],
        title=f"Mast {number}",
    )
    ask("query A($id: ID!) { author(id: $id) { name books { title } } }", id=author)
    ask(
        'query F($least: Int) { books(filter: { pages_gte: $least }, orderBy: "pages") { total items { title } } }',
        least=80,
    )
    ask("query S($n: Int, $m: Int) { books(offset: $n, limit: $m) { items { id } } }", n=1, m=2)
    ask('{ books(filter: { state: "PRINTED" }) { total } }')
    ask("mutation D($id: ID!) { dropBook(id: $id) }", id=made[2])
    ask(BOOK, id=made[2])
    ask(f"{{ nothing{number} }}")
    ask("{ books { total items { title author { id name } } } }")


def printed(count=4):
    """Give sessions of the press as rows."""
    presses = [Press() for _ in range(count)]
    for number, press in enumerate(presses):
        printing(press, number)
    return [press.rows for press in presses]


def looked_at(count=4):
    """Give (calls, places, keys, writings, stock) of such sessions, as the steps give them."""
    calls = calls_of(told_in(*printed(count)))
    asked = [one for call in calls for one in call.asked]
    places = places_of(asked)
    keys = keys_of(places, asked)
    writings = writings_of(places, asked, keys)
    return SimpleNamespace(
        calls=calls, places=places, keys=keys, writings=writings, stock=stock_of(places, asked, keys, writings)
    )
