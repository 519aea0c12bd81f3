"""In one session a thing that is put into a list again has more, if rows have no ids but what names the thing."""

from __future__ import annotations

from synthesis.telling import Mocks

GOODS = {"TEA-40": ("Green tea", 3.5), "RYE-75": ("Rye bread", 2.25), "OIL-10": ("Olive oil", 8.75)}


def filling(basket, *lines, number=None):
    """Give the calls that fill a basket, whose rows have numbers of their own if those begin somewhere."""
    rows, entries = [], []
    for at, (sku, count) in enumerate(lines):
        label, price = GOODS[sku]
        own = {} if number is None else {"line": f"ln-{number + 37 * at}f{at}c9"}
        entries = [*entries, {**own, "sku": sku, "label": label, "qty": count, "price": price, "sum": count * price}]
        told = {"ref": basket, "shopper": "Ada", "entries": entries}
        rows.append(("POST", f"/baskets/{basket}/entries", {"sku": sku, "qty": count}, 201, told))
        rows.append(("GET", f"/baskets/{basket}", None, 200, told))
    return [("POST", "/baskets", {"shopper": "Ada"}, 201, {"ref": basket, "shopper": "Ada", "entries": []}), *rows]


def session(*, number=None):
    goods = [{"sku": sku, "label": label, "price": price} for sku, (label, price) in GOODS.items()]
    known = [("GET", "/goods", None, 200, {"goods": goods}), ("GET", "/goods/TEA-40", None, 200, goods[0])]
    first = filling("BSK-3DA86E", ("TEA-40", 3), ("RYE-75", 1), number=number)
    return [*known, *first, *filling("BSK-DFE2E7", ("OIL-10", 2), ("TEA-40", 5), number=number and number + 500)]


def filled(mocks, *lines):
    ref = mocks.ask("POST", "/baskets", {"shopper": "Bob"}).json["ref"]
    for sku, count in lines:
        given = mocks.ask("POST", f"/baskets/{ref}/entries", {"sku": sku, "qty": count}).json
    return [(one["sku"], one["qty"], one["sum"]) for one in given["entries"]]


def test_what_is_there_already_has_more():
    lines = (("RYE-75", 2), ("OIL-10", 1), ("RYE-75", 4))
    assert filled(Mocks(session()), *lines) == [("RYE-75", 6, 13.5), ("OIL-10", 1, 8.75)]


def test_rows_with_ids_of_their_own_stay_apart():
    lines = (("RYE-75", 2), ("RYE-75", 4))
    assert [one[:2] for one in filled(Mocks(session(number=4100)), *lines)] == [("RYE-75", 2), ("RYE-75", 4)]


def test_what_stood_in_two_rows_is_put_into_a_third():
    twice = filling("BSK-77E01C", ("TEA-40", 1), ("TEA-40", 2))
    assert [one[:2] for one in filled(Mocks([*session(), *twice]), *[("RYE-75", 2)] * 2)] == [("RYE-75", 2)] * 2
