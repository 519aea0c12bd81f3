"""An endpoint stands back where a plainer path also fits its calls."""

from __future__ import annotations

import pytest
from synthesis.telling import told

from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.endpoints.precedence import stands_back


def endpoint(method, path):
    template = tuple(part if part != "{}" else None for part in path.split("/")[1:])
    return Endpoint(method, template, (), None, told(("GET", "/", None, 200, {})))


@pytest.mark.parametrize(
    ("wide", "plain", "back"),
    [
        ("/{}/{}/{}", "/links/{}/{}", 1),
        ("/links/{}/{}", "/{}/{}/{}", 0),
        ("/{}/{}", "/links/{}/{}", 0),
        ("/{}/{}", "/links/all", 0),
        ("/{}/all", "/links/{}", 0),
        ("/links/{}", "/links/{}", 0),
    ],
)
def test_the_more_general_of_two_templates_stands_back(wide, plain, back):
    both = [endpoint("GET", wide), endpoint("GET", plain)]
    assert stands_back(both[0], both) == back


def test_the_most_general_stands_back_furthest_and_methods_do_not_meddle():
    paths = ["/{}/{}/{}", "/cookies/{}/{}", "/cookies/set/{}"]
    several = [*(endpoint("GET", path) for path in paths), endpoint("PUT", "/{}/{}/{}")]
    assert [stands_back(one, several) for one in several] == [2, 1, 0, 0]
