"""Cassettes of a small service in a folder, and plans for them with small bounds."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from synthesis.shelves import Shelf, a_visit
from synthesis.telling import recorded, visits

from cassettes.library import Library
from cassettes.stores.files import FileStore
from gateway.inprocess import serve
from recorder.synthesis.plan.folder import Folder
from recorder.synthesis.plan.plan import Bounds, Plan
from recorder.synthesis.plan.stages import Stages
from recorder.synthesis.plan.work import carry_out

BOUNDS = Bounds(first=40, most=80, rounds=3, sample=120, longest=50, batch=30, piece=20_000)


class Stamping(Shelf):
    """A shelf that says more of what is replaced than HTTP does."""

    def put(self, thing, sent, headers):
        status, made = super().put(thing, sent, headers)
        made["state"] = "replaced"
        return status, made


def a_rare_visit(ask, words):
    """Do what is done seldom: replace a thing, and look for one that was never there."""
    made = ask("POST", "/things", {"name": "rare", "size": words.randint(1, 9_999)}).json
    ask("PUT", f"/things/{made['id']}", {"name": "replaced", "size": 1})
    ask("GET", f"/things/{made['id']}")
    ask("GET", "/things/nothing-there")


def tapes(folder, count=3, sessions=12, rare=7):
    """Write cassettes `tape-0` and so on, of so many sessions; in every `rare`-th something else is done."""
    library = Library(FileStore(folder))
    rows = visits(Stamping, a_visit, count * sessions)
    seldom = visits(Stamping, a_rare_visit, count * sessions)
    rows = [seldom[place] if place % rare == rare - 1 else row for place, row in enumerate(rows)]
    for number in range(count):
        name = f"tape-{number}"
        own = recorded(*rows[number * sessions : (number + 1) * sessions], name=name)
        with library.write(name, manifest=own.manifest) as writer:
            writer.append(own.interactions)
    return library


def interleaved(folder, name="mixed", sessions=4):
    """Write a cassette in which the sessions of several clients were recorded at once."""
    library = Library(FileStore(folder))
    own = recorded(*visits(Shelf, a_visit, sessions), name=name)
    chance = Random(7)
    waiting = {}
    for one in own.interactions:
        waiting.setdefault(one.session, []).append(one)
    mixed = []
    while waiting:
        session = chance.choice(sorted(waiting))
        mixed.append(waiting[session].pop(0))
        if not waiting[session]:
            del waiting[session]
    with library.write(name, manifest=own.manifest) as writer:
        writer.append([replace(one, number=number) for number, one in enumerate(mixed, 1)])
    return library


def a_plan(place, library, bounds=BOUNDS, **more):
    """Give a plan for all cassettes of a library, begun in a folder."""
    plan = Plan(Folder(place), library, tuple(library.names()), bounds=bounds, **more)
    plan.begin()
    return plan


def done(plan):
    """Carry a plan out; give its stages."""
    stages = Stages(plan, serve)
    assert carry_out(stages, plan.folder, lambda *_: None)
    return stages
