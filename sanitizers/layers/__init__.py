"""The layers a value can hide in: each recognises its own kind of text and gives the edits inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from sanitizers.layers import events, json_text, markup, multipart, octets, pairs, url

if TYPE_CHECKING:
    from collections.abc import Callable

    from sanitizers.edit import Edit
    from sanitizers.walk import Walk

Layer: TypeAlias = "tuple[Callable[[str], bool], Callable[[str, Walk, int], list[Edit]]]"

LAYERS: Final[tuple[Layer, ...]] = (
    (multipart.recognises, multipart.edits),
    (octets.recognises, octets.edits),
    (json_text.recognises, json_text.edits),
    (markup.recognises, markup.edits),
    (events.recognises, events.edits),
    (url.recognises, url.edits),
    (pairs.recognises, pairs.edits),
)
"""Asked in this order; the first that recognises a text takes it apart. What none recognises is running text."""
