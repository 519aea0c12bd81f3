"""Sums over items for what they name: of a number, of that of a row in a list, or of the row's share of the item's."""

import pytest
from synthesis.telling import scenes_of

from recorder.synthesis.explaining.item_sums import ItemSum, Share, Whole
from recorder.synthesis.terms.only import Only

ITEMS = [
    {"by": "ada", "sum": 12.0, "kind": "food", "for": [{"id": "ada", "n": 1}, {"id": "bob", "n": 2}]},
    {"by": "bob", "sum": 5.0, "kind": "fuel", "for": [{"id": "bob", "n": 4}]},
]
WHOLE = Whole("costs", None)


@pytest.fixture
def scene():
    [found] = scenes_of(("GET", "/summary", None, 200, {}))
    found.timeline.put_all("costs", {str(at): one for at, one in enumerate(ITEMS)}, -1)
    return found


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (ItemSum(WHOLE, "by", "sum"), {"ada": 12, "bob": 5, "cem": 0}),
        (ItemSum(WHOLE, "by", "sum", only=Only("kind", "food")), {"ada": 12, "bob": 0}),
        (ItemSum(WHOLE, "id", "n", "for"), {"ada": 1, "bob": 6}),
        (ItemSum(WHOLE, "id", "sum", "for", Share("id")), {"ada": 6, "bob": 11}),
        (ItemSum(WHOLE, "id", "sum", "for", Share("id", "n")), {"ada": 4, "bob": 13}),
    ],
)
def test_what_items_come_to_for_what_they_name(scene, made, told):
    assert {key: made.of(scene, key) for key in told} == told


def test_shares_are_written_with_the_whole_of_their_item():
    text = ItemSum(WHOLE, "id", "sum", "for", Share("id", "n")).text("row.id")
    rows = "keep_rows(unfold(resource.costs.all(), 'for'), 'id', row.id)"
    assert text == f"(each({rows}, row.of.sum * row.n / (each(row.of.for, row.n) | sum)) | sum)"
