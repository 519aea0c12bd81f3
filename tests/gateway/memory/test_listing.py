"""A list is filtered, sorted and cut into pages as its query asks."""

import pytest
from builders import a_request
from hypothesis import given
from hypothesis import strategies as st

from cassettes.definition import ResourceSpec
from gateway.memory.listing import BadQueryError, Page, chosen, links, page_of
from gateway.view import RequestView

SPEC = ResourceSpec(name="pets", page_size=10)
PETS = [
    {"id": 1, "name": "Rex", "age": 4, "tags": ["big", "old"], "owner": {"city": "Bern"}, "sold": False},
    {"id": 2, "name": "rexona", "age": 2.5, "tags": [], "owner": {"city": "Zürich"}, "sold": True},
    {"id": 3, "name": "Ace", "age": 4, "tags": ["small"], "owner": None, "sold": None},
    {"id": "x", "name": "Bo", "owner": {"city": "Bern", "phones": ["1", "2"]}},
]


def asked(query, path=b"/pets"):
    return RequestView(a_request(target=path + b"?" + query.encode()))


def ids(query, items=PETS):
    return [item["id"] for item in chosen(SPEC, asked(query), items)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [1, 2, 3, "x"]),
        ("page=2&limit=1&offset=7&sort=", [1, 2, 3, "x"]),
        ("name=Rex", [1]),
        ("name=rex", []),
        ("id=1", [1]),
        ("id=1&id=x", [1, "x"]),
        ("id=1.0", [1]),
        ("id=x", ["x"]),
        ("age=4&name=Ace", [3]),
        ("sold=true", [2]),
        ("sold=null", [3]),
        ("tags=big", [1]),
        ("owner.city=Bern", [1, "x"]),
        ("owner.city=Z%C3%BCrich", [2]),
        ("owner.phones.1=2", ["x"]),
        ("owner.phones.2=2", []),
        ("owner=Bern", []),
        ("none=1", []),
        ("age_gte=4", [1, 3]),
        ("age_gt=2.5", [1, 3]),
        ("age_lte=2.5", [2]),
        ("age_lt=4&age_gt=0", [2]),
        ("age_gt=x", []),
        ("age_gte=nan", []),
        ("name_gt=C", [1, 2]),
        ("name_ne=Rex", [2, 3, "x"]),
        ("name_ne=Rex&name_ne=Bo", [2, 3]),
        ("age_ne=4", [2, "x"]),
        ("name_like=REX", [1, 2]),
        ("owner.city_like=ber", [1, "x"]),
        ("tags_like=al", [3]),
        ("_gte=1", []),
        ("sort=name", [3, "x", 1, 2]),
        ("sort=-name", [2, 1, "x", 3]),
        ("sort=age,name", ["x", 2, 3, 1]),
        ("sort=-age,name", [3, 1, 2, "x"]),
        ("sort=age&sort=-name", ["x", 2, 1, 3]),
        ("sort=owner.city,-id", [3, "x", 1, 2]),
        ("sort=id", [1, 2, 3, "x"]),
        ("sort=tags", ["x", 1, 2, 3]),
    ],
)
def test_a_query_chooses(query, found):
    assert ids(query) == found


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
    max_leaves=6,
)
QUERIES = st.lists(
    st.tuples(st.sampled_from(["a", "a.b", "a.0", "a_gte", "a_like", "a_ne", "a.b_lt", "sort"]), st.text(max_size=5))
)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), ANY), max_size=6), QUERIES)
def test_no_query_over_no_items_fails(items, query):
    view = asked("")
    view.query = {name: [value, "a,-b"] for name, value in query}
    assert len(chosen(SPEC, view, items)) <= len(items)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", Page(0, 10, by_offset=False)),
        ("page=3", Page(20, 10, by_offset=False)),
        ("page=3&limit=5", Page(10, 5, by_offset=False)),
        ("offset=7&limit=5", Page(7, 5, by_offset=True)),
        ("offset=7&page=2", Page(7, 10, by_offset=True)),
    ],
)
def test_a_page_is_asked_for_by_number_or_offset(query, page):
    assert page_of(SPEC, asked(query)) == page


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("limit=0", "limit is to be a whole number from 1 to 10000"),
        ("limit=10001", "limit is to be a whole number from 1 to 10000"),
        ("limit=", "limit is to be"),
        ("page=0", "page is to be a whole number of at least 1"),
        ("page=-1", "page is to be"),
        ("page=1.5", "page is to be"),
        ("page=" + "9" * 400, "page is to be"),
        ("offset=x", "offset is to be a whole number of at least 0"),
        ("offset=²", "offset is to be"),
    ],
)
def test_a_page_that_is_none_is_refused(query, told):
    with pytest.raises(BadQueryError, match=told):
        page_of(SPEC, asked(query))


def linked(query, total, path=b"/pets"):
    view = asked(query, path)
    return links(SPEC, view, page_of(SPEC, view), total)


def test_links_lead_through_the_pages():
    assert linked("", 10) == ""
    assert linked("name=a%26b&page=2", 35) == (
        '</pets?name=a%26b&page=1>; rel="first", </pets?name=a%26b&page=1>; rel="prev", '
        '</pets?name=a%26b&page=3>; rel="next", </pets?name=a%26b&page=4>; rel="last"'
    )
    assert linked("", 11) == '</pets?page=1>; rel="first", </pets?page=2>; rel="next", </pets?page=2>; rel="last"'
    assert linked("offset=15&limit=10", 20) == (
        '</pets?limit=10&offset=0>; rel="first", </pets?limit=10&offset=5>; rel="prev", '
        '</pets?limit=10&offset=10>; rel="last"'
    )
    assert linked("page=9", 11) == (
        '</pets?page=1>; rel="first", </pets?page=1>; rel="prev", </pets?page=2>; rel="last"'
    )


def test_a_link_cannot_be_broken_out_of():
    assert linked("a=%3E%0D%0A%ff", 11, b"/p<>") == (
        '</p%3C%3E?a=%3E%0D%0A%FF&page=1>; rel="first", </p%3C%3E?a=%3E%0D%0A%FF&page=2>; rel="next", '
        '</p%3C%3E?a=%3E%0D%0A%FF&page=2>; rel="last"'
    )
