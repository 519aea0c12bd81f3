"""Echoes: values that answers were cleaned of, though a request of the same session holds them as they are.

A rule that looks at cookies, for one, replaces in an answer what the client had sent in a query. Nothing is made known
by putting it back, and whoever learns from the recording sees that one was taken from the other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from cassettes.coding import content_codings, decode
from cassettes.errors import DecodingError
from sanitizers.errors import SanitizeError
from sanitizers.keys import key_id
from sanitizers.pipeline import restore, restore_request, values_of
from sanitizers.pseudonym import pseudonym

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cassettes.cassette import Cassette, Interaction
    from cassettes.exchange import Response

_SHORTEST: Final = 4
_LARGEST: Final = 1 << 20


def with_echoes(cassette: Cassette, key: bytes | None) -> Cassette:
    """Give a cassette with such values put back; as it is where it was not cleaned under this key."""
    if key is None or cassette.manifest.key_id != key_id(key):
        return cassette
    known: dict[str, dict[str, str]] = defaultdict(dict)
    kept = tuple(_with_echoes(one, known[one.session], key) for one in cassette.interactions)
    changed = any(one is not other for one, other in zip(kept, cassette.interactions, strict=True))
    return replace(cassette, interactions=kept) if changed else cassette


def _with_echoes(interaction: Interaction, known: dict[str, str], key: bytes) -> Interaction:
    """Put back what the session's requests held so far; `known` has it by its stand-ins, and is added to."""
    exchange = interaction.exchange
    request, response = exchange.request, exchange.response
    try:
        if known:
            request = restore_request(request, known)
        if response is not None and any(found.where.startswith("response.") for found in interaction.findings):
            known |= _echoed(values_of(request), response, key)
        if known and response is not None:
            response = restore(response, known)
    except SanitizeError:
        return interaction
    if request is exchange.request and response is exchange.response:
        return interaction
    return replace(interaction, exchange=replace(exchange, request=request, response=response))


def _echoed(values: list[str], response: Response, key: bytes) -> Mapping[str, str]:
    """Give the values of a request whose stand-in an answer has, by the stand-in."""
    text = b"\n".join([*(value for _, value in response.headers), _readable(response)])
    made = {stand_in: value for value in values if (stand_in := pseudonym(key, value)) != value}
    return {
        stand_in: value for stand_in, value in made.items() if len(value) >= _SHORTEST and stand_in.encode() in text
    }


def _readable(response: Response) -> bytes:
    try:
        return decode(content_codings(response.headers), response.body, limit_bytes=_LARGEST)
    except DecodingError:
        return response.body[:_LARGEST]
