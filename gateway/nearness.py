"""How near a path comes to a pattern that it does not match, and what would make it match."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from gateway.matcher import Verdict, shown
from gateway.pattern import Part, Pattern, Step
from gateway.spelling import normal

_NEAR: Final = 0.95
_FAR: Final = 0.9
_SHOWN: Final = 60


def path_verdict(pattern: Pattern, path: bytes, *, field: str = "path") -> Verdict:
    """Say whether a path (as sent) matches, how near it comes, and what would be right."""
    found = shown(path.decode("utf-8", "backslashreplace"))
    if pattern.covers(path):
        return Verdict(field, True, pattern.text, found, 1.0)
    hint = _slip(pattern, path)
    if hint:
        return Verdict(field, False, shown(pattern.text), found, _NEAR, hint)
    closeness, hint = _by_segments(pattern, normal(path))
    return Verdict(field, False, shown(pattern.text), found, closeness, hint or _plain_hint(pattern, found))


def _plain_hint(pattern: Pattern, found: str) -> str:
    return f"ask for {shown(pattern.text, _SHOWN)}, not {shown(found, _SHOWN)}"


def _slip(pattern: Pattern, path: bytes) -> str:
    """Name the one slip that keeps the path from matching, or ""."""
    if pattern.covers(path[:-1] if path.endswith(b"/") else path + b"/"):
        return "the path differs by a trailing slash"
    if b"//" in path and pattern.covers(re.sub(rb"/{2,}", b"/", path)):
        return "the path has a double slash"
    if pattern.steps is not None and pattern.end == "here" and _fits_without_case(pattern.steps, normal(path)):
        return f"the path differs in upper and lower case: ask for {pattern.text}"
    parts = path.split(b"/")
    for skipped in range(2, min(len(parts), 5)):
        if pattern.literal != b"/" and pattern.kind < 2 and pattern.covers(b"/" + b"/".join(parts[skipped:])):
            extra = b"/".join(parts[:skipped]).decode("utf-8", "backslashreplace")
            return f"the path begins with {shown(extra, _SHOWN)}, which the definition's does not"
    text = pattern.literal
    if pattern.kind == 0 and len(path) > 1 and text.endswith(normal(path)):
        lead = text[: len(text) - len(normal(path))].decode()
        return f"the definition's path begins with {shown(lead, _SHOWN)}, which the request's does not"
    return ""


def _fits_without_case(steps: tuple[Step, ...], path: bytes) -> bool:
    parts = path.lower().split(b"/")[1:]
    return len(parts) == len(steps) and all(map(_fits, (_lower(step) for step in steps), parts))


def _lower(step: Step) -> Step:
    return step.lower() if isinstance(step, bytes) else step


def _fits(step: Step, part: bytes) -> bool:
    return step == part if isinstance(step, bytes) else step.takes(part) is not None


def _by_segments(pattern: Pattern, path: bytes) -> tuple[float, str]:
    """Give how near the path comes, segment by segment, and a hint where one segment alone is wrong."""
    if pattern.steps is None:
        return 0.7 * _likeness(pattern.literal, path), ""
    steps, parts = pattern.steps, path.split(b"/")[1:]
    if pattern.end != "here":
        parts = parts[: len(steps)]
    points = [_points(step, part) for step, part in zip(steps, parts, strict=False)]
    closeness = _FAR * sum(points) / max(len(steps), len(parts), 1)
    wrong = [place for place, (step, part) in enumerate(zip(steps, parts, strict=False)) if not _fits(step, part)]
    if len(steps) == len(parts) and len(wrong) == 1:
        return closeness, _segment_hint(steps[wrong[0]], parts[wrong[0]], wrong[0] + 1)
    return closeness, ""


def _points(step: Step, part: bytes) -> float:
    if isinstance(step, bytes):
        return 1.0 if step == part else 0.6 * _likeness(step, part)
    return 0.9 if step.takes(part) is not None else 0.4 if part else 0.0


def _segment_hint(step: Step, part: bytes, number: int) -> str:
    found = repr(shown(part.decode("utf-8", "backslashreplace"), _SHOWN)) if part else "empty"
    if isinstance(step, Part):
        wanted = f"of the type {step.key}" if step.key in ("int", "float", "uuid") else "what the template asks for"
        return f"segment {number} of the path is {found}, not {wanted if step.key else 'a value'}"
    return f"segment {number} of the path is {found}, not {step.decode()!r}"


def _likeness(one: bytes, other: bytes) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() if len(one) + len(other) < 400 else 0.0
