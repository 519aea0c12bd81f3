"""What follows from other items is settled after each call, the keys of those that list an item before the sums."""

from synthesis.telling import scenes_of

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.listings.backlinks import Backlink
from recorder.synthesis.listings.reckoned import Reckoned

SINGERS = Collection(("singers", None), "singers", ("name",))
CHOIRS = Collection(("choirs", None), "choirs", ("code",))


def test_lists_of_keys_are_what_the_others_list():
    reckoned = Reckoned(backlinks=[Backlink(SINGERS, ("choirs", None), CHOIRS, ("voices", None))])
    [_, scene] = scenes_of(("GET", "/singers", None, 200, []), ("PUT", "/choirs/c1", {"voices": ["ada"]}, 200, {}))
    scene.timeline.put("singers", "ada", {"name": "ada", "choirs": []}, 0)
    scene.timeline.put("choirs", "c1", {"code": "c1", "voices": ["ada"]}, 1)
    reckoned.settle(scene)
    assert scene.timeline.get("singers", "ada", 2) == {"name": "ada", "choirs": ["c1"]}
    assert (reckoned.linked("singers"), reckoned.linked("choirs")) == ({"choirs"}, set())
