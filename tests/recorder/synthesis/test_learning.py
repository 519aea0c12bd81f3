"""Each endpoint is learnt with what is known beside it: the order of lists, who asks, what was made before."""

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import recorded, visits

from recorder.synthesis.options import Options
from recorder.synthesis.synthesize import synthesize


def behaviours(options=None):
    made = synthesize([recorded(*visits(Shelf, a_visit, 4))], options)
    return {f"{one.endpoint.method} {one.endpoint.path}": one for one in made.behaviours}


def test_each_recorded_endpoint_is_learnt_once():
    found = behaviours()
    assert sorted(found) == [
        "DELETE /things/{thing}", "GET /things", "GET /things/{thing}", "PATCH /things/{thing}", "POST /things",
    ]  # fmt: skip


def test_what_is_looked_up_is_found_by_what_the_path_names():
    found = behaviours()["GET /things/{thing}"]
    assert found.lookups["item"].text == "resource.things.get(request.path_params.thing)"


def test_lists_are_learnt_but_without_a_store():
    assert behaviours()["GET /things"].listed is not None
    assert behaviours(Options().without(("store",)))["GET /things"].listed is None
