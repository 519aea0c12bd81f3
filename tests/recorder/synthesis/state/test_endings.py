"""Jobs may have the things that they are about be gone: told by the looks after them."""

from synthesis.telling import learnt, word


class Moving:
    """Boxes of a person; a removal, polled twice, takes the box away or leaves it, as it says."""

    keeps = "no"

    def __init__(self, chance):
        self.chance = chance
        self.boxes, self.jobs = {}, {}

    def answer(self, method, target, sent, _headers):
        kind, *rest = target.strip("/").split("/")
        if kind == "boxes" and method == "POST":
            made = {"id": word(self.chance), "colour": sent["colour"]}
            self.boxes[made["id"]] = made
            return 201, made
        if kind == "boxes":
            return (200, self.boxes[rest[0]]) if rest[0] in self.boxes else (404, {"error": "no such box"})
        if method == "POST":
            made = {"id": word(self.chance), "box_id": sent["box_id"], "is_done": False, "looks": 0}
            self.jobs[made["id"]] = made
            return 202, {name: made[name] for name in ("id", "box_id", "is_done")}
        job = self.jobs[rest[0]]
        job["looks"] += 1
        if job["looks"] == 2:
            job |= {"is_done": True, "outcome": self.outcome(job["box_id"])}
        return 200, {name: value for name, value in job.items() if name != "looks"}

    def outcome(self, key):
        if self.boxes[key]["colour"] == "red":
            return "too heavy"
        del self.boxes[key]
        return "taken"


class Careful(Moving):
    """Removals that never take anything away."""

    def outcome(self, key):
        return "too heavy" if self.boxes[key]["colour"] == "red" else "taken"


def moving(ask, words):
    for _ in range(3):
        own = ask("POST", "/boxes", {"colour": words.choice(["red", "blue", "grey"])}).json["id"]
        ask("GET", f"/boxes/{own}")
        job = ask("POST", "/removals", {"box_id": own}).json["id"]
        for _ in range(2):
            ask("GET", f"/removals/{job}")
        ask("GET", f"/boxes/{own}")


def moved(mocks, colour):
    """Have a box moved, and give the statuses of looks at it before the job is done and afterwards."""
    own = mocks.ask("POST", "/boxes", {"colour": colour}).json["id"]
    job = mocks.ask("POST", "/removals", {"box_id": own}).json["id"]
    mocks.ask("GET", f"/removals/{job}")
    before = mocks.ask("GET", f"/boxes/{own}").status
    mocks.ask("GET", f"/removals/{job}")
    return before, mocks.ask("GET", f"/boxes/{own}").status


def test_what_a_job_takes_away_is_gone_once_it_is_done():
    mocks = learnt(Moving, moving, 8)
    assert moved(mocks, "blue") == (200, 404)
    assert moved(mocks, "red") == (200, 200)


def test_what_is_looked_at_after_a_job_is_left():
    mocks = learnt(Careful, moving, 8)
    assert moved(mocks, "blue") == (200, 200)
    assert "'delete': True" not in repr(mocks.made.definitions)
