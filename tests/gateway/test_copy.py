"""A copy is whole within its limit, and only a beginning beyond it."""

from cassettes.exchange import Chunk
from gateway.copy import BodyCopy


def a_copy(limit, kept=4):
    times = iter([0.0, 0.001, 0.5, 1.0])
    copy = BodyCopy(limit, kept, lambda: next(times))
    copy.begin()
    return copy


def test_within_the_limit_pieces_keep_their_times():
    copy = a_copy(10)
    copy.add(b"abc")
    copy.add(b"de")
    assert (copy.body(), copy.whole, copy.size) == (b"abcde", True, 5)
    assert copy.chunks() == (Chunk(1.0, 3), Chunk(500.0, 2))


def test_beyond_the_limit_only_the_beginning_stays():
    copy = a_copy(5)
    copy.add(b"abc")
    copy.add(b"defgh")
    copy.add(b"ijk")
    assert (copy.body(), copy.whole, copy.size, copy.chunks()) == (b"abcd", False, 11, ())


def test_the_head_is_cut_without_joining_all():
    copy = a_copy(100)
    copy.add(b"abc")
    copy.add(b"defgh")
    assert [copy.head(size) for size in (0, 2, 3, 5, 50)] == [b"", b"ab", b"abc", b"abcde", b"abcdefgh"]
