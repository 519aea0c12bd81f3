"""What the player found becomes a reply that frames itself truly."""

import json

from builders import a_response, an_interaction

from cassettes.definition import MockDefinition
from cassettes.exchange import Chunk, Failure
from gateway.playback import missed, options_of, played_reply
from recorder.nearness import NearMiss
from recorder.player import Miss, Played


def played(response=None, failure=None):
    return Played(an_interaction(), response, failure, "exact", 1.0, 1)


def test_a_body_without_a_length_gets_one():
    reply = played_reply(played(a_response(headers=(), body=b"abc")), "c", "none")
    assert reply.headers == ((b"content-length", b"3"),)


def test_a_stream_keeps_its_pieces_and_has_no_length():
    response = a_response(headers=(), body=b"abcde", chunks=(Chunk(0.0, 3), Chunk(500.0, 2)))
    reply = played_reply(played(response), "c", "recorded")
    assert (reply.pieces, reply.headers) == (((0.0, b"abc"), (0.5, b"de")), ())


def test_a_recorded_cut_off_breaks_again():
    reply = played_reply(played(a_response(body=b"ab"), Failure("cut-off")), "c", "none")
    assert (reply.body, reply.breaks) == (b"ab", Failure("cut-off"))


def test_a_recorded_refusal_is_told_as_what_it_was():
    reply = played_reply(played(None, Failure("connect", "refused")), "c", "none")
    assert (reply.status, reply.source, json.loads(reply.body)["failure"]) == (502, "cassette", "connect")


def test_a_miss_names_the_nearest():
    near = NearMiss(number=7, method="GET", target="/a", score=0.5, differs=("query.page",))
    document = json.loads(missed(Miss((near,), "nothing recorded answers this request"), "c").body)
    assert (document["cassette"], document["near_misses"][0]["number"]) == ("c", 7)
    assert document["near_misses"][0]["differs"] == ["query.page"]


def test_what_a_definition_calls_volatile_is_given_up_by_its_key():
    definition = MockDefinition.model_validate(
        {"id": "a", "mode": "replay", "cassette": "c", "replay": {"volatile": {"fields": ["/sent"], "query": ["TS"]}}}
    )
    key = options_of(definition).key
    assert (key.volatile_fields, key.volatile_query) == (("/sent",), frozenset({b"ts"}))
