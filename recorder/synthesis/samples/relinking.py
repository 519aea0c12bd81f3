"""Relinking: parts of paths that were cleaned of a value which answers told as it was speak of it again.

A token behind `otp` or `token` in a path has a stand-in, while the answer that handed it out under a plain
name was kept. A stand-in has the form of what it stands for, digit for digit and letter for letter, and of a long value
that is enough to know it by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final
from urllib.parse import quote, unquote

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import leaves

_SHORTEST: Final = 12
_LEAST_TURNS: Final = 5
"""How often digits, small and capital letters take turns at least: in names that people choose they hardly do."""


def relink(samples: Sequence[Sample]) -> None:
    """Write in the paths of cleaned recordings what answers of the same session told in the place of stand-ins."""
    told: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    known: dict[tuple[int, str], str] = {}
    for sample in samples:
        if not sample.is_cleaned:
            continue
        forms = told[sample.session]
        for place, part in enumerate(sample.segments):
            form = _form(part)
            values = forms.get(form, set()) if form else set()
            meant = known.get((sample.session, part)) or (next(iter(values)) if len(values) == 1 else part)
            if values and part not in values and meant != part:
                known[sample.session, part] = meant
                _write(sample, place, meant)
        for value in _texts(sample):
            form = _form(value)
            if form:
                forms[form].add(value)


def _form(text: str) -> str:
    """Give which characters are digits, small and capital letters; "" where that is not enough to know a text by."""
    if len(text) < _SHORTEST or "/" in text or " " in text:
        return ""
    form = "".join("0" if one.isdigit() else "a" if one.islower() else "A" if one.isupper() else one for one in text)
    turns = sum(one != other for one, other in pairwise(one for one in form if one.isalnum()))
    return form if turns >= _LEAST_TURNS else ""


def _texts(sample: Sample) -> Iterable[str]:
    found = leaves(sample.answer_json, longest_list=20) if isinstance(sample.answer_json, dict | list) else ()
    link = sample.answer_header("location")
    linked = [unquote(link.rstrip("/").rpartition("/")[2])] if link is not None else []
    return [*linked, *(value for _, value in found if isinstance(value, str))]


def _write(sample: Sample, place: int, value: str) -> None:
    segments = list(sample.segments)
    segments[place] = value
    exchange = sample.interaction.exchange
    path, mark, query = exchange.request.target.partition(b"?")
    parts = path.split(b"/")
    parts[place + 1] = quote(value, safe="").encode()
    request = replace(exchange.request, target=b"/".join(parts) + mark + query)
    sample.segments = tuple(segments)
    sample.interaction = replace(sample.interaction, exchange=replace(exchange, request=request))
