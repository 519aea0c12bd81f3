"""The section of an endpoint: wrong calls alike are told once, long answers are cut."""

from journeys import call
from synthesis.recordings import a_cassette, distilled, notes

from recorder.synthesis.reports.account import endpoint_accounts
from recorder.synthesis.reports.report_endpoint import endpoint_section, method, path, share, statuses


def section(*calls):
    made = distilled(a_cassette(*calls))
    return endpoint_section(endpoint_accounts(made)[0])


def test_wrong_calls_alike_are_told_once():
    text = section(*(call("GET", "/odd", answer={"n": number}, session="s") for number in (31, 7, 12, 5)))
    assert (text.count("<tr>"), "more like it" in text, text.startswith('<details class="endpoint" open>')) == (
        2,
        True,
        True,
    )


def test_a_long_answer_is_cut():
    body = {f"field-{number}": number for number in range(100)}
    text = section(*(call("GET", "/long", answer=body, session="s") for _ in range(2)))
    assert ("more lines" in text, "field-40" in text, "field-99" in text) == (True, True, False)


def test_small_pieces():
    [post, *_] = endpoint_accounts(distilled(notes()))
    assert method("GET") == '<span class="method GET">GET</span>'
    assert method("<b>") == '<span class="method">&lt;b&gt;</span>'
    assert path("/a/<b>") == "/<wbr>a/<wbr>&lt;b&gt;"
    assert statuses(post) == '<span class="chip">201 ×5</span>'
    assert '<span class="good">5 of 5</span>' in share(post)
