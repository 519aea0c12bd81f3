"""Told ids: calls that are sent many items and answer only with their ids, a row each: `{"ids": ["a7", "b2"]}`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from recorder.synthesis.collections.binding import Collection, ShownBulk
from recorder.synthesis.collections.places import lists_in
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import Path, as_text, is_scalar, look, parts, same

_LEAST: Final = 3
_DISTINCT_SIZES: Final = 2
Told = Mapping[int, Sequence[Sample]]
"""By session all its samples, in their order."""


def find_told_ids(endpoint: Endpoint, collection: Collection, told: Told) -> ShownBulk | None:
    """Find where a call is sent rows, and where its answer tells the ids of what they are from then on.

    Later answers have to show what was sent under such ids, three at least, of calls with two numbers of rows.
    """
    good = [one for one in endpoint.samples if one.succeeded and isinstance(one.json, dict | list)]
    seen: Counter[tuple[Path, Path, Path]] = Counter()
    fits: Counter[tuple[Path, Path, Path]] = Counter()
    sizes: dict[tuple[Path, Path, Path], set[int]] = defaultdict(set)
    for sample in good:
        for place, pairs in _ways(sample, collection):
            fits[place] += 1
            sizes[place].add(len(pairs))
            seen[place] += _known_later(sample, pairs, collection, told[sample.session])
    likely = [one for one, count in fits.items() if count == len(good) and seen[one] >= _LEAST]
    best = max(likely, key=lambda one: (seen[one], -len(one[2])), default=None)
    if best is None or len(sizes[best]) < _DISTINCT_SIZES:
        return None
    sent, results, own = best
    return ShownBulk(collection, results, (), sent=sent, own=own)


def _ways(
    sample: Sample, collection: Collection
) -> Iterator[tuple[tuple[Path, Path, Path], list[tuple[dict[str, Any], str]]]]:
    """Give the pairs of lists, sent and answered, of one length, with the rows that are sent and their ids."""
    for sent, rows in lists_in(sample.json):
        if not rows or not all(isinstance(row, dict) for row in rows):
            continue
        for results, answers in lists_in(sample.answer_json):
            if len(answers) != len(rows):
                continue
            for own in ((), collection.id_path or ()):
                ids = [look(one, own) for one in answers]
                are_new = all(isinstance(one, str | int) and not isinstance(one, bool) and one != "" for one in ids)
                texts = [as_text(one) for one in ids] if are_new else []
                if texts and len(set(texts)) == len(texts) and not _are_sent(texts, rows):
                    yield (sent, results, own), list(zip(rows, texts, strict=True))


def _are_sent(ids: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Tell whether the rows have the ids already."""
    return any(own in {as_text(value) for value in row.values()} for own, row in zip(ids, rows, strict=True))


def _known_later(
    sample: Sample, pairs: Sequence[tuple[dict[str, Any], str]], collection: Collection, others: Sequence[Sample]
) -> int:
    """Give of how many rows a later answer shows something under the id that was told."""
    left = {own: row for row, own in pairs}
    for other in others:
        if other.number <= sample.number or not other.succeeded or other.answer_text is None:
            continue
        if any(own in other.answer_text for own in left):
            for _, value in parts(other.answer_json, longest_list=20):
                own = as_text(look(value, collection.id_path or ())) if isinstance(value, dict) else ""
                if own in left and _shows(value, left[own]):
                    del left[own]
        if not left:
            break
    return len(pairs) - len(left)


def _shows(item: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    return any(is_scalar(value) and name in item and same(item[name], value) for name, value in row.items())
