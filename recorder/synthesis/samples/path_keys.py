"""Keys of paths: in brackets as `People('ada')`, and before a method as `jobs/7:cancel`.

What they say is said elsewhere with slashes: they are set aside, so that the rest need not know them, and definitions
are written with them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from recorder.synthesis.samples.formats import set_endings_aside
from recorder.synthesis.samples.sample import Sample

_KEYED: Final = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<open>\('?)(?P<key>[^(),='/]+)(?P<close>'?\))")
_CALLED: Final = re.compile(r"(?P<thing>.+):(?P<verb>[a-z][A-Za-z]*)")
_LEAST: Final = 2


def set_forms_aside(samples: Sequence[Sample]) -> None:
    """Take apart what is only how paths are written: what ends them, and how they name keys and methods."""
    set_endings_aside(samples)
    set_keys_aside(samples)


def set_keys_aside(samples: Sequence[Sample]) -> None:
    """Take paths apart where their parts hold more than one thing, and keep how they are written as `joints`."""
    keyed = _collections_with_keys(samples)
    called = _methods_called(samples)
    for sample in samples:
        _split(sample, keyed, called)


def _split(sample: Sample, keyed: set[str], called: set[str]) -> None:
    """Take one path apart: each key and each method becomes a part of its own."""
    parts: list[str] = []
    joints: list[str] = []
    closing = ""
    for part in sample.segments:
        found = _KEYED.fullmatch(part)
        if found and found["name"] in keyed:
            parts += [found["name"], found["key"]]
            joints += [f"{closing}/", found["open"]]
            closing = found["close"]
        else:
            parts.append(part)
            joints.append(f"{closing}/")
            closing = ""
    last = _CALLED.fullmatch(parts[-1]) if parts else None
    if last and last["verb"] in called:
        parts[-1:] = [last["thing"], last["verb"]]
        joints.append(":")
    if closing or len(parts) > len(sample.segments):
        sample.segments, sample.joints = tuple(parts), (*joints, closing)


def _collections_with_keys(samples: Sequence[Sample]) -> set[str]:
    """Give the words that have keys in brackets: several, or one beside the word itself."""
    keys: dict[str, set[str]] = defaultdict(set)
    alone = {part for sample in samples for part in sample.segments}
    for sample in samples:
        for part in sample.segments:
            if found := _KEYED.fullmatch(part):
                keys[found["name"]].add(found["key"])
    return {name for name, found in keys.items() if len(found) >= _LEAST or name in alone}


def _methods_called(samples: Sequence[Sample]) -> set[str]:
    """Give the words that follow things after a colon: most of these things are in paths without the word, too.

    Names that have colons in them, as `room:example.org` and `urn:isbn:5`, are never without.
    """
    known = {sample.segments[: place + 1] for sample in samples for place in range(len(sample.segments))}
    votes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for sample in samples:
        if sample.segments and (found := _CALLED.fullmatch(sample.segments[-1])):
            counts[found["verb"]] += 1
            votes[found["verb"]] += (*sample.segments[:-1], found["thing"]) in known
    return {verb for verb, count in counts.items() if votes[verb] * 2 > count}
