"""The choice: few sessions that show all that there is to see, each thing several times."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from recorder.synthesis.plan.survey import Session, Survey


class _Wanted(NamedTuple):
    """In how many sessions a kind of mark is wanted, and what each of these is worth."""

    sessions: int
    worth: float


_WANTED: Final = {
    "answer": _Wanted(12, 3.0),
    "asked": _Wanted(8, 2.0),
    "said": _Wanted(8, 3.0),
    "sent": _Wanted(3, 1.0),
    "told": _Wanted(3, 1.0),
    "after": _Wanted(2, 0.5),
}
_OVERHEAD: Final = 20
"""So many calls a session counts for besides its own: one that shows much is better than several that show little."""


def choose(survey: Survey, most: int, longest: int, already: Collection[int] = ()) -> list[int]:
    """Choose sessions, by their places, that have at most so many calls together; give them in order.

    The greedy cover: next is what shows most that is still wanted for what it has to be looked at. Of a session that
    has more than `longest` calls so many are looked at. Those `already` chosen stay, and count.
    """
    sizes = [min(one.calls, longest) for one in survey.sessions]
    if sum(sizes) <= most:
        return list(range(len(sizes)))
    cover = _Cover(survey)
    left = most
    for place in sorted(already):
        cover.take(survey.sessions[place])
        left -= sizes[place]
    # A session's worth only sinks while others are taken: what is still best when worked out again is the best.
    heap = [
        (-cover.worth(one) / (sizes[place] + _OVERHEAD), place)
        for place, one in enumerate(survey.sessions)
        if sizes[place] and place not in already
    ]
    heapq.heapify(heap)
    chosen = list(already)
    while heap and heap[0][0] < 0:
        _, place = heapq.heappop(heap)
        if sizes[place] > left:
            continue
        now = -cover.worth(survey.sessions[place]) / (sizes[place] + _OVERHEAD)
        if heap and now > heap[0][0]:
            heapq.heappush(heap, (now, place))
        elif now < 0:
            cover.take(survey.sessions[place])
            chosen.append(place)
            left -= sizes[place]
    return sorted(chosen)


class _Cover:
    """In how many of the chosen sessions each mark is, and in how many it is wanted."""

    def __init__(self, survey: Survey) -> None:
        there: Counter[int] = Counter()
        for one in survey.sessions:
            there.update(one.marks)
        self._left = [min(_WANTED[kind].sessions, there[mark]) for mark, kind in enumerate(survey.marks)]
        self._worth = [_WANTED[kind].worth for kind in survey.marks]
        self._had = [0] * len(survey.marks)

    def worth(self, session: Session) -> float:
        left, worth, had = self._left, self._worth, self._had
        return sum(worth[mark] / (1 + had[mark]) for mark in session.marks if left[mark] > 0)

    def take(self, session: Session) -> None:
        for mark in session.marks:
            self._left[mark] -= 1
            self._had[mark] += 1


def with_examples(
    survey: Survey, chosen: Sequence[int], examples: Iterable[Sequence[int]], most: int, longest: int
) -> list[int]:
    """Give what was chosen with sessions that show what went wrong, the first examples first, as many as there is room.

    Each of the `examples` are the places of sessions in which the same went wrong.
    """
    taken = set(chosen)
    left = most - sum(min(survey.sessions[place].calls, longest) for place in chosen)
    for sessions in examples:
        for place in sessions:
            size = min(survey.sessions[place].calls, longest)
            if place not in taken and size <= left:
                taken.add(place)
                left -= size
    return sorted(taken)
