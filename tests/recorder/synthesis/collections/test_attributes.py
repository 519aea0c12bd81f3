"""What a call tells of its item is kept beside it, or put in it where the answer does not show it."""

from synthesis.telling import recorded, told

from recorder.synthesis.collections.attributes import attributes_of, predicted, shown_in, told_in, with_unasked
from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.samples.sample import samples_of
from recorder.synthesis.samples.values import MISSING

NEW = {"id": 9, "name": "New"}


def test_what_was_not_shown_again_is_remembered_beside_the_item():
    [sample] = samples_of(
        [recorded([("POST", "/users", {"name": "Ada", "password": "pw"}, 201, NEW, {}, {"ETag": '"1"'})])]
    )
    found = attributes_of(sample, (), NEW)
    assert (found["request.json.password"], found["answer.headers.etag"]) == ("pw", '"1"')


def test_what_an_answer_shows_and_what_it_only_tells_of():
    [sample] = told(("POST", "/do", {"name": "x"}, 200, {"item": {"id": 1}, "version": 2}))
    binding = Binding("action", None, entity=("item",), told={"version": ("version",), "status": ("status",)})
    assert shown_in(sample, binding) == {"id": 1}
    assert shown_in(sample, Binding("action", None)) is MISSING
    assert told_in(sample, binding) == {"version": 2}


def test_what_is_sent_is_laid_over_what_was_there_by_patches_only():
    patch, put = told(("PATCH", "/a/1", {"name": "x"}, 204, None), ("PUT", "/a/1", {"name": "x"}, 204, None))
    assert predicted(patch, Binding("item", None), {"id": 1, "name": "y"}) == {"id": 1, "name": "x"}
    assert predicted(put, Binding("item", None), {"id": 1, "name": "y"}) == {"name": "x"}


def test_a_row_keeps_what_was_left_out_of_its_objects_since_one_of_their_members_was_asked_for():
    held = {"id": 1, "places": {"north": {"on": False}, "south": {"on": False}}}
    row = {"id": 1, "places": {"north": {"on": True}}}
    part, page = told(("GET", "/a?of=north", None, 200, [row]), ("GET", "/a?limit=20", None, 200, [row]))
    assert with_unasked(held, row, part) == {"id": 1, "places": {"north": {"on": True}, "south": {"on": False}}}
    assert with_unasked(held, row, page) == row
    assert with_unasked(held, {"id": 1, "places": {}}, part) == {"id": 1, "places": {}}
