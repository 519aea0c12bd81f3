"""Entity tags may be the head of an id and a version, and names may be sent several times."""

from random import Random

import pytest
from synthesis.galleries import MULTIPART, mocks_of_galleries, multipart, upload


@pytest.fixture(scope="module")
def mocks():
    return mocks_of_galleries()


def test_a_tag_of_the_head_of_an_id_and_a_version_goes_with_both(mocks):
    made, _ = upload(mocks.ask, Random(7))
    path, head = f"/pictures/{made.json['id']}", made.json["id"][:6]
    assert made.headers["etag"] == f'"{head}.1"'
    second = mocks.ask("PATCH", path, {"caption": "x"}, {"If-Match": f'"{head}.1"'})
    third = mocks.ask("PATCH", path, {"caption": "y"}, {"If-Match": second.headers["etag"]})
    assert (second.headers["etag"], third.headers["etag"]) == (f'"{head}.2"', f'"{head}.3"')
    assert mocks.ask("GET", path).headers["etag"] == f'"{head}.3"'
    assert mocks.ask("PATCH", path, {"caption": "z"}, {"If-Match": f'"{head}.2"'}).status == 412


def test_all_values_of_a_name_that_is_sent_several_times_are_shown(mocks):
    body = multipart("c", ["pier", "fog", "pier"], "a.png", "image/png", b"\x89")
    assert mocks.ask("POST", "/pictures", body, MULTIPART).json["tags"] == ["fog", "pier"]
    body = multipart("c", [], "a.png", "image/png", b"\x89")
    assert mocks.ask("POST", "/pictures", body, MULTIPART).json["tags"] == []


def test_all_was_learnt(mocks):
    assert mocks.wrong == []
