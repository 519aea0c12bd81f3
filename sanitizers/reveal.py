"""Revealing: a text with its escapes undone and the JSON of its tokens decoded, to tell which words it can hold."""

from __future__ import annotations

import base64
import binascii
import html
import re
from typing import Final
from urllib.parse import unquote

from sanitizers.layers.escapes import JSON

_JSON_IN_BASE64: Final = re.compile(r"eyJ[A-Za-z0-9+/_-]{8,}")
_ROUNDS: Final = 3


def revealed(text: str) -> str:
    """Give the text, with what comes of it in three rounds of undoing percent, JSON and HTML escapes and base64."""
    found = [text]
    for _ in range(_ROUNDS):
        new = _undone(found[-1])
        if new == found[-1]:
            break
        found.append(new)
    return "\n".join(found)


def _undone(text: str) -> str:
    tokens = [_decoded(run) for run in _JSON_IN_BASE64.findall(text)] if "eyJ" in text else []
    if "%" in text:
        text = unquote(text, errors="replace")
    if "\\" in text:
        text = JSON.decode(text)
    if "&" in text:
        text = html.unescape(text)
    return "\n".join([_JSON_IN_BASE64.sub("", text), *tokens]) if tokens else text


def _decoded(run: str) -> str:
    bare = run[: len(run) - (len(run) % 4 == 1)]
    try:
        data = base64.b64decode(bare.replace("-", "+").replace("_", "/") + "=" * (-len(bare) % 4))
    except (binascii.Error, ValueError):
        return ""
    return data.decode("utf-8", "replace")
