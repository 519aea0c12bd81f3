"""What HTTP says of entity tags is answered though nobody provoked it."""

from synthesis.shelves import Shelf
from synthesis.telling import learnt, word


def tag_of(thing):
    """Give the header of a thing's version."""
    version = thing["version"]
    return {"ETag": f'"{version}"'}


class Tagged(Shelf):
    """Things whose entity tag counts their versions."""

    def create(self, sent, headers):
        status, made = super().create({**sent, "version": 1}, headers)
        return status, made, {"ETag": '"1"'}

    def get(self, thing, sent, headers):
        return 200, thing, tag_of(thing)

    def patch(self, thing, sent, headers):
        thing.update(sent, version=thing["version"] + 1)
        return 200, thing, tag_of(thing)


def careless(ask, words):
    """Make, read and change things without a word of their versions."""
    for _ in range(2):
        made = ask("POST", "/things", {"name": word(words)}).json
        ask("GET", f"/things/{made['id']}")
        ask("PATCH", f"/things/{made['id']}", {"name": word(words)})
        ask("GET", f"/things/{made['id']}")
    ask("GET", f"/things/{word(words)}")


def test_a_write_that_speaks_of_another_version_is_refused_and_changes_nothing():
    mocks = learnt(Tagged, careless)
    made = mocks.ask("POST", "/things", {"name": "first"})
    path = f"/things/{made.json['id']}"
    tag = mocks.ask("GET", path).headers["etag"]
    assert mocks.ask("PATCH", path, {"name": "late"}, {"If-Match": '"0"'}).status == 412
    assert mocks.ask("GET", path).json["name"] == "first"
    assert mocks.ask("PATCH", path, {"name": "second"}, {"If-Match": tag}).status == 200
    assert mocks.ask("PATCH", path, {"name": "third"}, {"If-Match": "*"}).status == 200
    assert mocks.ask("PATCH", "/things/nobody", {"name": "x"}, {"If-Match": '"0"'}).status == 404


def test_a_read_that_has_the_tag_already_is_told_that_nothing_changed():
    mocks = learnt(Tagged, careless)
    path = f"/things/{mocks.ask('POST', '/things', {'name': 'first'}).json['id']}"
    tag = mocks.ask("GET", path).headers["etag"]
    assert mocks.ask("GET", path, headers={"If-None-Match": tag}).status == 304
    mocks.ask("PATCH", path, {"name": "second"})
    assert mocks.ask("GET", path, headers={"If-None-Match": tag}).status == 200
