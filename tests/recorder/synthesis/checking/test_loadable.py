"""What cannot be loaded of a definition is left out, and the rest stays."""

import time

from gateway.inprocess import serve
from recorder.synthesis.checking.loadable import loadable


def flaw_of(definition):
    try:
        serve([definition], time.time)
    except Exception as error:  # noqa: BLE001  # whatever is wrong, it is what is asked for
        return str(error)
    return None


def a_definition(**changes):
    fine = {"id": "get-x", "match": {"method": "GET", "path": "/x/{x}"}, "let": {}, "cases": [a_case(200, "fine")]}
    return {**fine, **changes}


def a_case(status, text, **more):
    return {**more, "response": {"status": status, "body": {"text": text}}}


def test_what_can_be_loaded_stays_as_it_is():
    assert loadable(a_definition(), flaw_of) == (a_definition(), [])


def test_a_case_that_cannot_be_loaded_is_left_out():
    missing = a_case(404, "{{ vars.nothing }}", when="request.path_params.x == '0'")
    made, [told] = loadable(a_definition(cases=[missing, a_case(200, "fine")]), flaw_of)
    assert made == a_definition()
    assert told.startswith("get-x, case 1, is left out, since it cannot be loaded: ")


def test_a_name_that_cannot_be_loaded_goes_with_what_needs_it():
    let = {"a": "{{ resource.things.get(vars.nothing) }}", "b": "{{ vars.a.b }}", "c": "{{ request.path_params.x }}"}
    cases = [a_case(404, "gone", when="vars.a is none"), a_case(200, "{{ vars.c }}")]
    made, told = loadable(a_definition(let=let, cases=cases), flaw_of)
    assert made == a_definition(let={"c": let["c"]}, cases=cases[1:])
    assert [one.partition(" is left out")[0] for one in told] == ["get-x, a and what needs it,"]


def test_a_definition_of_which_nothing_is_left_goes():
    made, [told] = loadable(a_definition(cases=[a_case(200, "{{ vars.nothing }}")]), flaw_of)
    assert made is None
    assert told.startswith("get-x is left out")
    made, [told] = loadable(a_definition(match={"path": "x"}), flaw_of)
    assert made is None
