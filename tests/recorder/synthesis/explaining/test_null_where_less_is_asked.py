"""A member is null where a read asks for less, and what is held stays as it is."""

import pytest
from synthesis.telling import learnt, word


class Drawers:
    """Papers and drawers under one path: a drawer shows the papers in it, a paper its text unless `text=0` is asked."""

    def __init__(self, chance):
        del chance
        self.held = {}

    def answer(self, method, target, sent, headers):
        del headers
        path, _, query = target.removeprefix("/shelf/").partition("?")
        if method == "PUT":
            self.held[path] = {"path": path, "kind": sent["kind"], "text": sent.get("text"), "dry": True}
            return 201, {**self.held[path], "text": None}
        one = self.held.get(path)
        if one is None:
            return 404, {"why": "nothing there"}
        if one["kind"] == "drawer":
            names = [key for key in self.held if key.startswith(f"{path}/")]
            return 200, {**one, "text": [{"path": key} for key in reversed(names)]}
        return 200, {**one, "text": None} if query == "text=0" else one


def filing(ask, words):
    """Make a drawer and papers in it, and read them, with their texts or without."""
    drawer = f"{word(words)}-{words.randint(10, 99)}"
    ask("PUT", f"/shelf/{drawer}", {"kind": "drawer"})
    papers = [f"{drawer}/{word(words)}-{words.randint(100, 999)}" for _ in range(3)]
    for paper in papers:
        ask("PUT", f"/shelf/{paper}", {"kind": "paper", "text": f"{word(words)} {word(words)} {word(words)}"})
    for paper in words.sample(papers, 2):
        ask("GET", f"/shelf/{paper}")
        ask("GET", f"/shelf/{paper}?text=0")
        ask("GET", f"/shelf/{paper}")
    ask("GET", f"/shelf/{drawer}")
    ask("GET", f"/shelf/{word(words)}-{words.randint(100, 999)}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Drawers, filing, 10)


def test_a_text_is_left_out_where_it_is_not_asked_for_and_is_there_again(mocks):
    mocks.ask("PUT", "/shelf/oak-1", {"kind": "drawer"})
    mocks.ask("PUT", "/shelf/oak-1/note-7", {"kind": "paper", "text": "rope and tin"})
    read = [mocks.ask("GET", f"/shelf/oak-1/note-7{query}").json["text"] for query in ("", "?text=0", "")]
    assert read == ["rope and tin", None, "rope and tin"]
