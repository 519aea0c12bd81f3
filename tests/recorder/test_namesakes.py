"""Values that share one stand-in are told apart by their name and by what they were sent with."""

from __future__ import annotations

import gzip
import json

from plays import JSON, asks

from cassettes.exchange import Exchange, Response
from recorder.answer import answer
from recorder.namesakes import Namesakes

ZOE = {"givenName": "Zoe", "familyName": "Ito", "phone": "+14155550107"}
UMA = {"givenName": "Uma", "familyName": "Diaz", "phone": "+14155550132"}
SHARED = {"Xxx": "Uma"}


def told(document):
    return Response(200, JSON, json.dumps(document).encode())


def cleaned(person):
    return {name: "Xxx" if len(value) < 4 else value for name, value in person.items()}


def knowing(*people):
    known = Namesakes()
    for one in people:
        known.learn(asks("POST", body=json.dumps(one).encode()), SHARED)
    return known


def test_names_are_told_apart_by_what_they_were_sent_with_and_under_which_name():
    stored = told({"people": [{"id": 2, **cleaned(UMA)}, {"id": 1, **cleaned(ZOE)}], "of": 2})
    given = knowing(ZOE, UMA).told_apart(stored)
    assert json.loads(given.body) == {"people": [UMA | {"id": 2}, ZOE | {"id": 1}], "of": 2}


def test_of_equally_likely_ones_it_is_the_latest():
    known = knowing({"givenName": "Zoe"}, {"givenName": "Uma"})
    assert json.loads(known.told_apart(told({"givenName": "Xxx"})).body) == {"givenName": "Uma"}


def test_a_packed_answer_is_opened_and_its_length_goes_with_it():
    body = gzip.compress(json.dumps(cleaned(ZOE)).encode())
    packed = Response(200, (*JSON, (b"Content-Encoding", b"gzip"), (b"Content-Length", b"%d" % len(body))), body)
    given = knowing(ZOE, UMA).told_apart(packed)
    assert json.loads(gzip.decompress(given.body)) == ZOE
    assert dict(given.headers)[b"Content-Length"] == b"%d" % len(given.body)


def test_what_one_value_alone_has_and_what_is_no_json_stays_as_it_is():
    one = told(cleaned(UMA))
    assert knowing({"givenName": "Uma"}).told_apart(one) is one
    text = Response(200, (), b"Xxx")
    assert knowing(ZOE, UMA).told_apart(text) is text


def test_only_what_is_new_is_news():
    known = knowing(ZOE)
    request = asks("POST", body=json.dumps(ZOE).encode())
    assert (known.learn(request, SHARED), known.learn(request, {}), known.is_shared("Xxx")) == (False, False, True)
    assert known.learn(asks("POST", body=json.dumps(UMA).encode()), SHARED)
    assert not known.learn(asks("POST", body=json.dumps(UMA).encode()), {"some-pseudonym": "Uma"})


def test_an_answer_has_the_values_beside_put_back_first():
    stored = told([{"mail": "q@example.com", "name": "Xxx"}, {"mail": "r@example.com", "name": "Xxx"}])
    known = Namesakes()
    stand_ins = {"q@example.com": "ada@harbour.test", "r@example.com": "eva@harbour.test", "Xxx": "Eva"}
    for mail, name in (("ada@harbour.test", "Ada"), ("eva@harbour.test", "Eva")):
        known.learn(asks("POST", body=json.dumps({"mail": mail, "name": name}).encode()), stand_ins)
    given = answer(
        stored, Exchange(asks(), stored), asks(), stand_ins=stand_ins, origins=(), live=None, now=None, namesakes=known
    )
    assert [one["name"] for one in json.loads(given.body)] == ["Ada", "Eva"]
