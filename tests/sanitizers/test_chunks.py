from __future__ import annotations

from cassettes.exchange import Chunk
from sanitizers.chunks import refit


def sizes(chunks):
    return [chunk.size for chunk in chunks]


def test_an_unchanged_body_keeps_its_chunks():
    chunks = (Chunk(1.0, 3), Chunk(2.0, 2))
    assert refit(chunks, b"abcde", b"abcde", by_lines=True) is chunks


def test_a_boundary_between_lines_stays_between_lines():
    chunks = (Chunk(1.0, 6), Chunk(2.0, 8))
    assert sizes(refit(chunks, b"data:a\ndata:bb", b"data:xyz\ndata:bb", by_lines=True)) == [6, 10]
    chunks = (Chunk(1.0, 7), Chunk(2.0, 7))
    assert sizes(refit(chunks, b"data:a\ndata:bb", b"data:xyz\ndata:bb", by_lines=True)) == [9, 7]


def test_a_line_that_shrinks_holds_its_boundaries():
    chunks = (Chunk(1.0, 8), Chunk(2.0, 2), Chunk(3.0, 3))
    fitted = refit(chunks, b"abcdefghij\nkl", b"abc\nkl", by_lines=True)
    assert sizes(fitted) == [4, 0, 2]
    assert sum(sizes(fitted)) == 6


def test_a_compressed_body_is_cut_in_proportion():
    chunks = (Chunk(1.0, 50), Chunk(2.0, 50))
    assert sizes(refit(chunks, b"x" * 100, b"y" * 60, by_lines=False)) == [30, 30]


def test_times_stay():
    fitted = refit((Chunk(1.5, 1), Chunk(2.5, 1)), b"ab", b"xyz", by_lines=True)
    assert [chunk.at_ms for chunk in fitted] == [1.5, 2.5]


def test_a_body_that_is_emptied_keeps_its_chunks_empty():
    assert sizes(refit((Chunk(1.0, 2), Chunk(2.0, 2)), b"abcd", b"", by_lines=True)) == [0, 0]
