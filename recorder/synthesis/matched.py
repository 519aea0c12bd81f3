"""What calls of an endpoint are matched by: their method and path, and what tells them apart from others there."""

from __future__ import annotations

import re
from typing import Any, Final

from recorder.synthesis.endpoints.discriminators import FIELD
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.samples.values import Path
from recorder.synthesis.terms.term import literal

_UNNAMED: Final = r"\s*(?:query|mutation|subscription)?\s*(?:\([^{]*)?"
"""The beginning of a GraphQL document without a name."""


def matched(endpoint: Endpoint) -> dict[str, Any]:
    """Give what calls of an endpoint have, as a definition says it."""
    match: dict[str, Any] = {"method": endpoint.sent_method, "path": endpoint.path}
    told = endpoint.discriminator
    if told is None:
        return match
    value = {"regex": told.value} if told.is_pattern else told.value
    if told.where == "header":
        match["headers"] = {told.name: value}
    elif told.where == "query":
        match["query"] = {told.name: value}
    elif told.where == "form":
        match["body"] = {"form": {told.name: value}}
    elif told.where == "element":
        match["body"] = {"xpath": _xpath(told.value)}
    elif told.where == "graphql":
        if told.name != FIELD:
            match["graphql"] = {"operation": told.value}
        else:
            field = rf"\{{\s*(?:\w+\s*:\s*)?{re.escape(told.value)}\b"
            match["body"] = {"jsonpath": "$.query", "regex": f"{_UNNAMED}{field}.*"}
    elif told.where == "json":
        operator = "regex" if told.is_pattern else "equals"
        match["body"] = {"jsonpath": f"$[{literal(told.name)}]", operator: told.value}
    for key in told.needs:
        _need(match, endpoint, key)
    return match


def _need(match: dict[str, Any], endpoint: Endpoint, key: Path) -> None:
    """Have calls be matched only where they have an argument."""
    name, known = str(key[-1]), match.get("body")
    if endpoint.operation is not None and endpoint.operation.given == "query":
        match["query"] = {**match.get("query", {}), name: {"present": True}}
    elif endpoint.is_form:
        match["body"] = {"form": {**(known or {}).get("form", {}), name: {"present": True}}}
    else:
        path = "".join(f"[{literal(str(step))}]" for step in key)
        test = {"xpath": f"//*[local-name()='{name}']"} if endpoint.asked else {"jsonpath": f"${path}"}
        match["body"] = [*(known if isinstance(known, list) else [known] if known else []), test]


def _xpath(names: str) -> str:
    """Write the XPath of an element, whatever its namespace and the prefixes that a client chose."""
    return "".join(f"/*[local-name()='{name}']" for name in names.split("/"))
