"""An operation knows where in a body its arguments stand."""

from recorder.synthesis.samples.operation import Operation, texts_of

BODY = {"method": "get", "params": {"pet": 7, "tags": ["a", "b"], "deep": {"x": 1}, "none": None, "mixed": ["a", {}]}}


def test_arguments_are_read_where_they_stand():
    operation = Operation("POST", ("rpc",), ("params",), (("params", "pet"),), lists=True)
    assert operation.arguments(BODY) == BODY["params"]
    assert operation.keys_in(BODY) == ["7"]
    assert operation.parameters(BODY) == {"pet": ["7"], "tags": ["a", "b"]}


def test_what_is_not_there_is_nothing():
    operation = Operation("POST", ("rpc",), ("params",), (("params", "pet"),))
    assert operation.arguments([]) == {}
    assert operation.keys_in({"params": {"pet": [7]}}) == operation.keys_in(None) == [""]
    assert Operation("POST", ()).keys_in(BODY) == []


def test_scalars_and_lists_of_them_are_as_in_a_query():
    assert texts_of({"a": True, "b": 1.5, "c": [], "d": "x"}) == {"a": ["true"], "b": ["1.5"], "d": ["x"]}
