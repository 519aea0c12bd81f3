"""What is held is known beside the request: how much there is of it."""

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.outcomes.known import Known


def test_collections_that_may_be_told_of_are_counted():
    held = {"things": {"a": {"id": "a"}, "b": {"id": "b"}}}
    scenes = scenes_of(*[call("GET", "/status", answer={})] * 6, held=held)
    known = Known(None, [Collection(("things", None), "things", ("id",))], (), (), ())
    vocabulary = known.vocabulary(scenes[0].endpoint, Binding("none", None), scenes, {})
    assert "resource.things.count()" in [term.text for term in vocabulary.giving(2, scenes[0])]
