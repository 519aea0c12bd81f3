"""Small recorded APIs for tests of synthesis: notes that are made, read, listed and deleted."""

from __future__ import annotations

from journeys import call, kept

from cassettes.cassette import Cassette, Manifest
from cassettes.definition import MockDefinition
from gateway.inprocess import InProcess
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options

LOST = {"error": "no such note"}


def a_session(prefix, words):
    """Give a session that makes notes, reads each, asks for one that is not there, and deletes the last."""
    calls = []
    for number, word in enumerate(words, 1):
        note = {"id": f"{prefix}{number}", "text": word}
        calls.append(call("POST", "/notes", {"text": word}, answer=note, status=201, session=prefix, at=len(calls)))
        calls.append(call("GET", f"/notes/{prefix}{number}", answer=note, session=prefix, at=len(calls)))
    calls.append(call("GET", "/notes/absent-0", answer=LOST, status=404, session=prefix, at=len(calls)))
    calls.append(call("DELETE", f"/notes/{prefix}{len(words)}", status=204, session=prefix, at=len(calls)))
    calls.append(call("GET", f"/notes/{prefix}{len(words)}", answer=LOST, status=404, session=prefix, at=len(calls)))
    return calls


def a_cassette(*calls, name="notes"):
    """Give these calls as a cassette."""
    return Cassette(Manifest(name), kept(*calls))


def notes(name="notes"):
    """Give two sessions of the notes as a cassette."""
    return a_cassette(
        *a_session("n-71c0ab", ["milk", "tea", "rye"]), *a_session("n-82d1bc", ["salt", "oil"]), name=name
    )


def serve(definitions, clock):
    """Answer from definitions in this process."""
    return InProcess([MockDefinition.model_validate(one) for one in definitions], clock=clock, seed=1)


def distilled(*cassettes):
    """Give what synthesis makes of cassettes."""
    return distil(list(cassettes), Options(), serve)
