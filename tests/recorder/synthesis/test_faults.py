"""A step of the synthesis that fails is left out and told; all else is made."""

import pytest
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import Mocks, visits

from recorder.errors import RecorderError
from recorder.synthesis import faults, learning, synthesize
from recorder.synthesis.faults import Faults


def failing(*_args, **_kwargs):
    raise KeyError("size")


@pytest.fixture(autouse=True)
def _as_people_have_it(monkeypatch):
    monkeypatch.setattr(faults, "CAUGHT", (Exception,))


def test_what_fails_is_told_with_its_place():
    known = Faults()
    assert known.guarded("sums", [], failing) == []
    [told] = known.told
    assert told.startswith(
        "sums: left out, since the synthesis failed there (KeyError: 'size', in test_faults.py, line "
    )


def test_what_a_person_did_wrong_is_raised():
    def wrong():
        raise RecorderError("no such session")

    with pytest.raises(RecorderError):
        Faults().guarded("sums", [], wrong)


def test_an_endpoint_that_cannot_be_learnt_is_told_again_and_the_others_are_learnt(monkeypatch):
    real = learning.learn_with_chance

    def learn_but_lists(scenes, learn_from, changes):
        if scenes[0].sample.path == "/things" and scenes[0].sample.method == "GET":
            raise TypeError("unhashable type: 'list'")
        return real(scenes, learn_from, changes)

    monkeypatch.setattr(learning, "learn_with_chance", learn_but_lists)
    mocks = Mocks(*visits(Shelf, a_visit, 4))
    assert mocks.made.remarks[0].startswith("GET /things: left out, since the synthesis failed there (TypeError")
    made = mocks.ask("POST", "/things", {"name": "a lamp", "size": 7}).json
    assert mocks.ask("GET", f"/things/{made['id']}").json == made
    assert [path for method, path in mocks.paths if (method, path) == ("GET", "/things")] == []
    assert mocks.made.definitions[0]["id"] == "recorded-sessions"


@pytest.mark.parametrize("step", ["find_totals", "find_histories", "find_effects", "_marks", "_with_unrecorded"])
def test_a_step_that_fails_costs_what_it_would_have_found(monkeypatch, step):
    monkeypatch.setattr(synthesize, step, failing)
    mocks = Mocks(*visits(Shelf, a_visit, 4))
    assert any("left out, since the synthesis failed there (KeyError: 'size'" in one for one in mocks.made.remarks)
    made = mocks.ask("POST", "/things", {"name": "a lamp", "size": 7}).json
    assert mocks.ask("GET", f"/things/{made['id']}").json == made
