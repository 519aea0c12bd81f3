"""Calls add to histories: lists without ids that reads of an item show, and that no other answer tells of."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from synthesis.telling import as_the_service, learnt, word

CODES = {"PICKED": "Picked up", "SORTED": "Sorted at the depot", "LOADED": "In the vehicle"}


class Parcels:
    """Parcels with events: at a path of their own, the newest first, or in the parcel, the newest last."""

    is_reversed = True

    def __init__(self, chance):
        self.chance = chance
        self.parcels, self.events = {}, {}

    def answer(self, method, target, sent, _headers):
        _, *rest = urlsplit(target).path.strip("/").split("/")
        if method == "POST" and not rest:
            made = {"id": word(self.chance), "state": "NEW", "to": sent["to"], **keep(sent, "note")}
            self.parcels[made["id"]], self.events[made["id"]] = made, []
            self.happened(made["id"], "NEW", "Told of")
            return 201, {"id": made["id"], "state": "NEW"}
        parcel = self.parcels.get(rest[0])
        if parcel is None:
            return 404, {"error": "no such parcel"}
        if method == "GET":
            return 200, self.shown(parcel, rest[1:])
        if rest[1] == "scans":
            parcel["state"] = sent["code"]
            self.happened(rest[0], sent["code"], CODES[sent["code"]], sent["place"])
        else:
            parcel["note"] = sent["note"]
        return 200, {"id": rest[0], "state": parcel["state"]}

    def happened(self, key, code, text, place=None):
        event = {"code": code, "text": text, **({"place": place} if place else {})}
        self.events[key] = [event, *self.events[key]] if self.is_reversed else [*self.events[key], event]

    def shown(self, parcel, more):
        return {"id": parcel["id"], "events": self.events[parcel["id"]]} if more else parcel


class ParcelsWithEvents(Parcels):
    """Parcels that are shown with their events."""

    is_reversed = False

    def shown(self, parcel, more):
        return {**parcel, "events": self.events[parcel["id"]]}


def keep(sent, name):
    return {name: sent[name]} if name in sent else {}


def sending(ask, words):
    for _ in range(3):
        note = {"note": word(words)} if words.random() < 0.5 else {}
        key = ask("POST", "/parcels", {"to": word(words), **note}).json["id"]
        for _ in range(words.randint(0, 2)):
            for _ in range(words.randint(1, 3)):
                ask("POST", f"/parcels/{key}/scans", {"code": words.choice([*CODES]), "place": word(words)})
            if words.random() < 0.3:
                ask("POST", f"/parcels/{key}/notes", {"note": word(words)})
            ask("GET", f"/parcels/{key}/history")
        ask("GET", f"/parcels/{key}")
    ask("GET", "/parcels/nowhere")


@pytest.mark.parametrize("service", [Parcels, ParcelsWithEvents])
def test_each_call_adds_what_it_tells_of_to_the_history(service):
    mocks = learnt(service, sending, 8)
    key = mocks.ask("POST", "/parcels", {"to": "ada"}).json["id"]
    for code, place in (("PICKED", "rome"), ("LOADED", "oslo")):
        mocks.ask("POST", f"/parcels/{key}/scans", {"code": code, "place": place})
    events = mocks.ask("GET", f"/parcels/{key}/history").json["events"]
    loaded = {"code": "LOADED", "text": "In the vehicle", "place": "oslo"}
    picked = {"code": "PICKED", "text": "Picked up", "place": "rome"}
    told = [{"code": "NEW", "text": "Told of"}, picked, loaded]
    assert events == (told[::-1] if service.is_reversed else told)
    mocked, real = as_the_service(service, sending, mocks)
    assert mocked == real
