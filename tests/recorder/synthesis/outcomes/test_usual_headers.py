"""Answers that nobody recorded have the headers that all others of their kind have."""

from __future__ import annotations

from hashlib import md5

from synthesis.telling import Mocks


def tagged(row):
    """Give a call whose answer has a digest of the body as its entity tag, and says how old it may be."""
    body = repr(row[4]).encode()
    return (*row, {}, {"etag": f'W/"{md5(body).hexdigest()}"', "x-frame-options": "DENY"})


NOTES = [{"id": at, "text": text} for at, text in enumerate(("one", "two", "three"), 1)]
MADE = [tagged(("POST", "/notes", {"text": one["text"]}, 201, one)) for one in NOTES]
LISTED = tagged(("GET", "/notes", None, 200, NOTES))
READ = [tagged(("GET", f"/notes/{one['id']}", None, 200, one)) for one in NOTES]
TAGS = [("POST", "/tags", {"name": name}, 201, {"id": name, "name": name}) for name in ("red", "blue")]


def test_what_is_read_has_a_tag_where_all_that_was_read_has_one():
    mocks = Mocks([*MADE, *READ, *map(tagged, TAGS)])
    mocks.ask("POST", "/tags", {"name": "red"})
    first = mocks.ask("GET", "/tags/red")
    assert first.headers["etag"].startswith('W/"')
    assert mocks.ask("GET", "/tags/red").headers["etag"] == first.headers["etag"]


def test_what_is_changed_has_a_new_tag_where_reads_of_it_have_one():
    mocks = Mocks([*MADE, *READ])
    note = mocks.ask("POST", "/notes", {"text": "four"})
    changed = mocks.ask("PATCH", f"/notes/{note.json['id']}", {"text": "five"})
    assert changed.status == 200
    assert changed.headers["etag"] not in (None, note.headers["etag"])


def test_where_some_reads_have_no_tag_none_is_made_up():
    bare = [("GET", f"/notes/{one['id']}", None, 200, one) for one in NOTES[1:]]
    mocks = Mocks([*MADE, READ[0], *bare, *TAGS])
    mocks.ask("POST", "/tags", {"name": "red"})
    assert "etag" not in mocks.ask("GET", "/tags/red").headers


def deleted(*rows):
    """Give the headers of deleting a note that was just made, which nobody recorded."""
    mocks = Mocks([*MADE, *READ, *rows])
    note = mocks.ask("POST", "/notes", {"text": "four"}).json
    given = mocks.ask("DELETE", f"/notes/{note['id']}")
    assert given.status == 204
    return given.headers


def test_what_has_no_body_has_the_headers_that_all_answers_have():
    assert deleted()["x-frame-options"] == "DENY"
    assert "x-frame-options" not in deleted(*TAGS)


def test_what_is_supposed_to_be_made_tells_its_place_where_most_that_make_things_do():
    placed = [(*row, {}, {"location": f"/tags/{row[4]['id']}"}) for row in TAGS]
    for others, is_told in (([], True), ([*MADE, *READ], False)):
        given = Mocks([*placed, *others]).ask("POST", "/bowls", {"size": 3})
        assert (given.status, "location" in given.headers) == (201, is_told)
