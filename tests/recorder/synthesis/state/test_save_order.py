"""Rows that are only made where nothing was held yet are made before the call keeps what it makes itself."""

from recorder.synthesis.state.save_order import in_order

OWN = {"in": "pots", "key": "{{ vars.answer.json.id }}", "item": "{{ vars.answer.json }}"}
FIRST = {
    "in": "pots",
    "as": "made",
    "key": "{{ vars.made.id }}",
    "item": {"id": "0"},
    "when": "resource.pots.count() < 1",
}
LINK = {"in": "pots", "key": "{{ vars.made.id }}", "item": {"at": "/0"}, "when": "resource.pots.count() < 1"}


def test_what_asks_for_what_was_held_comes_first_and_stays_together():
    entry = {"in": "log", "as": "made", "key": "{{ vars.made.id }}", "item": {"id": 1}}
    assert in_order([OWN], [entry, FIRST, LINK]) == [FIRST, LINK, OWN, entry]


def test_what_is_numbered_after_the_call_s_own_item_comes_after_it():
    second = {**FIRST, "item": {"id": "{{ resource.pots.next_id('id') }}"}}
    assert in_order([OWN], [second]) == [OWN, second]


def test_what_changes_an_item_comes_after_it():
    change = {"in": "pots", "key": "a7", "item": {"n": 1}, "when": "resource.pots.count() < 1"}
    assert in_order([OWN], [change]) == [OWN, change]
