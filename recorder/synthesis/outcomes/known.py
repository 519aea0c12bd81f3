"""What is known where an endpoint is called, besides the request: lists, counts, sums and marks of what is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.kept_reads import poll_terms
from recorder.synthesis.collections.last_sent import last_sent_terms
from recorder.synthesis.collections.marks import Mark, mark_terms
from recorder.synthesis.collections.sequences import sequence_terms
from recorder.synthesis.conditions.lockouts import Lockout, left_terms
from recorder.synthesis.conditions.timetables import shown_terms
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.listings.counted_references import counted_references
from recorder.synthesis.listings.counts import below_terms, count_terms, sum_terms
from recorder.synthesis.listings.current import current_terms
from recorder.synthesis.listings.holdings import holding_terms
from recorder.synthesis.listings.latest import latest_terms
from recorder.synthesis.listings.lists import Listed
from recorder.synthesis.listings.quotas import quota_terms
from recorder.synthesis.listings.statements import report_terms
from recorder.synthesis.listings.totals import Total
from recorder.synthesis.nodes.node import Table
from recorder.synthesis.samples.sample import READS
from recorder.synthesis.terms.scene import Lookup, Scene
from recorder.synthesis.terms.term import Term, constant
from recorder.synthesis.terms.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Known:
    """The list that is shown, the collections told of as wholes or counted below items, marks, sums and levels."""

    listed: Listed | None
    wholes: Sequence[Collection]
    below: Sequence[Collection]
    marks: Sequence[Mark]
    totals: Sequence[Total]
    levels: Sequence[Term] = ()
    lockouts: Sequence[Lockout] = ()
    sights: Sequence[Term] = ()

    def vocabulary(
        self, endpoint: Endpoint, binding: Binding, scenes: list[Scene], lookups: Mapping[str, Lookup]
    ) -> Vocabulary:
        """Give the terms of the endpoint's requests, of what these look up, and of all that is known."""
        held = self.listed.terms if self.listed is not None else count_terms(self.wholes, scenes)
        extra = [
            *held,
            *sum_terms(self.below, scenes),
            *report_terms(endpoint, binding, scenes, lookups, self.totals),
            *mark_terms(self.marks, endpoint, binding, lookups),
            *below_terms(endpoint, binding, self.below, scenes),
            *sequence_terms(endpoint, binding),
            *holding_terms(self.below, scenes, lookups),
            *counted_references(endpoint, self.below, scenes),
            *(quota_terms(endpoint, binding, scenes, lookups) if self.below else ()),
            *latest_terms(endpoint, binding, scenes),
            *current_terms(endpoint, binding, self.below, scenes),
            *(last_sent_terms(binding, lookups) if endpoint.method in READS else ()),
            *(poll_terms(binding, lookups) if endpoint.method in READS else ()),
            *shown_terms(lookups),
            *self.levels,
            *left_terms(self.lockouts, endpoint, scenes),
        ]
        counts = {one.lookups[endpoint].name for one in self.lockouts if endpoint in one.locks}
        known = {name: one for name, one in lookups.items() if name not in counts}
        return Vocabulary(scenes, known, extra, sights=self.sights)


def given_tables(endpoint: Endpoint, binding: Binding) -> list[Table]:
    """Give the tables that tell what the new items have which an endpoint makes."""
    given = binding.collection.given.get(endpoint) if binding.collection is not None else None
    return [] if given is None else [Table(name, constant(""), rows, None) for name, rows in given.tables.items()]
