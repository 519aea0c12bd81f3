"""Lists that nothing else has to do with are collections of their own, if their rows are kept."""

from __future__ import annotations

import pytest
from synthesis.telling import told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of

OSLO, LYON, CORK = ({"code": code, "name": name} for code, name in (("OSL", "Oslo"), ("LYS", "Lyon"), ("ORK", "Cork")))


def listed(*answers):
    """Give the collection that a list is bound to, with its id, or None."""
    endpoints = endpoints_of(told(*(("GET", "/places", None, 200, one) for one in answers)))
    _, bindings = bind(endpoints)
    bound = bindings[endpoints[0]]
    return bound.collection and (bound.collection.name, bound.collection.id_path, bound.rows)


@pytest.mark.parametrize(
    ("answers", "bound"),
    [
        ([[OSLO, LYON], [LYON]], ("places", ("code",), ())),
        ([{"data": [OSLO]}, {"data": [LYON, CORK]}], ("places", ("code",), ("data",))),
        ([[OSLO, OSLO], [LYON]], None),
        ([[{"city": "Oslo"}], [{"city": "Lyon"}]], None),
        ([[OSLO], [OSLO]], None),
        ([[{"id": 1, "n": n}, {"id": 2, "n": n}] for n in range(9)], None),
    ],
)
def test_rows_that_are_kept_have_ids_of_their_own_and_stay_as_they_are(answers, bound):
    assert listed(*answers) == bound


def deeds(*numbers):
    return [{"nr": number, "deed": f"deed {number}"} for number in numbers]


@pytest.mark.parametrize(
    ("answers", "bound"),
    [
        ([deeds(3, 2, 1), deeds(4, 3), deeds(2)], ("places", ("nr",), ())),
        ([deeds(1, 2), deeds(3, 4, 5)], ("places", ("nr",), ())),
        ([deeds(1, 2, 3), deeds(1, 2, 3, 4)], None),
        ([deeds(3, 1, 2), deeds(4, 3)], None),
        ([deeds(9, 5, 1), deeds(8, 2)], None),
        ([deeds(2, 1)], None),
    ],
)
def test_rows_without_ids_are_known_by_a_number_that_counts_through_their_lists(answers, bound):
    assert listed(*answers) == bound
