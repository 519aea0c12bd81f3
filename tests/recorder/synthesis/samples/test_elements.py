"""XML in samples is read as if it were JSON: answers as trees, what is sent as an object of arguments."""

from __future__ import annotations

import pytest
from synthesis.telling import told, told_in

from recorder.synthesis.samples.elements import HEADER, read_elements, settle_elements
from recorder.synthesis.samples.values import MISSING

XML = {"Content-Type": "text/xml"}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def row(sent, told=b"<ok/>", kind=XML, shown=XML):
    return ("POST", "/", sent, 200, told, kind, shown)


def soap(body, header=""):
    return f'<s:Envelope xmlns:s="{SOAP}">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()


def read(*rows):
    samples = told(*rows)
    read_elements(samples)
    return samples


@pytest.mark.parametrize(
    ("sent", "element", "arguments"),
    [
        (b"<a>1</a>", ("a",), {"#text": "1"}),
        (b"<a><b>1</b><c/></a>", ("a",), {"b": "1", "c": ""}),
        (soap("<Ping/>"), ("Envelope", "Body", "Ping"), {}),
        (soap("<n:Get xmlns:n='u'><n:Id>7</n:Id></n:Get>"), ("Envelope", "Body", "Get"), {"Id": "7"}),
        (soap("<Get/>", "<s:Header><Key>k</Key></s:Header>"), ("Envelope", "Body", "Get"), {HEADER: {"Key": "k"}}),
        (soap("<Get/>", "<s:Header/>"), ("Envelope", "Body", "Get"), {HEADER: {}}),
        (soap(""), ("Envelope",), {"Body": ""}),
        (b"<a>", (), MISSING),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', (), MISSING),
        (b"<a>" * 70 + b"</a>" * 70, (), MISSING),
    ],
)
def test_what_is_sent_is_an_object_of_arguments(sent, element, arguments):
    [sample] = read(row(sent))
    assert (sample.element, sample.json) == (element, arguments)


def test_what_is_not_said_to_be_xml_is_not_read():
    [sample] = read(row(b"<a>1</a>", b"<a>1</a>", {"Content-Type": "text/plain"}, {"Content-Type": "text/plain"}))
    assert (sample.json, sample.answer_json) == (MISSING, MISSING)


def test_what_repeats_in_one_call_is_a_list_in_all_of_its_kind():
    samples = read(
        row(b"<a><b>1</b><b>2</b><rs><r>1</r></rs></a>"),
        row(b"<a><b>3</b><rs/></a>"),
        row(b"<a/>"),
        row(b"<o><b/></o>"),
    )
    assert [sample.json for sample in samples] == [
        {"b": ["1", "2"], "rs": {"r": ["1"]}}, {"b": ["3"], "rs": {"r": []}}, {"b": []}, {"b": ""},
    ]  # fmt: skip
    assert samples[2].element_lists == ("b", "rs.r")


def test_answers_are_trees_that_read_alike():
    first, second = read(row(b"<a/>", b"<l><n>2</n><i>x</i><i>y</i></l>"), row(b"<a/>", b"<l><n>0</n></l>"))
    assert first.answer_json == {"?xml": "", "l": {"n": 2, "i": ["x", "y"]}}
    assert second.answer_json == {"?xml": "", "l": {"n": 0, "i": []}}


@pytest.mark.parametrize("answer", [b"<a>t<b/></a>", b"<a><b/><c/><b/></a>", b"<a>", b"<!DOCTYPE a><a/>", b"plain"])
def test_an_answer_that_is_no_tree_stays_a_text(answer):
    [sample] = read(row(b"<a/>", answer))
    assert (sample.answer_json, sample.answer_text) == (MISSING, answer.decode())


def test_pages_are_no_xml():
    [sample] = read(row(b"<a/>", b"<html><b>1</b></html>", XML, {"Content-Type": "application/xhtml+xml"}))
    assert sample.answer_json is MISSING or "html" in sample.answer_type


def test_calls_of_another_element_than_most_have_no_arguments():
    samples = told_in([row(b"<a><b>1</b></a>"), row(b"<a/>"), row(b"<o/>"), row({"b": 1}, kind={})])
    read_elements(samples)
    settle_elements(samples)
    assert [sample.json for sample in samples] == [{"b": "1"}, {}, MISSING, MISSING]
    assert {sample.element for sample in samples} == {("a",)}


def test_calls_with_json_stay_as_they_are():
    samples = told_in([row({"b": 1}, kind={}), row({"b": 2}, kind={}), row(b"<o/>")])
    read_elements(samples)
    settle_elements(samples)
    assert [sample.json for sample in samples] == [{"b": 1}, {"b": 2}, MISSING]
