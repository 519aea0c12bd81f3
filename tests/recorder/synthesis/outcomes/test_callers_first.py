"""What asks whether a token is known stands before other refusals, where no recorded call speaks against it."""

from journeys import bearer, call
from synthesis.scenes import scenes_of

from recorder.synthesis.conditions.rule import Rule
from recorder.synthesis.outcomes.callers_first import callers_first
from recorder.synthesis.samples.values import MISSING
from recorder.synthesis.terms.request_terms import token_term
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term

PASS = Lookup("pass", "passes", token_term())
ABSENT = Term("vars.pass is none", lambda scene: scene.looked_up("pass") is MISSING, uses=frozenset({"pass"}))
OTHER = Term("request.json.size > 9", lambda scene: scene.sample.json["size"] > 9)
OTHERS, UNKNOWN = Rule((OTHER,), "too large", 1), Rule((ABSENT,), "unknown", 1)


def groups(*, refused):
    scenes = scenes_of(
        call("PUT", "/boxes/a7", {"size": 11}, status=422, headers=bearer(refused)),
        call("PUT", "/boxes/a8", {"size": 1}, status=403, headers=bearer("nobodys-key-1")),
        held={"passes": {"own-key-71c0": {}}},
        lookups={"pass": PASS},
    )
    return {"too large": scenes[:1], "unknown": scenes[1:]}


def test_an_unknown_token_is_refused_before_anything_else_is_looked_at():
    assert callers_first([OTHERS, UNKNOWN], groups(refused="own-key-71c0")) == [UNKNOWN, OTHERS]


def test_what_was_told_to_somebody_with_an_unknown_token_is_told_first_as_it_was():
    assert callers_first([OTHERS, UNKNOWN], groups(refused="nobodys-key-2")) == [OTHERS, UNKNOWN]
