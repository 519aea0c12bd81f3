"""What is named by several parts of a path lies in folders, which list what is directly in them."""

from synthesis.telling import learnt, word


class Cupboard:
    """Folders and papers by their paths; a folder shows what is in it, in the order of the names."""

    def __init__(self, chance):
        self.chance = chance
        self.held = {}

    def answer(self, method, target, sent, headers):
        del headers
        at = target.removeprefix("/papers").strip("/")
        if not at:
            return 200, {"at": "", "inside": self.inside(""), "kind": "folder"}
        if method == "PUT":
            return self.put(at, sent)
        if at not in self.held:
            return 404, {"why": f"no {at}"}
        if method == "GET":
            found = self.held[at]
            return 200, {**found, "inside": self.inside(at) if found["kind"] == "folder" else None}
        below = [one for one in self.held if one == at or one.startswith(f"{at}/")]
        if method == "DELETE":
            for one in below:
                del self.held[one]
            return 204, None
        for one in below:
            moved = sent["at"] + one[len(at) :]
            self.held[moved] = {**self.held.pop(one), "at": moved, "name": moved.rpartition("/")[2]}
        return 200, {**self.held[sent["at"]], "inside": None}

    def put(self, at, sent):
        if at.count("/") and at.rpartition("/")[0] not in self.held:
            return 404, {"why": "no folder"}
        status = 200 if at in self.held else 201
        self.held[at] = {"at": at, "name": at.rpartition("/")[2], "kind": sent["kind"], "text": sent.get("text")}
        return status, {**self.held[at], "inside": None}

    def inside(self, at):
        prefix = f"{at}/" if at else ""
        below = sorted(one for one in self.held if one.startswith(prefix) and "/" not in one[len(prefix) :])
        return [{**self.held[one], "inside": None} for one in below]


def tidying(ask, words):
    """Make folders and papers in them, look at each, rename a paper, throw one away."""
    ask("GET", "/papers")
    first, second = word(words), word(words)
    for folder in (first, second):
        ask("PUT", f"/papers/{folder}", {"kind": "folder"})
    inner = f"{first}/{word(words)}"
    ask("PUT", f"/papers/{inner}", {"kind": "folder"})
    ask("GET", f"/papers/{second}")
    made = [f"{folder}/{word(words)}.txt" for folder in (first, first, second, inner)]
    made += [f"{word(words)}.txt" for _ in range(words.randint(0, 3))]
    for path in made:
        ask("PUT", f"/papers/{path}", {"kind": "paper", "text": f"{word(words)} {word(words)}"})
    ask("GET", f"/papers/{made[0]}")
    ask("GET", f"/papers/{first}")
    ask("GET", f"/papers/{inner}")
    ask("GET", "/papers")
    new = f"{second}/{word(words)}.txt"
    ask("PATCH", f"/papers/{made[1]}", {"at": new})
    ask("GET", f"/papers/{made[1]}")
    ask("GET", f"/papers/{new}")
    ask("GET", f"/papers/{second}")
    ask("DELETE", f"/papers/{made[2]}")
    ask("GET", f"/papers/{made[2]}")
    ask("GET", f"/papers/{second}")
    ask("GET", "/papers")


def named(answer):
    return [one["at"] for one in answer.json["inside"]]


def filled():
    mocks = learnt(Cupboard, tidying, 6)
    for path in ("desk", "desk/drawer", "shelf"):
        mocks.ask("PUT", f"/papers/{path}", {"kind": "folder"})
    for path in ("desk/b.txt", "desk/a.txt", "desk/drawer/c.txt", "z.txt"):
        mocks.ask("PUT", f"/papers/{path}", {"kind": "paper", "text": "as it was"})
    return mocks


def test_folders_list_what_is_directly_in_them():
    mocks = filled()
    assert named(mocks.ask("GET", "/papers")) == ["desk", "shelf", "z.txt"]
    assert named(mocks.ask("GET", "/papers/desk")) == ["desk/a.txt", "desk/b.txt", "desk/drawer"]
    assert named(mocks.ask("GET", "/papers/shelf")) == []
    assert mocks.ask("GET", "/papers/desk/drawer").json["inside"] == [
        {"at": "desk/drawer/c.txt", "name": "c.txt", "kind": "paper", "text": "as it was", "inside": None}
    ]
    assert mocks.ask("GET", "/papers/z.txt").json["inside"] is None


def test_what_is_renamed_or_thrown_away_is_so_in_its_folder():
    mocks = filled()
    mocks.ask("PATCH", "/papers/desk/a.txt", {"at": "shelf/a.txt"})
    mocks.ask("DELETE", "/papers/desk/b.txt")
    assert named(mocks.ask("GET", "/papers/desk")) == ["desk/drawer"]
    assert named(mocks.ask("GET", "/papers/shelf")) == ["shelf/a.txt"]


def test_a_folder_takes_along_what_is_in_it():
    mocks = filled()
    mocks.ask("PATCH", "/papers/desk", {"at": "table"})
    assert named(mocks.ask("GET", "/papers")) == ["shelf", "table", "z.txt"]
    assert named(mocks.ask("GET", "/papers/table/drawer")) == ["table/drawer/c.txt"]
    assert mocks.ask("GET", "/papers/desk/a.txt").status == 404
    mocks.ask("DELETE", "/papers/table")
    assert named(mocks.ask("GET", "/papers")) == ["shelf", "z.txt"]
    assert mocks.ask("GET", "/papers/table/drawer/c.txt").status == 404
