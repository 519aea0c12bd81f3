"""Making definitions from recordings, and saying how well they answer."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from gateway.commands.planning import Made, Planned, by_plan, needs_plan, tell_plan
from gateway.commands.recorded import read_cassettes
from gateway.commands.updating import change_document, changed, read_earlier, tell_change
from gateway.documents.editing import replace_file
from gateway.errors import ConfigError
from gateway.inprocess import serve
from recorder.synthesis.distil import distil
from recorder.synthesis.options import Options
from recorder.synthesis.outcomes.latency import latencies
from recorder.synthesis.refinement import signed_definitions
from recorder.writing import definitions_text, json_text


def synthesize(
    names: list[str],
    output: str | None,
    report: str | None,
    without: list[str],
    *,
    latency: bool,
    keep_thin: bool,
    update: str | None,
    dry_run: bool,
    planned: Planned,
    home: str | None,
    as_json: bool,
) -> None:
    """Write the definitions that cassettes give, and tell on standard error what share of the recording they answer.

    With `update` they are brought into those of a file that an earlier pass made. Where there is more than is learnt
    from at once it is done as `planned`.
    """
    began = time.perf_counter()
    options = _without(Options(latency=latency, keep_thin=keep_thin), without)
    if dry_run and update is None:
        raise ConfigError("--dry-run shows what --update would change: add --update FILE")
    earlier = read_earlier(update, home) if update is not None else None
    wanted = list(dict.fromkeys([*(earlier.sources if earlier is not None else ()), *names]))
    is_large = needs_plan(wanted, home, planned)
    made = by_plan(wanted, home, options, planned) if is_large else _at_once(wanted, home, options)
    told = made.summary
    target = Path(output) if output else earlier.path if earlier is not None else None
    change = changed(earlier, made.definitions, wanted, made.cassettes()) if earlier is not None else None
    if change is None:
        _put_out(definitions_text(signed_definitions(made.definitions, wanted), target), target, is_quiet=as_json)
    else:
        told |= change_document(change, is_dry=dry_run)
        if target is not None and not dry_run:
            replace_file(target, change.text)
    if report is not None:
        write(Path(report), made.page())
    told["seconds"] = round(time.perf_counter() - began, 3)
    if as_json:
        sys.stdout.write(json_text(told))
        return
    if change is not None:
        tell_change(change)
    _tell(made, told, None if dry_run else target)


def _without(options: Options, without: list[str]) -> Options:
    try:
        return options.without(part for text in without for part in text.split(",") if part)
    except ValueError as error:
        raise ConfigError(f"--without: {error}") from None


def _at_once(names: list[str], home: str | None, options: Options) -> Made:
    cassettes = read_cassettes(names, home)
    made = distil(cassettes, options, serve)

    def page() -> str:
        from recorder.synthesis.reports.report import report_page

        return report_page(made)

    told = {**made.summary, "thin": made.thin, "latencies": latencies(made.synthesis.behaviours)}
    return Made(made.definitions, told, made.remarks, page, lambda: cassettes)


def _put_out(text: str, target: Path | None, *, is_quiet: bool) -> None:
    if target is not None:
        write(target, text)
    elif not is_quiet:
        sys.stdout.write(text)


def write(path: Path, text: str) -> None:
    """Write a file that the command line names; raises ConfigError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from None


def _tell(made: Made, told: dict[str, Any], path: Path | None) -> None:
    place = f" in {path}" if path else ""
    print(
        f"{told['interactions']} interactions of {told['sessions']} sessions: {told['definitions']} definitions{place}",
        file=sys.stderr,
    )
    if "plan" in told:
        tell_plan(told["plan"])
    print(
        f"asked again, {told['generalized']} are answered as recorded by what was learnt "
        f"({told['generalized_share']:.1%}), {told['literal']} only by the recording itself",
        file=sys.stderr,
    )
    thin = told.get("thin", {})
    kept = [one["id"] for one in made.definitions if one["id"] in thin and one.get("enabled", True)]
    for name, reason in thin.items():
        what = "is of low confidence" if name in kept else "is disabled as a guess"
        print(f"  {name} {what}: {reason}", file=sys.stderr)
    for remark in made.remarks[:20]:
        print(f"  {remark}", file=sys.stderr)
