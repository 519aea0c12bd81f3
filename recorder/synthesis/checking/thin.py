"""Thin evidence: definitions that would invent successes, marked or kept from answering, with the reason."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from recorder.synthesis.checking.selfcheck import Checked
from recorder.synthesis.endpoints.endpoint import SUPPOSED
from recorder.synthesis.options import Options

Document: TypeAlias = dict[str, Any]
_DOUBTFUL: Final = 0.5


def mark_thin(definitions: Sequence[Document], checked: Sequence[Checked], options: Options) -> dict[str, str]:
    """Mark the definitions that invent more successes than they have grounds for; give the reasons by id.

    These are those of whose accepted calls less than half were accepted when they were recorded: what is invented hides
    a refusal. They are of low confidence, and disabled where it was less than the share `floor`, unless `keep_thin`.
    What is drawn by weight is as it was recorded, and what is supposed is of low confidence anyway.
    """
    answered: dict[str, list[Checked]] = defaultdict(list)
    for one in checked:
        answered[one.definition].append(one)
    found: dict[str, str] = {}
    for definition in definitions:
        cases = definition.get("cases", ())
        if any("variants" in case["response"] for case in cases) or SUPPOSED in definition.get("tags", ()):
            continue
        accepted = [one for one in answered[definition["id"]] if _is_accepted(one)]
        right = sum(one.sample.succeeded for one in accepted)
        if right < _DOUBTFUL * len(accepted):
            reason = f"of {len(accepted)} recorded calls that it would accept {len(accepted) - right} were not accepted"
            found[definition["id"]] = reason
            _mark(definition, reason, keeps=options.keep_thin or right >= options.floor * len(accepted))
    _pass_seeds_on(definitions)
    return found


def _is_accepted(one: Checked) -> bool:
    """Tell whether a call is answered with success, whatever was recorded; of an operation by what its status means.

    To refuse what the service accepted is wrong, too, but honest.
    """
    difference = one.difference
    if difference is None or difference.kind not in ("status", "error"):
        return one.sample.succeeded
    return isinstance(difference.now, int) and 200 <= difference.now < 300


def _mark(definition: Document, reason: str, *, keeps: bool) -> None:
    told = definition["description"]
    if keeps:
        definition["description"] = f"low confidence, {reason}; {told}"
        for case in definition.get("cases", ()):
            case["tier"] = "schema"
        return
    made = {"id": definition["id"], "description": f"disabled as a guess, {reason}; {told}", "enabled": False}
    made |= {name: value for name, value in definition.items() if name not in made}
    definition.clear()
    definition.update(made)


def _pass_seeds_on(definitions: Sequence[Document]) -> None:
    """Have what was there from the beginning stand in definitions that answer: others read it, too."""
    for definition in [one for one in definitions if not one.get("enabled", True)]:
        for name, told in list(definition.get("collections", {}).items()):
            reader = next((one for one in definitions if one.get("enabled", True) and _reads(one, name)), None)
            if reader is not None:
                reader["collections"] = {**reader.get("collections", {}), name: told}
                del definition["collections"][name]
        if not definition.get("collections", True):
            del definition["collections"]


def _reads(definition: Document, name: str) -> bool:
    return re.search(rf"\bresource\.{re.escape(name)}\b|'in': '{re.escape(name)}'", repr(definition)) is not None
