"""Chunks: where a streamed body's pieces end after some of its text was replaced."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cassettes.exchange import Chunk

if TYPE_CHECKING:
    from collections.abc import Callable


def refit(chunks: tuple[Chunk, ...], old: bytes, new: bytes, *, by_lines: bool) -> tuple[Chunk, ...]:
    """Give the chunks of `new`, with the times of `old`'s: sizes add up to the new length.

    By lines: a boundary stays in its line and column, since no replacement holds a line end. Otherwise (compressed
    bodies) each boundary keeps its share of the length.
    """
    if not chunks or old == new:
        return chunks
    place = _by_lines(old, new) if by_lines and old.count(b"\n") == new.count(b"\n") else None
    fitted: list[Chunk] = []
    read = written = 0
    for chunk in chunks:
        read += chunk.size
        if read >= len(old):
            end = len(new)
        elif place is not None:
            end = place(read)
        else:
            end = read * len(new) // len(old)
        end = max(written, min(end, len(new)))
        fitted.append(Chunk(chunk.at_ms, end - written))
        written = end
    if written < len(new):
        fitted[-1] = Chunk(fitted[-1].at_ms, fitted[-1].size + len(new) - written)
    return tuple(fitted)


def _by_lines(old: bytes, new: bytes) -> Callable[[int], int]:
    olds, news = _starts(old), _starts(new)

    def place(offset: int) -> int:
        line = bisect_right(olds, offset) - 1
        end = news[line + 1] if line + 1 < len(news) else len(new)
        return min(news[line] + offset - olds[line], end)

    return place


def _starts(data: bytes) -> list[int]:
    starts = [0]
    at = data.find(b"\n")
    while at >= 0:
        starts.append(at + 1)
        at = data.find(b"\n", at + 1)
    return starts
