"""Rows that are there are not put again, and rows that are not there are not taken, where that was refused."""

from synthesis.rosters import Rosters, mocks_of_rosters, tending
from synthesis.telling import learnt

ADA = {"who": "p:ada", "part": "hand", "where": "hall:north"}
BEN = {"who": "p:ben", "part": "guest", "where": "hall:north"}


class Patient(Rosters):
    """A service to which what is there may be given again, and what is not there be taken."""

    def change(self, sent):
        gone = sent.get("take", [])
        self.rows = [row for row in self.rows if row["about"] not in [*gone, *sent.get("give", [])]]
        self.rows += [{"about": one, "note": None} for one in sent.get("give", [])]
        return 200, {}


def test_the_second_of_two_rows_may_be_the_one_that_is_there():
    mocks = mocks_of_rosters()
    mocks.ask("POST", "/halls/oak-1/changes", {"give": [ADA]})
    assert mocks.ask("POST", "/halls/oak-1/changes", {"give": [BEN, ADA]}).status == 409
    assert mocks.ask("POST", "/halls/oak-2/changes", {"give": [BEN, ADA]}).status == 200
    assert mocks.ask("POST", "/halls/oak-2/changes", {"take": [BEN], "give": [{**BEN, "part": "hand"}]}).status == 200
    assert mocks.ask("POST", "/halls/oak-2/changes", {"take": [BEN]}).status == 409


def test_where_all_was_accepted_all_is():
    mocks = learnt(Patient, tending, 6)
    for sent in ({"give": [ADA]}, {"give": [ADA]}, {"take": [BEN]}):
        assert mocks.ask("POST", "/halls/oak-1/changes", sent).status == 200
