"""A link to another page is the request's own URL with another parameter."""

from synthesis.telling import Mocks, scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.links import URL, addressed, linked
from recorder.synthesis.nodes.node import Said
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary


def written(targets, texts):
    """Give how texts that were answered to reads of these targets are written, or None."""
    scenes = scenes_of(*[("GET", target, None, 200, {}) for target in targets])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "list")
    made = linked(grounds, list(zip(scenes, texts, strict=True)), "")
    return None if made is None else made.document()


PAGES = ["/rows?page=2&q=tea", "/rows?page=5&q=rye"]


def test_what_changed_of_the_requests_parameters_is_named():
    asked = ["/rows?from=a7&to=c9", "/rows?from=d1&to=f4"]
    texts = ['<http://x.test/rows?from=c9&to=c9>; rel="next"', '<http://x.test/rows?from=f4&to=f4>; rel="next"']
    assert written(asked, texts) == "<{{ url_with({'from': request.query.to}) }}>; rel=\"next\""


def test_a_parameter_that_is_the_same_each_time_is_fixed():
    texts = ["/rows?page=1&q=tea", "/rows?page=1&q=rye"]
    assert written(PAGES, texts) == "{{ url_with({'page': '1'}, absolute=false) }}"


def test_signs_that_the_service_does_not_escape_are_written_as_they_are():
    asked = [f"/rows?@at={at}&by=a" for at in (1, 2, 3)]
    texts = ["/rows?@at=9&by=a&of=x,y" for _ in asked]
    assert "safe='@" in written(asked, texts)


def test_a_url_of_another_path_is_no_link_of_this_request():
    assert written(PAGES, ["/others?page=1&q=tea", "/others?page=1&q=rye"]) is None


def test_texts_around_links_must_be_the_same():
    assert written(PAGES, ["see /rows?page=1&q=tea", "or /rows?page=1&q=rye"]) is None
    assert written(PAGES, ["no link", "no link"]) is None


def test_urls_are_found_in_texts():
    text = "see https://x.test/a?b=1, or /rows?page=2; not /rows"
    assert URL.findall(text) == ["https://x.test/a?b=1", "/rows?page=2"]


def test_what_was_not_sent_has_its_default_in_the_order_of_the_link():
    asked = ["/rows?q=tea&size=2", "/rows?size=5&q=rye", "/rows?q=oat"]
    texts = ["/rows?q=tea&page=0&size=2", "/rows?q=rye&page=0&size=5", "/rows?q=oat&page=0&size=10"]
    assert written(asked, texts) == (
        "{{ request.path ~ '?q=' ~ (request.query.q | string | url) ~ '&page=' ~ ((request.query.page | default('0'))"
        " | string | url) ~ '&size=' ~ ((request.query.size | default('10')) | string | url) }}"
    )


def parts(texts):
    """Give how texts are written part by part, where only fixed parts and the number 7 can be explained."""
    scenes = scenes_of(*[("GET", "/rows", None, 200, {}, {"Host": f"h{place}.test"}) for place in range(len(texts))])
    made = addressed(
        list(zip(scenes, texts, strict=True)), lambda cases, name: Said(Term(name, lambda _: "", name, 1.0))
    )
    return None if made is None else made.document()


def test_urls_of_the_service_itself_are_explained_part_by_part():
    texts = ["http://h0.test/desks/7/notes", "http://h1.test/desks/9/notes"]
    assert parts(texts) == "{{ (request.scheme ~ '://' ~ request.headers['host']) }}/desks/{{ id }}/notes"
    assert parts(["h0.test", "h1.test"]) == "{{ request.headers['host'] }}"
    assert parts(["http://h0.test/about"]) == "{{ (request.scheme ~ '://' ~ request.headers['host']) }}/about"


def test_urls_of_others_and_such_of_several_forms_are_not():
    assert parts(["http://x.test/desks/7", "http://x.test/desks/9"]) is None
    assert parts(["http://h0.test/desks/7", "http://h1.test/desks/9/notes"]) is None
    assert parts(["http://h0.test/desks?page=2"]) is None


HOST = {"Host": "h1.test"}
HOME = "http://h1.test/projects/DELT92/notes"


def test_what_the_path_names_is_no_fixed_part_of_a_url_though_one_session_named_one_thing():
    rows = [
        ("POST", "/projects", {"key": "DELT92", "name": "Tea"}, 201, {"key": "DELT92", "name": "Tea"}),
        ("POST", "/projects", {"key": "FJOR29", "name": "Rye"}, 201, {"key": "FJOR29", "name": "Rye"}),
        ("GET", "/projects/FJOR29", None, 200, {"key": "FJOR29", "name": "Rye"}),
        *(
            (
                "POST",
                "/projects/DELT92/notes",
                {"text": text},
                201,
                {"id": at, "text": text},
                HOST,
                {"Location": f"{HOME}/{at}"},
            )
            for at, text in enumerate(("salt", "oil", "milk"), 310)
        ),
    ]
    given = Mocks(rows).ask("POST", "/projects/FJOR29/notes", {"text": "x"}, {"Host": "h0.test"})
    assert given.headers["location"].startswith("http://h0.test/projects/FJOR29/notes/")


def test_a_parameter_that_is_set_may_come_after_all_others():
    asked = ["/rows?page=2&q=tea", "/rows?page=5&q=rye"]
    texts = ["/rows?q=tea&page=1", "/rows?q=rye&page=1"]
    assert written(asked, texts) == "{{ url_with({'page': '1'}, absolute=false, sort='last') }}"
