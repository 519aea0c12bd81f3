"""What the player found as a plan: the recorded answer as a reply, a miss as problem details."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Final

from cassettes.definition import MockDefinition
from cassettes.exchange import Failure, Response
from cassettes.key import KeyPolicy
from gateway.mode import Reply, Services
from gateway.problem import problem
from gateway.view import RequestView
from recorder.player import Miss, Played, PlayOptions
from recorder.timing import pace

_READY: Final = 65_536


class Playback:
    """Turns what the player found into replies; an answer that the player gives again needs no second turning."""

    def __init__(self, cassette: str, timing: str) -> None:
        self._cassette = cassette
        self._timing = timing
        self._ready: dict[tuple[int, str], tuple[Response | None, Reply]] = {}

    def reply(self, played: Played) -> Reply:
        """Give the reply of a recorded interaction."""
        mark = (played.interaction.number, played.tier)
        ready = self._ready.get(mark)
        if ready is not None and ready[0] is played.response:
            return ready[1]
        reply = played_reply(played, self._cassette, self._timing)
        if len(self._ready) >= _READY:
            self._ready.clear()
        self._ready[mark] = (played.response, reply)
        return reply


class Retold:
    """How a definition answers as in recorded sessions, in their order."""

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        self._timing = definition.replay.timing
        self._retelling = services.retelling(definition, options_of(definition))

    @property
    def over(self) -> bool:
        """Whether it answers nothing any more, until it is begun again."""
        return self._retelling.over

    def answer(self, view: RequestView) -> Reply | None:
        """Give what comes next in a session, or None where the request is none of any, which ends it."""
        told = self._retelling.next(view.request)
        if told is None:
            return None
        notes = (
            (b"X-Mimic-Cassette", told.cassette.encode("latin-1", "replace")),
            (b"X-Mimic-Match", b"literal; interaction=%d" % told.played.interaction.number),
        )
        return replace(played_reply(told.played, told.cassette, self._timing), notes=notes)

    def end(self) -> None:
        """Answer nothing any more: a request came that no session can have."""
        self._retelling.end()


def options_of(definition: MockDefinition) -> PlayOptions:
    """Give the player's options that a definition asks for."""
    replay = definition.replay
    key = KeyPolicy(
        volatile_query=frozenset(name.lower().encode() for name in replay.volatile.query),
        volatile_fields=tuple(replay.volatile.fields),
    )
    return PlayOptions(
        repeat=replay.repeat, strict=replay.strict, refresh=replay.refresh, rewrite_urls=replay.rewrite_urls, key=key
    )


def played_reply(played: Played, cassette: str, timing: str) -> Reply:
    """Turn a recorded interaction into the reply that gives it again; a recorded failure fails again."""
    notes = (
        (b"X-Mimic-Cassette", cassette.encode("latin-1", "replace")),
        (
            b"X-Mimic-Match",
            b"%s; score=%.2f; interaction=%d" % (played.tier.encode(), played.score, played.interaction.number),
        ),
    )
    response = played.response
    if response is None:
        return _failed(played.failure or Failure("reset"), notes)
    pieces = pace(response, timing) if response.chunks else ()
    return Reply(
        response.status,
        _framed(response, streamed=bool(pieces)),
        "cassette",
        response.body,
        response.reason,
        notes,
        pieces=pieces,
        trailers=response.trailers,
        breaks=played.failure,
    )


def _framed(response: Response, *, streamed: bool) -> tuple[tuple[bytes, bytes], ...]:
    names = {name.lower() for name, _ in response.headers}
    if streamed or b"content-length" in names or response.trailers or response.status in (204, 304):
        return response.headers
    return (*response.headers, (b"content-length", b"%d" % len(response.body)))


def _failed(failure: Failure, notes: tuple[tuple[bytes, bytes], ...]) -> Reply:
    if failure.kind in ("reset", "cut-off", "protocol"):
        return Reply(502, (), "cassette", notes=notes, breaks=failure)
    status = 504 if failure.kind == "timeout" else 502
    kind = "upstream-timeout" if failure.kind == "timeout" else "upstream-failed"
    told = problem(status, kind, failure.detail or f"recorded failure: {failure.kind}", failure=failure.kind)
    return Reply(told.status, told.headers, "cassette", told.body, notes=notes)


def missed(miss: Miss, cassette: str) -> Reply:
    """Tell what was asked for in vain and which recorded interactions come nearest."""
    told = problem(502, "replay-miss", miss.reason, cassette=cassette, near_misses=[asdict(near) for near in miss.near])
    notes = ((b"X-Mimic-Cassette", cassette.encode("latin-1", "replace")), (b"X-Mimic-Match", b"miss"))
    return Reply(told.status, told.headers, "error", told.body, notes=notes)
