"""Verdicts: whether an answer with a status of success is a refusal all the same, and which."""

from __future__ import annotations

import re
from typing import Any, Final

from recorder.synthesis.sample import Sample
from recorder.synthesis.values import as_text, is_scalar

_FLAGS: Final = ("success", "ok")
_FAILED: Final = ("error", "fail", "failed", "failure")
_CODES: Final = ("code", "errno", "type", "name", "title", "message")
_BAD: Final = 400
_WORDS: Final = (
    (401, r"unauthenticated|unauthori[sz]ed|access denied|credentials|not logged in|log ?in|sign ?in|token"),
    (403, r"forbidden|not allowed|not permitted|permission|denied"),
    (404, r"not (?:be )?found|unknown|no such|not exist|there is no\b|missing resource"),
    (409, r"conflict|exists|duplicate|already|closed"),
)


def judged_status(sample: Sample) -> int:
    """Give the status of an answer, or where it has one of success and tells an error the one that this would have."""
    if not 200 <= sample.answered_status < 300:
        return sample.answered_status
    told = _error_in(sample.answer_json)
    return sample.answered_status if told is None else _status_of(told)


def error_code(answer: Any) -> str:
    """Give what an answer calls its error: its code, else what else is short and says of which kind it is."""
    told = _error_in(answer) or answer
    first = told[0] if isinstance(told, list) and told else told
    members = first if isinstance(first, dict) else {}
    inner = members.get("extensions")
    layers = [inner if isinstance(inner, dict) else {}, members]
    found = [layer[name] for layer in layers for name in _CODES if is_scalar(layer.get(name)) and name in layer]
    return as_text(found[0]) if found else ""


def _error_in(answer: Any) -> Any:
    """Give what an answer tells as its error, None where it tells none."""
    if not isinstance(answer, dict):
        return None
    for name in ("error", "errors"):
        told = answer.get(name)
        is_whole = name == "error" or answer.get("data") is None or _is_empty(answer["data"])
        if told and isinstance(told, dict | list | str) and is_whole:
            return told
    if any(answer.get(name) is False for name in _FLAGS) or answer.get("status") in _FAILED:
        return {name: value for name, value in answer.items() if name != "data"}
    return None


def _is_empty(data: Any) -> bool:
    return isinstance(data, dict) and all(value is None for value in data.values())


def _status_of(told: Any) -> int:
    text = re.sub(r"[_-]+", " ", " ".join(_texts(told)).lower())
    return next((status for status, words in _WORDS if re.search(rf"\b(?:{words})", text)), _BAD)


def _texts(told: Any) -> list[str]:
    """Give the texts at the top of an error, or of the first of several; `extensions` (GraphQL) are looked into."""
    first = told[0] if isinstance(told, list) and told else told
    if isinstance(first, str):
        return [first]
    members = first if isinstance(first, dict) else {}
    inner = members.get("extensions")
    found = [value for value in members.values() if isinstance(value, str)]
    return found + [value for value in (inner or {}).values() if isinstance(value, str)] if _is_plain(inner) else found


def _is_plain(value: Any) -> bool:
    return isinstance(value, dict) and all(map(is_scalar, value.values()))
