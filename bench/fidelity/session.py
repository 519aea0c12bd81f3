"""A session: one run of an upstream's program by seed, against any address."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import httpx

from bench.fidelity.client import AbortedError, Client
from bench.fidelity.transcript import Transcript, without_local_names

Program: TypeAlias = Callable[[Client, Random], None]
TRAIN_SEEDS: Final = tuple(range(100, 120))
DEV_SEEDS: Final = tuple(range(200, 205))
TEST_SEEDS: Final = tuple(range(900, 910))


def played(
    name: str,
    program: Program,
    seed: int,
    base: str,
    behind: str | None = None,
    *,
    spares: bool = False,
    transport: httpx.BaseTransport | None = None,
) -> Transcript:
    """Play one session to its end, or until it cannot go on, and give its transcript; options as for Client."""
    ports = [urlsplit(place).port or 80 for place in (base, behind) if place]
    with Client(base, agent=f"{name}-client/1.0", behind=behind, spares=spares, transport=transport) as client:
        return without_local_names(client.transcript(name, seed, _played(name, program, seed, client)), *ports)


def _played(name: str, program: Program, seed: int, client: Client) -> str:
    """Play, and give the sentence that says why the session ended early, "" where it did not."""
    try:
        # A seed of text: the sessions of two upstreams with one seed have nothing in common.
        program(client, Random(f"{name} {seed}"))
    except AbortedError as error:
        return str(error)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # An answer of a form that the program cannot read: on the real server `keeping` makes it a failure.
        return f"an answer could not be understood: {type(error).__name__}: {error}"
    return ""
