"""The commands that look into recordings, and hold definitions against them."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Annotated

import typer

recordings_app = typer.Typer()
Home = Annotated[str | None, typer.Option("--home", help="Folder of cassettes and key. [.mimic]")]
AsJson = Annotated[bool, typer.Option("--json", help="Print data as JSON.")]


@recordings_app.command()
def provenance(
    name: Annotated[str, typer.Argument(help="The cassette's name.")],
    output: Annotated[str | None, typer.Option("--output", "-o", help="Draw a page into this file.")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Tell where the values of a cassette came from: which answer a later request got its ids and tokens from."""
    _command("provenance").show_provenance(name, home, output, as_json=as_json)


@recordings_app.command()
def volatile(
    name: Annotated[str, typer.Argument(help="A cassette's name.")],
    other: Annotated[str, typer.Argument(help="A second recording of the same journey.")],
    output: Annotated[str | None, typer.Option("--output", "-o", help="Write the section for a replay here.")] = None,
    as_json: AsJson = False,
    home: Home = None,
) -> None:
    """Tell which values of two recordings stay, and by what rule the others change."""
    _command("volatile").show_volatility(name, other, home, output, as_json=as_json)


@recordings_app.command()
def capsule(
    trace: Annotated[str, typer.Argument(help="The X-Mimic-Trace of the answer; with --cassette also its number.")],
    cassette: Annotated[str | None, typer.Option("--cassette", help="The cassette that holds it.")] = None,
    check: Annotated[str | None, typer.Option("--check", help="What went wrong, as in 'status == 500'.")] = None,
    command: Annotated[str | None, typer.Option("--command", help="A command that fails; it makes it smaller.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="The file to write.")] = "capsule.py",
    timeout: Annotated[float, typer.Option("--timeout", help="Seconds for one run of the command.")] = 60.0,
    home: Home = None,
) -> None:
    """Write the fewest interactions that still show a failure, with a test that shows it, as one file."""
    options = {"check": check, "command": command, "output": output, "timeout_s": timeout}
    _command("capsule").make_capsule(trace, home, cassette, **options)


@recordings_app.command("verify")
def verify_command(
    file: Annotated[str, typer.Argument(help="A file, folder or configuration of definitions.")],
    against: Annotated[
        list[str] | None, typer.Option("--against", help="A cassette; may be given again; all of them without.")
    ] = None,
    least: Annotated[
        float | None, typer.Option("--least", min=0.0, max=1.0, help="Exit code 1 below this share, as in 0.95.")
    ] = None,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say how many recorded calls definitions answer as recorded, which not, and why."""
    if not _command("verifying").verify(file, against or [], least, home=home, as_json=as_json):
        raise typer.Exit(1)


@recordings_app.command("blast")
def blast_command(
    old: Annotated[str, typer.Argument(help="The definitions before: a file, folder or configuration.")],
    new: Annotated[str, typer.Argument(help="The definitions after.")],
    cassette: Annotated[
        list[str] | None,
        typer.Option("--cassette", help="A cassette to ask of both; may be given again; all of them without."),
    ] = None,
    journal: Annotated[bool, typer.Option("--journal", help="Ask what the running gateway was asked.")] = False,
    home: Home = None,
    as_json: AsJson = False,
) -> None:
    """Say which recorded calls an edit of definitions changes the answers of; exit code 1 if any."""
    options = {"with_journal": journal, "home": home, "as_json": as_json}
    if _command("blast").show_blast(old, new, cassette or [], **options):
        raise typer.Exit(1)


def _command(name: str) -> ModuleType:
    """Import what a command needs when it runs: completion and --help should not wait for it."""
    return import_module(f"gateway.commands.{name}")
