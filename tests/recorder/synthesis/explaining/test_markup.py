"""Texts of elements are explained element by element, and told apart by which elements they have."""

from __future__ import annotations

from random import Random

from synthesis.telling import Mocks, scenes_of, word

from recorder.synthesis.explaining.markup import by_elements, element_names
from recorder.synthesis.nodes.node import Fixed

ROW = ("GET", "/a", None, 200, {})


def explained(*texts):
    """Give the pieces of texts, with the name under which each that is not fixed was to be explained."""
    scenes = scenes_of(*[ROW] * len(texts))
    asked = []

    def explain(cases, name):
        asked.append((name, [text for _, text in cases]))
        return Fixed("x")

    made = by_elements(list(zip(scenes, texts, strict=True)), explain)
    return made and made.document(), asked


def test_the_names_of_elements_say_which_document_it_is():
    assert element_names('<?xml version="1.0"?><s:List a="1"><Item>1</Item><Item/></s:List>') == "Item List"


def test_what_stands_in_each_element_is_explained_under_its_name():
    made, asked = explained("<a><b>1</b><c>k</c></a>", "<a><b>2</b><c>k</c></a>", "<a><b>3</b><c>k</c></a>")
    assert asked == [("b", ["1", "2", "3"])]
    assert made == "<a><b>{{ 'x' }}</b><c>k</c></a>"


def test_texts_with_other_elements_are_not_explained_so():
    assert explained("<a><b>1</b><c>k</c></a>", "<a><b>2</b><d>k</d></a>") == (None, [])
    assert explained("plain", "text") == (None, [])


def a_session(number):
    """Give a session of messages, answered with texts of elements."""
    words = Random(number)
    told = {"Content-Type": "text/xml"}
    for _ in range(3):
        text, key = word(words), word(words)
        shown = f"<Sent><Id>{key}</Id><Text>{text}</Text></Sent>".encode()
        yield "POST", "/queue", {"do": "send", "text": text}, 200, shown, {}, told
    yield "POST", "/queue", {"do": "empty"}, 200, b"<Emptied><Left>0</Left></Emptied>", {}, told


def test_documents_are_told_apart_by_what_is_asked():
    mocks = Mocks(*[list(a_session(number)) for number in range(6)])
    bodies = [case["response"]["body"] for one in mocks.made.definitions for case in one.get("cases", ())]
    assert len(bodies) == 2
    assert {"?xml": "", "Emptied": {"Left": 0}} in bodies
    assert [body["Sent"]["Text"] for body in bodies if "Sent" in body] == ["{{ request.json.text }}"]


def envelope(body):
    """Give a body as SOAP sends it."""
    return (
        f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{body}</s:Body></s:Envelope>'.encode()
    )


def calls_of_soap(number):
    """Give a session in which accounts are opened, one without a name, all by one path."""
    words = Random(number)
    headers = {"Content-Type": "text/xml"}
    for _ in range(3):
        name, amount = word(words), words.randint(1, 999)
        sent = envelope(f"<Open><name>{name}</name><amount>{amount}</amount></Open>")
        shown = envelope(
            f"<Opened><id>{words.getrandbits(64):016x}</id><name>{name}</name><left>{amount}</left></Opened>"
        )
        yield "POST", "/soap", sent, 200, shown, headers, headers
    yield "POST", "/soap", envelope("<Ping/>"), 200, envelope("<Pong>ok</Pong>"), headers, headers
    refused = envelope("<Fault><faultstring>name is required</faultstring></Fault>")
    yield "POST", "/soap", envelope("<Open><name/><amount>1</amount></Open>"), 500, refused, headers, headers


def test_what_elements_were_sent_tells_what_is_answered():
    mocks = Mocks(*[list(calls_of_soap(number)) for number in range(6)])
    refused, usual = mocks.definition("post-soap-Open")["cases"]
    assert mocks.definition("post-soap-Open")["let"] == {"asked": "{{ xml_object(request.xml.Envelope.Body.Open) }}"}
    assert refused["when"] == "vars.asked.name is string and (vars.asked.name | trim) == ''"
    assert "vars.asked.amount | int" in usual["response"]["body"]["s:Envelope"]["Body"][":Opened"]["left"]
    assert mocks.wrong == []
