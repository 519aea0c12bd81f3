"""A cursor that was handed out says where a list goes on."""

from journeys import call
from synthesis.scenes import scenes_of

from cassettes.listing import cursor_at
from recorder.synthesis.listings.cursors import follow_cursors, go_on, never_handed
from recorder.synthesis.listings.listing import Listing


def listings(*calls, given=("a", "b")):
    return [Listing(scene, [], [], list(given), scene.sample.query, {}) for scene in scenes_of(*calls)]


def test_a_cursor_in_the_answer_becomes_the_place_where_its_list_ended():
    made = listings(
        call("GET", "/things", answer={"rows": [], "next": "xK9-first"}),
        call("GET", "/things?after=xK9-first", answer={"rows": [], "next": "xK9-second"}),
        call("GET", "/things?after=xK9-second", answer={"rows": [], "next": None}),
    )
    handed = follow_cursors(made)
    assert [one.query for one in made] == [{}, {"after": [cursor_at(2)]}, {"after": [cursor_at(4)]}]
    assert list(handed.values()) == ["xK9-first", "xK9-second"]


def test_a_cursor_may_stand_in_a_link():
    link = ((b"Link", b"</things?after=xK9-first>; rel=next"),)
    made = listings(call("GET", "/things", answer=[], told=link), call("GET", "/things?after=xK9-first", answer=[]))
    follow_cursors(made)
    assert made[1].query == {"after": [cursor_at(2)]}


def test_a_number_in_a_link_is_a_cursor_where_it_is_called_so():
    for name, query in (("%24skiptoken", {"$skiptoken": [cursor_at(2)]}), ("page", {"page": ["2"]})):
        told = {"rows": [], "nextLink": f"/things?{name}=2"}
        made = listings(call("GET", "/things", answer=told), call("GET", f"/things?{name}=2", answer={"rows": []}))
        follow_cursors(made)
        assert made[1].query == query


def test_a_value_that_no_answer_held_is_no_cursor():
    made = listings(call("GET", "/things", answer=[]), call("GET", "/things?after=2024-01-01", answer=[]))
    assert (follow_cursors(made), made[1].query) == ({}, {"after": ["2024-01-01"]})


def test_a_cursor_that_is_the_id_of_an_item_stays_what_it_is_whoever_told_of_it():
    calls = [
        call("GET", "/things?n=2", answer={"rows": [{"id": "t-abcd"}, {"id": "t-efgh"}], "next": "t-efgh"}, session="s", at=1),
        call("GET", "/things?n=2&before=t-efgh", answer={"rows": [{"id": "t-ijkl"}], "next": None}, session="s", at=2),
    ]  # fmt: skip
    found = listings(*calls, given=("t-abcd", "t-efgh"))
    for one in found:
        one.pool.extend({"id": key} for key in ("t-abcd", "t-efgh", "t-ijkl"))
    assert follow_cursors(found) == {}
    assert found[1].query["before"] == ["t-efgh"]


def a_page(following):
    return {"items": [1, 2], "page": 1, "offset": 0, "has_more": following is not None, "next_cursor": following}


def test_pages_hand_out_the_cursors_of_their_answers_and_few_are_put_right():
    pages = {n: a_page("made up") for n in range(6)} | {6: a_page(None), 7: a_page("made up")}
    go_on(pages, {n: f"c{n}" for n in range(7)})
    assert [(page["has_more"], page["next_cursor"]) for page in pages.values()] == [
        *((True, f"c{n}") for n in range(7)),
        (False, None),
    ]
    assert (pages[6]["next_page"], pages[6]["next_offset"]) == (2, 2)


def test_where_many_answers_say_otherwise_the_pages_stay_what_they_are():
    pages = {0: a_page("made up"), 1: a_page(None), 2: a_page("made up")}
    go_on(pages, {0: "c0", 1: "c1"})
    assert [page["next_cursor"] for page in pages.values()] == ["c0", None, "made up"]


def test_lists_that_are_asked_for_with_a_size_may_never_hand_out_a_cursor():
    page = {"limit": "n", "cursor": "after"}
    found = listings(*(call("GET", f"/things?n={size}", answer={"rows": []}) for size in (2, 3, 4)))
    handed = {1: "c1"}
    never = never_handed(page, found, handed)
    assert never == {id(one.scene) for one in found}
    assert never_handed(page, found[:2], handed) == never_handed(page, found, {}) == frozenset()
    assert never_handed(page, found, {id(found[0].scene): "c1"}) == frozenset()
    pages = {key: a_page("x8") for key in (1, 2, *never)}
    go_on(pages, handed, never)
    assert [pages[key]["has_more"] for key in (1, 2, *never)] == [True, False, True, True, True]
