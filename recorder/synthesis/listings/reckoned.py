"""What is reckoned of items: members that follow from others, as sums, what is last, and keys of what lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from recorder.synthesis.collections.binding import Binding
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.backlinks import Backlink, link_up, relinks
from recorder.synthesis.listings.lasts import Last, bring_up, retells
from recorder.synthesis.listings.means import Mean, average, remeans
from recorder.synthesis.listings.ranks import Rank
from recorder.synthesis.listings.recounts import recounts, sum_up
from recorder.synthesis.listings.takings import Taking
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.listings.withdrawals import Withdrawal
from recorder.synthesis.terms.scene import Scene


@dataclass(slots=True)
class Reckoned:
    """Sums, averages, what last rows say, lists of keys that follow from other items, and what calls do by rows."""

    totals: Sequence[Total] = ()
    backlinks: Sequence[Backlink] = ()
    withdrawals: Sequence[Withdrawal] = ()
    takings: Sequence[Taking] = ()
    ranks: Sequence[Rank] = ()
    lasts: Sequence[Last] = ()
    means: Sequence[Mean] = ()

    def linked(self, collection: str) -> set[str]:
        """Give the members of a collection's items that are lists of keys, or texts, which follow from others."""
        links = {one.member for one in self.backlinks if one.collection.name == collection}
        return links | {one.member for one in self.lasts if one.collection.name == collection}

    def settle(self, scene: Scene) -> None:
        """Have items show what they come to after a call."""
        for one in self.withdrawals:
            one.settle(scene)
        for taking in self.takings:
            taking.settle(scene)
        for rank in self.ranks:
            rank.settle(scene)
        link_up(self.backlinks, scene.timeline, scene.moment)
        sum_up(self.totals, scene.timeline, scene.moment)
        average(self.means, scene.timeline, scene.moment)
        bring_up(self.lasts, scene.timeline, scene.moment)

    def first_saves(self, endpoint: Endpoint) -> Iterator[dict[str, Any]]:
        """Give the saves that go by what was held before a call did anything."""
        yield from (one.save() for one in self.takings if one.endpoint is endpoint)
        yield from (save for one in self.ranks for save in one.saves(endpoint))

    def saves(
        self, endpoint: Endpoint, binding: Binding, others: Sequence[Mapping[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        """Give the saves that reckon anew what follows from the other saves of a call."""
        saved = {save.get("in", "") for save in others}
        yield from (one.save() for one in self.withdrawals if one.endpoint is endpoint)
        yield from relinks(self.backlinks, endpoint, binding, saved)
        yield from recounts(self.totals, endpoint, others)
        yield from remeans(self.means, endpoint, saved)
        yield from retells(self.lasts, endpoint, saved)
