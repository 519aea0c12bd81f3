"""Recorded calls and how their answers differ, told as lines and as data."""

from __future__ import annotations

import math
from typing import Any, Final

import orjson
from rich.text import Text

from cassettes.cassette import Interaction
from recorder.synthesis.checking.difference import Difference
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING

_TARGET: Final = 60
_VALUE: Final = 40


def call_document(sample: Sample) -> dict[str, Any]:
    """Give which recorded call it is, as data."""
    return {
        "cassette": sample.name,
        "session": sample.interaction.session,
        "number": sample.interaction.number,
        "method": sample.method,
        "target": _target(sample.interaction),
    }


def difference_document(difference: Difference) -> dict[str, Any]:
    """Give what differs, as data: `kind`, `where`, `was`, `now`; what is not there is left out."""
    told = {"was": _plain(difference.was), "now": _plain(difference.now)}
    return {"kind": difference.kind, "where": difference.where} | {
        name: value for name, value in told.items() if value is not MISSING
    }


def call_text(sample: Sample) -> Text:
    """Write a recorded call in short."""
    target = _printable(_target(sample.interaction), _TARGET)
    return Text(f"{sample.name} {sample.interaction.number}  {sample.method} {target}")


def difference_text(difference: Difference) -> Text:
    """Write what differs with both values, in one line."""
    if difference.kind == "error":
        return Text(_printable(str(difference.now), 2 * _TARGET))
    where = f"{difference.kind} {difference.where}".strip()
    return Text(f"{where}: {_value(difference.was)} → {_value(difference.now)}")


def source(definition: str, case: int | None) -> str:
    """Write which definition answered, and by which of its cases."""
    if not definition:
        return "no definition"
    return definition if case is None else f"{definition} case {case}"


def _target(interaction: Interaction) -> str:
    return interaction.exchange.request.target.decode("utf-8", "replace")


def _value(value: Any) -> str:
    if value is MISSING:
        return "nothing"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return _printable(value if isinstance(value, str) else orjson.dumps(_plain(value)).decode(), _VALUE)


def _plain(value: Any) -> Any:
    """Give a value as JSON can say it."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _printable(text: str, most: int) -> str:
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "".join(one if one.isprintable() else "·" for one in cut)
