"""Answer from the cassette; the upstream is not needed."""

from __future__ import annotations

from cassettes.definition import MockDefinition
from gateway.mocking.mock import compile_mock
from gateway.mode import Forward, Plan, Services
from gateway.playback import Playback, missed, options_of
from gateway.view import RequestView
from recorder.player import Miss


class ReplayMode:
    """The recorded answer; on a miss, what `on_miss` says."""

    needs_body = True

    def __init__(self, definition: MockDefinition, services: Services) -> None:
        self._cassette = definition.cassettes[0]
        self._playback = Playback(self._cassette, definition.replay.timing)
        self._player = services.player(self._cassette, options_of(definition), definition.upstream)
        self._on_miss = _plan_on_miss(definition, services)
        self._mock = compile_mock(definition, services) if definition.replay.on_miss == "mock" else None

    def decide(self, view: RequestView) -> Plan:
        played = self._player.play(view.request)
        if isinstance(played, Miss):
            if self._mock is not None:
                return self._mock.decide(view)
            return self._on_miss or missed(played, self._cassette)
        return self._playback.reply(played)


def _plan_on_miss(definition: MockDefinition, services: Services) -> Plan | None:
    notes = ((b"X-Mimic-Match", b"miss"),)
    match definition.replay.on_miss:
        case "proxy":
            return Forward(services.upstream(definition.upstream or ""), notes=notes)
        case "record":
            return Forward(
                services.upstream(definition.upstream or ""), offer=services.recording(definition), notes=notes
            )
        case _:
            return None
