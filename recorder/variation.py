"""The ways in which a value varies from one run to the next: told from pairs of values, by a closed list of classes."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from recorder.leaves import Leaf, body_of, request_leaves, response_leaves
from recorder.specificity import WEAK, weight_of_text
from recorder.transformation import Digests, hash_algorithm, seconds_of

if TYPE_CHECKING:
    from cassettes.exchange import Exchange

Volatile: TypeAlias = Literal[
    "constant", "echo", "link", "clock", "counter", "uuid", "token", "hash", "random", "changed"
]
"""`echo`: of the same request. `link`: of an earlier answer. `hash`: verified. `changed`: for no reason found."""

CLASSES: Final[tuple[Volatile, ...]] = (
    *("constant", "echo", "link", "hash", "clock", "counter", "uuid", "token", "random", "changed"),
)

DIGITS: Final = "digits alone"

_UUID: Final = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|[0-9a-fA-F]{12}[1-8][0-9a-fA-F]{3}[89abAB][0-9a-fA-F]{15}"
)
_TOKEN: Final = re.compile(r"(?:[A-Za-z]{2,10}\s)?[\w+/=.~:-]{16,}")
_RANDOM: Final = re.compile(r"\d?\.\d{5,}|\d+\.\d{7,}|(?=.*\d)(?=.*[A-Za-z])[\w.-]{8,15}")
_CODE: Final = re.compile(r"\d{6,9}")
_COUNT: Final = re.compile(r"\d{1,12}")
_TAIL: Final = re.compile(r"(\D*?)(\d{1,9})")
_STEADY_S: Final = 5.0
_YEARS_S: Final = 20 * 365 * 86_400


class Source(NamedTuple):
    """Where a value came from in both recordings alike; not `is_whole` where that is only a part of it."""

    kind: Literal["echo", "link"]
    told: str
    is_whole: bool = True


class Sample(NamedTuple):
    """A place of one pair of interactions: its value in both (None where it is not there), and when each began."""

    place: str
    first: Leaf | None
    second: Leaf | None
    times: tuple[float, float]
    digests: tuple[Digests, Digests]
    source: Source | None = None


def digests_of(exchange: Exchange) -> Digests:
    """Give the hashes of the bodies and the longer values of an exchange."""
    request, response = exchange.request, exchange.response
    contents: list[tuple[str, bytes]] = []
    if request.body:
        contents.append(("request.body", body_of(request.headers, request.body)[0]))
    if response is not None and response.body:
        contents.append(("response.body", body_of(response.headers, response.body)[0]))
        contents.append(("response.body as sent", response.body))
    leaves = (*request_leaves(request), *(response_leaves(response) if response else ()))
    telling = [leaf for leaf in leaves if weight_of_text(leaf.value) > WEAK or leaf.place.startswith("request.path.")]
    contents += [(leaf.place, leaf.value.encode("utf-8", "replace")) for leaf in telling[:200]]
    return Digests(contents)


def variation(samples: list[Sample]) -> list[tuple[Volatile, str]]:
    """Class each pair of values of one place, with a note; all of them together tell a counter."""
    counts = _is_counter(samples)
    return [_class_of(sample, counts=counts) for sample in samples]


def _class_of(sample: Sample, *, counts: bool) -> tuple[Volatile, str]:
    first, second = sample.first, sample.second
    if first is None or second is None:
        return "changed", "only in one recording"
    source, is_equal = sample.source, first.value == second.value
    if source is not None and not (is_equal and _says_nothing(source, sample.place)):
        return source.kind, source.told
    if is_equal:
        return "constant", ""
    if first.kind != second.kind:
        return "changed", f"{first.kind} or {second.kind}"
    hashed = _hash(sample, first.value, second.value)
    if hashed:
        return "hash", hashed
    clock = _clock(first.value, second.value, sample.times)
    if clock is not None:
        return "clock", clock
    return _looks(first.value, second.value, counts=counts)


def _says_nothing(source: Source, place: str) -> bool:
    """Tell whether a flow explains nothing where the value is the same both times: answers repeat their constants."""
    return not source.is_whole or (source.kind == "link" and place.startswith("response."))


def _looks(first: str, second: str, *, counts: bool) -> tuple[Volatile, str]:
    if counts:
        return "counter", ""
    first, second = (text.removeprefix("W/").strip('"') for text in (first, second))
    if _UUID.fullmatch(first) and _UUID.fullmatch(second):
        return "uuid", ""
    if _TOKEN.fullmatch(first) and _TOKEN.fullmatch(second) and _digits(first) and _digits(second):
        algorithm = hash_algorithm(first)
        return "token", f"as long as a {algorithm}, of nothing in the exchange" if algorithm else ""
    if _RANDOM.fullmatch(first) and _RANDOM.fullmatch(second) and abs(len(first) - len(second)) < 3:
        return "random", ""
    if _CODE.fullmatch(first) and _CODE.fullmatch(second) and len(first) == len(second):
        return "random", DIGITS
    return "changed", ""


def _digits(text: str) -> bool:
    return any(one.isdigit() for one in text)


def _hash(sample: Sample, first: str, second: str) -> str:
    algorithm = hash_algorithm(first)
    if algorithm is None or hash_algorithm(second) != algorithm:
        return ""
    theirs = set(sample.digests[1].places_of(second))
    both = (place for place in sample.digests[0].places_of(first) if place in theirs and place != sample.place)
    place = next(both, None)
    return f"{algorithm} of {place}" if place is not None else ""


def _clock(first: str, second: str, times: tuple[float, float]) -> str | None:
    """Tell a moment, and how far it is from the beginning of its own request where that is the same both times."""
    moments = (seconds_of(first), seconds_of(second))
    if moments[0] is None or moments[1] is None:
        return None
    ahead = [moment - started for moment, started in zip(moments, times, strict=True) if moment is not None]
    if not all(times):
        return ""
    if any(abs(one) > _YEARS_S for one in ahead):
        return None  # ten digits that are no time
    if abs(ahead[0] - ahead[1]) > _STEADY_S:
        return ""
    offset = round(median(ahead))
    return "now" if abs(offset) <= _STEADY_S else f"now {'+' if offset > 0 else '−'} {abs(offset)} s"


def _is_counter(samples: list[Sample]) -> bool:
    """Tell whether the numbers grow with time, over both recordings; what stands before them must stay the same."""
    points: list[tuple[float, int]] = []
    heads: set[str] = set()
    for sample in samples:
        for leaf, at in zip((sample.first, sample.second), sample.times, strict=True):
            if leaf is None:
                continue
            found = _TAIL.fullmatch(leaf.value)
            if found is None or (len(found[2]) > 9 and _COUNT.fullmatch(leaf.value)):
                return False
            heads.add(found[1])
            points.append((at, int(found[2])))
    points.sort()
    values = [value for _, value in points]
    least = 3 if samples[0].place.startswith("request.") else 2  # a client's 1 and 2 may be a quantity
    grows = len(values) == len(set(values)) and values == sorted(values)
    return len(heads) == 1 and len(values) >= least and grows
