"""A feed tells of each thing's last write, also of deletions, for clients that keep a copy of what there is."""

from synthesis.followers import Followed, following
from synthesis.telling import learnt


def test_what_was_written_last_is_told_once_and_deletions_too():
    mocks = learnt(Followed, following, 8)
    mocks.ask("PUT", "/shelf30")
    mocks.ask("PUT", "/shelf31")
    one = mocks.ask("PUT", "/shelf30/a-1", {"kind": "map", "title": "x y", "pages": 3}).json
    two = mocks.ask("PUT", "/shelf30/a-2", {"kind": "map", "title": "x y", "pages": 4}).json
    new = mocks.ask("PUT", f"/shelf30/a-1?v={one['v']}", {"kind": "map", "title": "z", "pages": 5}).json
    told = {"news": [{"about": "a-2", "n": 2, "v": two["v"]}, {"about": "a-1", "n": 3, "v": new["v"]}], "left": 0}
    assert mocks.ask("GET", "/shelf30/_news").json == told
    gone = mocks.ask("DELETE", f"/shelf30/a-2?v={two['v']}").json
    assert mocks.ask("GET", "/shelf30/_news?after=3").json == {
        "news": [{"about": "a-2", "n": 4, "v": gone["v"], "lost": True}],
        "left": 0,
    }
    assert mocks.ask("GET", "/shelf31/_news").json == {"news": [], "left": 0}
    assert mocks.ask("GET", "/shelf32/_news").status == 404


def test_calls_that_write_many_tell_of_each_that_was_written():
    mocks = learnt(Followed, following, 8)
    mocks.ask("PUT", "/shelf30")
    one = mocks.ask("PUT", "/shelf30/a-1", {"kind": "map", "title": "x y", "pages": 3}).json
    sent = [
        {"key": "a-2", "kind": "map", "title": "z", "pages": 5},
        {"key": "a-1", "v": one["v"], "gone": True},
    ]
    made = mocks.ask("POST", "/shelf30/_many", {"rows": sent}).json["rows"]
    assert mocks.ask("GET", "/shelf30/_news?after=0&most=1").json == {
        "news": [{"about": "a-2", "n": made[0]["n"], "v": made[0]["v"]}],
        "left": 1,
    }
    assert mocks.ask("GET", "/shelf30/_news").json["news"][-1] == {
        "about": "a-1",
        "n": made[1]["n"],
        "v": made[1]["v"],
        "lost": True,
    }
