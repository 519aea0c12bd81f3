"""Answer as the upstream does, and offer the exchange to the recorder."""

from __future__ import annotations

from dataclasses import replace

from cassettes.definition import MockDefinition
from gateway.mode import Forward, Plan, Services
from gateway.playback import Playback, missed, options_of
from gateway.reply import header_change
from gateway.view import RequestView
from recorder.player import Miss, Player


class RecordMode:
    """Record by the names people know: `all`, `new_episodes` (known requests are replayed), `once`, `none`."""

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        cassette = definition.cassettes[0]
        mode = definition.record_mode
        self._cassette = cassette
        self._playback = Playback(self._cassette, definition.replay.timing)
        self._forwards = mode in ("all", "new_episodes") or (mode == "once" and not services.holds_recordings(cassette))
        self._plan = Forward(
            services.upstream(definition.upstream or ""),
            offer=services.recording(definition) if self._forwards else None,
            change_request=header_change(definition.transform.request),
            change_response=header_change(definition.transform.response),
        )
        self._player: Player | None = None
        if mode == "new_episodes" or not self._forwards:
            options = options_of(definition)
            # A request that merely resembles a recorded one is a new episode.
            options = replace(options, strict=True) if mode == "new_episodes" else options
            self._player = services.player(cassette, options, definition.upstream)
        self.needs_body = self._player is not None

    def decide(self, view: RequestView) -> Plan:
        if self._player is None:
            return self._plan
        played = self._player.play(view.request)
        if not isinstance(played, Miss):
            return self._playback.reply(played)
        return self._plan if self._forwards else missed(played, self._cassette)
