"""Scoring: how right each step of a mock's session is, beside three fresh runs of the same session on the real server.

A value is *stable* where the three runs agree, else *volatile*. An *opaque* word, an id or token that the server made
up, is compared up to a bijection between the real server's ids and the mock's that holds over the whole session.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.fidelity.form import has_form_of, is_opaque, is_time, pieces
from bench.fidelity.transcript import Step, Transcript
from bench.fidelity.tree import Tree, kind_of, tree_of

# Below this a number that differs between runs is a measure or a count, not a name.
SMALL: Final = 100_000
LEVELS: Final = ("answered", "status", "headers", "shape", "values", "linked")
# What a hop or a clock writes, and what our own gateway adds.
_NOISE: Final = frozenset(
    "date server content-length connection keep-alive transfer-encoding via age vary content-encoding alt-svc "
    "x-powered-by content-type matched-stub-id matched-stub-name x-process-time".split()
)
# Lists whose order means nothing.
_SETS: Final = frozenset({"allow", "access-control-allow-methods", "access-control-allow-headers"})
# A header of these that the real server did not send misleads a client.
_TELLING: Final = frozenset(
    "location set-cookie www-authenticate etag link retry-after content-disposition content-location".split()
)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one step is worth. `level` is the highest of L0 to L5 that it reached, -1 for none; each implies those below.

    `strict` is L4 with opaque words equal instead of bijective, `body` is the right status with the right values in the
    body whatever the headers say. `reads` marks the steps that L6 counts. `leaves` and
    `right` count stable values. A `false_accept` is a 2xx where the real server said 4xx or 5xx. An `honest` step was
    not answered where the real server refused as well, or was wrong and marked as of low confidence.
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


@dataclass(slots=True)
class _Book:
    """The bijection between the real server's made-up values and the mock's, as far as it is known."""

    to_mock: dict[str, str] = field(default_factory=dict)
    to_real: dict[str, str] = field(default_factory=dict)

    def agrees(self, real: str, mock: str) -> bool:
        known = self.to_mock.get(real)
        if known is not None:
            return known == mock
        if mock in self.to_real:
            return False
        self.to_mock[real], self.to_real[mock] = mock, real
        return True


@dataclass(slots=True)
class _Tally:
    """What is known of one step's values so far."""

    leaves: int = 0
    right: int = 0
    strict: bool = True
    bijective: bool = True
    formed: bool = True
    why: str = ""

    def stable(self, where: str, *, strict: bool, bijective: bool) -> None:
        self.leaves += 1
        self.right += bijective
        self.strict &= strict
        self.bijective &= bijective
        if not bijective:
            self.why = self.why or f"value at {where}"

    def volatile(self, where: str, *, formed: bool, linked: bool) -> None:
        self.formed &= formed and linked
        if not (formed and linked):
            self.why = self.why or f"{'link' if formed else 'form'} at {where}"


@dataclass(frozen=True, slots=True)
class _Scene:
    """What the values of a session are judged by: the bijection, what the client sent, and which keys hold ids."""

    book: _Book
    sent: str
    id_keys: frozenset[str]

    def minted(self, word: str) -> bool:
        return word not in self.sent


def answered_by_mimic(step: Step) -> bool:
    """Tell whether a mock of ours answered, rather than saying that it could not."""
    if step.status == 0 or step.header("x-mimic-served-by") == "error":
        return False
    return '"urn:mimic:problem:' not in step.text[:200]


def score(
    real: Transcript,
    second: Transcript,
    third: Transcript,
    mock: Transcript,
    answered: Callable[[Step], bool] = answered_by_mimic,
) -> tuple[Scored, ...]:
    """Score every step of `real`; `second` and `third` are runs of the same seed, each on a fresh server.

    Steps that the mock's session never reached are wrong; steps that only the mock's session has follow from earlier
    wrong answers, and are not counted again.
    """
    runs = (real.keyed(), second.keyed(), third.keyed())
    mocked = mock.keyed()
    book, keys, sent = _Book(), _id_keys(real.steps), ""
    scored = []
    for key, step in runs[0].items():
        sent += f"\n{step.path}\n{step.asked}"
        same = [run[key] for run in runs if key in run]
        found = mocked.get(key)
        if found is None:
            scored.append(Scored(step.label, reached=False, level=-1, reads=step.reads, why="not reached"))
        else:
            scored.append(_judge(same, found, _Scene(book, sent, keys), answered))
    return tuple(scored)


def _judge(runs: Sequence[Step], mock: Step, scene: _Scene, answered: Callable[[Step], bool]) -> Scored:
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
    body, heads = _Tally(), _Tally()
    _compare(trees, tree_of(mock), "$", body, scene)
    _compare_headers(runs, mock, heads, scene)
    level, why = _level(
        (_same_headers(runs, mock), "headers"),
        (_same_shape(trees, tree_of(mock)), "shape"),
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


def _compare_headers(runs: Sequence[Step], mock: Step, tally: _Tally, scene: _Scene) -> None:
    for name in sorted(_names(runs)):
        values = [[value for found, value in step.headers if found == name] for step in (*runs, mock)]
        told = [_texts(name, value) for value in values]
        _compare(told[:-1], told[-1], f"header {name}", tally, scene)


def _texts(name: str, values: Iterable[str]) -> Tree:
    if name in _SETS:
        return [", ".join(sorted(part.strip() for part in value.split(","))) for value in values]
    return list(values)


def _same_shape(runs: Sequence[Tree], mock: Tree) -> bool:
    """Compare types, keys of objects, and what kinds of elements lists hold; how many they hold is no shape."""
    if kind_of(mock) not in {kind_of(run) for run in runs}:
        return False
    if isinstance(mock, dict):
        objects = [run for run in runs if isinstance(run, dict)]
        keysets = {frozenset(one) for one in objects}
        if len(keysets) > 1:  # a map: its keys are values
            inner = [value for one in objects for value in one.values()]
            return all(not inner or any(_same_shape([other], value) for other in inner) for value in mock.values())
        return frozenset(mock) in keysets and all(
            _same_shape([one[key] for one in objects], value) for key, value in mock.items()
        )
    if isinstance(mock, list):
        elements = [element for run in runs if isinstance(run, list) for element in run]
        return not elements or all(any(_same_shape([other], element) for other in elements) for element in mock)
    return True


def _compare(runs: Sequence[Tree], mock: Tree, where: str, tally: _Tally, scene: _Scene) -> None:
    """Judge every value under `where`; where the runs differ in kind or size, only the shape is to be had."""
    real = runs[0]
    if len({kind_of(run) for run in runs}) > 1:
        return
    if kind_of(real) != kind_of(mock):
        tally.stable(where, strict=False, bijective=False)
    elif isinstance(real, dict) and isinstance(mock, dict):
        if len({frozenset(run) for run in runs if isinstance(run, dict)}) > 1:
            return
        if frozenset(real) != frozenset(mock):
            tally.stable(where, strict=False, bijective=False)
        for key in real.keys() & mock.keys():
            _compare([run[key] for run in runs if isinstance(run, dict)], mock[key], f"{where}.{key}", tally, scene)
    elif isinstance(real, list) and isinstance(mock, list):
        _compare_lists([run for run in runs if isinstance(run, list)], mock, where, tally, scene)
    else:
        _compare_leaf(runs, mock, where, tally, scene)


def _compare_lists(runs: Sequence[list[Tree]], mock: list[Tree], where: str, tally: _Tally, scene: _Scene) -> None:
    if len({len(run) for run in runs}) > 1:
        return
    if len(mock) != len(runs[0]):
        tally.stable(f"{where}.length", strict=False, bijective=False)
        return
    ordered, other = _ordered(runs, mock)
    for number, element in enumerate(other):
        _compare([run[number] for run in ordered], element, f"{where}[{number}]", tally, scene)


def _ordered(runs: Sequence[list[Tree]], mock: list[Tree]) -> tuple[list[list[Tree]], list[Tree]]:
    """Put lists into one order where the real server itself, asked again, gives the same elements in another."""
    blanked = [[_blank(element) for element in run] for run in runs]
    if all(one == blanked[0] for one in blanked) or any(sorted(one) != sorted(blanked[0]) for one in blanked):
        return list(runs), mock
    return [sorted(run, key=_blank) for run in runs], sorted(mock, key=_blank)


def _blank(tree: Tree) -> str:
    """Give a tree as text without its ids, tokens and times."""
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False)
    return "".join("*" if is_opaque(piece) else piece for piece in pieces(text))


def _compare_leaf(runs: Sequence[Tree], mock: Tree, where: str, tally: _Tally, scene: _Scene) -> None:
    real = runs[0]
    if isinstance(real, str) and isinstance(mock, str):
        _compare_text([str(run) for run in runs], mock, where, tally, scene)
    elif all(run == real for run in runs):
        equal = real == mock
        is_id = _is_id(where, scene) and isinstance(mock, int)
        linked = not equal and is_id and scene.book.agrees(f"#{real}", f"#{mock}")
        tally.stable(where, strict=equal, bijective=equal or linked)
    elif isinstance(real, (int, float)) and not isinstance(real, bool) and isinstance(mock, (int, float)):
        formed = is_time(real) == is_time(mock) and isinstance(real, int) == isinstance(mock, int)
        is_name = real >= SMALL and not is_time(real)
        tally.volatile(where, formed=formed, linked=not is_name or scene.book.agrees(f"#{real}", f"#{mock}"))


def _is_id(where: str, scene: _Scene) -> bool:
    return where.rpartition(".")[2] in scene.id_keys


def _compare_text(runs: Sequence[str], mock: str, where: str, tally: _Tally, scene: _Scene) -> None:
    split = [pieces(run) for run in runs]
    own = pieces(mock)
    is_stable = all(run == runs[0] for run in runs)
    if len({len(words) for words in split}) > 1:  # base64 and the like: no words to compare
        _compare_token(runs, mock, where, tally, scene)
        return
    if len(own) != len(split[0]):
        tally.stable(where, strict=False, bijective=False)
        return
    strict = bijective = True
    for number, word in enumerate(own):
        examples = tuple(words[number] for words in split)
        if len(set(examples)) == 1:
            equal = word == examples[0]
            strict &= equal
            bijective &= equal or _is_same_id(examples[0], word, scene)
        else:
            _compare_token(examples, word, where, tally, scene)
    if is_stable or not bijective:
        tally.stable(where, strict=strict, bijective=bijective)


def _is_same_id(real: str, mock: str, scene: _Scene) -> bool:
    if not is_opaque(real) or not scene.minted(real):
        return False
    return has_form_of(mock, (real,)) and scene.book.agrees(real, mock)


def _compare_token(examples: Sequence[str], mock: str, where: str, tally: _Tally, scene: _Scene) -> None:
    """Judge a volatile word: of the right form, and the same as wherever else it stood."""
    formed = has_form_of(mock, tuple(examples))
    is_name = all(is_opaque(example) for example in examples)
    linked = not formed or not is_name or scene.book.agrees(examples[0], mock)
    tally.volatile(where, formed=formed, linked=linked)


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
