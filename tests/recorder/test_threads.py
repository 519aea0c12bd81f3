from __future__ import annotations

from journeys import TOKEN, a_visit

from recorder.graph import Node
from recorder.provenance import provenance
from recorder.threads import threads_of


def test_a_thread_is_a_value_from_its_origin_through_its_uses_the_telling_ones_first():
    found = [
        (thread.sort, thread.value, thread.origin, [edge.target.interaction for edge in thread.uses], thread.last)
        for thread in threads_of(provenance(a_visit()))
    ]
    assert found == [
        ("credential", f"Bearer {TOKEN}", Node(1, "response.body $.token"), [3, 4, 5], 5),
        ("id", "1001", Node(3, "response.body $.id"), [3, 4, 4, 5], 5),
        ("state", "Wool blanket", Node(3, "request.body $.item"), [3, 4], 4),
        ("state", "2023-11-14T22:13:20.250Z", Node(3, "response.body $.created_at"), [4], 4),
    ]
