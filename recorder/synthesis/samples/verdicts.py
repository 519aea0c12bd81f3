"""Verdicts: whether an answer with a status of success is a refusal all the same, and which."""

from __future__ import annotations

import re
from typing import Any, Final

from cassettes.xmltree import TEXT, is_tree, local
from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import as_text, is_scalar, leaves

_FLAGS: Final = ("success", "ok")
_FAILED: Final = ("error", "fail", "failed", "failure")
_CODES: Final = ("code", "errno", "type", "name", "title", "message")
_CODE: Final = re.compile(r"[A-Za-z][\w.:-]*")
_BY_FIELD: Final = re.compile(r"(?:error|field|detail|violation|issue)s\Z", re.IGNORECASE)
_BAD: Final = 400
_WORDS: Final = (
    (401, r"unauthenticated|unauthori[sz]ed|access denied|credentials|not logged in|log ?in|sign ?in|token"),
    (403, r"forbidden|not allowed|not permitted|permission|denied"),
    (404, r"not (?:be )?found|unknown|no such|not exist|there is no\b|missing resource"),
    (409, r"conflict|exists|duplicate|already|closed"),
)


def judged_status(sample: Sample) -> int:
    """Give the status of an answer, or where it has one of success and tells an error the one that this would have."""
    fault = fault_in(sample.answer_json)
    if fault is not None:
        return _status_of(_texts_of(fault))
    if not 200 <= sample.answered_status < 300:
        return sample.answered_status
    told = _error_in(sample.answer_json)
    return sample.answered_status if told is None else _status_of(told)


def error_code(answer: Any) -> str:
    """Give what an answer calls its error: its code, else what else is short and says of which kind it is."""
    fault = fault_in(answer)
    if fault is not None:
        return _fault_code(fault)
    told = _error_in(answer) or answer
    if isinstance(told, str):
        return told if _CODE.fullmatch(told) else ""
    first = told[0] if isinstance(told, list) and told else told
    members = first if isinstance(first, dict) else {}
    inner = members.get("extensions")
    layers = [inner if isinstance(inner, dict) else {}, members]
    found = [layer[name] for layer in layers for name in _CODES if is_scalar(layer.get(name)) and name in layer]
    return as_text(found[0]) if found else ""


def fields_in_error(answer: Any) -> tuple[str, ...]:
    """Give the fields that a refusal is about, where it is an object of texts by field: `{"price": ["Too low."]}`.

    The object may be the whole answer, or stand under a name such as `errors`.
    """
    if not isinstance(answer, dict):
        return ()
    inner = [value for name, value in answer.items() if _BY_FIELD.search(name)]
    for told in [value for value in inner if isinstance(value, dict)] if inner else [answer]:
        if told and all(_are_texts(value) for value in told.values()):
            return tuple(sorted(told))
    return ()


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def fault_in(answer: Any) -> Any:
    """Give the fault in an answer by SOAP (1.1 §4.4, 1.2 §5.4), None where there is none."""
    if not is_tree(answer):
        return None
    envelope = _member(answer, "Envelope")
    return _member(_member(envelope, "Body"), "Fault")


def _member(value: Any, name: str) -> Any:
    members = value.items() if isinstance(value, dict) else ()
    return next((inner for key, inner in members if local(key) == name), None)


def _texts_of(fault: Any) -> list[str]:
    return [value for _, value in leaves(fault) if isinstance(value, str)]


def _fault_code(fault: Any) -> str:
    """Give what is the code in the details of a fault, else the code of the fault itself."""
    details = _member(fault, "detail") or _member(fault, "Detail")
    for part in (details, fault):
        for path, value in leaves(part):
            names = [local(str(step)).lower() for step in path if isinstance(step, str) and step != TEXT]
            if is_scalar(value) and any(one.endswith(("code", "errno", "value")) for one in names[-1:]):
                return as_text(value)
    return ""


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
    told = told if isinstance(told, list) and all(isinstance(one, str) for one in told) else _texts(told)
    text = re.sub(r"[_-]+", " ", " ".join(told).lower())
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
