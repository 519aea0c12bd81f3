"""Definitions made from sessions answer those sessions as recorded, literally if need be."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from synthesis.shelves import Shelf
from synthesis.telling import BEGAN, Session, recorded

from cassettes.definition import MockDefinition
from gateway.inprocess import serve
from recorder.synthesis.checking.selfcheck import check
from recorder.synthesis.distil import RECORDED, distil
from recorder.synthesis.options import STEPS, Options

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
SENT = st.fixed_dictionaries(
    {"name": WORDS}, optional={"size": st.integers(-5, 500), "tags": st.lists(WORDS, max_size=2)}
)
STEP = st.one_of(
    st.tuples(st.just("POST"), SENT),
    st.tuples(st.sampled_from(["GET", "DELETE"]), st.integers(0, 5)),
    st.tuples(st.sampled_from(["PUT", "PATCH"]), st.integers(0, 5), SENT),
    st.tuples(st.just("LIST")),
)
PLANS = st.lists(st.lists(STEP, min_size=1, max_size=9), min_size=1, max_size=3)


def played(plan, seed):
    """Play a plan against a shelf; give its rows. Things are named by their place, and one that is not there by none."""
    session, made = Session(Shelf(Random(seed))), []
    for kind, *rest in plan:
        if kind == "POST":
            made.append(session.ask("POST", "/things", rest[0]).json["id"])
        elif kind == "LIST":
            session.ask("GET", "/things")
        else:
            place, *sent = rest
            session.ask(kind, f"/things/{made[place] if place < len(made) else 'nowhere'}", *sent)
    return session.rows


@settings(deadline=None, max_examples=15)
@given(PLANS, st.sets(st.sampled_from(STEPS), max_size=2))
def test_every_recorded_call_is_answered_as_recorded_or_told_again(plans, without):
    cassette = recorded(*(played(plan, seed) for seed, plan in enumerate(plans)))
    made = distil([cassette], Options().without(sorted(without)), serve)
    [*retelling] = [one for one in made.definitions if one["id"] == RECORDED]
    learnt = [one for one in made.definitions if one["id"] != RECORDED]
    checked = check(made.synthesis.samples, learnt, serve)
    wrong = {one.sample.interaction.session for one in checked if not one.right or one.translated}
    told = set()
    for one in retelling:
        told |= set(one["replay"].get("sessions") or {kept.session for kept in cassette.interactions})
    assert wrong <= told
    assert bool(wrong) == bool(told)
    assert [MockDefinition.model_validate(one).retells for one in retelling] == [True] * len(retelling)
    assert made.definitions == distil([cassette], Options().without(sorted(without)), serve).definitions


@settings(deadline=None, max_examples=15)
@given(st.lists(STEP, min_size=1, max_size=9))
def test_what_was_never_refused_and_never_made_is_not_found(plan):
    made = distil([recorded(played([("POST", {"name": "a"}), ("GET", 0), *plan], 1))], Options(), serve)
    gateway = serve(made.definitions, lambda: BEGAN)
    request = made.synthesis.samples[1].interaction.exchange.request
    response, _ = gateway.answer(type(request)("GET", b"/things/never0made0by0anyone"))
    assert response.status == 404
