"""The id of the only thing that was made is told by its name, where the service gave it."""

from __future__ import annotations

import pytest
from synthesis.telling import told

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.collections.given_ids import given_id, only_given_id
from recorder.synthesis.endpoints.endpoint import endpoints_of


@pytest.mark.parametrize(
    ("sent", "answered", "place"),
    [
        ({"word": "open"}, {"word": "open", "id": "tag_79d30e2b"}, ("id",)),
        ({"word": "open"}, {"UUID": "79d30e2b", "word": "open"}, ("UUID",)),
        ({"id": "open"}, {"id": "open"}, None),
        ({"word": "open"}, {"key": "secret-79d30e2b", "word": "open"}, None),
        ({"word": "open"}, {"id": None}, None),
        ({"word": "open"}, [1], None),
    ],
)
def test_an_id_is_what_is_called_so_and_was_not_sent(sent, answered, place):
    [made] = told(("POST", "/tags", sent, 201, answered))
    assert given_id(made) == place


@pytest.mark.parametrize(("count", "place"), [(1, ("id",)), (2, None)])
def test_of_several_things_the_id_is_told_by_more_than_its_name(count, place):
    rows = [("POST", "/tags", {"word": "open"}, 201, {"id": f"tag_{at}9d30e2b"}) for at in range(count)]
    [endpoint] = endpoints_of(told(*rows))
    assert only_given_id([(endpoint, Binding("collection", None))]) == place
