"""Telling the fidelity of definitions: how many recorded calls they answer as recorded, which not, and why."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from gateway.commands.blast import tell_elsewhere
from gateway.commands.calls import call_document, call_text, difference_document, difference_text, source
from gateway.commands.mocks import Mocks, read_mocks
from gateway.commands.recorded import read_cassettes
from gateway.errors import ConfigError
from recorder.synthesis.checking.selfcheck import Checked, check_sessions
from recorder.synthesis.samples.sample import samples_of
from recorder.writing import json_text

_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How the recorded calls came out of some definitions.

    `wrong` are answered otherwise by definitions that were asked; `elsewhere` by ones that cannot be asked here.
    `retold` counts those of `wrong` whose session the definitions tell again, so that its own client gets them right.
    """

    checked: tuple[Checked, ...]
    wrong: tuple[Checked, ...]
    elsewhere: tuple[Checked, ...]
    retold: int

    @property
    def right(self) -> int:
        return sum(one.right for one in self.checked)

    @property
    def share(self) -> float:
        """What share of all calls the definitions answer as recorded, without telling a recording again."""
        return self.right / len(self.checked)


def verify(file: str, names: list[str], least: float | None, *, home: str | None, as_json: bool) -> bool:
    """Print how well the definitions of a file answer what was recorded; False where that is below `least` (0 to 1)."""
    mocks = read_mocks(file)
    samples = samples_of(read_cassettes(names, home))
    if not samples:
        raise ConfigError("no recorded call has an answer: there is nothing to ask")
    found = _fidelity(mocks, check_sessions(samples, mocks.begin))
    if as_json:
        sys.stdout.write(json_text(_document(found, mocks)))
    else:
        _print(found, mocks, names)
    is_enough = least is None or found.share >= least
    if not is_enough:
        print(f"{found.share:.1%} is below {least:.1%}", file=sys.stderr)
    return is_enough


def _fidelity(mocks: Mocks, checked: Sequence[Checked]) -> Fidelity:
    elsewhere = tuple(one for one in checked if not one.right and one.definition in mocks.elsewhere)
    wrong = tuple(one for one in checked if not one.right and one.definition not in mocks.elsewhere)
    return Fidelity(tuple(checked), wrong, elsewhere, sum(_is_retold(mocks, one) for one in wrong))


def _is_retold(mocks: Mocks, one: Checked) -> bool:
    sample = one.sample
    return any(
        sample.name in definition.cassettes
        and (not definition.replay.sessions or sample.interaction.session in definition.replay.sessions)
        for definition in mocks.retold
    )


def _document(found: Fidelity, mocks: Mocks) -> dict[str, Any]:
    counts, rights = Counter[str](), Counter[str]()
    for one in found.checked:
        counts[one.definition] += 1
        rights[one.definition] += one.right
    return {
        "calls": len(found.checked),
        "right": found.right,
        "share": found.share,
        "retold": found.retold,
        "definitions": [
            {"definition": name or None, "calls": count, "right": rights[name]} for name, count in counts.items()
        ],
        "wrong": [_wrong(one) for one in found.wrong],
        "elsewhere": [
            call_document(one.sample) | {"definition": one.definition, "needs": mocks.elsewhere[one.definition]}
            for one in found.elsewhere
        ],
    }


def _wrong(one: Checked) -> dict[str, Any]:
    told = difference_document(one.difference) if one.difference is not None else {}
    return call_document(one.sample) | told | {"definition": one.definition or None, "case": one.case, "tier": one.tier}


def _print(found: Fidelity, mocks: Mocks, names: Sequence[str]) -> None:
    tell_elsewhere([mocks])
    if found.wrong:
        table = Table("call", "recorded → given", "answered by", box=None, pad_edge=False)
        for one in found.wrong[:_SHOWN]:
            assert one.difference is not None, "what is wrong differs"
            table.add_row(call_text(one.sample), difference_text(one.difference), source(one.definition, one.case))
        Console().print(table)
        if len(found.wrong) > _SHOWN:
            print(f"and {len(found.wrong) - _SHOWN} more: --json shows them all")
    against = ", ".join(names) or "all cassettes"
    print(
        f"{mocks.file} against {against}: {found.right} of {len(found.checked)} recorded calls "
        f"are answered as recorded ({found.share:.1%})"
    )
    if found.elsewhere:
        print(f"{len(found.elsewhere)} belong to definitions that cannot be asked here")
    if found.retold:
        print(f"{found.retold} of the others are right for a client that repeats its recorded session")
