"""The recorded requests, sent to a stand-in as they were recorded: nothing it answers is used to ask on."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

import httpx

from bench.fidelity.client import Client
from bench.fidelity.keeping import Runs
from bench.fidelity.recording import cassette_of, seen_while_recorded
from bench.fidelity.scoring import Scored, score
from bench.fidelity.stand_in import Fresh, Lesson, StandIn
from bench.fidelity.transcript import Step, Transcript, without_local_names
from cassettes.cassette import Cassette, Interaction
from cassettes.library import Library
from cassettes.stores import open_store

# The client's library writes these for the connection of now.
_OWN: Final = frozenset({"host", "connection", "content-length", "transfer-encoding"})


def as_recorded(
    lesson: Lesson, seeds: Sequence[int], stand_in: StandIn, fresh: Fresh, runs: dict[int, Runs]
) -> list[tuple[tuple[Scored, ...], Transcript]]:
    """Score a stand-in's answers to the recorded requests of these sessions beside the recorded answers.

    What differs between two real runs need not be the same; everything else must be as in the cassette, pseudonyms
    included.
    """
    library = Library(open_store(lesson.home / "cassettes"))
    found = []
    for seed in seeds:
        cassette = library.read(cassette_of(seed))
        seen = seen_while_recorded(lesson.home, seed)
        if len(cassette.interactions) != len(seen.steps):
            continue  # something could not be kept: which step it was is not known
        place = next(iter(cassette.manifest.upstreams.values()), "")
        recorded = replace(seen, steps=tuple(_recorded(cassette, seen, place)))
        recorded = without_local_names(recorded, urlsplit(place).port or 80)
        with fresh() as base:
            sent = _send(base, cassette, recorded)
        found.append((score(recorded, *runs[seed][1:], sent, stand_in.answered), sent))
    return found


def _recorded(cassette: Cassette, seen: Transcript, place: str) -> list[Step]:
    pairs = zip(cassette.interactions, seen.steps, strict=True)
    return [_step(interaction, step, place) for interaction, step in pairs]


def _step(interaction: Interaction, seen: Step, place: str) -> Step:
    """Give the step as it is in the cassette, in the notation of transcripts."""
    exchange = interaction.exchange
    request, response = exchange.request, exchange.response
    path = request.target.decode("latin-1")
    if response is None:
        return replace(seen, path=path)
    answered = httpx.Response(response.status, headers=list(response.headers), stream=httpx.ByteStream(response.body))
    body = answered.read()
    told = [(name.lower(), _placeless(value, place)) for name, value in answered.headers.multi_items()]
    text = "" if seen.binary else _placeless(body.decode("utf-8", "replace"), place)
    digest = hashlib.sha256(body).hexdigest() if seen.binary else ""
    asked = f"\n\n{request.body.decode('utf-8', 'replace')}"
    return replace(seen, path=path, headers=tuple(told), text=text, digest=digest, size=len(body), asked=asked)


def _placeless(text: str, place: str) -> str:
    return text.replace(place, "{base}").replace(urlsplit(place).netloc, "{host}") if place else text


def _send(base: str, cassette: Cassette, recorded: Transcript) -> Transcript:
    port = urlsplit(base).port or 80
    with Client(base) as client:
        for interaction, step in zip(cassette.interactions, recorded.steps, strict=True):
            request = interaction.exchange.request
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
            kept = {name: value for name, value in headers.items() if name.lower() not in _OWN}
            # A caller of its own for each: the cookies are those of the recording, not those of now.
            client.user().ask(step.label, step.method, step.path, content=request.body or None, headers=kept)
        return without_local_names(client.transcript(recorded.upstream, recorded.seed), port)
