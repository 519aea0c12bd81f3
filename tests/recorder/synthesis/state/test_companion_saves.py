"""What tickets remember of the rows that came with them, as it is written."""

from synthesis.state.test_companions import Club, an_evening
from synthesis.telling import learnt


def test_the_saves_of_rows_that_come_with_tickets_are_written():
    mocks = learnt(Club, an_evening, 8)
    [*_, entered] = mocks.definition("post-enter")["cases"]
    remembered = next(one["item"] for one in entered["save"] if one["in"] == "tokens")
    assert remembered["rows"] == "{{ merge({'visit_id': vars.made.id}) }}"
    [*_, left] = mocks.definition("post-me-leave")["cases"]
    assert {"in": "visits", "key": "{{ vars.token.rows.visit_id }}", "delete": True} in left["save"]
    assert left["save"][-1] == {
        "in": "tokens",
        "each": "{{ resource.tokens.all() }}",
        "key": "{{ vars.row.own }}",
        "delete": True,
        "when": ["vars.row.rows.visit_id is defined", "not resource.visits.has(vars.row.rows.visit_id)"],
    }
