"""The kind of a body, as its Content-Type names it: exact, with `*`, or by its suffix."""

from __future__ import annotations

from collections.abc import Callable

from cassettes.definition import Condition
from gateway.matcher import Place, Predicate, Probe, Verdict, success, verdict
from gateway.matchers.operators import glob, likeness
from gateway.view import MISSING, RequestView


def compile_content_type(match: Condition, place: Place) -> list[Predicate]:
    """Compile the test of the content type.

    `application/json` is that type, `application/*` any of its kind, `*/json` (or `json`) also `…+json`. Parameters
    count only where they are given (`text/plain; charset=utf-8`).
    """
    where = place.child("content_type")
    wanted = (match.content_type or "").strip().lower()
    kind, _, rest = wanted.partition(";")
    is_kind = kind_test(kind.strip(), where)
    parameters = _parameters(rest)

    def holds(view: RequestView) -> bool:
        if not is_kind(view.content_type):
            return False
        return not parameters or parameters <= _parameters(
            (view.header("content-type") or "").lower().partition(";")[2]
        )

    def explain(view: RequestView) -> Verdict:
        found = view.header("content-type")
        if holds(view):
            return success(where.field, wanted, found)
        hint = "there is no Content-Type" if found is None else ""
        if not view.content_type.endswith("json") and is_kind("application/json") and view.json is not MISSING:
            hint = f"the content type is {view.content_type or 'missing'}; the body is JSON only by content"
        return verdict(where.field, wanted, found or "nothing", likeness(kind, view.content_type), hint)

    return [Probe(where.field, holds, explain)]


def kind_test(kind: str, place: Place) -> Callable[[str], bool]:
    """Compile the test of a media type in lower case; raises ConfigError for what cannot be one."""
    main, slash, sub = kind.partition("/")
    if not slash:
        main, sub = "*", kind.removeprefix("+")
    if not main or not sub or "/" in sub:
        raise place.refusal(f"'{kind}' is not a content type: write application/json, application/*, */json or json")
    if main == "*" and "*" not in sub:
        endings = (f"/{sub}", f"+{sub}")
        return lambda found: found.endswith(endings)
    if "*" not in kind:
        return lambda found: found == kind
    matches = glob(f"{main}/{sub}", place, "text").holds
    return lambda found: bool(found) and matches(found)


def _parameters(text: str) -> set[str]:
    pairs = (piece.partition("=") for piece in text.split(";") if piece.strip())
    return {f"{name.strip()}={value.strip().strip(chr(34))}" for name, _, value in pairs}
