"""An excerpt: cassettes as read, of some of their sessions only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from cassettes.cassette import Cassette, Interaction
from cassettes.errors import CassetteError
from cassettes.reel import Reel
from recorder.synthesis.plan.survey import Session


def excerpt(open_reel: Callable[[int], Reel], sessions: Iterable[Session], longest: int) -> list[Cassette]:
    """Read these sessions, of each at most `longest` answered calls from its beginning, in the order of the cassettes.

    `open_reel` opens a cassette by its place among all. Lines that are not whole are left out.
    """
    by_source: dict[int, list[Session]] = {}
    for one in sessions:
        by_source.setdefault(one.source, []).append(one)
    return [_cassette(open_reel(source), by_source[source], longest) for source in sorted(by_source)]


def _cassette(reel: Reel, sessions: Iterable[Session], longest: int) -> Cassette:
    found = [one for session in sessions for one in _interactions(reel, session, longest)]
    found.sort(key=lambda one: one.number)
    return Cassette(reel.manifest, tuple(found))


def _interactions(reel: Reel, session: Session, longest: int) -> Iterator[Interaction]:
    answered = 0
    runs = zip(session.runs[::2], session.runs[1::2], strict=True)
    for line in reel.lines_in(runs):
        with suppress(CassetteError):
            interaction = reel.load(line)
            yield interaction
            answered += interaction.exchange.response is not None and interaction.exchange.failure is None
        if answered >= longest:
            return
