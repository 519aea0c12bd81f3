"""What was uploaded is kept with its item, and downloaded as it was."""

from random import Random

from synthesis.galleries import mocks_of_galleries, upload


def test_what_was_uploaded_is_downloaded_byte_by_byte():
    mocks = mocks_of_galleries()
    for seed in (8, 9, 10):
        made, data = upload(mocks.ask, Random(seed))
        given = mocks.ask("GET", f"/pictures/{made.json['id']}/file")
        assert (given.body, given.headers["content-type"]) == (data, made.json["type"])
