from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from journeys import a_visit, call, kept

from recorder.drawing import ROWS, STATES, drawn_of, provenance_svg, shown
from recorder.provenance import provenance

SVG = "{http://www.w3.org/2000/svg}"


def drawing(interactions):
    return ET.fromstring(provenance_svg(provenance(interactions)))


def test_each_step_is_a_row_and_each_travelling_value_a_thread():
    root = drawing(a_visit())
    assert [group.get("data-step") for group in root.iter(f"{SVG}g") if group.get("data-step")] == [
        "1",
        "2",
        "3",
        "4",
        "5",
    ]
    titles = [group.findtext(f"{SVG}title") for group in root.iter(f"{SVG}g") if group.get("data-thread")]
    assert titles == [
        "Bearer tok_8fJk20LmQx71Zr94 — first in step 1, response.body $.token",
        "1001 — first in step 3, response.body $.id",
        "Wool blanket — first in step 3, request.body $.item",
        "2023-11-14T22:13:20.250Z — first in step 3, response.body $.created_at",
    ]


def test_what_was_recorded_stays_text():
    evil = "</svg><script>alert(1)</script>\u202e\x00\"'"
    root = drawing(
        kept(
            call("POST", "/a?x=<b>", {}, answer={"id": f"{evil}-4711-aa"}),
            call("GET", "/b", headers=((b"X-Id", f"{evil}-4711-aa".encode()),)),
        )
    )
    assert list(root.iter(f"{SVG}script")) == []
    assert "/a?x=<b>" in [node.text for node in root.iter(f"{SVG}text")]


def test_a_long_recording_is_drawn_in_part_and_says_so():
    calls = [call("POST", "/orders", {}, answer={"id": f"ord-{number:05d}-f0e1"}) for number in range(300)]
    calls += [call("GET", f"/orders/ord-{number:05d}-f0e1") for number in range(300)]
    drawn = drawn_of(provenance(kept(*calls)))
    assert (len(drawn.steps), drawn.more_steps) == (ROWS, 450)
    assert re.search(r"Not drawn: 450 more steps", provenance_svg(provenance(kept(*calls))))


def test_values_of_answers_alone_do_not_crowd_the_others_out():
    answer = {f"name{number}": f"value number {number}" for number in range(100)}
    drawn = drawn_of(provenance(kept(call("GET", "/a", answer=answer), call("GET", "/b", answer=answer))))
    assert (len(drawn.threads), drawn.more_threads) == (STATES, 80)


def test_nothing_is_a_drawing_too():
    assert "no value travels" in provenance_svg(provenance(()))


def test_a_text_is_shown_without_what_cannot_be_seen():
    assert shown("a\u202eb<c>" + "d" * 20, 9) == "a·b&lt;c&gt;dd…"
