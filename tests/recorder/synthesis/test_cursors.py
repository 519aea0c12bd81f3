"""A cursor that was handed out says where a list goes on."""

import base64

from journeys import call
from synthesis.scenes import scenes_of

from recorder.synthesis.cursors import follow_cursors
from recorder.synthesis.listing import Listing


def text_of(offset):
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def listings(*calls, given=("a", "b")):
    return [Listing(scene, [], [], list(given), scene.sample.query, {}) for scene in scenes_of(*calls)]


def test_a_cursor_in_the_answer_becomes_the_place_where_its_list_ended():
    made = listings(
        call("GET", "/things", answer={"rows": [], "next": "xK9-first"}),
        call("GET", "/things?after=xK9-first", answer={"rows": [], "next": "xK9-second"}),
        call("GET", "/things?after=xK9-second", answer={"rows": [], "next": None}),
    )
    handed = follow_cursors(made)
    assert [one.query for one in made] == [{}, {"after": [text_of(2)]}, {"after": [text_of(4)]}]
    assert list(handed.values()) == ["xK9-first", "xK9-second"]


def test_a_cursor_may_stand_in_a_link():
    link = ((b"Link", b"</things?after=xK9-first>; rel=next"),)
    made = listings(call("GET", "/things", answer=[], told=link), call("GET", "/things?after=xK9-first", answer=[]))
    follow_cursors(made)
    assert made[1].query == {"after": [text_of(2)]}


def test_a_value_that_no_answer_held_is_no_cursor():
    made = listings(call("GET", "/things", answer=[]), call("GET", "/things?after=2024-01-01", answer=[]))
    assert (follow_cursors(made), made[1].query) == ({}, {"after": ["2024-01-01"]})
