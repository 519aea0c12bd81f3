"""Masked addresses are alike by what they show and how they hide the rest."""

import pytest

from recorder.synthesis.samples.masks import are_masked_alike


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("a***@corp.org", "h***gxtwnjf@example.com", True),
        ("a***@corp.org", "ab***@corp.org", False),
        ("a***@corp.org", "a**@corp.org", False),
        ("a***@corp.org", "ada@corp.org", False),
        ("***", "a***@corp.org", False),
        (None, "a***@corp.org", False),
    ],
)
def test_what_they_show_and_hide_has_to_be_alike(one, other, is_so):
    assert are_masked_alike(one, other) == is_so
