"""An endpoint that few calls showed reckons as all that show the same object do."""

from synthesis.stalls import Stall, serving
from synthesis.telling import learnt


def test_what_is_left_of_a_tray_is_added_up_though_few_calls_showed_it():
    mocks = learnt(Stall, serving(Stall), 10)
    named = {"Cookie": f"tray={mocks.ask('POST', '/tray').json['tray']}"}
    for code, count in (("mug-s", 2), ("pan-l", 3)):
        mocks.ask("POST", "/tray/rows", {"code": code, "count": count}, named)
    added = mocks.ask("PUT", "/tray/voucher", {"voucher": "TENTH"}, named).json
    assert (added["count"], added["sums"]) == (5, {"whole": 12150, "off": 1215, "due": 10935})
    left = mocks.ask("DELETE", "/tray/rows/pan-l", None, named).json
    assert (left["count"], left["sums"]) == (2, {"whole": 1800, "off": 180, "due": 1620})
    assert mocks.ask("PUT", "/tray/voucher", {"voucher": "FOUR"}, named).json["sums"] == {
        "whole": 1800, "off": 400, "due": 1400,
    }  # fmt: skip
