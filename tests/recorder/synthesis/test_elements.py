"""XML that is sent is read as templates show it."""

from __future__ import annotations

import pytest

from recorder.synthesis.elements import read_elements
from recorder.synthesis.values import MISSING


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b"<a>1</a>", {"a": "1"}),
        (b'<s:a xmlns:s="urn:x" id="7"><b/><b>2</b><c> t <d>3</d></c></s:a>', {
            "a": {"@id": "7", "b": ["", "2"], "c": {"d": "3", "#text": "t"}},
        }),
        (b"<a>", MISSING),
        (b"", MISSING),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', MISSING),
        (b"<a>" * 70 + b"</a>" * 70, MISSING),
    ],
)  # fmt: skip
def test_elements_are_members(body, shown):
    assert read_elements(body, "text/xml") == shown


def test_what_is_not_said_to_be_xml_is_not_read():
    assert read_elements(b"<a>1</a>", "text/plain") is MISSING
