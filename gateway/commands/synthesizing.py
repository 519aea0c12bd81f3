"""Making definitions from recordings, and saying how well they answer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from cassettes.definition import MockDefinition
from gateway.commands.recorded import read_cassettes
from gateway.errors import ConfigError
from gateway.inprocess import InProcess
from recorder.synthesis.answering import Answering
from recorder.synthesis.distil import Distilled, distil
from recorder.synthesis.options import Options
from recorder.writing import definitions_text, json_text


def synthesize(
    names: list[str],
    output: str | None,
    report: str | None,
    without: list[str],
    *,
    home: str | None,
    as_json: bool,
) -> None:
    """Write the definitions that cassettes give, and tell on standard error what share of the recording they answer."""
    began = time.perf_counter()
    try:
        options = Options().without(part for text in without for part in text.split(",") if part)
    except ValueError as error:
        raise ConfigError(f"--without: {error}") from None
    cassettes = read_cassettes(names, home)
    made = distil(cassettes, options, serve)
    path = Path(output) if output else None
    text = definitions_text(made.definitions, path)
    if path is not None:
        _write(path, text)
    elif not as_json:
        sys.stdout.write(text)
    if report is not None:
        from recorder.synthesis.report import report_page

        _write(Path(report), report_page(made))
    told = {**made.summary, "seconds": round(time.perf_counter() - began, 3)}
    if as_json:
        sys.stdout.write(json_text(told))
        return
    _tell(made, told, path)


def serve(definitions: Sequence[dict[str, Any]], clock: Callable[[], float]) -> Answering:
    """Answer from definitions in this process."""
    return InProcess([MockDefinition.model_validate(one) for one in definitions], clock=clock, seed=1)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None


def _tell(made: Distilled, told: dict[str, Any], path: Path | None) -> None:
    place = f" in {path}" if path else ""
    print(
        f"{told['interactions']} interactions of {told['sessions']} sessions: {told['definitions']} definitions{place}",
        file=sys.stderr,
    )
    print(
        f"asked again, {told['generalized']} are answered as recorded by what was learnt "
        f"({told['generalized_share']:.1%}), {told['literal']} only by the recording itself",
        file=sys.stderr,
    )
    for remark in made.remarks[:20]:
        print(f"  {remark}", file=sys.stderr)
