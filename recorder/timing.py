"""Timing of replayed streams: the recorded pieces of a body, each with the wait before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cassettes.exchange import Chunk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cassettes.exchange import Response


def speed_of(timing: str) -> float:
    """Give the factor on recorded times: `none` 0, `recorded` 1, `scaled:x` x. Raises ValueError with the remedy."""
    if timing in ("none", "recorded"):
        return float(timing == "recorded")
    word, _, factor = timing.partition(":")
    try:
        scale = float(factor)
    except ValueError:
        scale = -1.0
    if word != "scaled" or not 0 <= scale < 1e6:
        raise ValueError(
            f"timing is {timing!r}, it should be 'recorded', 'none' or 'scaled:' and a factor, as scaled:0.5"
        )
    return scale


def pace(response: Response, timing: str) -> tuple[tuple[float, bytes], ...]:
    """Give the body in its recorded pieces, each with the seconds to wait before it; one piece if it has none.

    The pieces together are the body, whatever the sizes recorded.
    """
    factor = speed_of(timing)
    if not response.chunks:
        return ((0.0, response.body),) if response.body else ()
    paced, begin, before_ms = [], 0, 0.0
    for chunk in response.chunks:
        at_ms = max(chunk.at_ms, before_ms)
        paced.append(((at_ms - before_ms) * factor / 1000, response.body[begin : begin + chunk.size]))
        begin, before_ms = begin + chunk.size, at_ms
    if begin < len(response.body):
        paced.append((0.0, response.body[begin:]))
    return tuple((delay_s, piece) for delay_s, piece in paced if piece)


def resized(chunks: Sequence[Chunk], size: int) -> tuple[Chunk, ...]:
    """Give the chunks for a body that has become `size` bytes long, where no one can say which byte came when."""
    whole = sum(chunk.size for chunk in chunks)
    if not whole or whole == size:
        return tuple(chunks)
    ends, seen = [], 0
    for chunk in chunks:
        seen += chunk.size
        ends.append(seen * size // whole)
    begins = [0, *ends[:-1]]
    return tuple(Chunk(chunk.at_ms, end - begin) for chunk, begin, end in zip(chunks, begins, ends, strict=True))
