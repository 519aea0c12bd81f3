"""Deep parameters: ends of paths that name one thing by several parts, as a file in folders in folders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

from recorder.synthesis.endpoints.paths import Template
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, leaves

Segments: TypeAlias = tuple[str, ...]
_LEAST: Final = 2
_DEEPEST_MEMBER: Final = 3
_MOST_ROWS: Final = 50


def deepen(samples: Sequence[Sample], templates: Sequence[Template]) -> dict[int, int]:
    """Join the parts of paths that are one parameter, and give by sample where in its path that stands.

    That they are one is told by the answers: a member of them is all that follows a prefix of the path, of one part
    and of several, and what follows first is another for each thing.
    """
    joined: dict[int, int] = {}
    for prefix, member in _prefixes(samples, templates):
        below = [one for one in samples if one.segments[: len(prefix)] == prefix and any(one.segments[len(prefix) :])]
        keys = _keys(below, member)
        words = _words_behind(below, prefix, keys)
        for sample in below:
            key, after = _split(sample.segments[len(prefix) :], words, keys[sample.session])
            sample.segments = (*prefix, "/".join(key), *after)
            joined[sample.number] = len(prefix)
    return joined


def _prefixes(samples: Sequence[Sample], templates: Sequence[Template]) -> list[tuple[Segments, Path]]:
    """Give the prefixes below which things are named by what follows, each with the member that says so."""
    votes: dict[tuple[Segments, Path], set[Segments]] = defaultdict(set)
    for sample, template in zip(samples, templates, strict=True):
        for member, rest in _named_by(sample):
            prefix = sample.segments[: len(sample.segments) - len(rest)]
            # A word before a parameter is a collection, whose items may well say where they are.
            after = template[len(prefix) :]
            if None not in template[: len(prefix)] and (after[0] is None or None not in after):
                votes[prefix, member].add(rest)
    found: dict[Segments, Path] = {}
    for (prefix, member), rests in sorted(votes.items(), key=lambda vote: (len(vote[0][0]), -len(vote[1]))):
        is_within = any(prefix[: len(other)] == other for other in found)
        are_deep = sum(len(rest) > 1 for rest in rests) >= _LEAST and len({len(one) for one in rests}) > 1
        if not is_within and are_deep and len({rest[0] for rest in rests}) > _LEAST:
            found[prefix] = member
    return list(found.items())


def _named_by(sample: Sample) -> Iterable[tuple[Path, Segments]]:
    """Give the members of an answer that are the end of the path, each with that end."""
    if not sample.succeeded or not isinstance(sample.answer_json, dict):
        return
    for member, value in leaves(sample.answer_json, longest_list=0):
        if isinstance(value, str) and value and len(member) <= _DEEPEST_MEMBER:
            rest = tuple(value.split("/"))
            if len(rest) < len(sample.segments) and sample.segments[-len(rest) :] == rest:
                yield member, rest


def _keys(below: Iterable[Sample], member: Path) -> Mapping[int, set[Segments]]:
    """Give by session what things are called, as the answers of their own say and those that list them."""
    found: dict[int, set[Segments]] = defaultdict(set)
    for sample in below if member else ():
        told = leaves(sample.answer_json, longest_list=_MOST_ROWS) if sample.succeeded else ()
        found[sample.session] |= {
            tuple(value.split("/")) for path, value in told if path[-1:] == member[-1:] and isinstance(value, str)
        }
    return found


def _words_behind(below: Iterable[Sample], prefix: Segments, keys: Mapping[int, set[Segments]]) -> set[str]:
    """Give the words that follow what things are called, as `checkpoints` does: behind two things at least."""
    before: dict[str, set[Segments]] = defaultdict(set)
    for sample in below:
        rest = sample.segments[len(prefix) :]
        for size in range(1, len(rest)):
            if rest[:size] in keys[sample.session] and not any(
                rest[:longer] in keys[sample.session] for longer in range(size + 1, len(rest) + 1)
            ):
                before[rest[size]].add(rest[:size])
    names = Counter(part for known in keys.values() for key in known for part in set(key))
    return {word for word, things in before.items() if len(things) >= _LEAST and not names[word]}


def _split(rest: Segments, words: set[str], keys: set[Segments]) -> tuple[Segments, Segments]:
    """Give what names the thing, and what follows from a word on that follows such names."""
    if rest not in keys:
        for size in range(len(rest) - 1, 0, -1):
            if rest[size] in words:
                return rest[:size], rest[size:]
    return rest, ()
