"""Unsent headers: what all accepted calls sent of their own is asked for, where too little was recorded to say more.

Counted on sessions of forty services, each learnt from one session: calls without a header that all accepted calls to
the same endpoint had were refused in every case, but for `If-Match` where one accepted call had shown it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from recorder.synthesis.outcomes.behaviour import Behaviour
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.few import are_few
from recorder.synthesis.terms.request_terms import header_term
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term

_LEAST: Final = 2
_OF_CLIENTS: Final = re.compile(
    r"accept.*|connection|content-.*|host|user-agent|authorization|cookie|transfer-encoding|te|upgrade.*|expect|origin"
    r"|referer|dnt|sec-.*|x-forwarded-.*|forwarded|via|traceparent|tracestate|.*-(?:request|correlation|trace)-id"
    r"|priority|cache-control|pragma|range|if-(?:none-match|modified-since|unmodified-since|range)|x-requested-with|.*date"
    r"|x-amz-.*|amz-.*"
)
"""Headers that clients, libraries and what lies between send by themselves."""
_ONCE: Final = re.compile(r".*idempotency-?key")
_KEY: Final = re.compile(r"(?:key|token|auth|secret)")
_VERSION: Final = "if-match"
_BAD_REQUEST: Final = 400
_UNAUTHORIZED: Final = 401
_REQUIRED: Final = 428


class Unsent(NamedTuple):
    """Where the term holds, a header is not there that all accepted calls had; a key tells who calls, and is first."""

    term: Term
    status: int
    note: str
    is_first: bool


def unsent(behaviour: Behaviour, fine: Sequence[Scene]) -> Iterator[Unsent]:
    """Give what is refused for lack of a header (RFC 6585, 3, of `If-Match`); `fine` are the calls not refused."""
    accepted = [scene for scene in fine if scene.sample.succeeded]
    is_few = are_few(accepted)
    if not accepted or not is_few or behaviour.endpoint.operation is not None:
        return
    told = " ".join(term.text for rule, _ in behaviour.cases if rule is not None for term in rule.terms)
    for name in accepted[0].sample.headers:
        term = header_term(name)
        least = 1 if _ONCE.fullmatch(name) else _LEAST
        absent = Term(f"{term.text} is not defined", _lacks(term), name, 1.0)
        is_own = _OF_CLIENTS.fullmatch(name) is None and absent.text not in told
        if is_own and len(accepted) >= least and all(name in scene.sample.headers for scene in fine):
            status = _status(name)
            yield Unsent(absent, status, f"all accepted calls had {name}", status == _UNAUTHORIZED)


def _status(name: str) -> int:
    if name == _VERSION:
        return _REQUIRED
    return _UNAUTHORIZED if _KEY.search(name) and not _ONCE.fullmatch(name) else _BAD_REQUEST


def _lacks(term: Term) -> Callable[[Scene], bool]:
    return lambda scene: term.get(scene) is MISSING
