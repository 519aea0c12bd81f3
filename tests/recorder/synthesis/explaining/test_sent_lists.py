"""One session tells that a list follows what is sent under its name, and is empty where nothing is."""

import pytest
from synthesis.telling import Mocks


def a_note(number, tags, shown):
    sent = {"text": f"text {number}", **({} if tags is None else {"tags": tags})}
    return ("POST", "/notes", sent, 201, {"id": f"n{number}", "text": sent["text"], "tags": shown})


def told(*notes):
    """Give the tags of notes of which the mocks of these know nothing."""
    mocks = Mocks([a_note(number, *one) for number, one in enumerate(notes)])
    asked = ({"text": "x", "tags": ["Sky", "oak", "sky"]}, {"text": "x"})
    return [mocks.ask("POST", "/notes", sent).json["tags"] for sent in asked]


@pytest.mark.parametrize(
    ("shown", "made"),
    [
        (["Zoo", "ant"], ["Sky", "oak", "sky"]),
        (["zoo", "ant"], ["sky", "oak", "sky"]),
        (["ant", "zoo"], ["oak", "sky"]),
    ],
)
def test_a_list_is_shown_as_it_was_sent_or_made_into_another(shown, made):
    assert told((["Zoo", "ant"], shown), (None, [])) == [made, []]


def test_a_list_of_something_else_does_not_follow_what_is_sent():
    assert told((["Zoo", "ant"], ["red"]), (None, []))[0] != ["Sky", "oak", "sky"]
    assert told((["Zoo", "ant"], ["Zoo", "ant"]), (None, ["red"]))[1] != []
