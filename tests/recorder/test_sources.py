from __future__ import annotations

from recorder.sources import Origin, Sources


def an_origin(number, value, name="", place="response.body"):
    return Origin(number, place, value, "text", True, 0.0, name)


def test_a_value_is_found_by_itself_and_by_what_it_can_become():
    sources = Sources()
    plain, coded = an_origin(1, "ada:secret"), an_origin(2, "aGVsbG8gd29ybGQ=")
    sources.add(plain)
    sources.add(coded)
    assert sources.like("ADA:SECRET") == [plain]
    assert sources.like("YWRhOnNlY3JldA==") == [plain]
    assert sources.like("hello world") == [coded]
    assert sources.like("nothing") == []


def test_weak_values_are_found_under_their_name_only():
    sources = Sources()
    sources.add_named(an_origin(1, "3"), ("userid",))
    assert [one.number for one in sources.named("userid", "3")] == [1]
    assert list(sources.named("postid", "3")) == list(sources.like("3")) == []


def test_the_earliest_are_kept_and_the_first_of_each_name():
    sources = Sources()
    for number in range(20):
        sources.add(an_origin(number, "tok-1", name="late" if number == 15 else "id"))
    assert [one.number for one in sources.like("tok-1")] == [0, 1, 2, 3, 4, 5, 15]


def test_parts_and_whole_paths_are_kept_apart():
    sources = Sources()
    text = an_origin(1, "Your code is 789413")
    path = an_origin(2, "/orders", place="request.path")
    sources.add_part(text, "789413")
    sources.add(path)
    assert (list(sources.holding("789413")), list(sources.like("789413"))) == ([text], [])
    assert list(sources.placed("request.path")) == [path]
