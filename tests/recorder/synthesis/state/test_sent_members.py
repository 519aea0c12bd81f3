"""What a call sends is read in the item afterwards, though nobody knows what else becomes of it."""

from __future__ import annotations

from synthesis.telling import told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.explaining.change import ROW
from recorder.synthesis.nodes.node import Chosen, Each, Fixed, Object, Said
from recorder.synthesis.state.sent_members import sent_members
from recorder.synthesis.state.world import play
from recorder.synthesis.terms.request_terms import json_term
from recorder.synthesis.terms.term import Term, is_there

CREWS = [[301, 302], [303], [302, 303, 304], [304, 301], [302], [301, 303]]
CREW, LEVEL = json_term(("crew",)), json_term(("level",))
MARK = Term("vars.team.mark", lambda scene: scene.moment, "mark", 1.0)


class Ordered:
    """Explains lists of people by the ids that were sent, where they are in that order in all cases."""

    def explain(self, cases):
        is_so = all([row["id"] for row in rows] == CREW.get(scene) for scene, rows in cases)
        return PEOPLE if is_so else Fixed([])


PEOPLE = Each(CREW, Object({"id": (Said(ROW), None)}))


def sent(shown, **others):
    """Give which members are known to be what was sent, where such people are shown for each crew."""
    samples = told(*(("POST", "/seasons", {"crew": crew}, 201, {"id": at}) for at, crew in enumerate(CREWS)))
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    scenes = play(samples, endpoints, bindings).scenes
    cases = [(one, {"crew": [{"id": key} for key in keys]}) for one, keys in zip(scenes, shown, strict=True)]
    made = Object({"crew": (PEOPLE, None), **{name: (node, None) for name, node in others.items()}})
    return set(sent_members(made, cases, Ordered))


def test_things_that_a_call_names_are_known_in_whatever_order_they_are_shown():
    assert sent(CREWS) == {"crew"}
    assert sent([*CREWS[:2], [304, 302, 303], *CREWS[3:]]) == {"crew"}


def test_one_thing_of_which_nothing_is_known_is_no_other_evidence_but_many_are():
    assert sent([*CREWS[:5], [301, 309]]) == {"crew"}
    assert sent([*CREWS[:3], [309, 301], [309], [301, 309]]) == set()
    assert sent([*CREWS[1:], CREWS[0]]) == set()


def test_what_is_not_sent_is_what_it_always_is_then():
    def otherwise(node):
        return Chosen([(is_there(LEVEL), Said(LEVEL)), (None, node)])

    assert sent(CREWS, level=otherwise(Fixed("usual"))) == {"crew", "level"}
    assert sent(CREWS, level=otherwise(Said(MARK)), mark=Said(MARK), kind=Fixed("team")) == {"crew"}
