"""The plan: which recordings are learnt from, within which bounds, and what of it is done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Final

from cassettes.cassette import Cassette
from cassettes.library import Library
from cassettes.reel import Reel
from recorder.errors import PlanError
from recorder.synthesis.options import Options
from recorder.synthesis.plan.excerpt import excerpt
from recorder.synthesis.plan.folder import Folder
from recorder.synthesis.plan.sketch import Piece, pieces_of
from recorder.synthesis.plan.survey import Survey, load_survey

FORMAT: Final = 1
PLAN: Final = "plan.json"
SURVEY: Final = "survey.jsonl"
_SPREAD: Final = 2_654_435_761  # Knuth's multiplier: neighbours fall far apart


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is done at once.

    `piece` is in bytes, all else in calls: `first` are learnt from in the first round and at most `most` in the last
    of so many `rounds`, after each of which about `sample` are asked. A session is looked at for `longest` calls;
    `batch` are asked in one go.
    """

    first: int = 4_000
    most: int = 7_000
    rounds: int = 3
    sample: int = 20_000
    longest: int = 2_000
    batch: int = 2_000
    piece: int = 32 << 20

    @classmethod
    def of(cls, most: int) -> Bounds:
        """Give bounds in which so many calls are learnt from at most, and all else in proportion."""
        part = max(1, most * 2 // 7)
        return cls(first=max(1, most * 4 // 7), most=most, sample=most * 3, longest=part, batch=part)


@dataclass
class Plan:
    """A plan in its folder, and the library that holds the recordings."""

    folder: Folder
    library: Library
    names: tuple[str, ...]
    options: Options = field(default_factory=Options)
    bounds: Bounds = field(default_factory=Bounds)

    def begin(self) -> None:
        """Write the plan down, or see that the one that stands in the folder is the same.

        Raises PlanError where it is another, or where recordings have changed since; CassetteError where one is gone.
        """
        own = self._document()
        if not self.folder.has(PLAN):
            self.folder.write_json(PLAN, own)
            return
        there = self.folder.read_json(PLAN)
        for name, told in own.items():
            if there.get(name) != told:
                raise PlanError(
                    f"{self.folder.path}: there is the plan of another synthesis, whose {_WORDS[name]}: "
                    "name another folder, or take this one away"
                )

    @classmethod
    def opened(cls, folder: Folder, library: Library) -> Plan:
        """Read a plan that was begun."""
        told = folder.read_json(PLAN)
        names = tuple(source["name"] for source in told["sources"])
        return cls(folder, library, names, Options(**told["options"]), Bounds(**told["bounds"]))

    def _document(self) -> dict[str, Any]:
        reels = [self.reel(place) for place in range(len(self.names))]
        return {
            "format": FORMAT,
            "sources": [
                {"name": name, "bytes": reel.size, "tail": reel.tail}
                for name, reel in zip(self.names, reels, strict=True)
            ],
            "options": asdict(self.options),
            "bounds": asdict(self.bounds),
        }

    def reel(self, source: int) -> Reel:
        """Open a cassette by its place among all; raises CassetteError."""
        return self.library.reel(self.names[source])

    @cached_property
    def pieces(self) -> list[Piece]:
        """The pieces of all cassettes, in order."""
        return pieces_of([one["bytes"] for one in self.folder.read_json(PLAN)["sources"]], self.bounds.piece)

    @cached_property
    def survey(self) -> Survey:
        """The survey, once it is made."""
        return load_survey(self.folder.read(SURVEY))

    def size(self, places: Iterable[int]) -> int:
        """Give how many calls of these sessions are looked at."""
        return sum(min(self.survey.sessions[place].calls, self.bounds.longest) for place in places)

    @cached_property
    def sample(self) -> list[int]:
        """The sessions that are asked after each round: few of all, spread over them evenly."""
        every = range(len(self.survey.sessions))
        step = -(-self.size(every) // self.bounds.sample) if self.bounds.sample else 0
        return [place for place in every if step and (place * _SPREAD >> 8) % step == 0]

    def tried(self, learnt: Collection[int]) -> list[list[int]]:
        """Give the batches of the sample, without what was learnt from."""
        return self.batches(place for place in self.sample if place not in learnt)

    def others(self, learnt: Collection[int]) -> list[list[int]]:
        """Give the batches of all sessions that were not learnt from."""
        return self.batches(place for place in range(len(self.survey.sessions)) if place not in learnt)

    def batches(self, places: Iterable[int]) -> list[list[int]]:
        """Cut sessions into batches."""
        made: list[list[int]] = []
        left = 0
        for place in places:
            if left <= 0:
                made.append([])
                left = self.bounds.batch
            made[-1].append(place)
            left -= self.size([place])
        return made

    def cassettes(self, places: Collection[int]) -> list[Cassette]:
        """Read these sessions."""
        return excerpt(self.reel, [self.survey.sessions[place] for place in sorted(places)], self.bounds.longest)

    def parts(self, places: Iterable[int]) -> Iterator[tuple[Cassette, Mapping[str, int]]]:
        """Read these sessions cassette by cassette, with their places by name."""
        by_source: dict[int, dict[str, int]] = {}
        for place in places:
            one = self.survey.sessions[place]
            by_source.setdefault(one.source, {})[one.name] = place
        for names in by_source.values():
            for cassette in self.cassettes(names.values()):
                yield cassette, names


_WORDS: Final = {
    "format": "form is another",
    "sources": "recordings were others, or were not what they are now",
    "options": "options were others",
    "bounds": "bounds were others",
}
