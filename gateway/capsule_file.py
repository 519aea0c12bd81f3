"""The file of a capsule: a Python test that holds its interactions, serves them and asks them again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Final

from cassettes.cassette import Interaction
from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from cassettes.exchange import Response
from gateway.capsule import json_of
from recorder.capsule import capsule_text
from recorder.check import Check

_LONGEST: Final = 4096
_BROKEN: Final = frozenset({"reset", "cut-off", "protocol"})
_FILE: Final = '''"""A capsule: {title}

{told}

Run it with `pytest`. With MIMIC_CAPSULE_URL=https://… the requests go to that service instead of the recording.
"""

import os

import pytest
from gateway.capsule import play, serving

CAPSULE = r"""
{capsule}
"""


@pytest.fixture(scope="module")
def url():
    """Give where the requests go: MIMIC_CAPSULE_URL, or these interactions served on a free port."""
    named = os.environ.get("MIMIC_CAPSULE_URL")
    if named:
        yield named
    else:
        with serving(CAPSULE) as address:
            yield address


def test_{name}(url):
    answer = play(CAPSULE, url)[-1]
    status, headers, text, json = answer.status, answer.headers, answer.text, answer.json
{asserts}
'''


def render_capsule(kept: Sequence[Interaction], trace: str, cassette: str, check: Check | None) -> str:
    """Give the file; the last of the interactions is the one that the test is about.

    Without a check the test says that the answer is the recorded one: its status, and its body.
    """
    target = kept[-1]
    steps = "\n".join(f"{number:>3}. {told(one)}" for number, one in enumerate(kept, 1))
    asserts = [check.source] if check is not None else _as_recorded(target)
    name = re.sub(r"\W+", "_", f"{_words(target)}_{_outcome(target)}".lower(), flags=re.ASCII).strip("_")
    return _FILE.format(
        title=f"{told(target)}.",
        told=_plain(f"Made of {len(kept)} interactions of the cassette {cassette}, trace {trace}:\n\n") + steps,
        capsule=capsule_text(kept),
        name=name[:80],
        asserts="\n".join(f"    assert {one}" for one in asserts),
    )


def told(interaction: Interaction) -> str:
    """Say in a line what was asked and what came of it, in characters that may stand anywhere in Python."""
    return _plain(f"{_words(interaction)} answers {_outcome(interaction)}")


def facts_of(interaction: Interaction) -> dict[str, Any]:
    """Give what a check may name of a recorded answer, as `gateway.capsule.Answer` gives it of a live one."""
    response = interaction.exchange.response
    if response is None:
        return {"status": _status(interaction), "headers": {}, "text": "", "json": None}
    content = _content(response)
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
    return {
        "status": response.status,
        "headers": headers,
        "text": content.decode("utf-8", "replace"),
        "json": json_of(content),
    }


def _as_recorded(target: Interaction) -> list[str]:
    response = target.exchange.response
    asserts = [f"status == {_status(target)}"]
    if response is None or target.exchange.failure is not None or target.exchange.request.method == "HEAD":
        return asserts
    content = _content(response)
    document = json_of(content)
    if document is not None and len(content) <= _LONGEST:
        return [*asserts, f"json == {document!a}"]
    if len(content) > _LONGEST or b"\0" in content:
        return [*asserts, f'answer.sha256 == "{hashlib.sha256(content).hexdigest()}"']
    return [*asserts, f"text == {content.decode('utf-8', 'replace')!a}"]


def _content(response: Response) -> bytes:
    try:
        return decode(content_codings(response.headers), response.body)
    except DecodingError:
        return response.body


def _status(interaction: Interaction) -> int:
    """Give the status that a client sees when this is replayed; 0 where the connection breaks."""
    response, failure = interaction.exchange.response, interaction.exchange.failure
    if failure is None or response is not None:
        broken = failure is not None
        return 0 if broken or response is None else response.status
    if failure.kind in _BROKEN:
        return 0
    return 504 if failure.kind == "timeout" else 502


def _words(interaction: Interaction) -> str:
    request = interaction.exchange.request
    return f"{request.method} {request.path.decode('latin-1')}"


def _outcome(interaction: Interaction) -> str:
    response, failure = interaction.exchange.response, interaction.exchange.failure
    if failure is not None:
        return failure.kind
    return str(response.status) if response is not None else "nothing"


def _plain(text: str) -> str:
    """Leave out what could end a docstring or begin an escape."""
    return re.sub(r'[^\x20-\x7e\n]|[\\"]', "?", text)
