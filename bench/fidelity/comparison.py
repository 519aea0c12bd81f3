"""The comparison of trees: which values of a mock's answer are right, beside what three real answers agree on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.fidelity.bijection import Bijection
from bench.fidelity.form import TIME, has_form_of, is_opaque, is_time, pieces
from bench.fidelity.tree import Tree, kind_of

# Below this a number that differs between runs is a measure or a count, not a name.
SMALL: Final = 100_000


@dataclass(slots=True)
class Tally:
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
class Scene:
    """What the values of a session are judged by: the bijection, what the client sent so far, which keys hold ids.

    `others` are the bijections from the first real run to the second and the third.
    """

    book: Bijection
    sent: str
    id_keys: frozenset[str]
    others: tuple[Bijection, ...] = ()

    def minted(self, word: str) -> bool:
        """Tell whether the server made the word up: it told it before the client sent it, if that did at all."""
        return word not in self.sent or word in self.book.to_mock


def same_shape(runs: Sequence[Tree], mock: Tree) -> bool:
    """Compare types, keys of objects, and what kinds of elements lists hold; how many they hold is no shape."""
    if kind_of(mock) not in {kind_of(run) for run in runs}:
        return False
    if isinstance(mock, dict):
        objects = [run for run in runs if isinstance(run, dict)]
        keysets = {frozenset(one) for one in objects}
        if len(keysets) > 1:  # a map: its keys are values
            inner = [value for one in objects for value in one.values()]
            return all(not inner or any(same_shape([other], value) for other in inner) for value in mock.values())
        return frozenset(mock) in keysets and all(
            same_shape([one[key] for one in objects], value) for key, value in mock.items()
        )
    if isinstance(mock, list):
        lists = [run for run in runs if isinstance(run, list)]
        elements = [element for run in lists for element in run]
        # An element with a map in it is like those in its own place, whose keys differ from run to run.
        beside = [[run[place] for run in lists if len(run) > place] for place in range(len(mock))]
        return not elements or all(
            any(same_shape([other], element) for other in elements) or (bool(own) and same_shape(own, element))
            for element, own in zip(mock, beside, strict=True)
        )
    return True


def compare(runs: Sequence[Tree], mock: Tree, where: str, tally: Tally, scene: Scene) -> None:
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
            compare([run[key] for run in runs if isinstance(run, dict)], mock[key], f"{where}.{key}", tally, scene)
    elif isinstance(real, list) and isinstance(mock, list):
        _compare_lists([run for run in runs if isinstance(run, list)], mock, where, tally, scene)
    else:
        _compare_leaf(runs, mock, where, tally, scene)


def _compare_lists(runs: Sequence[list[Tree]], mock: list[Tree], where: str, tally: Tally, scene: Scene) -> None:
    if len({len(run) for run in runs}) > 1:
        return
    if len(mock) != len(runs[0]):
        tally.stable(f"{where}.length", strict=False, bijective=False)
        return
    ordered = _ordered([*runs, mock], (*scene.others, scene.book))
    for number in range(len(mock)):
        at = f"{where}[{number}]"
        compare([run[number] for run in ordered[:-1]], ordered[-1][number], at, tally, scene)


def _ordered(lists: Sequence[list[Tree]], books: Sequence[Bijection]) -> list[list[Tree]]:
    """Put lists into the first one's order where the real server itself, asked again, gives another order.

    That is so where they are sorted by ids that it makes up. `lists` are the real runs and the mock's; `books` lead
    from the first to each of the others.
    """
    if len(books) != len(lists) - 1:
        return list(lists)
    told = [[_told(element, books[0], back=False) for element in lists[0]]]
    told += [
        [_told(element, book, back=True) for element in other] for other, book in zip(lists[1:], books, strict=True)
    ]
    if not any(one != told[0] and sorted(one) == sorted(told[0]) for one in told[1:-1]):
        return list(lists)
    return [list(lists[0]), *(_like(told[0], own, other) for own, other in zip(told[1:], lists[1:], strict=True))]


def _told(tree: Tree, book: Bijection, *, back: bool) -> str:
    """Give a tree as text in which made-up words are those of the first run, or a star where they are not known."""
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False)
    known = book.to_real if back else {word: word for word in book.to_mock}
    words = (known.get(word.strip('"'), "*") if is_opaque(word) else word for word in pieces(text))
    return "".join(words)


def _like(wanted: Sequence[str], told: Sequence[str], elements: Sequence[Tree]) -> list[Tree]:
    """Give the elements in the order of `wanted`; those that fit nowhere fill the places that are left."""
    left = list(range(len(elements)))
    chosen: list[int | None] = []
    for text in wanted:
        fitting = next((place for place in left if told[place] == text), None)
        if fitting is not None:
            left.remove(fitting)
        chosen.append(fitting)
    return [elements[place if place is not None else left.pop(0)] for place in chosen]


def _compare_leaf(runs: Sequence[Tree], mock: Tree, where: str, tally: Tally, scene: Scene) -> None:
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


def _is_id(where: str, scene: Scene) -> bool:
    return where.rpartition(".")[2] in scene.id_keys


def _compare_text(runs: Sequence[str], mock: str, where: str, tally: Tally, scene: Scene) -> None:
    is_stable = all(run == runs[0] for run in runs)
    # A time that differs between runs is now, one that does not is a value like any other.
    split = [pieces(run, times=not is_stable) for run in runs]
    own = pieces(mock, times=not is_stable)
    if all(words == [TIME] for words in split):
        tally.volatile(where, formed=own == [TIME], linked=True)
    elif len({len(words) for words in split}) > 1:  # base64 and the like: no words to compare
        _compare_token(runs, mock, where, tally, scene)
    elif len(own) != len(split[0]):
        tally.stable(where, strict=False, bijective=False)
    else:
        _compare_words(split, own, where, tally, scene, is_stable=is_stable)


def _compare_words(
    split: Sequence[list[str]], own: list[str], where: str, tally: Tally, scene: Scene, *, is_stable: bool
) -> None:
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


def _is_same_id(real: str, mock: str, scene: Scene) -> bool:
    if not is_opaque(real) or not scene.minted(real):
        return False
    return has_form_of(mock, (real,)) and scene.book.agrees(real, mock)


def _compare_token(examples: Sequence[str], mock: str, where: str, tally: Tally, scene: Scene) -> None:
    """Judge a volatile word: of the right form, and the same as wherever else it stood."""
    formed = has_form_of(mock, tuple(examples))
    is_name = all(is_opaque(example) for example in examples)
    linked = not formed or not is_name or scene.book.agrees(examples[0], mock)
    tally.volatile(where, formed=formed, linked=linked)
