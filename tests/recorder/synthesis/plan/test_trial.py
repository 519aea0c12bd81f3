from __future__ import annotations

import orjson
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import learnt, recorded, visits

from gateway.inprocess import serve
from recorder.synthesis.plan.trial import Asking, Trial, tried


def asked(sessions, definitions=None):
    """Ask for these sessions of the mocks of others."""
    mocks = learnt(Shelf, a_visit, count=4).made.definitions if definitions is None else definitions
    places = {f"s{place}": 10 + place for place in range(len(sessions))}
    return tried([(recorded(*sessions), places)], Asking(mocks, serve).begin)


def test_sessions_that_nothing_was_learnt_from_are_asked():
    found = asked(visits(Shelf, a_visit, 8)[5:])
    assert (found.sessions, found.wrong, found.share) == ({10: [9, 9], 11: [9, 9], 12: [9, 9]}, {}, 1.0)
    assert {name: calls for name, (calls, _) in found.definitions.items()} == {
        "post-things": 6, "get-thing": 9, "patch-thing": 3, "get-things": 6, "delete-thing": 3,
    }  # fmt: skip


def test_what_goes_wrong_alike_is_counted_with_examples():
    odd = [("GET", "/things", None, 200, [{"id": "a"}]), ("GET", "/other/1a2b3c4d", None, 200, {})]
    found = asked([odd, odd])
    assert found.most_wrong() == [
        (("GET /other/*, recorded 200", "", "status #, not #"), 2),
        (("GET get-things, recorded 200", "get-things", "shape at $: list of #, not list of #"), 2),
    ]
    assert found.examples[found.most_wrong()[0][0]] == [10, 11]
    assert (found.sessions, found.calls, found.right) == ({10: [2, 0], 11: [2, 0]}, 4, 0)


def test_trials_add_up_and_are_read_as_they_were_written():
    odd = [("GET", "/things", None, 200, [{"id": "a"}])]
    one, two = asked([odd]), asked(visits(Shelf, a_visit, 1))
    again = Trial.of(orjson.loads(orjson.dumps(one.document(), option=orjson.OPT_NON_STR_KEYS)))
    assert again == one
    again.add(two)
    assert (again.calls, again.right, again.most_wrong()) == (10, 9, one.most_wrong())


def test_a_clock_is_that_of_the_last_asking():
    shown = []
    answering = Asking([], lambda _, clock: shown.append(clock) or "it")
    assert (answering.begin(lambda: 5.0), shown[0]()) == ("it", 5.0)
    answering.begin(lambda: 7.0)
    assert shown[0]() == 7.0


def test_where_nothing_is_asked_all_is_right():
    assert Trial().share == 1.0
