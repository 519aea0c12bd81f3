"""What is kept beside items is told of by the endpoints that have to do with it, and by no others."""

from types import SimpleNamespace

from synthesis.scenes import asked, item_lookup

from recorder.synthesis.state.beside import lookups_beside, terms_beside


def test_an_endpoint_has_the_terms_of_its_levels_and_of_what_lies_below():
    things, shelves = object(), object()
    level, below = asked("id"), asked("kind")
    made = terms_beside([things, shelves], [SimpleNamespace(terms={things: [level]})], [], {things: [below]})
    assert made == {things: [level, below], shelves: []}


def test_marks_and_tries_are_looked_up_where_they_are_put_and_counted():
    things, shelves = object(), object()
    like, tries = item_lookup("like", "likes"), item_lookup("tries", "tries")
    marks = [SimpleNamespace(lookups={things: like}, ways={things: "puts"})]
    lockouts = [SimpleNamespace(lookups={things: tries}, locks={things: 423})]
    assert lookups_beside(things, marks, lockouts) == {"like": like, "tries": tries}
    assert lookups_beside(shelves, marks, lockouts) == {}
