"""Kinds of values that a service makes anew each time, told by their form and by the time at which they were made."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from statistics import median
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from typing import Any, Final

from recorder.synthesis.nodes.addresses import address_text
from recorder.synthesis.nodes.node import MadeUp
from recorder.synthesis.samples.values import is_number
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import literal

_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z", re.IGNORECASE)
_SLACK_S: Final = 5.0
_LONG_AGO_S: Final = 2 * 86_400
_LONGEST_OFFSET_S: Final = 400 * 86_400


@dataclass(frozen=True, slots=True)
class TimeForm:
    """A way to write a time: what it looks like, how it is read, and the arguments of `now` that write it."""

    name: str
    pattern: re.Pattern[str]
    read: Callable[[str], float]
    written: str


def _iso(text: str) -> float:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()


def _http(text: str) -> float:
    return parsedate_to_datetime(text).timestamp()


_DAY: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"\d\d:\d\d:\d\d"
_SIGNS: Final = (("", "T", ""), ("-space", " ", "_space"))
_ZONES: Final = (("", "Z", ""), ("-offset", r"\+00:00", "_offset"), ("-bare", "", "_naive"))
_FRACTIONS: Final = (("", "", ""), ("-ms", r"\.\d{3}", "_ms"), ("-us", r"\.\d{6}", "_us"))
_FINE: Final = (("-tick", r"\.\d{7}", "%f0"), ("-ns", r"\.\d{9}", "%f000"), ("-to-ns", r"\.\d{4,9}", "%f000"))
"""Fractions that no named format has: of 7 and 9 digits, and of up to 9, without the zeros at the end."""


def _forms() -> Iterator[tuple[str, str, Callable[[str], float], str]]:
    for sign, between, spaced in _SIGNS:
        for zone, ends, zoned in _ZONES:
            for name, fraction, exact in _FRACTIONS:
                named = f"iso{exact}{zoned}{spaced}"
                written = f"format='{named}'" if named != "iso" else ""
                yield f"iso{name}{zone}{sign}", f"{_DAY}{between}{_TIME}{fraction}{ends}", _iso, written
    for zone, ends, _ in _ZONES:
        for name, fraction, exact in _FINE:
            written = f"format='%Y-%m-%dT%H:%M:%S.{exact}{ends.replace(chr(92), '')}'"
            yield f"iso{name}{zone}", f"{_DAY}T{_TIME}{fraction}{ends}", _iso, written
    yield "date", _DAY, _iso, "format='date'"
    yield "http", r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", _http, "format='http'"


_FORMS: Final = tuple(
    TimeForm(name, re.compile(pattern + r"\Z"), read, written) for name, pattern, read, written in _forms()
)
_MOST_STATES: Final = 8
_PLAIN_WORDS: Final = re.compile(r"[A-Z]?[a-z]+(?:[_ -][A-Za-z]?[a-z]+)*")
_UNSPOKEN: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{6}|\d")
_TOKEN: Final = ascii_letters + digits + "+/=-_."
_FIXED: Final = re.compile(
    r"(?:application|audio|font|image|message|model|multipart|text|video)/[\w.+*-]+(?:;.*)?|[a-z0-9-]+(?:\.[a-z0-9-]+)+\.[a-z]{2,}"
)
"""Media types and names of hosts, which may have digits in them and are no tokens."""
_SHORTEST_ID: Final = 4
_BETWEEN: Final = ".:"
"""What stands between the parts of a token that is signed."""
_SHORTEST_SEGMENT: Final = 6
_SEVERAL: Final = 2
_LONG: Final = 20
"""From how many letters on tokens may have lengths that are not nearly the same."""
_CERTAINLY_DIGITS: Final = 20
"""How many hexadecimal digits are not all decimal ones by chance."""
_MOST_DIGITS: Final = 15
"""How many digits a number has at most that is drawn as one."""
_RUNS: Final = 3
_UNITS: Final = ((1, "unix"), (1_000, "unix_ms"))


def looks_like_a_time(value: Any) -> bool:
    """Tell whether a value is a time by its form alone."""
    if isinstance(value, str):
        is_unix = re.fullmatch(r"1\d{9}(\.\d+|\d{3})?", value) is not None
        return is_unix or any(form.pattern.match(value) for form in _FORMS)
    return is_number(value) and (1e9 < value < 2e9 or 1e12 < value < 2e12)


def time_form(values: Sequence[Any]) -> TimeForm | None:
    """Give the form in which all these texts are times, or None."""
    if not all(isinstance(value, str) for value in values):
        return None
    form = next((form for form in _FORMS if all(form.pattern.match(value) for value in values)), None)
    try:
        if form is not None:
            list(map(form.read, values))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return form


def moved_by(seconds: float) -> str:
    """Write how far a time is moved, as the argument of `now` and `date`; "" for not at all."""
    return _moved(seconds, 0.5)


def made_up(cases: Sequence[tuple[Scene, Any]], *, is_identity: bool = False) -> MadeUp | None:
    """Tell what kind of value the service made anew in all these answers; None where they have no such form.

    One value that was the same each time is only taken for a time that was that of the answer; where there is only one
    case, its form alone must tell.
    """
    values = [value for _, value in cases]
    distinct = {str(value) for value in values}
    timed = _time(cases)
    if timed is not None:
        return timed
    if len(distinct) == 1 and ((len(cases) > 1 and not is_identity) or _FIXED.fullmatch(next(iter(distinct)))):
        return None
    if all(isinstance(value, str) for value in values):
        return _text_kind(values, is_alone=len(distinct) == 1)
    if all(isinstance(value, float) for value in values) and len(distinct) > 1:
        return _float(values)
    return None


def by_its_form(value: str) -> MadeUp | None:
    """Give what makes a text of the form of one that is known to be an id, though it is short; None for no form."""
    if _UUID.match(value):
        return MadeUp("uuid()", "uuid")
    prefix = _lead(value)
    bare = value[len(prefix) :]
    text = _uuid([bare]) or (_letters(bare, len(bare), is_alone=False) if len(bare) >= _SHORTEST_ID else None)
    return MadeUp(f"({literal(prefix)} ~ {text})" if prefix else text, "token") if text is not None else None


def is_of_run(cases: Sequence[tuple[Scene, Any]]) -> bool:
    """Tell whether values are made at the start of a service, and not anew: each session has its own all along."""
    values: dict[int, list[Any]] = {}
    for scene, value in cases:
        values.setdefault(scene.sample.session, []).append(value)
    again = [inside for inside in values.values() if len(inside) > 1]
    return len(again) >= _RUNS and all(one == inside[0] for inside in again for one in inside)


def _time(cases: Sequence[tuple[Scene, Any]]) -> MadeUp | None:
    values = [value for _, value in cases]
    if all(isinstance(value, str) for value in values):
        return _written_time(cases)
    return _number_of_time(cases) if all(map(is_number, values)) else None


def _written_time(cases: Sequence[tuple[Scene, str]]) -> MadeUp | None:
    for form in _FORMS:
        if all(form.pattern.match(value) for _, value in cases):
            return _offset(cases, form.read, form.written, form.name, 86_400.0 if form.name == "date" else _SLACK_S)
    if not all(re.fullmatch(r"1\d{9}(\d{3})?", value) for _, value in cases):
        return None
    found = _whole_unit(cases)
    return MadeUp(f"({found.text} | string)", found.kind) if found is not None else None


def _number_of_time(cases: Sequence[tuple[Scene, float]]) -> MadeUp | None:
    found = _whole_unit(cases) if all(isinstance(value, int) for _, value in cases) else None
    if found is not None or not all(value > 1e9 for _, value in cases):
        return found
    found = _offset(cases, float, "format='unix_ms'", "unix-fraction", _SLACK_S)
    return MadeUp(f"({found.text} / 1000)", found.kind) if found is not None else None


def _whole_unit(cases: Sequence[tuple[Scene, Any]]) -> MadeUp | None:
    """Tell whether whole numbers are times in seconds or in milliseconds."""
    for scale, name in _UNITS:
        found = _offset(cases, partial(_seconds, scale=scale), f"format='{name}'", name, _SLACK_S)
        if found is not None:
            return found
    return None


def _seconds(whole: int | str, scale: int) -> float:
    return int(whole) / scale


def _offset(
    cases: Sequence[tuple[Scene, Any]], read: Callable[[Any], float], written: str, kind: str, slack_s: float
) -> MadeUp | None:
    """Tell how far these times are from when their answers were made, where that is about the same each time."""
    try:
        gaps = [read(value) - (scene.sample.started + scene.sample.ended) / 2 for scene, value in cases]
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    middle = median(gaps)
    if abs(middle) > _LONGEST_OFFSET_S or any(abs(gap - middle) > slack_s for gap in gaps):
        return None
    if middle < -_LONG_AGO_S and len({scene.sample.session for scene, _ in cases}) == 1:
        return None  # what one session shows of long ago is a time of a clock of the service's own
    if abs(middle) > slack_s and len(cases) < 2:
        rounded = round(middle / 60) * 60
        if abs(middle - rounded) > slack_s or rounded % 300:
            return None
    arguments = ", ".join(filter(None, (_moved(middle, slack_s), written)))
    return MadeUp(f"now({arguments})", kind)


def _moved(seconds: float, slack_s: float) -> str:
    if abs(seconds) <= slack_s:
        return ""
    best = next((unit for unit in (86_400, 3_600, 60) if abs(seconds - round(seconds / unit) * unit) <= 2.5), 1)
    whole = round(seconds / best)
    letter = {86_400: "d", 3_600: "h", 60: "m", 1: "s"}[best]
    return f"offset='{'+' if whole >= 0 else '-'}{abs(whole)}{letter}'" if whole else ""


def _text_kind(values: Sequence[str], *, is_alone: bool) -> MadeUp | None:
    if all(_UUID.match(value) for value in values):
        return MadeUp("uuid()", "uuid")
    address = address_text(values)
    if address is not None:
        return MadeUp(address, "token")
    prefix, suffix = (_lead(values[0]), "") if is_alone else fixed_ends(values)
    bare = [value[len(prefix) : len(value) - len(suffix)] for value in values]
    leads = [] if is_alone or prefix or suffix else [_lead(value) for value in values]
    if leads and all(leads):  # the pseudonyms of ids have leads of their own, where the ids had one
        size = Counter(map(len, leads)).most_common(1)[0][0]
        prefix = next(lead for lead in leads if len(lead) == size)
        bare = [value[len(lead) :] for value, lead in zip(values, leads, strict=True)]
    lengths = Counter(map(len, bare))
    come_again = len(set(bare)) * 2 <= len(bare) and bool(prefix or suffix)
    if not is_alone and (_are_words(values) or (come_again and _are_words(bare))):
        return None
    if time_form(values) is not None:  # of another moment than the answer's
        return None
    segments = None if is_alone else _segments(values)
    if segments is not None:
        return segments
    most = min(lengths) // 2 if min(lengths) >= _LONG and all(map(_is_mixed, bare)) else 2
    if min(lengths) < (12 if is_alone else 4) or max(lengths) - min(lengths) > most:
        return None
    text = _uuid(bare) or _number(bare) or _letters("".join(bare), lengths.most_common(1)[0][0], is_alone=is_alone)
    if text is None:
        return None
    pieces = [literal(prefix) if prefix else "", text, literal(suffix) if suffix else ""]
    written = " ~ ".join(filter(None, pieces))
    return MadeUp(f"({written})" if prefix or suffix else written, "token")


def _segments(values: Sequence[str]) -> MadeUp | None:
    """Tell of tokens of several parts, as what is signed and its signature, how each is made; None where one is not."""
    for sign in _BETWEEN:
        counts = {value.count(sign) for value in values}
        columns = list(zip(*(value.split(sign) for value in values), strict=False)) if len(counts) == 1 else []
        if len(columns) < _SEVERAL or min(len(part) for column in columns for part in column) < _SHORTEST_SEGMENT:
            continue
        made = [
            MadeUp(literal(one[0]), "token") if len(set(one)) == 1 else _text_kind(one, is_alone=False)
            for one in columns
        ]
        if None not in made and any(one is not None and "random" in one.text for one in made):
            return MadeUp(f"({f' ~ {literal(sign)} ~ '.join(one.text for one in made if one is not None)})", "token")
    return None


def _is_mixed(text: str) -> bool:
    """Tell whether a text has digits, small and capital letters, as what is encoded, and may be longer or shorter."""
    return all(any(map(kind, text)) for kind in (str.isdigit, str.islower, str.isupper))


def _uuid(bare: Sequence[str]) -> str | None:
    """Give the expression that makes UUIDs, as those behind a fixed beginning in `operation-6f1c…`."""
    return "uuid()" if all(map(_UUID.match, bare)) else None


def _number(bare: Sequence[str]) -> str | None:
    """Give the expression that makes a number of so many digits, where none of many begins with 0."""
    size = len(bare[0])
    if len(bare) < _CERTAINLY_DIGITS or not all(one.isdigit() and one[0] != "0" and len(one) == size for one in bare):
        return None
    if size > _MOST_DIGITS:
        return f"(random_int({10**8}, {10**9 - 1}) ~ random_string({size - 9}, {literal(digits)}))"
    return f"(random_int({10 ** (size - 1)}, {10**size - 1}) | string)"


def fixed_ends(values: Sequence[str]) -> tuple[str, str]:
    """Give the fixed beginning and end of texts. What only chance made equal belongs to what varies."""
    prefix = _shared(values)
    suffix = _shared([value[len(prefix) :][::-1] for value in values])[::-1]
    while prefix and prefix[-1].isalnum() and not _is_word(prefix):
        prefix = prefix[:-1]
    return prefix, "" if suffix[:1].isalnum() else suffix


def _letters(told: str, length: int, *, is_alone: bool) -> str | None:
    """Give the expression that makes a text of such letters; one value alone must have letters and digits."""
    characters = set(told)
    if is_alone and not (characters & set(digits) and characters & set(ascii_letters)):
        return None
    if characters <= set(digits) and len(told) >= _CERTAINLY_DIGITS:
        return f"random_string({length}, {literal(digits)})"
    if characters <= set("0123456789abcdef") and (length >= 8 or characters & set("abcdef")) and length % 2 == 0:
        return f"random_hex({length})"
    for alphabet in (digits, ascii_lowercase + digits, ascii_uppercase + digits):
        if characters <= set(alphabet):
            return f"random_string({length}, {literal(alphabet)})"
    if characters <= set(ascii_letters + digits):
        return f"random_token({length})"
    if characters <= set(ascii_letters + digits + "-_"):
        return f"random_string({length}, {literal(ascii_letters + digits + '-_')})"
    return f"random_token({length})" if characters <= set(_TOKEN) and length >= 16 else None


def _are_words(values: Sequence[str]) -> bool:
    """Tell whether texts are plain words as the states of a thing are: some come again, or they are few.

    Of few words in small letters none has a digit, nor many consonants in a row, as what is made up mostly has.
    """
    distinct = set(values)
    are_plain = all(value.isalpha() and (value.islower() or value.istitle() or value.isupper()) for value in distinct)
    are_spoken = all(_PLAIN_WORDS.fullmatch(one) and not _UNSPOKEN.search(one) for one in distinct)
    are_few = len(distinct) < _MOST_STATES and are_spoken
    return are_few or (are_plain and len(distinct) < min(len(values), _MOST_STATES))


def _is_word(text: str) -> bool:
    return len(text) >= 3 and text.isalpha()


def _lead(value: str) -> str:
    """Give the fixed beginning that a token carries by custom, as `sk_` or `tok-`, or as a path, as `/zones/`."""
    read = re.match(r"(?:/[a-z]+(?:-[a-z]+)*)+/|[A-Za-z]{2,8}[_-](?:(?:live|test)[_-])?", value)
    return read[0] if read is not None else ""


def _shared(values: Sequence[str]) -> str:
    first, last = min(values), max(values)
    count = 0
    while count < min(len(first), len(last)) and first[count] == last[count]:
        count += 1
    return first[:count]


def _float(values: Sequence[float]) -> MadeUp | None:
    if len(values) >= 5 and all(0 <= value < 1 for value in values) and any(len(str(value)) > 10 for value in values):
        return MadeUp("random_float(0, 1)", "random")
    return None
