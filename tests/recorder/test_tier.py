"""The tiers: in order, each giving up more than the one before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cassettes.exchange import Request
from cassettes.key import KeyPolicy, make_key
from recorder.tier import TIERS

PIECES = st.sampled_from([b"a=1", b"a=%31", b"_=1700000000001", b"_=1700000000002", b"page=1", b"page=2"])
HEADERS = st.lists(
    st.sampled_from(
        [
            (b"Accept", b"a/b"),
            (b"X-A", b"1"),
            (b"X-A", b"2"),
            (b"Authorization", b"Bearer a"),
            (b"Authorization", b"Bearer b"),
        ]
    ),
    max_size=2,
).map(tuple)
REQUESTS = st.builds(
    lambda query, headers: Request("GET", b"/a?" + b"&".join(query), headers), st.lists(PIECES, max_size=2), HEADERS
)


def test_scores_fall_from_exact_and_names_are_told_once():
    scores = [tier.score for tier in TIERS]
    assert scores == sorted(set(scores), reverse=True)
    assert (TIERS[0].name, scores[0]) == ("exact", 1.0)
    assert len({tier.name for tier in TIERS}) == len(TIERS)


@given(REQUESTS, REQUESTS)
def test_what_one_tier_takes_for_the_same_every_looser_one_does(left, right):
    policy = KeyPolicy()
    keys = make_key(left), make_key(right)
    same = [tier.part(keys[0], policy) == tier.part(keys[1], policy) for tier in TIERS]
    assert same == sorted(same)
