"""Synthesis: mocks made of cassettes, given back or added to what is served, all or nothing."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any, Final, Literal, TypeAlias

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from cassettes.cassette import Cassette
from gateway.admin.desk import Desk
from gateway.app import Gateway
from gateway.inprocess import serve
from recorder.echoes import with_echoes
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.latency import latencies
from recorder.synthesis.refinement import signed_definitions
from recorder.synthesis.reports.account import endpoint_accounts

INTERACTIONS: Final = 10_000
"""So many interactions are synthesized over the API: about a minute's work, beside the traffic."""
Step: TypeAlias = Literal["templates", "echo", "store", "links", "guards", "lists"]


class Wanted(BaseModel):
    """What to synthesize beside the cassette of the path: others `with` it, `without` some steps of the pass.

    With `latency` they wait as long as the recorded answers took, with `keep_thin` those that would guess answer too.
    With `write` what is added is written to the files of definitions too, which needs the setting write_back.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    with_: list[str] = Field([], alias="with", max_length=1000)
    without: list[Step] = []
    latency: bool = False
    keep_thin: bool = False
    write: bool = False


_Add = Annotated[bool, Query(description="serve the definitions too: all of them or none")]
_Replace = Annotated[bool, Query(description="with add: replace definitions of the same ids")]
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"description": "there is no such cassette"},
    409: {"description": "a synthesis is running, or there are definitions of these ids"},
    413: {"description": "too many interactions for a request"},
    422: {"description": "nothing is recorded, or the definitions cannot be served"},
}


def synthesis_router(gateway: Gateway, desk: Desk) -> APIRouter:
    """Make definitions of cassettes; one synthesis at a time, and never on the loop that answers."""
    router = APIRouter(tags=["cassettes"], prefix="/cassettes")
    turn = asyncio.Lock()

    @router.post("/{name}/synthesize", responses=_PROBLEMS)
    async def synthesize(
        name: str, wanted: Wanted | None = None, *, add: _Add = False, replace: _Replace = False
    ) -> dict[str, Any]:
        asked = wanted or Wanted()
        _judge(asked, desk, add=add)
        if turn.locked():
            raise HTTPException(409, "a synthesis is running: ask again when it has ended")
        async with turn:
            names = list(dict.fromkeys([name, *asked.with_]))
            await asyncio.to_thread(gateway.services.sessions.flush)
            made = await asyncio.to_thread(_synthesized, gateway, names, asked)
        if add:
            await desk.create(made["definitions"], several=True, replace=replace)
        return {**made, "added": add}

    return router


def _judge(wanted: Wanted, desk: Desk, *, add: bool) -> None:
    if wanted.write and not add:
        raise HTTPException(422, "write: only what is added is written: ask with ?add=true")
    if wanted.write and not desk.writes:
        raise HTTPException(422, "write: the settings write_back and write_back_file are not set, so there is no file")


def _synthesized(gateway: Gateway, names: list[str], wanted: Wanted) -> dict[str, Any]:
    options = Options(latency=wanted.latency, keep_thin=wanted.keep_thin).without(wanted.without)
    made = distil(_read(gateway, names), options, serve)
    return {
        "definitions": signed_definitions(made.definitions, names),
        "summary": made.summary,
        "remarks": made.remarks,
        "thin": made.thin,
        "latencies": latencies(made.synthesis.behaviours),
        "doubts": {one.id: list(one.doubts) for one in endpoint_accounts(made) if one.doubts},
    }


def _read(gateway: Gateway, names: list[str]) -> list[Cassette]:
    """Read cassettes, unless they say or turn out to be too large; by name only, as all that comes over the network."""
    library = gateway.services.library
    _bound(sum(library.manifest(name).interactions for name in names), names)
    cassettes = [with_echoes(library.read(name), gateway.services.key) for name in names]
    count = sum(len(cassette.interactions) for cassette in cassettes)
    _bound(count, names)
    if not count:
        raise HTTPException(422, f"nothing is recorded in {', '.join(names)}: record a session first")
    return cassettes


def _bound(count: int, names: list[str]) -> None:
    if count > INTERACTIONS:
        raise HTTPException(
            413,
            f"there are {count} interactions in {', '.join(names)}; over the API at most {INTERACTIONS} are "
            "synthesized: name fewer cassettes, or use mockctl synthesize",
        )
