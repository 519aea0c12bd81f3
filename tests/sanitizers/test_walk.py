from __future__ import annotations

import base64
import json

import pytest

from sanitizers.edit import Edit, splice
from sanitizers.errors import UnreadableBodyError
from sanitizers.layers.escapes import PERCENT
from sanitizers.swap_walk import SwapWalk


def walking():
    return SwapWalk({"hunter2!Zq": "kzrqwe7!Ab"}, "live")


def test_nested_encodings_are_followed_to_the_depth_that_is_promised():
    text = "hunter2!Zq"
    for _ in range(6):
        text = base64.b64encode(f"({text})".encode()).decode()
    assert splice(text, walking().value(text)) != text


def test_a_text_that_nests_without_end_is_refused():
    walk = walking()
    walk.begin(10)
    with pytest.raises(UnreadableBodyError):
        [walk.value("x" * 10_000) for _ in range(10_000)]


def test_each_piece_is_granted_its_own_effort():
    walk = walking()
    for _ in range(1000):
        walk.begin(10_000)
        walk.value("x" * 10_000)


def test_edits_of_a_decoded_text_are_edits_of_the_raw_one():
    edits = walking().coded(PERCENT, "a%20b", 0, lambda text, _: [Edit(1, 2, "_")] if text == "a b" else [])
    assert edits == [Edit(1, 4, "_")]


def test_cookies_and_targets_are_taken_apart():
    assert walking().header("cookie", "a=hunter2!Zq") == [
        Edit(2, 12, "kzrqwe7!Ab", walking().header("cookie", "a=hunter2!Zq")[0].hits)
    ]
    assert splice("/x?p=hunter2%21Zq", walking().target("/x?p=hunter2%21Zq")) == "/x?p=kzrqwe7%21Ab"


def test_json_in_json_in_json_is_followed():
    text = json.dumps({"a": json.dumps({"b": json.dumps({"c": "hunter2!Zq"})})})
    assert splice(text, walking().value(text)) == text.replace("hunter2!Zq", "kzrqwe7!Ab")
