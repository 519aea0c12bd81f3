"""Definitions speak of what is sent and answered as XML by its own names."""

from __future__ import annotations

from random import Random

import pytest
from synthesis.telling import Mocks, word

from recorder.synthesis.outcomes.naming import as_arguments

XML = {"Content-Type": "application/xml"}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def orders(number):
    """Give a session of a service that takes and answers XML under paths: orders that are made, read, and missed."""
    words = Random(number)
    for _ in range(3):
        key, name, count = f"{words.getrandbits(64):016x}", word(words), words.randint(1, 3)
        lines = "".join(f"<line>{word(words)}</line>" for _ in range(count))
        sent = f"<order><name>{name}</name><lines>{lines}</lines></order>".encode()
        shown = f"<order><id>{key}</id><name>{name}</name><count>{count}</count><lines>{lines}</lines></order>".encode()
        yield "POST", "/orders", sent, 201, shown, XML, XML
        yield "GET", f"/orders/{key}", None, 200, shown, {}, XML
    lacking = f"<error><code>no-order</code><id>{word(words)}</id></error>".encode()
    yield "GET", f"/orders/{lacking[-30:-22].decode()}", None, 404, b"<error><code>no-order</code></error>", {}, XML
    refused = b"<error><code>no-name</code></error>"
    yield "POST", "/orders", b"<order><lines/></order>", 400, refused, XML, XML


@pytest.fixture(scope="module")
def mocks():
    return Mocks(*[list(orders(number)) for number in range(6)])


def test_arguments_are_named_once_with_what_is_a_list(mocks):
    made = mocks.definition("post-orders")
    assert made["let"]["asked"] == "{{ xml_object(request.xml.order, 'lines.line') }}"
    assert list(made)[:4] == ["id", "description", "match", "let"]
    assert made["cases"][0]["when"] == "vars.asked.name is not defined"
    body = made["cases"][-1]["response"]["body"]
    assert "(vars.asked.lines.line | length)" in repr(body)
    assert "request.json" not in repr(mocks.made.definitions)


def test_what_is_kept_of_an_answer_is_a_part_of_its_tree(mocks):
    [save] = mocks.definition("post-orders")["cases"][-1]["save"]
    assert save["key"] == "{{ vars.answer.xml.order.id }}"
    assert save["item"] == "{{ vars.answer.xml.order }}"


def test_the_recorded_calls_are_answered_as_recorded(mocks):
    assert mocks.wrong == []


def calls(number):
    """Give a session with a SOAP service that wants a key in the header."""
    words = Random(number)
    head = "<s:Header><Key>k-12345678</Key></s:Header>"

    def envelope(body, header=head):
        return f'<s:Envelope xmlns:s="{SOAP}">{header}<s:Body>{body}</s:Body></s:Envelope>'.encode()

    fault = "<s:Fault><faultcode>s:Client</faultcode><faultstring>The key is required</faultstring></s:Fault>"
    for _ in range(3):
        text = word(words)
        yield (
            "POST",
            "/s",
            envelope(f"<Say><t>{text}</t></Say>"),
            200,
            envelope(f"<Said><t>{text}</t></Said>", ""),
            XML,
            XML,
        )
        yield "POST", "/s", envelope("<Ask/>"), 200, envelope("<Asked><t>why</t></Asked>", ""), XML, XML
    yield "POST", "/s", envelope("<Say><t>x</t></Say>", ""), 500, envelope(fault, ""), XML, XML


def test_the_header_of_a_message_has_a_name_of_its_own():
    made = Mocks(*[list(calls(number)) for number in range(6)]).definition("post-s-Say")
    assert made["match"]["body"] == {
        "xpath": "/*[local-name()='Envelope']/*[local-name()='Body']/*[local-name()='Say']"
    }
    assert made["let"]["asked_header"] == "{{ xml_object(request.xml.Envelope.Header) }}"
    assert made["cases"][0]["when"] == "vars.asked_header.Key is not defined"


def test_whether_arguments_and_header_are_there_is_asked_of_their_names():
    names = {"asked": "asked", "asked_header": "head"}
    text = "request.json is defined and request.json['?header'] is not defined and request.json.a is defined"
    assert as_arguments(text, names) == "vars.asked is not none and vars.head is none and vars.asked.a is defined"
