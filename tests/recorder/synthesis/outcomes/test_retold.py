"""What one operation answers in XML is answered to others of its kind under their names."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from synthesis.cabinets import FORM
from synthesis.telling import Mocks

from recorder.synthesis.nodes.node import Fixed, Object, Said
from recorder.synthesis.outcomes.retold import renamed, retold
from recorder.synthesis.terms.term import Term

TELLS_XML = {"Content-Type": "text/xml"}


def bird(name, colour):
    return f"<Bird><BirdName>{name}</BirdName><Colour>{colour}</Colour></Bird>"


def action(name, told, **sent):
    body = f"<{name}Response><{name}Result>{told}</{name}Result><Seen>yes</Seen></{name}Response>".encode()
    return "POST", "/", urlencode({"Action": name, "Version": "3", **sent}).encode(), 200, body, FORM, TELLS_XML


ROWS = [
    action("CreateBird", bird("wren17", "brown"), BirdName="wren17", Colour="brown"),
    action("CreateBird", bird("kite40", "red"), BirdName="kite40", Colour="red"),
    action("GetBird", bird("wren17", "brown"), BirdName="wren17"),
    action("GetBird", bird("kite40", "red"), BirdName="kite40"),
    action("FeedBird", "<Fed>seeds</Fed>", BirdName="wren17", Food="seeds"),
]


@pytest.fixture(scope="module")
def mocks():
    return Mocks(ROWS)


def asked(mocks, name, **sent):
    return mocks.ask(*action(name, "", **sent)[:3], FORM)


def test_what_reads_a_known_thing_shows_it_under_its_own_name(mocks):
    asked(mocks, "CreateBird", BirdName="heron-88", Colour="grey")
    given = asked(mocks, "DescribeBird", BirdName="heron-88")
    assert b"<DescribeBirdResponse><DescribeBirdResult><Bird>" in given.body
    assert b"<Colour>grey</Colour>" in given.body


def test_whatever_else_names_a_known_thing_is_done_with_it(mocks):
    asked(mocks, "CreateBird", BirdName="wren17", Colour="brown")
    given = asked(mocks, "RingIt", BirdName="wren17")
    assert (given.status, b"<RingItResponse>" in given.body) == (200, True)
    assert asked(mocks, "RingIt", BirdName="nobody").status == 501
    assert asked(mocks, "RingIt", Nest="oak").headers["match"] == "miss"


def test_the_old_name_is_replaced_where_it_stands_and_what_looks_things_up_is_left_out():
    looked_up = Said(Term("vars.item.owner", lambda _scene: None))
    body = Object({"Head": (Fixed(1), None), "Who": (looked_up, None), "GetBirdResponse": (Object({}), None)})
    told = retold(body, "GetBird", "vars.word", Fixed(7))
    assert told.expression() == "from_pairs([['Head', 1], [vars.word ~ 'Response', 7]])"
    assert retold(body, "GetNest", "vars.word", Fixed(7)) is None
    assert renamed("ns:GetBird", "GetBird", "vars.word") == "'ns:' ~ vars.word"
