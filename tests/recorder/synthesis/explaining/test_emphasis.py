"""Marks of Markdown in what is sent are shown as elements."""

import pytest
from synthesis.shelves import Shelf
from synthesis.telling import learnt, word

from recorder.synthesis.explaining.emphasis import emphasised
from recorder.synthesis.terms.term import Term

SENT = Term("request.json.text", lambda scene: scene, "text", 1.0)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ("a *b c* d", "a <em>b c</em> d"),
        ("a **b** *c*", "a <strong>b</strong> <em>c</em>"),
        ("`a` 2 * 3 * 4", "<code>a</code> 2 * 3 * 4"),
        ("~~a~~", "<del>a</del>"),
    ],
)
def test_marks_become_the_elements_that_are_told(sent, told):
    assert told in [one.get(sent) for one in emphasised(SENT, [told])]


def test_a_line_below_marks_words_where_a_star_may_do_so_too():
    assert {one.get("_a_ *b* c_d_e") for one in emphasised(SENT, ["<em>a</em>"])} == {
        "_a_ <em>b</em> c_d_e", "<em>a</em> *b* c_d_e",
    }  # fmt: skip


def test_where_no_element_is_told_none_is_made():
    assert not list(emphasised(SENT, ["<p>a</p>"]))


class Wall(Shelf):
    """Things whose text is shown as a paragraph."""

    def create(self, sent, headers):
        first, sign, rest = sent["text"].partition("*")
        inner, _, last = rest.partition("*")
        return super().create({"html": f"<p>{first}<em>{inner}</em>{last}</p>" if sign else f"<p>{first}</p>"}, headers)


class Plain(Shelf):
    """Things whose text is shown as it was sent, within a paragraph."""

    def create(self, sent, headers):
        return super().create({"html": f"<p>{sent['text']}</p>"}, headers)


def writing(ask, words):
    for number in range(4):
        text = f"{word(words)} *{word(words)}* {word(words)}" if number % 2 else f"{word(words)} {word(words)}"
        key = ask("POST", "/things", {"text": text}).json["id"]
        ask("GET", f"/things/{key}")


@pytest.mark.parametrize(("service", "told"), [(Wall, "<p>so <em>very</em> new</p>"), (Plain, "<p>so *very* new</p>")])
def test_a_text_is_shown_with_elements_where_the_service_makes_some(service, told):
    mocks = learnt(service, writing)
    made = mocks.ask("POST", "/things", {"text": "so *very* new"}).json
    assert made["html"] == told
    assert mocks.ask("GET", f"/things/{made['id']}").json == made
