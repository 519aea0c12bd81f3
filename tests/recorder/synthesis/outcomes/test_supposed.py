"""What one session never called is made, listed and done in the form of what it called; other paths are not answered."""

from __future__ import annotations

from synthesis.telling import Mocks

AUTHORS = [
    ("POST", "/v1/authors", {"name": name}, 201, {"id": f"au_{name}73k", "name": name, "self": f"/v1/authors/au_{name}73k"})
    for name in ("ada", "bob")
] + [
    ("GET", "/v1/authors/au_ada73k", None, 200, {"id": "au_ada73k", "name": "ada", "self": "/v1/authors/au_ada73k"}),
    ("GET", "/v1/authors/au_nobody", None, 404, {"error": "no author"}),
]  # fmt: skip


def test_things_of_another_kind_are_made_read_and_deleted():
    mocks = Mocks(AUTHORS)
    made = mocks.ask("POST", "/v1/books", {"title": "wool"})
    assert made.status == 201
    book = made.json
    assert book["title"] == "wool"
    assert book["self"] == f"/v1/books/{book['id']}"
    assert mocks.ask("GET", book["self"]).json == book
    assert mocks.ask("PATCH", book["self"], {"title": "milk"}).json["title"] == "milk"
    assert mocks.ask("DELETE", book["self"]).status == 204
    assert mocks.ask("GET", book["self"]).status == 404


def test_below_an_item_things_are_made_and_with_it_things_are_done():
    mocks = Mocks(AUTHORS)
    author = mocks.ask("POST", "/v1/authors", {"name": "cy"}).json
    assert mocks.ask("POST", f"{author['self']}/books", {"title": "wool"}).status == 201
    assert mocks.ask("POST", f"{author['self']}/retire").json["name"] == "cy"
    assert mocks.ask("POST", "/v1/authors/au_nobody/books", {"title": "wool"}).status == 404


def test_what_is_done_with_an_item_shows_its_entity_tag_where_reads_do():
    rows = []
    for name, tag in (("ada", "tk81x02m"), ("bob", "pq73z19c")):
        item = {"id": f"au_{name}73k", "name": name}
        rows += [
            ("POST", "/v1/authors", {"name": name}, 201, item, {}, {"etag": f'"{tag}"'}),
            ("GET", f"/v1/authors/au_{name}73k", None, 200, item, {}, {"etag": f'"{tag}"'}),
        ]
    mocks = Mocks(rows)
    made = mocks.ask("POST", "/v1/authors", {"name": "cy"})
    done = mocks.ask("POST", f"/v1/authors/{made.json['id']}/retire")
    assert (done.status, done.headers["etag"]) == (200, made.headers["etag"])


def test_paths_under_which_nothing_was_made_are_not_answered():
    mocks = Mocks(AUTHORS)
    assert mocks.ask("GET", "/v1/books").status == 501
    assert mocks.ask("GET", "/v1/books/1").status == 501
    assert mocks.ask("POST", "/v1/retire", {}).status == 501


def test_what_was_recorded_is_answered_by_itself():
    mocks = Mocks(AUTHORS)
    author = mocks.ask("POST", "/v1/authors", {"name": "cy"}).json
    assert mocks.ask("GET", author["self"]).json == author
    assert mocks.ask("GET", "/v1/authors/au_nobody").json == {"error": "no author"}


def test_after_more_than_few_sessions_nothing_is_supposed():
    assert Mocks(*[AUTHORS] * 4).ask("POST", "/v1/books", {"title": "wool"}).status == 404


def test_where_one_session_was_only_refused_what_is_supposed_stands():
    refused = ("POST", "/v1/books", {"title": ""}, 422, {"error": "no title"})
    mocks = Mocks([*AUTHORS, refused])
    book = mocks.ask("POST", "/v1/books", {"title": "wool"})
    assert book.status == 201
    assert mocks.ask("GET", f"/v1/books/{book.json['id']}").json == book.json


def test_where_nothing_was_found_or_the_state_of_the_thing_is_told_it_stays_refused():
    lost = ("POST", "/v1/books", {"title": "wool"}, 404, {"error": "no such path"})
    assert Mocks([*AUTHORS, lost]).ask("POST", "/v1/books", {"title": "milk"}).status == 404
    drafts = [(*row[:4], row[4] | {"state": "draft"}) if row[3] < 400 else row for row in AUTHORS]
    refused = ("POST", "/v1/authors/au_ada73k/retire", None, 409, {"error": "ada is a draft"})
    mocks = Mocks([*drafts, refused])
    author = mocks.ask("POST", "/v1/authors", {"name": "cy"}).json
    assert mocks.ask("POST", f"/v1/authors/{author['id']}/retire").status == 409
