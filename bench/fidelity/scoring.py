"""Scoring: how right each step of a mock's session is, beside three fresh runs of the same session on the real server.

A value is *stable* where the three runs agree, else *volatile*. An *opaque* word, an id or token that the server made
up, is compared up to a bijection between the real server's ids and the mock's that holds over the whole session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bench.fidelity.bijection import Bijection
from bench.fidelity.comparison import Scene, Tally, compare, same_shape
from bench.fidelity.transcript import Step, Transcript
from bench.fidelity.tree import Tree, tree_of

LEVELS: Final = ("answered", "status", "headers", "shape", "values", "linked")
# What a hop or a clock writes, and what our own gateway adds.
_NOISE: Final = frozenset(
    [
        "date",
        "server",
        "content-length",
        "connection",
        "keep-alive",
        "transfer-encoding",
        "via",
        "age",
        "vary",
        "content-encoding",
        "alt-svc",
        "x-powered-by",
        "content-type",
        "matched-stub-id",
        "matched-stub-name",
        "x-process-time",
    ]
)
# Lists whose order means nothing.
_SETS: Final = frozenset(
    {"allow", "access-control-allow-methods", "access-control-allow-headers", "access-control-expose-headers"}
)
# A header of these that the real server did not send misleads a client.
_TELLING: Final = frozenset(
    [
        "location",
        "set-cookie",
        "www-authenticate",
        "etag",
        "link",
        "retry-after",
        "content-disposition",
        "content-location",
    ]
)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one step is worth. `level` is the highest of L0 to L5 that it reached, -1 for none; each implies the lower.

    `strict` is L4 with opaque words equal instead of bijective, `body` is the right status with the right values in the
    body whatever the headers say. `reads` marks the steps that L6 counts. `leaves` and `right` count stable values. A
    `false_accept` is a 2xx where the real server said 4xx or 5xx. An `honest` step was not answered where the real
    server refused as well, or was wrong and marked as of low confidence.
    """

    label: str
    reached: bool
    level: int
    strict: bool = False
    body: bool = False
    reads: bool = False
    leaves: int = 0
    right: int = 0
    false_accept: bool = False
    honest: bool = False
    why: str = ""


def answered_by_mimic(step: Step) -> bool:
    """Tell whether a mock of ours answered, rather than saying that it could not."""
    if step.status == 0 or step.header("x-mimic-served-by") == "error":
        return False
    return '"urn:mimic:problem:' not in step.text[:200]


def answered_by_anyone(step: Step) -> bool:
    """Tell whether there was an answer at all."""
    return step.status != 0


def score(
    real: Transcript,
    second: Transcript,
    third: Transcript,
    mock: Transcript,
    answered: Callable[[Step], bool] = answered_by_mimic,
    *more: Transcript,
) -> tuple[Scored, ...]:
    """Score every step of `real`; `second`, `third` and `more` are runs of the same seed, each on a fresh server.

    Steps that the mock's session never reached are wrong; steps that only the mock's session has follow from earlier
    wrong answers, and are not counted again.
    """
    runs = tuple(run.keyed() for run in (real, second, third, *more))
    asked = _Asked(runs, _id_keys(real.steps))
    others = []
    for run in runs[1:]:
        others.append(Bijection())
        _scored(asked, run, others[-1], (), answered_by_anyone)
    return _scored(asked, mock.keyed(), Bijection(), tuple(others), answered)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The steps of the real runs, and the keys whose numbers are ids."""

    runs: tuple[dict[tuple[str, int], Step], ...]
    id_keys: frozenset[str]


def _scored(
    asked: _Asked,
    mocked: dict[tuple[str, int], Step],
    book: Bijection,
    others: tuple[Bijection, ...],
    answered: Callable[[Step], bool],
) -> tuple[Scored, ...]:
    scored = []
    sent = ""
    for key, step in asked.runs[0].items():
        sent += f"\n{step.path}\n{step.asked}"
        same = [run[key] for run in asked.runs if key in run]
        found = mocked.get(key)
        if found is None:
            scored.append(Scored(step.label, reached=False, level=-1, reads=step.reads, why="not reached"))
        else:
            scored.append(_judge(same, found, Scene(book, sent, asked.id_keys, others), answered))
    return tuple(scored)


def _judge(runs: Sequence[Step], mock: Step, scene: Scene, answered: Callable[[Step], bool]) -> Scored:
    real = runs[0]
    refused = real.status >= 400
    if not answered(mock):
        return Scored(real.label, reached=True, level=-1, reads=real.reads, honest=refused, why="not answered")
    statuses = {step.status for step in runs}
    false_accept = refused and 200 <= mock.status < 300 and mock.status not in statuses
    if mock.status not in statuses:
        return Scored(
            real.label,
            reached=True,
            level=0,
            reads=real.reads,
            false_accept=false_accept,
            honest=_is_unsure(mock),
            why=f"status {mock.status}, not {real.status}",
        )
    trees = [tree_of(step) for step in runs]
    body, heads = Tally(), Tally()
    compare(trees, tree_of(mock), "$", body, scene)
    _compare_headers(runs, mock, heads, scene)
    level, why = _level(
        (_same_headers(runs, mock), "headers"),
        (same_shape(trees, tree_of(mock)), "shape"),
        (body.bijective and heads.bijective, body.why or heads.why),
        (body.formed and heads.formed, body.why or heads.why),
    )
    return Scored(
        real.label,
        reached=True,
        level=level,
        strict=level >= 4 and body.strict and heads.strict,
        body=body.bijective,
        reads=real.reads,
        leaves=body.leaves + heads.leaves,
        right=body.right + heads.right,
        honest=level < 4 and _is_unsure(mock),
        why=why,
    )


def _level(*steps: tuple[bool, str]) -> tuple[int, str]:
    """Give the highest level that everything up to it reached, above that of the status, and what the next lacks."""
    for number, (reached, why) in enumerate(steps):
        if not reached:
            return 1 + number, why
    return 1 + len(steps), ""


def _is_unsure(step: Step) -> bool:
    return (step.header("x-mimic-match") or "").startswith("schema") or step.header("x-mimic-confidence") == "low"


def _same_headers(runs: Sequence[Step], mock: Step) -> bool:
    """Compare the media type and which headers there are; a link leads to the same place, here or elsewhere."""
    if _media(runs[0]) != _media(mock):
        return False
    wanted = _names(runs)
    there = {name for name, _ in mock.headers}
    if wanted - there or (there & _TELLING) - {name for step in runs for name, _ in step.headers}:
        return False
    return all(
        _origin(runs[0].header(name) or "") == _origin(mock.header(name) or "")
        for name in ("location", "content-location", "link")
        if name in wanted
    )


def _media(step: Step) -> str:
    return (step.header("content-type") or "").partition(";")[0].strip().lower()


def _names(runs: Sequence[Step]) -> set[str]:
    """Give the names of the headers that every run has and that mean something."""
    return {
        name
        for name, _ in runs[0].headers
        if name not in _NOISE
        and not name.startswith("x-mimic-")
        and all(step.header(name) is not None for step in runs)
    }


def _origin(link: str) -> str:
    found = re.search(r"\{base\}|[a-z]+://[^/\s>]+", link)
    return found[0] if found else ""


def _compare_headers(runs: Sequence[Step], mock: Step, tally: Tally, scene: Scene) -> None:
    for name in sorted(_names(runs)):
        values = [[value for found, value in step.headers if found == name] for step in (*runs, mock)]
        told = [_texts(name, value) for value in values]
        compare(told[:-1], told[-1], f"header {name}", tally, scene)


def _texts(name: str, values: Iterable[str]) -> Tree:
    if name in _SETS:
        return [", ".join(sorted(part.strip() for part in value.split(","))) for value in values]
    return list(values)


def _id_keys(steps: Sequence[Step]) -> frozenset[str]:
    """Give the keys whose numbers the client later asked by, and never chose itself."""
    found: set[str] = set()
    chosen: set[str] = set()
    segments = [set(re.split(r"[/?&=]", step.path)) for step in steps]
    for number, step in enumerate(steps):
        later = set().union(*segments[number + 1 :]) if number + 1 < len(steps) else set()
        found |= {key for key, value in _numbers(tree_of(step)) if str(value) in later}
        chosen |= set(re.findall(r'"([^"]+)"\s*:', step.asked.partition("\n\n")[2]))
    return frozenset(found - chosen)


def _numbers(tree: Tree, key: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(tree, dict):
        for name, inner in tree.items():
            yield from _numbers(inner, name)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _numbers(inner, key)
    elif isinstance(tree, int) and not isinstance(tree, bool) and key:
        yield key, tree
