"""An answer tells from its match which tier and which case gave it."""

import pytest

from cassettes.exchange import Response
from recorder.synthesis.checking.answering import Given


@pytest.mark.parametrize(
    ("match", "tier", "case"),
    [
        ("literal; case=1; score=10", "literal", 1),
        ("synthesized; case=12", "synthesized", 12),
        ("miss", "miss", None),
        ("", "", None),
    ],
)
def test_a_match_names_tier_and_case(match, tier, case):
    given = Given(Response(200), match)
    assert (given.tier, given.case, given.definition) == (tier, case, "")
