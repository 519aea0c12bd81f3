"""The stages of a plan: survey, choose, learn, ask, and again, each a number of files that any process can make."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from recorder.synthesis.checking.answering import Serve
from recorder.synthesis.distil import RECORDED, distil
from recorder.synthesis.plan.choice import choose, with_examples
from recorder.synthesis.plan.plan import SURVEY, Plan
from recorder.synthesis.plan.sketch import sketch
from recorder.synthesis.plan.survey import dump_survey, merged
from recorder.synthesis.plan.trial import Asking, Trial, tried
from recorder.synthesis.reports.report import report_page


@dataclass(frozen=True, slots=True)
class Stage:
    """Files of which each is made by itself, by its place among them; `title` says what is done."""

    title: str
    files: Sequence[str]
    make: Callable[[int], None]


class Stages:
    """Knows what is to be done next, from what stands in the folder."""

    def __init__(self, plan: Plan, serve: Serve) -> None:
        self.plan = plan
        self._serve = serve
        self._asking: tuple[int, Asking] | None = None

    def __iter__(self) -> Iterator[Stage]:
        """Give the stages in order; each is to be done before the next is asked for."""
        yield Stage("looking at", _files("survey", len(self.plan.pieces)), self._sketch)
        yield Stage("putting together", [SURVEY], self._merge)
        last = 0
        for number in range(1, self.plan.bounds.rounds + 1):
            yield Stage("choosing", [chosen_file(number)], partial(self._choose, number))
            if last and self.chosen(number) == self.chosen(last):
                break
            last = number
            yield Stage("learning", [mocks_file(number)], partial(self._learn, number))
            if len(self.chosen(number)) == len(self.plan.survey.sessions):
                break
            yield self._asking_of(f"round-{number}", number, self.plan.tried(set(self.chosen(number))))
        best = self.best(last)
        yield self._asking_of("asked", best, self.plan.others(set(self.chosen(best))))

    def chosen(self, number: int) -> list[int]:
        """Give the sessions that a round learns from."""
        found: list[int] = self.plan.folder.read_json(chosen_file(number))
        return found

    def mocks(self, number: int) -> dict[str, Any]:
        """Give what a round has learnt: `definitions`, `remarks`, and its own `checked` calls as a trial."""
        found: dict[str, Any] = self.plan.folder.read_json(mocks_file(number))
        return found

    def sketches(self) -> Iterator[dict[str, Any]]:
        """Give the sketches of all pieces, one after the other."""
        return map(self.plan.folder.read_json, _files("survey", len(self.plan.pieces)))

    def rounds(self) -> list[int]:
        """Give the numbers of the rounds that learnt something."""
        return [one for one in range(1, self.plan.bounds.rounds + 1) if self.plan.folder.has(mocks_file(one))]

    def best(self, last: int) -> int:
        """Give the round whose mocks answer the sample best, of what no round has learnt from; the last of those."""
        if last == 1:
            return 1
        learnt = {place for number in range(1, last + 1) for place in self.chosen(number)}
        shares = []
        for number in range(1, last + 1):
            tallies = [tally for place, tally in self.trial(number).sessions.items() if place not in learnt]
            calls, right = (sum(tally[one] for tally in tallies) for one in (0, 1))
            shares.append((right / calls if calls else 0.0, number))
        return max(shares)[1]

    def trial(self, number: int) -> Trial:
        """Give how the sample came out of a round's mocks."""
        return self._added(_files(f"round-{number}", len(self.plan.tried(set(self.chosen(number))))))

    def asked(self, best: int) -> Trial:
        """Give how all sessions came out that the best round has not learnt from."""
        return self._added(_files("asked", len(self.plan.others(set(self.chosen(best))))))

    def _added(self, files: Sequence[str]) -> Trial:
        found = Trial()
        for file in files:
            found.add(Trial.of(self.plan.folder.read_json(file)))
        return found

    def _sketch(self, place: int) -> None:
        piece = self.plan.pieces[place]
        found = sketch(self.plan.reel(piece.source), piece, self.plan.bounds.longest)
        self.plan.folder.write_json(_file("survey", place), found)

    def _merge(self, _: int) -> None:
        self.plan.folder.write(SURVEY, dump_survey(merged(self.sketches, self.plan.bounds.longest)))

    def _choose(self, number: int, _: int) -> None:
        bounds, survey = self.plan.bounds, self.plan.survey
        if number == 1:
            self.plan.folder.write_json(chosen_file(1), choose(survey, bounds.first, bounds.longest))
            return
        before, trial = self.chosen(number - 1), self.trial(number - 1)
        most = bounds.first + (bounds.most - bounds.first) * (number - 1) // max(1, bounds.rounds - 1)
        examples = [trial.examples[wrong] for wrong, _ in trial.most_wrong()]
        made = with_examples(survey, before, examples, most, bounds.longest)
        self.plan.folder.write_json(chosen_file(number), made)

    def _learn(self, number: int, _: int) -> None:
        places = self.chosen(number)
        made = distil(self.plan.cassettes(places), self.plan.options, self._serve)
        is_whole = len(places) == len(self.plan.survey.sessions)
        # To tell sessions again a gateway holds their cassettes, which here are more than can be held.
        definitions = [one for one in made.definitions if is_whole or one["id"] != RECORDED]
        checked = Trial()
        checked.note(0, made.checked)
        self.plan.folder.write(page_file(number), report_page(made).encode())
        self.plan.folder.write_json(
            mocks_file(number),
            {
                "definitions": definitions,
                "summary": made.summary,
                "remarks": made.remarks,
                "checked": checked.document(),
            },
        )

    def _asking_of(self, stage: str, number: int, batches: Sequence[Sequence[int]]) -> Stage:
        """Give the stage in which sessions are asked of a round's mocks, batch by batch."""
        files = _files(stage, len(batches))

        def make(place: int) -> None:
            found = tried(self.plan.parts(batches[place]), self._asked_mocks(number).begin)
            self.plan.folder.write_json(files[place], found.document())

        return Stage("trying" if stage != "asked" else "asking", files, make)

    def _asked_mocks(self, number: int) -> Asking:
        if self._asking is None or self._asking[0] != number:
            self._asking = number, Asking(self.mocks(number)["definitions"], self._serve)
        return self._asking[1]


def _file(stage: str, place: int) -> str:
    return f"{stage}/{place:05}.json"


def _files(stage: str, count: int) -> list[str]:
    return [_file(stage, place) for place in range(count)]


def chosen_file(number: int) -> str:
    """Name the file of the sessions that a round learns from."""
    return f"round-{number}-chosen.json"


def mocks_file(number: int) -> str:
    """Name the file of what a round has learnt."""
    return f"round-{number}-mocks.json"


def page_file(number: int) -> str:
    """Name the page that tells what a round has learnt."""
    return f"round-{number}-report.html"
