"""A list may say that it is not all there is."""

import pytest
from synthesis.telling import told

from recorder.synthesis.samples.pages import is_a_page


def sample(answered, headers=None):
    [made] = told(("GET", "/things", None, 200, answered, {}, headers or {}))
    return made


@pytest.mark.parametrize(
    ("answered", "headers"),
    [
        ({"things": [1, 2], "pagination": {"total": 8}}, {}),
        ({"things": [1, 2], "totalCount": 3}, {}),
        ({"things": [1, 2], "has_more": True}, {}),
        ({"things": [1, 2], "next": "/things?page=2"}, {}),
        ({"things": [1, 2], "@odata.nextLink": "/things?page=2"}, {}),
        ([1, 2], {"X-Total-Count": "9"}),
        ([1, 2], {"Link": '</things?page=2>; rel="next"'}),
    ],
)
def test_a_page_says_that_there_is_more(answered, headers):
    assert is_a_page(sample(answered, headers), 2)


@pytest.mark.parametrize(
    ("answered", "headers"),
    [
        ({"things": [1, 2], "total": 2}, {}),
        ({"things": [1, 2], "hasMore": False, "next": None}, {}),
        ({"things": [1, 2], "country": 47, "facets": [{"count": 9}]}, {}),
        ([1, 2], {"X-Total-Count": "2"}),
        (None, {}),
    ],
)
def test_all_there_is_does_not(answered, headers):
    assert not is_a_page(sample(answered, headers), 2)
