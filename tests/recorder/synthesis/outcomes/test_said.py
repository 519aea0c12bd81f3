"""What a refusal says is told without the call's own words and without the item that it shows."""

from __future__ import annotations

from synthesis.shelves import Shelf
from synthesis.telling import learnt, word

MORE = ({"size": 3}, {"place": "left"}, {"size": 5, "place": "right"}, {"done": True}, {})


class Held(Shelf):
    """Things that are changed only by who knows their revision; who does not is shown the thing as it is."""

    def create(self, sent, headers):
        return super().create({"rev": word(self.chance), **sent}, headers)

    def patch(self, thing, sent, headers):
        if sent.pop("rev") != thing["rev"]:
            return 409, {"error": "changed meanwhile", "detail": {"now": dict(thing)}}
        return super().patch(thing, {**sent, "rev": word(self.chance)}, headers)


def a_change(ask, chance):
    for more in chance.sample(MORE, 4):
        made = ask("POST", "/things", {"name": word(chance), **more}).json
        ask("PATCH", f"/things/{made['id']}", {"name": word(chance), "rev": word(chance)})
        ask("PATCH", f"/things/{made['id']}", {"name": word(chance), "rev": made["rev"]})


def test_refusals_that_show_things_with_other_members_say_the_same():
    mocks = learnt(Held, a_change)
    patch = next(one for one in mocks.made.synthesis.behaviours if one.endpoint.id == "patch-thing")
    assert [(one.status, len(one.scenes)) for _, one in patch.cases] == [(409, 16), (200, 16)]
    thing = mocks.ask("POST", "/things", {"name": "lamp", "size": 9, "colour": "red"}).json
    refused = mocks.ask("PATCH", f"/things/{thing['id']}", {"name": "bulb", "rev": "zzzzzzzz"})
    assert (refused.status, refused.json) == (409, {"error": "changed meanwhile", "detail": {"now": thing}})
