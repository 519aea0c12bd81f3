"""Some of very many scenes, those of rare statuses among them."""

from synthesis.telling import scenes_of

from recorder.synthesis.terms.spread import spread


def test_few_scenes_are_all_there():
    scenes = scenes_of(*(("GET", "/x", None, 200, {}) for _ in range(5)))
    assert spread(scenes, 5) is scenes


def test_rare_statuses_are_kept_and_the_others_are_not_taken_in_turn():
    rows = [("GET", f"/x?n={place}", None, 404 if place in (3, 90) else 200, {}) for place in range(120)]
    scenes = scenes_of(*rows)
    kept = spread(scenes, 40)
    assert len(kept) == 40
    assert [one.sample.status for one in kept].count(404) == 2
    assert [one.moment for one in kept] == sorted(one.moment for one in kept)
    assert len({one.moment % 3 for one in kept}) == 3
