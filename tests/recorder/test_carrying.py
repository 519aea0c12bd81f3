"""What stands in the place of a recorded value is found in live answers, and recognised where it stands elsewhere."""

import pytest
from journeys import bearer, call, kept

from recorder.carrying import carried, differs_by_codes, is_same_set, links, stands_for

TOLD = "Your code is 125634. It expires in 10 minutes"


@pytest.mark.parametrize(
    ("target", "was", "now", "made"),
    [
        ("41", "41", "57", ("57", "41", "57")),
        ("Bearer tok_a1", "tok_a1", "tok_b2", ("Bearer tok_b2", "tok_a1", "tok_b2")),
        ("125634", TOLD, TOLD.replace("125634", "374100"), ("374100", "125634", "374100")),
        ("o-1", "http://a.test/orders/o-1", "http://a.test/orders/o-22", ("o-22", "o-1", "o-22")),
        ("willow", "http://a.test:1/get/willow", "http://a.test:2/get/willow", ("willow", "willow", "willow")),
        ("125634", TOLD, "Sent by letter", None),
        ("x", "y", "z", None),
        ("", "y", "z", None),
    ],
)
def test_what_to_send_is_found_in_the_live_answer(target, was, now, made):
    assert carried(target, was, now) == made


@pytest.mark.parametrize(
    ("recorded", "live", "known", "is_so"),
    [
        ("41", "57", {"41": "57"}, True),
        ("total 41", "total 57", {"41": "57"}, False),
        ("/orders/41/lines", "/orders/57/lines", {"41": "57"}, True),
        ("/orders/41", "/carts/57", {"41": "57"}, False),
        ("see tok_a1b2", "see tok_c3d4", {"tok_a1b2": "tok_c3d4"}, True),
        ("a", "a", {}, True),
        ("a", "b", {}, False),
    ],
)
def test_a_text_stands_for_another_where_known_values_do(recorded, live, known, is_so):
    assert stands_for(recorded, live, known) is is_so


def test_texts_may_differ_by_codes_only():
    assert differs_by_codes(TOLD, TOLD.replace("125634", "374100"))
    assert not differs_by_codes(TOLD, TOLD.replace("10 minutes", "5 minutes"))
    assert not differs_by_codes(TOLD, TOLD.replace("code", "pin"))


def test_a_header_lists_the_same_in_any_order():
    assert is_same_set("GET, HEAD", "head,GET")
    assert not is_same_set("GET, HEAD", "GET")


def test_a_value_is_linked_to_the_answer_that_told_it_first_unless_the_client_had_it_before():
    found = links(
        kept(
            call("GET", "/a?by=client9", answer={"echo": "client9", "id": "lad9wawt", "word": "blanket", "n": "7"}),
            call("GET", "/a/lad9wawt?by=client9&w=blanket&n=7", answer={"id": "lad9wawt"}, headers=bearer("lad9wawt")),
            call("GET", "/a/lad9wawt", session="other"),
        )
    )
    assert [(source.interaction, source.place, target.interaction, target.place) for source, target in found] == [
        (1, "response.body $.id", 2, "request.path.2")
    ]
