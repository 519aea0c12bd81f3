"""What a client can take: media types (RFC 9110 §12.5.1) and content codings (§12.5.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cassettes.body import media_type
from cassettes.exchange import header_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cassettes.exchange import Headers, Response
    from cassettes.key import Key
    from recorder.track import Track


def acceptable(key: Key, tracks: Sequence[Track]) -> Sequence[Track]:
    """Give the tracks recorded with one preference: the client's own, else the one whose answers it likes best.

    None are given where the client takes none of the recorded types, unless nothing shows that the service looks at
    the preference at all: it answered in one type only and names no Accept in Vary.
    """
    own = [track for track in tracks if track.key.negotiated == key.negotiated]
    if own:
        return own
    wanted = b",".join(value for name, value in key.negotiated if name == b"accept")
    best = max(tracks, key=lambda track: _liking(wanted, _first_answer(track)))
    if _liking(wanted, _first_answer(best)) == 0 and _is_negotiated(tracks):
        return ()
    return [track for track in tracks if track.key.negotiated == best.key.negotiated]


def accepts_coding(headers: Headers, codings: bytes) -> bool:
    """Tell whether a client asked for every one of these content codings; one that names none asked for none."""
    wanted = b",".join(header_values(headers, b"accept-encoding"))
    weights = _weights(wanted)
    names = [name.strip().lower() for name in codings.split(b",")]
    aliases = {b"x-gzip": b"gzip", b"x-compress": b"compress"}
    names = [aliases.get(name, name) for name in names if name and name != b"identity"]
    return all(weights.get(name, weights.get(b"*", 0.0)) > 0 for name in names)


def _first_answer(track: Track) -> Response | None:
    return track.steps[0].exchange.response


def _liking(wanted: bytes, response: Response | None) -> float:
    """Give the weight from 0 to 1 that the wanted media types give to the response's; errors are taken as they come."""
    kind = media_type(response.headers) if response is not None else b""
    if not wanted or response is None or response.status >= 400 or not kind:
        return 1.0
    weights = _weights(wanted)
    ranges = (kind, kind.partition(b"/")[0] + b"/*", b"*/*")
    return next((weights[item] for item in ranges if item in weights), 0.0)


def _is_negotiated(tracks: Sequence[Track]) -> bool:
    answers = [answer for track in tracks if (answer := _first_answer(track)) is not None]
    varies = any(b"accept" in _tokens(answer.headers, b"vary") for answer in answers)
    return varies or len({media_type(answer.headers) for answer in answers if answer.status < 400}) > 1


def _tokens(headers: Headers, name: bytes) -> set[bytes]:
    return {token.strip().lower() for value in header_values(headers, name) for token in value.split(b",")}


def _weights(text: bytes) -> dict[bytes, float]:
    weights: dict[bytes, float] = {}
    for item in text.lower().split(b","):
        name, *params = (piece.strip() for piece in item.split(b";"))
        if name:
            weights[name] = next((_weight(param[2:]) for param in params if param.startswith(b"q=")), 1.0)
    return weights


def _weight(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0
