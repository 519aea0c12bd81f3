"""The trial: sessions that nothing was learnt from, asked of the mocks, and what came out otherwise than recorded."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from cassettes.cassette import Cassette
from recorder.synthesis.checking.answering import Answering, Begin, Clock, Serve
from recorder.synthesis.checking.selfcheck import Checked, check_sessions
from recorder.synthesis.plan.features import call_of
from recorder.synthesis.samples.elements import read_elements
from recorder.synthesis.samples.sample import samples_of

Wrong: TypeAlias = tuple[str, str, str]
"""What goes wrong alike: the call, the id of the definition that answered it, and what differs, without numbers."""
_MOST_WRONG: Final = 200
_MOST_EXAMPLES: Final = 6
_NUMBER: Final = re.compile(r"\d+")


class Asking:
    """Definitions that were made ready once, to be asked for many sessions."""

    def __init__(self, definitions: Sequence[dict[str, Any]], serve: Serve) -> None:
        self._now: Clock = lambda: 0.0
        self._answering: Answering = serve(definitions, lambda: self._now())  # noqa: PLW0108  # it changes

    def begin(self, clock: Clock) -> Answering:
        """Go by this clock from now on."""
        self._now = clock
        return self._answering


@dataclass(slots=True)
class Trial:
    """How sessions came out: by place [calls, right], by definition [calls, right], and what was wrong, how often.

    `examples` are some sessions in which each was wrong.
    """

    sessions: dict[int, list[int]] = field(default_factory=dict)
    definitions: dict[str, list[int]] = field(default_factory=dict)
    wrong: Counter[Wrong] = field(default_factory=Counter)
    examples: dict[Wrong, list[int]] = field(default_factory=dict)

    @property
    def calls(self) -> int:
        return sum(calls for calls, _ in self.definitions.values())

    @property
    def right(self) -> int:
        return sum(right for _, right in self.definitions.values())

    @property
    def share(self) -> float:
        """What share was answered as recorded, 1 where nothing was asked."""
        return self.right / self.calls if self.calls else 1.0

    def note(self, place: int, checked: Iterable[Checked]) -> None:
        """Take down how the calls of a session came out."""
        for one in checked:
            for tally in (self.sessions.setdefault(place, [0, 0]), self.definitions.setdefault(one.definition, [0, 0])):
                tally[0] += 1
                tally[1] += one.right
            if not one.right:
                self._note_wrong(_wrong(one), [place])

    def add(self, other: Trial) -> None:
        """Take in what another trial found."""
        self.sessions |= other.sessions
        for name, (calls, right) in other.definitions.items():
            tally = self.definitions.setdefault(name, [0, 0])
            tally[0] += calls
            tally[1] += right
        for wrong, count in other.wrong.items():
            self._note_wrong(wrong, other.examples.get(wrong, []), count)

    def _note_wrong(self, wrong: Wrong, places: Iterable[int], count: int = 1) -> None:
        self.wrong[wrong] += count
        examples = self.examples.setdefault(wrong, [])
        for place in places:
            if place not in examples and len(examples) < _MOST_EXAMPLES:
                examples.append(place)

    def most_wrong(self) -> list[tuple[Wrong, int]]:
        """Give what goes wrong alike, the most frequent first."""
        return sorted(self.wrong.items(), key=lambda one: (-one[1], one[0]))

    def document(self) -> dict[str, Any]:
        """Give it as data; of very many things that go wrong the most frequent."""
        return {
            "sessions": [[place, *tally] for place, tally in self.sessions.items()],
            "definitions": {name: self.definitions[name] for name in sorted(self.definitions)},
            "wrong": [[*wrong, count, self.examples[wrong]] for wrong, count in self.most_wrong()[:_MOST_WRONG]],
        }

    @classmethod
    def of(cls, document: dict[str, Any]) -> Trial:
        """Read what `document` gave."""
        made = cls({place: tally for place, *tally in document["sessions"]}, document["definitions"])
        for call, definition, why, count, examples in document["wrong"]:
            made._note_wrong((call, definition, why), examples, count)
        return made


def tried(parts: Iterable[tuple[Cassette, Mapping[str, int]]], begin: Begin) -> Trial:
    """Ask for the sessions of these cassettes; with each come the places of its sessions by their names."""
    found = Trial()
    for cassette, places in parts:
        by_session: dict[str, list[Checked]] = {}
        samples = samples_of([cassette])
        read_elements(samples)
        for one in check_sessions(samples, begin):
            by_session.setdefault(one.sample.interaction.session, []).append(one)
        for name, checked in by_session.items():
            found.note(places[name], checked)
    return found


def _wrong(one: Checked) -> Wrong:
    call = call_of(one.sample)
    what = f"{call.method} {one.definition or '/' + '/'.join(call.words)}, recorded {one.sample.answered_status}"
    return what, one.definition, _NUMBER.sub("#", one.why)
