"""A broken answer is broken in the one way it is named for, and sane in all others."""

import pytest
from listener import answers

from gateway.faults.breakage import GARBAGE_BYTES, broken_answer
from gateway.inbound.framing import Asked

HEADERS = ((b"Content-Type", b"text/plain"), (b"Content-Length", b"10"))
BODY = b"0123456789"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nconnection: close\r\n\r\n"
GET = Asked(head_only=False, http11=True, close=False)
ONLY_HEAD = GET._replace(head_only=True)
OLD = Asked(head_only=False, http11=False, close=True)


def broken(fault, asked=GET, *, status=200, headers=HEADERS, body=BODY, **more):
    return broken_answer(fault, status, None, headers, body, asked, **more)


@pytest.mark.parametrize("asked", [GET, OLD], ids=["HTTP/1.1", "HTTP/1.0"])
def test_a_truncated_answer_has_the_right_length_and_half_the_body(asked):
    assert broken("truncate", asked) == HEAD % 10 + b"01234"


def test_a_beginning_is_truncated_as_the_part_of_the_whole_that_it_is():
    assert broken("truncate", length=40) == HEAD % 40 + BODY
    assert broken("truncate", length=12) == HEAD % 12 + b"012345"


def test_a_wrong_length_is_longer_than_the_body():
    assert broken("wrong-length") == HEAD % 26 + BODY


def test_a_malformed_chunk_follows_a_good_one():
    data = broken("malformed-chunk")
    head, _, rest = data.partition(b"\r\n\r\n")
    assert rest == b"5\r\n01234\r\nno-length\r\n56789"
    assert b"transfer-encoding: chunked" in head
    assert b"ontent-Length" not in head
    with pytest.raises(Exception, match="Invalid character in chunk size"):
        answers(data)


def test_http_1_0_has_no_chunks_so_the_body_is_truncated():
    assert broken("malformed-chunk", OLD) == HEAD % 10 + b"01234"


@pytest.mark.parametrize("fault", ["truncate", "malformed-chunk"])
@pytest.mark.parametrize("bodiless", ["HEAD", "204", "304", "no body"])
def test_an_answer_without_a_body_ends_in_its_head(fault, bodiless):
    data = {
        "HEAD": lambda: broken(fault, ONLY_HEAD),
        "204": lambda: broken(fault, status=204, headers=(), body=b""),
        "304": lambda: broken(fault, status=304),
        "no body": lambda: broken("truncate", headers=(), body=b""),
    }[bodiless]()
    assert data.startswith(b"HTTP/1.1 ")
    assert b"\r\n\r\n" not in data
    assert not data.endswith(BODY)


def test_to_head_a_wrong_length_is_told_and_no_body_is_sent():
    assert broken("wrong-length", ONLY_HEAD).replace(b"Content-Length", b"content-length") == (
        HEAD.replace(b"Content-Length", b"content-length") % 26
    )


def test_garbage_is_no_http_and_comes_from_the_seed():
    data = broken("garbage", seed=1)
    assert len(data) == GARBAGE_BYTES
    assert data == broken("garbage", seed=1) != broken("garbage", seed=2)
    assert not data.startswith(b"HTTP")


@pytest.mark.parametrize("fault", ["empty", "reset", "hang"])
def test_some_say_nothing(fault):
    assert broken(fault) == b""
