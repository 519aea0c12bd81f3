"""Rows that a call makes in another list are saved under their ids, below what they belong to."""

from synthesis.followers import Followed, following
from synthesis.telling import learnt


def saves(mocks, method):
    found = [one for one in mocks.made.definitions if one["match"].get("method") == method]
    cases = [case for one in found for case in one["cases"]]
    return [save for case in cases for save in case.get("save", []) if save.get("in") == "news"]


def test_one_row_is_called_as_it_was_made_and_each_row_of_many_by_its_own_id():
    mocks = learnt(Followed, following, 6)
    assert {save["as"] for save in saves(mocks, "PUT")} == {"made"}
    assert all(save["key"].endswith("vars.made.about }}") for save in saves(mocks, "PUT"))
    [many] = saves(mocks, "POST")
    assert (many["each"], many["when"]) == ("{{ vars.answer.json.rows }}", "vars.row.n is defined")
    assert many["key"].endswith("vars.row.id }}")
