"""What is renamed is found by its new name, and not by the old one."""

import pytest
from synthesis.shelves import Shelf
from synthesis.telling import as_the_service, learnt, word


class Pages(Shelf):
    """Things whose ids are made of their titles, also when these change; without `moves` the old ids stay."""

    moves = True

    def create(self, sent, headers):
        del headers
        made = {"id": slug(sent["title"]), "title": sent["title"]}
        self.things[made["id"]] = made
        return 201, made

    def patch(self, thing, sent, headers):
        del headers
        old = thing["id"]
        thing.update(sent, id=slug(sent["title"]))
        self.things[thing["id"]] = thing
        if self.moves:
            del self.things[old]
        return 200, thing


class Aliases(Pages):
    moves = False


def slug(title):
    return title.lower().replace(" ", "-")


def editing(ask, words):
    """Make pages, rename one, and look for it by both names."""
    made = [ask("POST", "/things", {"title": f"{word(words)} {word(words)}"}).json["id"] for _ in range(3)]
    ask("GET", f"/things/{made[0]}")
    changed = ask("PATCH", f"/things/{made[1]}", {"title": f"New {word(words)}"}).json["id"]
    ask("GET", f"/things/{changed}")
    ask("GET", f"/things/{made[1]}")
    ask("GET", "/things")
    ask("DELETE", f"/things/{changed}")
    ask("GET", f"/things/{changed}")


@pytest.mark.parametrize("service", [Pages, Aliases])
def test_a_thing_that_is_renamed_is_found_where_the_service_has_it(service):
    mocks = learnt(service, editing, count=5)
    given, wanted = as_the_service(service, editing, mocks)
    assert given == wanted


def test_a_renamed_thing_is_listed_once():
    mocks = learnt(Pages, editing, count=5)
    first = mocks.ask("POST", "/things", {"title": "Green Tea"}).json["id"]
    mocks.ask("PATCH", f"/things/{first}", {"title": "Black Tea"})
    assert [one["title"] for one in mocks.ask("GET", "/things").json] == ["Black Tea"]
