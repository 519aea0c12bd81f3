"""The report is one page that needs nothing else, tells what to trust, and lets no recorded value out of its place."""

import base64
import hashlib
import re
from html.parser import HTMLParser

from journeys import call
from synthesis.recordings import a_cassette, distilled, notes

from recorder.synthesis.reports.report import report_page

EVIL = "</pre><script>alert(1)</script><img src=x onerror=alert(1)>\u2028"


class Elements(HTMLParser):
    """Collects elements with their attributes, the style sheet, and all text."""

    def __init__(self, text):
        super().__init__()
        self.found, self.style, self.texts, self.open = [], "", [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        if self.found and self.found[-1][0] == "style" and not self.style:
            self.style = data
        else:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def odd_calls():
    """Give calls whose answers nothing tells, with markup wherever a client or service can put it."""
    return [
        call("GET", f"/<img>/odd?{EVIL}", answer={EVIL: EVIL, "n": number}, told=((b"X-Evil", EVIL.encode()),), session=EVIL)
        for number in (3, 1, 2)
    ]  # fmt: skip


def test_the_page_needs_nothing_else_and_allows_its_own_style_alone():
    page = report_page(distilled(notes()))
    elements = Elements(page)
    policy = next(
        attrs["content"] for _, attrs in elements.found if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(elements.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert [tag for tag, _ in elements.found if tag in ("script", "link", "img", "iframe")] == []
    assert [attrs for _, attrs in elements.found if {"src", "style", "onclick"} & set(attrs)] == []
    assert re.findall(r"https?://[^\s\"]+", page) == ["http://www.w3.org/2000/svg"]


def test_every_link_leads_to_a_place_on_the_page():
    elements = Elements(report_page(distilled(notes())))
    places = {attrs["id"] for _, attrs in elements.found if "id" in attrs}
    links = {attrs["href"] for _, attrs in elements.found if "href" in attrs}
    assert links == {f"#{place}" for place in places} == {"#post-notes", "#get-note", "#delete-note"}


def test_it_says_whether_the_mocks_can_be_trusted():
    fine, odd = (Elements(report_page(distilled(one))).text for one in (notes(), a_cassette(*odd_calls())))
    assert "These mocks answer as the recorded service did" in fine
    assert "100.0% as recorded, by what was learnt (16 of 16)" in fine
    assert "Much of what was recorded is not understood" in odd


def test_an_endpoint_is_told_in_words():
    text = Elements(report_page(distilled(notes()))).text
    assert (
        "When there is no such item: 404 synthesized 4 recorded calls vars.item is none 4 of 9 recorded calls" in text
    )
    assert "Otherwise: 201 synthesized 5 recorded calls keeps an item in notes" in text


def test_what_came_out_otherwise_is_told_with_both_values_and_nothing_recorded_is_markup():
    page = report_page(distilled(a_cassette(*odd_calls(), name="odd")))
    elements = Elements(page)
    assert [tag for tag, _ in elements.found if tag in ("script", "img")] == []
    assert "value at $.n recorded" in elements.text
    assert [attrs for tag, attrs in elements.found if tag == "details" and "open" in attrs] != []
    assert "\u2028" not in page
