"""An answer of success that tells an error is a refusal, with the status that its words would have."""

import pytest
from synthesis.telling import told

from recorder.synthesis.samples.elements import read_elements
from recorder.synthesis.samples.verdicts import error_code, fields_in_error, judged_status


def judged(answer, status=200):
    [sample] = told(("POST", "/", {}, status, answer))
    return judged_status(sample)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"result": 1}, 200),
        ({"error": None, "result": 1}, 200),
        ({"error": {"code": -32602, "message": "Invalid params"}}, 400),
        ({"error": "no such thing"}, 404),
        ({"error": {"code": "NOT_FOUND"}}, 404),
        ({"error": {"message": "Unknown account", "data": {"word": "forbidden"}}}, 404),
        ({"error": {"message": "Access denied"}}, 401),
        ({"error": {"message": "Forbidden"}}, 403),
        ({"error": {"message": "Account is closed"}}, 409),
        ({"errors": [{"message": "bad", "extensions": {"code": "UNAUTHENTICATED"}}]}, 401),
        ({"errors": [{"message": "bad"}], "data": {"pet": None}}, 400),
        ({"errors": [{"message": "bad"}], "data": {"pet": {}}}, 200),
        ({"errors": []}, 200),
        ({"success": False, "message": "it exists"}, 409),
        ({"ok": False}, 400),
        ({"status": "fail", "data": {"title": "is required"}}, 400),
        ({"status": "open"}, 200),
        ([{"error": "no"}], 200),
    ],
)
def test_errors_are_judged_by_their_words(answer, status):
    assert judged(answer) == status


def test_a_status_that_is_none_of_success_stays():
    assert judged({"error": "not found"}, 422) == 422


def test_an_error_is_called_by_its_code():
    answers = [
        {"error": {"code": 7, "message": "no"}}, {"errors": [{"message": "no", "extensions": {"code": "X"}}]},
        {"type": "/problems/late", "title": "Late"}, {"error": "no such pet"}, {"ok": False, "error": "not_found"},
    ]  # fmt: skip
    assert [error_code(answer) for answer in answers] == ["7", "X", "/problems/late", "", "not_found"]


def fault(code, words, status=500):
    detail = f"<detail><Code>{code}</Code></detail>" if code else ""
    body = f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{words}</faultstring>{detail}</s:Fault>"
    text = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{body}</s:Body></s:Envelope>'
    samples = told(("POST", "/", {}, status, text.encode(), {}, {"Content-Type": "text/xml"}))
    read_elements(samples)
    return samples[0]


def test_a_fault_of_soap_is_judged_by_its_words_whatever_its_status():
    faults = [fault("", "No such order"), fault("NOT_FOUND", "Sorry", 200), fault("", "Invalid credentials")]
    assert [judged_status(one) for one in faults] == [404, 404, 401]
    assert judged_status(fault("", "The name is too long")) == 400


def test_a_fault_is_called_by_the_code_in_its_details():
    assert error_code(fault("TOO_LONG", "The name is too long").answer_json) == "TOO_LONG"
    assert error_code(fault("", "The name is too long").answer_json) == "s:Client"


def test_texts_by_field_tell_what_a_refusal_is_about():
    answers = [
        {"price": ["Too low."], "name": ["This is required.", "It is short."]}, {"errors": {"age": ["Too young."]}},
        {"detail": "Not found."}, {"errors": ["no"]}, {"rows": []}, [], {"error": {"code": 7}},
    ]  # fmt: skip
    found = [fields_in_error(answer) for answer in answers]
    assert found == [("name", "price"), ("age",), (), (), (), (), ()]
