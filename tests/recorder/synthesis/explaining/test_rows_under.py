"""Lists at any path below a thing show what else is below it, and rows show the things that they name as they are."""

import pytest
from synthesis.lodges import Lodge, mocks_of, spent


@pytest.fixture(scope="module")
def mocks():
    return mocks_of(Lodge)


def test_a_summary_has_a_row_for_each_thing_below_the_same_path(mocks):
    path, ids = spent(mocks, "eyrie")
    assert [row["guest"]["id"] for row in mocks.ask("GET", f"{path}/summary").json] == ids
    added = mocks.ask("POST", f"{path}/guests", {"name": "cem", "heads": 2}).json
    assert [row["guest"]["id"] for row in mocks.ask("GET", f"{path}/summary").json] == [*ids, added]


def test_things_in_the_rows_of_a_list_are_shown_as_they_are_now(mocks):
    path, ids = spent(mocks, "cove")
    mocks.ask("PUT", f"{path}/guests/{ids[0]}", {"name": "ida", "heads": 2})
    first = mocks.ask("GET", f"{path}/costs").json[0]
    assert [(one["name"], one["heads"]) for one in first["for"]] == [("ida", 2), ("bob", 1)]


class Pile(Lodge):
    """Lodges whose summaries leave out some guests, whichever."""

    def answer(self, method, target, sent, headers):
        status, told = super().answer(method, target, sent, headers)
        if target.endswith("/summary"):
            told = self.chance.sample(told, self.chance.randint(1, len(told)))
        return status, told


def test_a_list_of_some_of_them_is_not_one_of_all():
    summary = next(one for one in mocks_of(Pile).made.definitions if one["match"]["path"].endswith("/summary"))
    assert "under(" not in repr(summary)
