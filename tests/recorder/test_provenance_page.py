from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from journeys import a_visit, call, kept

from recorder.provenance import provenance
from recorder.provenance_page import provenance_page


class Elements(HTMLParser):
    """Collects elements, and what stands in scripts and styles."""

    def __init__(self, text):
        super().__init__()
        self.found, self.raw = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1][0] in ("script", "style") and data.strip():
            self.raw.append((self.found[-1][0], self.found[-1][1].get("type"), data))


def test_the_page_needs_nothing_else_and_allows_its_own_script_and_style_alone():
    page = provenance_page(provenance(a_visit()), "shop")
    elements = Elements(page)
    policy = next(
        attrs["content"] for tag, attrs in elements.found if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    hashed = {
        kind: "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for kind, media, text in elements.raw
        if media is None
    }
    assert policy == (
        f"default-src 'none'; script-src '{hashed['script']}'; style-src '{hashed['style']}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert [attrs for _, attrs in elements.found if {"src", "href", "onclick", "style"} & set(attrs)] == []
    assert re.findall(r"https?://[^\s\"]+", page) == ["http://www.w3.org/2000/svg"]


def test_the_page_holds_the_graph():
    page = provenance_page(provenance(a_visit()), "shop")
    told = json.loads(next(text for kind, media, text in Elements(page).raw if media == "application/json"))
    assert told["steps"][2] == [3, "POST", "/orders", 201]
    assert told["threads"][1]["from"] == [3, "response.body $.id"]
    assert [3, "response.body $.id", 5, "request.path.2", "link", "as-text", "1001"] in told["edges"]


def test_recorded_bodies_cannot_leave_their_place():
    evil = "</script><script>alert(1)</script><!--\u2028]]>-f0e1-4711"
    calls = kept(
        call("POST", "/<img src=x onerror=alert(1)>", {}, answer={evil: evil, "id": evil}),
        call("GET", "/b", headers=((b"X-Id", evil.encode()),)),
        call("GET", "/c", headers=((b"X-Id", b"\xff\xfe-1234567-abc"),), answer={"x": "y"}),
    )
    page = provenance_page(provenance(calls), "<b>&\"'")
    elements = Elements(page)
    assert sum(tag == "script" for tag, _ in elements.found) == 2
    assert [tag for tag, _ in elements.found if tag in ("img", "b")] == []
