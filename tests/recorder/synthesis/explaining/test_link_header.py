"""A `Link` header leads to the pages that there are."""

from synthesis.telling import scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.link_header import paged
from recorder.synthesis.terms.vocabulary import Vocabulary


def explained(targets, texts, pages):
    """Give how such headers are written; `pages` are the members of `vars.list` in each scene."""
    scenes = scenes_of(*[("GET", target, None, 200, {}) for target in targets])
    for scene, page in zip(scenes, pages, strict=True):
        scene.values = {"list": page}
    vocabulary = Vocabulary(scenes, {})
    made = paged(Grounds(vocabulary, Judge(scenes, vocabulary).decide, "list"), list(zip(scenes, texts, strict=True)))
    return None if made is None else made.document()


def test_a_relation_is_there_where_there_is_such_a_page():
    own = '<http://x.test/rows?from={}&to={}>; rel="{}"'
    first = ", ".join([own.format("c9", "c9", "next"), own.format("a7", "c9", "self")])
    second = ", ".join([own.format("f4", "f4", "prev"), own.format("d1", "f4", "self")])
    pages = [{"next_page": 2, "previous_page": None}, {"next_page": None, "previous_page": 1}]
    made = explained(["/rows?from=a7&to=c9", "/rows?from=d1&to=f4"], [first, second], pages)
    assert made is not None
    assert "if vars.list.next_page is not none else ''" in made
    assert "if vars.list.previous_page is not none else ''" in made
    assert made.index('rel="prev"') < made.index('rel="self"')


def test_what_leads_elsewhere_is_no_page():
    assert explained(["/rows?page=1"], ['<http://x.test/help>; rel="help"'], [{}]) is None
    assert explained(["/rows?page=1"], ["no link"], [{}]) is None
