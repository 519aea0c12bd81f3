"""The leaf walk collects the values of a message, whatever they are wrapped in, and changes nothing."""

from __future__ import annotations

from cassettes.exchange import Request
from sanitizers.leaf_walk import LeafWalk
from sanitizers.sheet import RequestSheet


def collected(request):
    walk = LeafWalk()
    sheet = RequestSheet(request, 1 << 20)
    hits = [hit for piece in sheet.pieces for hit in piece.apply(walk)]
    assert (hits, sheet.packed()) == ([], request)
    return list(walk.found)


def test_values_are_collected_from_every_part_and_decoded():
    request = Request(
        "POST",
        b"/set/first%20one?name=garnet-grove",
        ((b"Cookie", b"kernel=falcon"), (b"X-Kind", b"marble"), (b"Content-Type", b"application/json")),
        b'{"deep": [{"text": "quiver"}, "lagoon"]}',
    )
    found = collected(request)
    assert {"first one", "garnet-grove", "falcon", "marble", "quiver", "lagoon"} <= set(found)


def test_a_value_is_collected_once_and_only_if_its_length_is_usual():
    found = collected(Request("GET", b"/?a=quiver&b=quiver&c=abc&d=" + b"x" * 300))
    assert found.count("quiver") == 1
    assert not {"abc", "x" * 300} & set(found)


def test_what_was_collected_is_bounded():
    found = collected(Request("POST", b"/", (), str([f"value-{n}" for n in range(1000)]).replace("'", '"').encode()))
    assert len(found) == 400
