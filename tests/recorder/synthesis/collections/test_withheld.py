"""A write whose answer leaves out what was sent keeps it all the same: a later read shows it, and so does a copy's."""

import pytest
from synthesis.telling import learnt, word


class Papers:
    """Papers under paths: a write is answered without the text, a read with it; what names another copies it."""

    def __init__(self, chance):
        self.chance = chance
        self.held = {}

    def answer(self, method, target, sent, headers):
        del headers
        path = target.removeprefix("/papers/")
        if method == "POST":
            if path not in self.held or sent["of"] not in self.held:
                return 404, {"why": "nothing there"}
            made = f"{path}/{sent['of'].rpartition('/')[2]}"
            self.held[made] = {**self.held[sent["of"]], "path": made}
            return 201, {**self.held[made], "text": None}
        if method == "PUT":
            status = 200 if path in self.held else 201
            self.held[path] = {"path": path, "kind": sent["kind"], "text": sent.get("text")}
            return status, {**self.held[path], "text": None}
        if path not in self.held:
            return 404, {"why": "nothing there"}
        if method == "DELETE":
            del self.held[path]
            return 204, None
        return 200, self.held[path]


def writing(ask, words):
    """Make boxes and papers in them, read and change them, copy one, and throw one away."""
    boxes = [f"{word(words)}-{words.randint(10, 99)}" for _ in range(2)]
    for box in boxes:
        ask("PUT", f"/papers/{box}", {"kind": "box"})
    papers = [f"{words.choice(boxes)}/{word(words)}-{words.randint(100, 999)}" for _ in range(4)]
    papers.append(f"{word(words)}-{words.randint(100, 999)}")
    for paper in papers:
        ask("PUT", f"/papers/{paper}", {"kind": "paper", "text": f"{word(words)} {word(words)}"})
    for paper in papers[:3]:
        ask("GET", f"/papers/{paper}")
    ask("PUT", f"/papers/{papers[0]}", {"kind": "paper", "text": f"{word(words)} {word(words)}"})
    ask("GET", f"/papers/{papers[0]}")
    for paper in papers[3:]:
        made = ask("POST", f"/papers/{boxes[0]}", {"of": paper}).json["path"]
        ask("GET", f"/papers/{made}")
    ask("GET", f"/papers/{boxes[0]}")
    ask("DELETE", f"/papers/{papers[1]}")
    ask("GET", f"/papers/{papers[1]}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Papers, writing, 8)


def test_what_was_sent_is_read_though_the_answer_did_not_show_it(mocks):
    told = mocks.ask("PUT", "/papers/crate-1/note-7", {"kind": "paper", "text": "tin and rope"})
    assert told.json == {"path": "crate-1/note-7", "kind": "paper", "text": None}
    assert mocks.ask("GET", "/papers/crate-1/note-7").json["text"] == "tin and rope"
    mocks.ask("PUT", "/papers/crate-1/note-7", {"kind": "paper", "text": "only tin"})
    assert mocks.ask("GET", "/papers/crate-1/note-7").json["text"] == "only tin"


def test_what_is_made_of_another_has_what_that_withholds_and_leaves_its_box_as_it_is(mocks):
    mocks.ask("PUT", "/papers/crate-2", {"kind": "box"})
    mocks.ask("PUT", "/papers/crate-3/list-9", {"kind": "paper", "text": "nails"})
    made = mocks.ask("POST", "/papers/crate-2", {"of": "crate-3/list-9"})
    assert made.status == 201
    assert mocks.ask("GET", f"/papers/{made.json['path']}").json["text"] == "nails"
    assert mocks.ask("GET", "/papers/crate-2").json == {"path": "crate-2", "kind": "box", "text": None}
