"""An element is members by name, whoever read it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from cassettes.elements import shown_element, with_lists


def test_an_element_is_members_by_name():
    root = ET.fromstring('<s:a xmlns:s="urn:x" id="7"><b/><b>2</b><c> t <d>3</d></c></s:a>')
    assert shown_element(root) == {"a": {"@id": "7", "b": ["", "2"], "c": {"d": "3", "#text": "t"}}}


@pytest.mark.parametrize("text", ["<a>" * 62 + "</a>" * 62, f"<a>{'<b/>' * 20_000}</a>"])
def test_what_is_too_large_is_refused(text):
    with pytest.raises(ValueError, match="too large"):
        shown_element(ET.fromstring(text))


@pytest.mark.parametrize(
    ("value", "lists", "made"),
    [
        ("", (), {}),
        (None, ("a",), {"a": []}),
        ("t", (), {"#text": "t"}),
        ({"a": "1"}, ("a", "b"), {"a": ["1"], "b": []}),
        ({"a": ""}, ("a.b",), {"a": {"b": []}}),
        ({"a": {"b": {"c": "1"}}}, ("a.b", "a.b.c"), {"a": {"b": [{"c": ["1"]}]}}),
        ({"a": {"b": ["1", "2"]}}, ("a.b",), {"a": {"b": ["1", "2"]}}),
        ({"a": "t"}, ("a.b", "x.y"), {"a": "t"}),
    ],
)
def test_lists_are_lists_whatever_was_sent(value, lists, made):
    assert with_lists(value, lists) == made
