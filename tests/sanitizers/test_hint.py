from __future__ import annotations

import pytest

from sanitizers.hint import Hint


@pytest.mark.parametrize("filler", ["", "x" * 1000, "\udcff\u00fc" * 1000])
def test_a_hint_sees_its_pattern_in_short_and_long_texts(filler):
    hint = Hint(r"pass|sid\b", ignore_case=True)
    assert hint(f"{filler} PASSword")
    assert hint(f"{filler} sid=1")
    assert not hint(f"{filler} sidewalk")
    assert not Hint("pass")(f"{filler} PASSword")
