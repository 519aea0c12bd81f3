"""What changes of a thing tells what comes of it, sooner than what it was made with."""

from synthesis.telling import as_the_service, learnt, told_in, word

from recorder.synthesis.conditions.moving import moving
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.timeline import Timeline


def test_members_move_that_one_thing_has_otherwise_later():
    samples = told_in([("GET", "/jobs/1", None, 200, {})] * 3)
    [endpoint] = endpoints_of(samples)
    timeline = Timeline()
    for moment, (state, kind) in enumerate((("queued", "sum"), ("running", "sum"), ("done", "sum"))):
        timeline.put("jobs", "1", {"state": state, "kind": kind, "input": [moment]}, moment - 1)
    scenes = [Scene(sample, endpoint, timeline, moment) for moment, sample in enumerate(samples)]
    for scene in scenes:
        scene.lookups = {"item": Lookup("item", "jobs", Term("'1'", lambda _: "1"))}
    assert moving(scenes) == {"vars.item.state"}


class Jobs:
    """Jobs that are done after two looks, or fail at the second, and that can be cancelled."""

    def __init__(self, _chance):
        self._jobs = []

    def answer(self, method, target, sent, headers):
        if method == "POST":
            self._jobs.append({"id": len(self._jobs) + 1, **sent, "state": "queued", "progress": 0})
            return 202, self._jobs[-1]
        job = self._jobs[int(target.rpartition("/")[2]) - 1]
        if method == "DELETE":
            job["state"] = "cancelled"
        elif job["state"] == "queued":
            job |= {"state": "running", "progress": 40}
        elif job["state"] == "running" and job["kind"] == "bad":
            job["state"] = "failed"
        elif job["state"] == "running":
            job |= {"progress": 80} if job["progress"] == 40 else {"progress": 100, "state": "done"}
        return 200, job


def polling(ask, chance):
    """Look at jobs until they are done, at one that fails, and at one that is cancelled."""
    for kind, looks in (("sum", 4), ("bad", 3), ("count", 1), (chance.choice(("sum", "count")), 4)):
        made = ask("POST", "/jobs", {"kind": kind, "label": chance.choice((None, word(chance)))}).json
        for _ in range(looks):
            ask("GET", f"/jobs/{made['id']}")
        if kind == "count" and looks == 1:
            ask("DELETE", f"/jobs/{made['id']}")
            ask("GET", f"/jobs/{made['id']}")


def test_two_sessions_tell_how_jobs_go_on_by_the_state_that_they_are_in():
    mocks = learnt(Jobs, polling, 2)
    assert mocks.wrong == []
    asked, service = as_the_service(Jobs, polling, mocks)
    assert asked == service
    made = mocks.ask("POST", "/jobs", {"kind": "sum", "label": "a label"}).json
    shown = [mocks.ask("GET", f"/jobs/{made['id']}").json["progress"] for _ in range(4)]
    assert shown == [40, 80, 100, 100]
