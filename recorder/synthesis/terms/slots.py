"""Slots: where a request can show what was handed out before, and where an answer hands it out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, leaves, look
from recorder.synthesis.terms.request_terms import (
    cookie_term,
    form_term,
    header_term,
    json_term,
    query_term,
    token_term,
)
from recorder.synthesis.terms.term import Term, literal, member

Read: TypeAlias = "Callable[[Sample], Any]"
"""Reads what a sample's answer hands out, MISSING or None where it does not."""
SHORTEST_TICKET: Final = 6
"""How many characters a text has at least that is no word by accident."""
_CODE: Final = re.compile(r"\b[0-9]{6,8}\b")
"""A one-time code in a message."""
_COOKIE: Final = re.compile(r"([^=;\s]+)=([^;]*)")
_PLAIN_HEADERS: Final = re.compile(
    r"host|connection|accept.*|user-agent|content-.*|authorization|cookie|date|x-mimic-.*|traceparent|via|if-.*|origin"
    r"|referer"
)


class Shown(NamedTuple):
    """A text that a request shows: in which slot, such as `cookies.sid`, and the term of that slot."""

    slot: str
    term: Term
    value: str


class HandedOut(NamedTuple):
    """A text that an answer hands out: the expression of its place, and how other answers' are read."""

    place: str
    read: Read
    value: str


def shown_in(sample: Sample) -> Iterator[Shown]:
    """Give the texts of a request that may have been handed out before."""
    auth = sample.auth
    if auth.token and auth.scheme != "basic":
        yield Shown("auth.token", token_term(), auth.token)
    for name, value in sample.cookies.items():
        if value:
            yield Shown(f"cookies.{name}", cookie_term(name), value)
    for name, value in sample.headers.items():
        if not _PLAIN_HEADERS.fullmatch(name) and len(value) >= SHORTEST_TICKET:
            yield Shown(f"headers.{name}", header_term(name), value)
    for name, value in sample.json.items() if isinstance(sample.json, dict) else ():
        if isinstance(value, str) and len(value) >= SHORTEST_TICKET:
            yield Shown(f"json.{name}", json_term((name,)), value)
    base = sample.operation.base if sample.operation is not None else ()
    for name, value in sample.arguments.items() if base else ():
        if isinstance(value, str) and len(value) >= SHORTEST_TICKET:
            path = (*base, name)
            yield Shown(f"json.{'.'.join(map(str, path))}", json_term(path), value)
    for name, values in sample.form.items():
        if len(values[0]) >= SHORTEST_TICKET:
            yield Shown(f"form.{name}", form_term(name), values[0])
    for name, values in sample.query.items():
        if len(values[0]) >= SHORTEST_TICKET:
            yield Shown(f"query.{name}", query_term(name), values[0])


def handed_out_in(sample: Sample) -> Iterator[HandedOut]:
    """Give the texts of an answer that may be shown again later: in its JSON, its cookies, its own headers."""
    for path, value in leaves(sample.answer_json, longest_list=0) if sample.answer_json is not MISSING else ():
        if isinstance(value, str) and len(value) >= SHORTEST_TICKET and " " not in value:
            yield HandedOut(member("vars.answer.json", path), _json_reader(path), value)
    for path, value in leaves(sample.answer_json, longest_list=1) if sample.answer_json is not MISSING else ():
        code = _CODE.search(value) if isinstance(value, str) and " " in value else None
        if code is not None:
            pattern = rf"\b[0-9]{{{len(code[0])}}}\b"
            place = f"({member('vars.answer.json', path)} | regex_search({literal(pattern)}))"
            yield HandedOut(place, _text_reader(path, pattern), code[0])
    for name, value in sample.answer_headers:
        if name == "set-cookie":
            found = _COOKIE.match(value)
            if found is not None and found[2]:
                cookie = found[1]
                text = f"(vars.answer.headers['set-cookie'] | regex_search('{re.escape(cookie)}=([^;]*)', 1))"
                yield HandedOut(text, _cookie_reader(cookie), found[2])
        elif len(value) >= SHORTEST_TICKET and name.startswith("x-"):
            yield HandedOut(f"vars.answer.headers[{name!r}]", _header_reader(name), value)


def _json_reader(path: Path) -> Read:
    return lambda sample: look(sample.answer_json, path)


def _text_reader(path: Path, pattern: str) -> Read:
    def read(sample: Sample) -> Any:
        text = look(sample.answer_json, path)
        found = re.search(pattern, text) if isinstance(text, str) else None
        return found[0] if found is not None else MISSING

    return read


def _header_reader(name: str) -> Read:
    return lambda sample: sample.answer_header(name)


def _cookie_reader(cookie: str) -> Read:
    def read(sample: Sample) -> Any:
        for name, value in sample.answer_headers:
            found = _COOKIE.match(value) if name == "set-cookie" else None
            if found is not None and found[1] == cookie:
                return found[2]
        return MISSING

    return read
