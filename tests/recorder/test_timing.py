"""The pace of replayed streams."""

from __future__ import annotations

import pytest

from cassettes.exchange import Chunk, Response
from recorder.timing import pace, resized, speed_of

STREAM = Response(200, body=b"onetwothree", chunks=(Chunk(10, 3), Chunk(30, 3), Chunk(130, 5)))


@pytest.mark.parametrize(
    ("timing", "delays"), [("recorded", [0.01, 0.02, 0.1]), ("none", [0, 0, 0]), ("scaled:0.5", [0.005, 0.01, 0.05])]
)
def test_chunks_keep_their_boundaries_and_wait_as_told(timing, delays):
    paced = pace(STREAM, timing)
    assert [piece for _, piece in paced] == [b"one", b"two", b"three"]
    assert [delay for delay, _ in paced] == pytest.approx(delays)


def test_a_body_without_chunks_is_one_piece_and_no_body_is_none():
    assert pace(Response(200, body=b"all"), "recorded") == ((0.0, b"all"),)
    assert pace(Response(204), "recorded") == ()


@pytest.mark.parametrize("chunks", [(Chunk(0, 4),), (Chunk(9, 4), Chunk(3, 90)), (Chunk(0, 0), Chunk(1, 11))])
def test_the_pieces_are_the_body_whatever_the_recorded_sizes_and_no_wait_is_negative(chunks):
    paced = pace(Response(200, body=b"onetwothree", chunks=chunks), "recorded")
    assert b"".join(piece for _, piece in paced) == b"onetwothree"
    assert all(delay >= 0 for delay, _ in paced)


@pytest.mark.parametrize("timing", ["", "fast", "scaled:", "scaled:x", "scaled:-1", "scaled:nan", "scaled:1e9"])
def test_another_timing_is_refused_with_the_remedy(timing):
    with pytest.raises(ValueError, match="'recorded', 'none' or 'scaled:'"):
        speed_of(timing)


def test_resized_chunks_add_up_to_the_new_size():
    assert sum(chunk.size for chunk in resized(STREAM.chunks, 1000)) == 1000
    assert [chunk.at_ms for chunk in resized(STREAM.chunks, 4)] == [10, 30, 130]
