"""What kind of thing something is, it says by one word, and others by another."""

import pytest

from recorder.synthesis.collections.told_kinds import are_of_another_kind, told_kinds


@pytest.mark.parametrize(
    ("some", "others", "is_another"),
    [
        ([{"kind": "Scale"}], [{"kind": "Deployment"}, {"kind": "Deployment"}], True),
        ([{"@type": "a"}], [{"@type": "b"}], True),
        ([{"kind": "Scale"}], [{"kind": "Scale"}], False),
        ([{"kind": "Scale"}], [{"kind": "Pod"}, {"kind": "Deployment"}], False),
        ([{"kind": "Scale"}, {"kind": "Pod"}], [{"kind": "Deployment"}], False),
        ([{"state": "new"}], [{"state": "old"}], False),
        ([{"kind": 1}, "text"], [{"kind": 2}], False),
        ([], [{"kind": "Pod"}], False),
    ],
)
def test_things_are_of_another_kind_where_each_always_says_its_own(some, others, is_another):
    assert are_of_another_kind(told_kinds(some), told_kinds(others)) == is_another
