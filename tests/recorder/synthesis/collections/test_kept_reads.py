"""How often something was read is a term only where it is kept."""

from synthesis.telling import scenes_of

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.kept_reads import READS, poll_terms
from recorder.synthesis.terms.scene import ASKED, HIDDEN, Lookup
from recorder.synthesis.terms.term import Term


def test_reads_are_counted_and_what_was_sent_is_known_of_what_goes_on():
    [scene] = scenes_of(("GET", "/jobs/7", None, 200, {"id": 7}))
    lookup = Lookup("item", "jobs", Term("'7'", lambda _scene: "7", "id"))
    scene.timeline.put("jobs", "7", {"id": 7}, -1)
    scene.lookups = {"item": lookup}
    jobs = Collection(("jobs", None), "jobs", ("id",), goes_on=True, counts_reads=True)
    reads, asked = poll_terms(Binding("item", jobs), {"item": lookup})
    assert reads.get(scene) == 0
    scene.timeline.put("jobs" + HIDDEN, "7", {READS: 2, ASKED: {"size": 3}}, -1)
    assert (reads.get(scene), asked.get(scene)) == (2, {"size": 3})
    assert (reads.text, asked.text) == ("(vars.item._reads | default(0))", "vars.item._asked")
    still = Collection(("jobs", None), "jobs", ("id",))
    assert list(poll_terms(Binding("item", still), {"item": lookup})) == []
    assert list(poll_terms(Binding("collection", jobs), {"item": lookup})) == []
