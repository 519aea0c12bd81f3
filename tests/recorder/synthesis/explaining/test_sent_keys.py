from synthesis.telling import scenes_of

from recorder.synthesis.explaining.sent_keys import attributes, keys_term, some_of
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.request_terms import query_term


def test_keys_are_a_list_of_texts_and_numbers_or_nothing():
    with_one, without = scenes_of(("GET", "/jobs?label=oak", None, 200, []), ("GET", "/jobs", None, 200, []))
    term = keys_term(query_term("label"), "[request.query.label]", lambda given: [given])
    assert term.get(with_one) == ["oak"]
    assert term.get(without) is MISSING
    assert keys_term(query_term("label"), "", lambda given: [given["x"]]).get(with_one) is MISSING
    assert keys_term(query_term("label"), "", lambda given: [{"x": given}]).get(with_one) is MISSING


def test_a_member_of_each_row_is_read():
    assert attributes("id")([{"id": 1}, {"id": "b"}]) == [1, "b"]


def test_of_many_cases_some_are_looked_at():
    cases = [(None, place) for place in range(200)]
    assert 40 < len(some_of(cases)) < 120
    assert some_of(cases[:9]) == cases[:9]
