"""What a call makes many of, and shows row by row, is there afterwards: imports, with ids of the service or sent ones."""

from __future__ import annotations

import pytest
from synthesis.telling import as_the_service, learnt, told, word

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.collections.shown_bulks import find_shown_bulks
from recorder.synthesis.endpoints.endpoint import endpoints_of


class Shop:
    """Products made one by one or many at once; the answer has them in a list, or is one."""

    def __init__(self, chance):
        self.chance = chance
        self.products = {}

    def answer(self, method, target, sent, _headers):
        parts = target.strip("/").split("/")
        if method == "POST":
            return self.make_many(sent) if parts[-1] == self.many else (201, self.made(sent))
        if len(parts) == 1:
            return 200, {"products": [*self.products.values()], "total": len(self.products)}
        found = self.products.get(parts[1])
        return (404, {"error": "no such product"}) if found is None else (200, found)

    many = "bulk"

    def make_many(self, sent):
        rows = sent["products"]
        if not rows:
            return 422, {"error": "no products"}
        return 201, {"products": [self.made(one) for one in rows], "count": len(rows)}

    def made(self, sent):
        made = {"id": word(self.chance), **sent, "on_sale": True}
        self.products[made["id"]] = made
        return made


class Warehouse(Shop):
    """Products that callers name: each row tells what became of it."""

    def make_many(self, sent):
        return 207, {"results": [self.written(place, one) for place, one in enumerate(sent["products"])]}

    def written(self, place, one):
        if "price" not in one:
            return {"index": place, "id": one["id"], "status": 422, "error": "price is missing"}
        old = self.products.get(one["id"], {"version": 0})
        made = {**one, "version": old["version"] + 1}
        self.products[one["id"]] = made
        return {"index": place, "id": one["id"], "status": 200 if old["version"] else 201, "product": made}

    def made(self, sent):
        return self.written(0, {"id": word(self.chance), **sent})["product"]


def importing(ask, words):
    keys = [ask("POST", "/products", product(words)).json["id"] for _ in range(2)]
    told = ask("POST", "/products/bulk", {"products": [product(words) for _ in range(words.randint(2, 4))]}).json
    for one in told["products"][:2]:
        ask("GET", f"/products/{one['id']}")
    ask("GET", f"/products/{keys[0]}")
    ask("GET", "/products")
    ask("GET", "/products/nothing")
    if words.random() < 0.5:
        ask("POST", "/products/bulk", {"products": []})


def importing_named(ask, words):
    keys = [ask("POST", "/products", product(words)).json["id"] for _ in range(2)]
    rows = [product(words) | {"id": words.choice(keys) if at < 1 else word(words)} for at in range(words.randint(2, 4))]
    if words.random() < 0.5:
        del rows[-1]["price"]
    for one in ask("POST", "/products/bulk", {"products": rows}).json["results"]:
        ask("GET", f"/products/{one['id']}")
    ask("GET", "/products")


def product(words):
    return {"name": word(words), "price": words.randint(1, 99)}


@pytest.mark.parametrize("count", [8, 1])
def test_what_an_import_shows_is_read_and_listed_afterwards(count):
    mocks = learnt(Shop, importing, count)
    rows = [{"name": "cup", "price": 3}, {"name": "jug", "price": 4}, {"name": "pot", "price": 5}]
    made = mocks.ask("POST", "/products/bulk", {"products": rows}).json
    assert [(one["name"], one["price"], one["on_sale"]) for one in made["products"]] == [
        ("cup", 3, True), ("jug", 4, True), ("pot", 5, True),
    ]  # fmt: skip
    assert mocks.ask("GET", f"/products/{made['products'][2]['id']}").json == made["products"][2]
    listed = mocks.ask("GET", "/products").json
    assert listed == {"products": made["products"], "total": 3}
    if count > 1:
        mocked, real = as_the_service(Shop, importing, mocks)
        assert mocked == real


def test_rows_of_an_import_that_name_what_is_there_write_it_over_and_refused_ones_do_nothing():
    mocks = learnt(Warehouse, importing_named, 10)
    key = mocks.ask("POST", "/products", {"name": "cup", "price": 3}).json["id"]
    rows = [{"id": key, "name": "mug", "price": 4}, {"id": "jug", "name": "jug", "price": 5}, {"id": "x", "name": "x"}]
    told = mocks.ask("POST", "/products/bulk", {"products": rows}).json["results"]
    assert [one["status"] for one in told] == [200, 201, 422]
    assert mocks.ask("GET", f"/products/{key}").json == {**rows[0], "version": 2}
    assert mocks.ask("GET", "/products/jug").json == {**rows[1], "version": 1}
    assert mocks.ask("GET", "/products/x").status == 404
    mocked, real = as_the_service(Warehouse, importing_named, mocks)
    assert mocked == real


def test_short_numbers_are_of_new_things_where_no_thing_was_shown_with_them():
    things = Collection(("things", None), "things", ("id",))
    rows = [{"id": 1, "name": "cup"}, {"id": 2, "name": "jug"}]
    first = [("GET", "/pages?size=2", None, 200, {"page": 1, "pages": 2}), ("GET", "/things/3", None, 404, None)]
    last = [("GET", f"/things/{one['id']}", None, 200, one) for one in rows]
    making = ("POST", "/things/many", {"names": ["cup", "jug"]}, 201, {"rows": rows})
    assert bulk_of(things, *first, making, *last) == ("rows",)
    assert bulk_of(things, *first, *last, making) is None


def bulk_of(things, *rows):
    endpoints = endpoints_of(told(*rows))
    bindings = {one: Binding("none", None) for one in endpoints}
    for one in endpoints:
        if one.template == things.template:
            bindings[one] = Binding("item", things, entity=())
    find_shown_bulks(endpoints, [things], bindings)
    [found] = [bindings[one].shown_bulk for one in endpoints if one.method == "POST"]
    return found and found.results


class Shelves(Shop):
    """Products that are put many at once, old ones and new ones, and shown as they are from then on."""

    many = "put"

    def make_many(self, sent):
        for row in sent["products"]:
            self.products[row["id"]] = {"on_sale": False, **self.products.get(row["id"], {}), **row}
        return 200, {"products": [self.products[row["id"]] for row in sent["products"]]}


def putting(ask, words):
    keys = [ask("POST", "/products", product(words)).json["id"] for _ in range(3)]
    rows = [{"id": key, **product(words)} for key in words.sample(keys, 2)]
    ask("POST", "/products/put", {"products": [*rows, {"id": word(words), **product(words)}][: words.randint(2, 3)]})
    ask("GET", "/products")
    ask("GET", f"/products/{keys[0]}")


def test_what_is_put_many_at_once_with_ids_is_there_also_where_most_was_there_before():
    mocks = learnt(Shelves, putting, 6)
    old = mocks.ask("POST", "/products", {"name": "jar", "price": 3}).json["id"]
    rows = [{"id": old, "name": "pot", "price": 4}, {"id": "brandnew", "name": "urn", "price": 9}]
    assert mocks.ask("POST", "/products/put", {"products": rows}).status == 200
    assert mocks.ask("GET", f"/products/{old}").json["name"] == "pot"
    assert mocks.ask("GET", "/products/brandnew").json["price"] == 9
    assert [one["name"] for one in mocks.ask("GET", "/products").json["products"]] == ["pot", "urn"]
