"""Holders of credentials: whose answers a client gets that sends a credential which the cassette does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cassettes.cassette import Interaction
    from cassettes.credential import Credential
    from cassettes.key import Key
    from recorder.client import ClientSession
    from recorder.track import Track

Held: TypeAlias = "tuple[Credential, ...]"

_REJECTED: Final = frozenset({401, 403, 407})


class Holders:
    """Who asked in a cassette.

    The rule: a credential that the cassette knows gets its own holder's answers and no one else's. One it does not
    know (a developer's own token, offline) stands for one recorded holder, the same one for the whole client session.
    Which one must be certain: where several holders got different answers, none is chosen. A holder who was always
    turned away stands for no one.
    """

    def __init__(self) -> None:
        self._known: set[Credential] = set()
        self._accepted: set[Held] = set()

    def add(self, key: Key, interaction: Interaction) -> None:
        """Learn who asked this and whether it was let in."""
        if not key.credentials:
            return
        self._known.update(key.credentials)
        response = interaction.exchange.response
        if response is not None and response.status not in _REJECTED:
            self._accepted.add(key.credentials)

    def choose(self, key: Key, tracks: Sequence[Track], session: ClientSession) -> Sequence[Track] | str:
        """Give the tracks of the holder this client is, or why it can be none of them."""
        own = [track for track in tracks if track.key.credentials == key.credentials]
        if own:
            return own
        possible = [track for track in tracks if self._may_stand_for(key.credentials, track.key.credentials, session)]
        if not possible:
            return "it was recorded with other credentials only, and these may not stand for them"
        holders = {track.key.credentials for track in possible}
        if len(holders) > 1 and len({_answers(possible, held) for held in holders}) > 1:
            return f"{len(holders)} holders of such credentials got different answers, and this one is not known"
        return possible

    def settle(self, key: Key, tracks: Sequence[Track], session: ClientSession) -> None:
        """Remember for the rest of the session which holder its unknown credentials stand for, if that is certain."""
        held = tracks[0].key.credentials
        if held == key.credentials or any(track.key.credentials != held for track in tracks):
            return
        for live, recorded in zip(key.credentials, held, strict=True):
            if live.value != recorded.value:
                session.holders[live.slot] = recorded.value

    def _may_stand_for(self, live: Held, recorded: Held, session: ClientSession) -> bool:
        return recorded in self._accepted and all(
            mine == theirs or (mine not in self._known and session.holders.get(mine.slot, theirs.value) == theirs.value)
            for mine, theirs in zip(live, recorded, strict=True)
        )


def _answers(tracks: Sequence[Track], held: Held) -> tuple[tuple[int, bytes], ...]:
    responses = (step.exchange.response for track in tracks if track.key.credentials == held for step in track.steps)
    return tuple((response.status, response.body) if response else (0, b"") for response in responses)
