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
_FEWEST_LISTED: Final = 4


def deepen(samples: Sequence[Sample], templates: Sequence[Template]) -> dict[int, int]:
    """Join the parts of paths that are one parameter, and give by sample where in its path that stands.

    That they are one is told by the answers: a member of them is all that follows a prefix of the path, of one part
    and of several, and what follows first is another for each thing. A list at that prefix tells it, too.
    """
    joined: dict[int, int] = {}
    for prefix, member in _prefixes(samples, templates):
        size = len(prefix)
        below = [one for one in samples if _begins_so(one.segments, prefix) and any(one.segments[size:])]
        listing = [one for one in samples if len(one.segments) == size and _begins_so(one.segments, prefix)]
        keys = _keys([*below, *listing], member)
        words = _words_behind(below, size, keys)
        for sample in below:
            key, after = _split(sample.segments[size:], words, keys[sample.session])
            sample.segments = (*sample.segments[:size], "/".join(key), *after)
            joined[sample.number] = size
    return joined


def _begins_so(segments: Segments, prefix: Template) -> bool:
    """Tell whether a path begins as a template says."""
    return len(segments) >= len(prefix) and all(
        part is None or part == segment for part, segment in zip(prefix, segments, strict=False)
    )


def _prefixes(samples: Sequence[Sample], templates: Sequence[Template]) -> list[tuple[Template, Path]]:
    """Give the prefixes below which things are named by what follows, each with the member that says so."""
    votes: dict[tuple[Template, Path], set[Segments]] = defaultdict(set)
    for sample, template in zip(samples, templates, strict=True):
        for member, rest in _named_by(sample):
            prefix = template[: len(sample.segments) - len(rest)]
            # A word before a parameter is a collection, whose items may well say where they are.
            after = template[len(prefix) :]
            if None not in prefix and (after[0] is None or None not in after):
                votes[prefix, member].add(rest)
    likely = {
        vote
        for vote, rests in votes.items()
        if sum(len(rest) > 1 for rest in rests) >= _LEAST
        and len({len(one) for one in rests}) > 1
        and len({rest[0] for rest in rests}) > _LEAST
    }
    listed = _listed(samples, templates)
    for vote, rests in listed.items():
        votes[vote] |= rests
    found: dict[Template, Path] = {}
    for (prefix, member), _ in sorted(votes.items(), key=lambda vote: (len(vote[0][0]), -len(vote[1]))):
        is_within = any(prefix[: len(other)] == other for other in found)
        if not is_within and ((prefix, member) in likely or (prefix, member) in listed):
            found[prefix] = member
    return list(found.items())


def _listed(samples: Sequence[Sample], templates: Sequence[Template]) -> dict[tuple[Template, Path], set[Segments]]:
    """Give the templates of lists whose rows are called as what follows their path, behind several words: one kind.

    Two words at least in one list: what one list shows behind `images/` and behind `logs/` are things of one kind,
    whose names begin so. Where one session is all there is, they were put there by these names.
    """
    below: dict[int, dict[Segments, Template]] = defaultdict(dict)
    for sample, template in zip(samples, templates, strict=True):
        if sample.succeeded:
            below[sample.session][sample.segments] = template
    rests: dict[tuple[Template, Path], set[Segments]] = defaultdict(set)
    told: set[tuple[Template, Path]] = set()
    for sample, template in zip(samples, templates, strict=True):
        shown: dict[Path, set[Segments]] = defaultdict(set)
        for member, value in _members_of_rows(sample):
            rest = tuple(value.split("/"))
            known = below[sample.session].get((*sample.segments, *rest))
            if len(rest) > 1 and known is not None and known[len(sample.segments)] is not None:
                shown[member].add(rest)
        for member, inside in shown.items():
            rests[template, member] |= inside
            if len({rest[0] for rest in inside}) >= _LEAST:
                told.add((template, member))
    put = {one.segments for one in samples if one.method == "PUT" and one.succeeded} if len(below) == 1 else set()
    ends = {rest for rests_of in rests.values() for rest in rests_of if any(one[-len(rest) :] == rest for one in put)}
    return {vote: rests[vote] for vote in told if len(rests[vote]) >= _FEWEST_LISTED or rests[vote] <= ends}


def _members_of_rows(sample: Sample) -> Iterable[tuple[Path, str]]:
    """Give the texts with slashes in the rows of a list that is read, each with the names of the members around it."""
    if sample.method != "GET" or not sample.succeeded or not isinstance(sample.answer_json, dict | list):
        return
    for path, value in leaves(sample.answer_json, longest_list=_MOST_ROWS):
        if isinstance(value, str) and "/" in value and any(isinstance(step, int) for step in path):
            yield tuple(step for step in path if isinstance(step, str)), value


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


def _words_behind(below: Iterable[Sample], size: int, keys: Mapping[int, set[Segments]]) -> set[str]:
    """Give the words that follow what things are called, as `checkpoints` does: behind two things at least."""
    before: dict[str, set[Segments]] = defaultdict(set)
    for sample in below:
        rest = sample.segments[size:]
        for end in range(1, len(rest)):
            if rest[:end] in keys[sample.session] and not any(
                rest[:longer] in keys[sample.session] for longer in range(end + 1, len(rest) + 1)
            ):
                before[rest[end]].add(rest[:end])
    names = Counter(part for known in keys.values() for key in known for part in dict.fromkeys(key))
    return {word for word, things in before.items() if len(things) >= _LEAST and not names[word]}


def _split(rest: Segments, words: set[str], keys: set[Segments]) -> tuple[Segments, Segments]:
    """Give what names the thing, and what follows from a word on that follows such names."""
    if rest not in keys:
        for size in range(len(rest) - 1, 0, -1):
            if rest[size] in words:
                return rest[:size], rest[size:]
    return rest, ()
