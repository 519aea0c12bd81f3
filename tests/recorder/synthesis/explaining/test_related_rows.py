from synthesis.telling import scenes_of

from recorder.synthesis.explaining.related_rows import related_rows
from recorder.synthesis.terms.vocabulary import Vocabulary

TREES = [{"id": at, "park": park} for at, park in enumerate(("elm", "oak", "elm", "fir"))]


def related(shown_of):
    """Give how lists, of which a function gives the rows by the park that is asked for, are written, or None."""
    scenes = scenes_of(*[("GET", f"/census?park={park}", None, 200, {}) for park in ("elm", "oak", "fir")])
    scenes[0].timeline.put_all("trees", {str(one["id"]): one for one in TREES}, -1)
    cases = [(scene, shown_of(scene.sample.query["park"][0])) for scene in scenes]
    found = related_rows(cases, Vocabulary(scenes, {}))
    return None if found is None else found.text


def test_rows_are_the_items_with_what_is_asked_for():
    text = related(lambda park: [one for one in TREES if one["park"] == park])
    assert "keep_rows(resource.trees.all(), 'park', request.query.park)" in text


def test_other_rows_are_not():
    assert related(lambda park: [one for one in TREES if one["park"] == park][:1]) is None
    assert related(lambda park: [{"park": park}]) is None
