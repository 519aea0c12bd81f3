"""Making a capsule: one file with the fewest interactions that still show a failure, and the test that shows it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cassettes.cassette import Cassette, Interaction
from cassettes.errors import CassetteError
from cassettes.library import Library
from gateway.capsule import serve_interactions
from gateway.capsule_file import facts_of, render_capsule, told
from gateway.commands.provenance import write_file
from gateway.commands.trace import asked_of_gateway
from gateway.commands.trial import Trial
from gateway.config import load_configuration
from gateway.errors import ConfigError, ControlError
from gateway.services import RAW, open_library
from recorder.capsule import fewest, slice_of
from recorder.check import Check, parse_check
from recorder.errors import CheckError
from sanitizers.errors import ProfileError, SanitizeError
from sanitizers.keys import load_or_create
from sanitizers.pipeline import Sanitizer
from sanitizers.profile import load_profile


def make_capsule(
    trace: str,
    home: str | None,
    cassette: str | None,
    *,
    check: str | None,
    command: str | None,
    output: str,
    timeout_s: float,
) -> None:
    """Find what answered `trace`, take what it depends on, shrink that where a command tells, and write the file."""
    compiled = _check(check)
    settings = load_configuration(None, {"home": home}).settings
    whole, target = _find(trace, Path(settings.home), cassette)
    if compiled is not None and not compiled.holds(facts_of(target)):
        raise ConfigError(
            f"the check is not true of {told(target)}: check what went wrong there, as in 'status == 500'"
        )
    kept: Sequence[Interaction] = slice_of(whole.interactions, target.number)
    if command is not None:
        kept = _shrunk(whole, kept, target, command, timeout_s)
    if whole.manifest.profile == RAW:
        kept = _cleaned(kept, settings.profile, Path(settings.home))
    write_file(output, render_capsule(kept, trace, whole.manifest.name, compiled))
    print(f"{len(kept)} of {len(whole.interactions)} interactions: {told(target)}")
    for interaction in kept:
        print(f"  {interaction.number:>4}  {told(interaction)}")
    print(f"run it with: pytest {output}")


def _check(text: str | None) -> Check | None:
    try:
        return parse_check(text) if text is not None else None
    except CheckError as error:
        raise ConfigError(str(error)) from None


def _find(trace: str, home: Path, name: str | None) -> tuple[Cassette, Interaction]:
    """Give the cassette and in it the interaction: by its recorded trace, its number, or what the gateway answered."""
    library = open_library(home, allow_paths=True)
    names = [name] if name is not None else library.names()
    for cassette in (_read(library, one) for one in names):
        for interaction in reversed(cassette.interactions):
            is_number = name is not None and trace == str(interaction.number)
            if interaction.exchange.trace == trace or is_number:
                return cassette, interaction
    return _replayed(trace, library, name)


def _read(library: Library, name: str) -> Cassette:
    try:
        return library.read(name)
    except CassetteError as error:
        raise ConfigError(str(error)) from None


def _replayed(trace: str, library: Library, name: str | None) -> tuple[Cassette, Interaction]:
    """Ask the running gateway what it answered; an answer that no cassette gave is taken as one at its end."""
    where = f"the cassette {name}" if name is not None else "no cassette"
    try:
        asked = asked_of_gateway(trace)
    except ControlError as error:
        holds = "does not hold" if name is not None else "holds"
        raise ConfigError(f"{where} {holds} the trace {trace!r}, and it cannot be asked for: {error}") from None
    cassette = _read(library, name or asked.cassette)
    given = asked.answered_by(cassette.interactions)
    if given is not None:
        return cassette, given
    last = cassette.interactions[-1] if cassette.interactions else None
    added = Interaction(last.number + 1 if last else 1, asked.exchange, last.session if last else "")
    return replace(cassette, interactions=(*cassette.interactions, added)), added


def _shrunk(
    whole: Cassette, kept: Sequence[Interaction], target: Interaction, command: str, timeout_s: float
) -> Sequence[Interaction]:
    """Leave out what the command does not need to fail as it does with everything."""
    upto = [one for one in whole.interactions if one.number <= target.number]
    trial = Trial(command, timeout_s, whole.manifest.upstreams, serve_interactions, target.exchange.request)
    wanted = trial.run(upto)
    if wanted is None:
        raise ConfigError(
            f"the command does not fail of {told(target)} with the recording up to there (or not within "
            f"{timeout_s:g} s): it must ask for it at MIMIC_CAPSULE_URL, and exit with another code than 0"
        )

    def still_fails(others: Sequence[Interaction]) -> bool:
        tried = sorted({*others, target}, key=lambda one: one.number)
        found = trial.run(tried)
        print(f"{len(tried)} interactions: {'fails' if found == wanted else 'does not'}", file=sys.stderr)
        return found == wanted

    others = [one for one in kept if one is not target]
    if len(kept) < len(upto) and not still_fails(others):
        others = [one for one in upto if one is not target]
    return sorted([*fewest(others, still_fails), target], key=lambda one: one.number)


def _cleaned(kept: Sequence[Interaction], profile: str, home: Path) -> Sequence[Interaction]:
    """Clean what was recorded uncleaned: a capsule is made to be handed on."""
    try:
        sanitizer = Sanitizer(load_profile(profile), load_or_create(home))
        return [replace(one, exchange=sanitizer.clean(one.exchange).exchange) for one in kept]
    except (ProfileError, SanitizeError) as error:
        raise ConfigError(
            f"the recording is uncleaned and cannot be cleaned, so nothing was written: {error}"
        ) from None
