"""Distilling: definitions from cassettes, checked against the recording and completed where they fall short of it."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from cassettes.cassette import Cassette
from recorder.synthesis.checking.hidden import knows_stand_ins
from recorder.synthesis.checking.loadable import loadable
from recorder.synthesis.checking.selfcheck import Checked, Serve, check
from recorder.synthesis.checking.thin import mark_thin
from recorder.synthesis.options import Options
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.synthesize import Synthesis, synthesize

_SELDOM: Final = (50_000, 20, 20)
_LEAST_OF_GRAPHS: Final = 0.95
"""The share of what operations answer right that a graph has to answer right, too."""
RECORDED = "recorded-sessions"
"""The id of the definition that tells again what the others cannot answer as recorded."""


@dataclass(slots=True)
class Distilled:
    """Definitions as documents, how each recorded interaction came out, and what a person should know.

    `thin` gives, by the id of each definition that would guess, the reason.
    """

    definitions: list[dict[str, Any]]
    checked: list[Checked] = field(repr=False)
    synthesis: Synthesis = field(repr=False)
    remarks: list[str] = field(default_factory=list)
    thin: dict[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, Any]:
        """Counts and shares: what was learnt answers the `generalized`, only the recording the `literal`."""
        right = sum(one.right for one in self.checked)
        total = len(self.checked)
        return {
            "interactions": total,
            "sessions": len({one.sample.session for one in self.checked}),
            "definitions": len(self.definitions),
            "generalized": right,
            "literal": total - right,
            "generalized_share": right / total if total else 1.0,
            "literal_share": (total - right) / total if total else 0.0,
        }


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Have the collector of cycles look seldom: a pass makes millions of objects that are needed to its end."""
    known = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*known)


@_seldom_collected()
def distil(cassettes: Sequence[Cassette], options: Options, serve: Serve) -> Distilled:
    """Synthesize, check every recorded interaction, and have sessions told again where any came out wrong.

    So they are where definitions have a stand-in that a live client sends the value of, and where recorded requests
    have ids that definitions give others for.

    What cannot be loaded is left out, with a remark, and a definition that would guess is disabled: the recording
    answers for it.
    """
    made = synthesize(cassettes, options)
    flaws = _leave_out_unloadable(made, serve)
    checked = _with_graphs(made, check(made.samples, made.definitions, serve), serve)
    thin = mark_thin(made.definitions, checked, options)
    if thin:
        checked = check(made.samples, made.definitions, serve)
    definitions = list(made.definitions)
    reason = _reason_to_retell(checked, knows_stand_ins=knows_stand_ins(made.samples, definitions))
    if reason:
        definitions.insert(0, _retelling(made.samples, reason))
    return Distilled(definitions, checked, made, [*made.faults, *flaws, *_remarks(checked)], thin)


def _with_graphs(made: Synthesis, checked: list[Checked], serve: Serve) -> list[Checked]:
    """Put a graph in the place of the definitions of its operations where it answers about as many calls as recorded.

    It answers any document, so that it is preferred even where it knows a little less of the recorded ones.
    """
    for graph, replaced in made.graphs:
        rest = [one for one in made.definitions if one["id"] not in replaced]
        if _flaw([graph, *rest], serve) is not None:
            continue
        again = check(made.samples, [graph, *rest], serve)
        if sum(one.right for one in again) >= _LEAST_OF_GRAPHS * sum(one.right for one in checked):
            made.definitions, checked = [graph, *rest], again
    return checked


def _leave_out_unloadable(made: Synthesis, serve: Serve) -> list[str]:
    """Take out the definitions that cannot be loaded, or what of them cannot; give what is to be said of it."""
    if _flaw(made.definitions, serve) is None:
        return []
    found = [loadable(one, lambda made: _flaw([made], serve)) for one in made.definitions]
    made.definitions = [definition for definition, _ in found if definition is not None]
    return [remark for _, told in found for remark in told]


def _flaw(definitions: Sequence[dict[str, Any]], serve: Serve) -> str | None:
    try:
        serve(definitions, time.time)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with a definition, the others shall be of use
        return str(error) or type(error).__name__
    return None


def _reason_to_retell(checked: Sequence[Checked], *, knows_stand_ins: bool) -> str:
    """Say why recorded sessions shall be told again; nothing where what was learnt answers as recorded by itself."""
    count = sum(not one.right for one in checked)
    if count:
        return f"{count} of {len(checked)} recorded calls are answered otherwise by what was learnt"
    if knows_stand_ins:
        return "what was learnt has stand-ins of values that clients send as they are"
    if any(one.translated for one in checked):
        return "what was learnt makes up other ids than those that recorded calls ask for"
    return ""


def _retelling(samples: Sequence[Sample], reason: str) -> dict[str, Any]:
    """Give the definition that tells the recorded sessions again, also those whose answers all come out right.

    The check does not look at headers, nor at the order of what came in one moment: a client may.
    """
    names = list(dict.fromkeys(sample.name for sample in samples))
    return {
        "id": RECORDED,
        "description": f"{reason}: while the calls come as in one of these sessions, it is told again",
        "priority": 1000,
        "match": {"path": "/**"},
        "mode": "replay",
        "cassette": names[0] if len(names) == 1 else names,
        "replay": {"order": "session"},
        "tags": ["synthesized"],
    }


def _remarks(checked: Sequence[Checked]) -> list[str]:
    counts = Counter(f"{one.sample.sent_method} {one.sample.sent_path}: {one.why}" for one in checked if not one.right)
    return [f"{what}{f' ({count} times)' if count > 1 else ''}" for what, count in counts.most_common(50)]
