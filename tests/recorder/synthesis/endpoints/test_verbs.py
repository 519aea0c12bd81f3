"""Names of operations say what they do, and to what."""

import pytest

from recorder.synthesis.endpoints.verbs import does, does_at, is_called_id, is_credential, label_of, noun_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("orderById", ["order", "by", "id"]), ("account.get_all", ["account", "get", "all"]),
        ("HTTPServer2", ["http", "server", "2"]), ("_pets", ["pets"]), ("", []),
    ],
)  # fmt: skip
def test_names_have_words(name, words):
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("account.get", "read"), ("listOrders", "read"), ("orderById", "read"), ("ordersOfCustomer", "read"),
        ("removeAlbum", "remove"), ("user.delete", "remove"), ("updateAlbum", "change"), ("set.label", "change"),
        ("PlaceOrder", "write"), ("open.search", "read"), ("ledger.totals", "read"), ("pets", ""),
        ("book.summary", "read"), ("book.transfer", "write"), ("period.lock", ""), ("purse.label", "change"),
    ],
)  # fmt: skip
def test_a_name_tells_what_is_done(name, told):
    assert does(name) == told


def test_a_path_tells_what_all_its_operations_do():
    assert [does_at(path) for path in (("api", "queries"), ("commands",), ("rpc",), ())] == ["read", "write", "", ""]


@pytest.mark.parametrize(
    ("name", "noun"),
    [
        ("account.get", "account"), ("orderById", "order"), ("allAlbums", "album"), ("createReview", "review"),
        ("ordersOfCustomer", "order"), ("transfer.create", "transfer"), ("get", ""),
    ],
)  # fmt: skip
def test_a_name_tells_of_what(name, noun):
    assert noun_of(name) == noun


def test_arguments_are_called_by_what_they_name():
    assert [label_of(name) for name in ("orderId", "order_ids", "id", "from")] == ["order", "order", "", "from"]
    assert [is_called_id(name) for name in ("orderId", "id", "key", "title", "")] == [True, True, True, False, False]
    assert [is_credential(name) for name in ("token", "accessToken", "api_key", "owner")] == [True, True, False, False]
