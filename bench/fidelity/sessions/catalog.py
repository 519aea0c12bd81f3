"""Sessions at a catalogue: searching, keeping products and variants, patches, tags, reviews, wish lists, imports."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

STAFF: Final = {"X-Catalog-Key": "ck_staff_9f31c07be2"}
READER: Final = {"X-Catalog-Key": "ck_read_41aa90d3c5"}
MERGE: Final = STAFF | {"Content-Type": "application/merge-patch+json"}
STEPS: Final = STAFF | {"Content-Type": "application/json-patch+json"}
CATEGORIES: Final = ("Lighting", "Seating", "Tables", "Textiles")
BRANDS: Final = ("Lumio", "Nordal", "Tavo", "Fil")
COLOURS: Final = ("black", "white", "oak", "red", "blue", "green", "walnut")
KNOWN: Final = tuple(range(101, 112))
KNOWN_SKUS: Final = ("LMP-HB-BK", "LMP-PB-WH", "CHR-FL-GR", "STL-CD-OK", "TBL-HB-WA", "CSH-PB-BL", "THR-MD-GN")


def play(client: Client, random: Random) -> None:
    search(client, random, "search at first")
    mine = [created(client, random) for _ in range(random.randint(1, 2))]
    kinds = [variants, patching, patching, reviewing, reviewing, wishing, wishing, relating, importing, caching, search]
    for kind in random.sample(kinds, random.randint(5, 6)):
        if kind is search:
            search(client, random, "search again")
        else:
            kind(client, random, mine)
    if random.random() < 0.4:
        removing(client, random, mine)
    search(client, random, "search at last")
    mistakes(client, random, mine)


def search(client: Client, random: Random, label: str) -> None:
    queries: list[dict[str, object]] = [
        {},
        {"q": random.choice(["lamp", "cedar", "harbor", "Willow", "pebble", values.word(random)])},
        {"category": random.choice(CATEGORIES)},
        {"brand": ",".join(random.sample(BRANDS, random.randint(1, 2)))},
        {"price_min": random.choice([20, 40, 60]), "price_max": random.choice([100, 150, 300])},
        {"sort": random.choice(["price", "-price", "title", "-rating", "newest"])},
        {"in_stock": "true", "sort": "price"},
        {"sort": random.choice(["price", "title"]), "limit": random.randint(2, 4)},
        {"limit": random.randint(2, 6), "offset": random.randint(1, 8)},
        {"category": random.choice(CATEGORIES), "sort": "-price", "limit": 2},
    ]
    for query in random.sample(queries, random.randint(1, 3)):
        page = client.ask(label, "GET", "/api/products", query=query or None, reads=True)
        following = page.find("_links", "next", "href")
        if following and random.random() < 0.5:
            client.ask("the next page", "GET", str(following), reads=True)
    if random.random() < 0.3:
        client.ask("categories", "GET", "/api/categories", reads=True)


def product(random: Random) -> dict[str, object]:
    asked: dict[str, object] = {
        "title": f"{values.word(random).capitalize()} {random.choice(['Lamp', 'Chair', 'Desk', 'Rug', 'Sofa'])}",
        "category": random.choice(CATEGORIES),
        "list_price": values.price(random),
    }
    if random.random() < 0.7:
        asked["brand"] = random.choice(BRANDS)
    if random.random() < 0.5:
        asked["description"] = values.sentence(random)
    if random.random() < 0.5:
        asked["attributes"] = {"material": values.word(random), "width_cm": random.randint(20, 200)}
    if random.random() < 0.5:
        asked["tags"] = random.sample(values.WORDS, random.randint(1, 3))
    return asked


def created(client: Client, random: Random) -> str:
    made = client.ask("create a product", "POST", "/api/products", json=product(random), headers=STAFF)
    key = made.take("id")
    if random.random() < 0.6:
        add_variant(client, random, key)
    if random.random() < 0.4:
        client.ask("the product", "GET", f"/api/products/{key}", reads=True)
    return key


def sku(random: Random) -> str:
    return f"{values.word(random)[:3].upper()}-{random.randint(100, 999)}"


def add_variant(client: Client, random: Random, key: str, code: str = "", label: str = "add a variant") -> Answered:
    asked: dict[str, object] = {"sku": code or sku(random), "price": values.price(random)}
    asked["options"] = {"colour": random.choice(COLOURS)}
    if random.random() < 0.8:
        asked["stock"] = random.randint(0, 30)
    return client.ask(label, "POST", f"/api/products/{key}/variants", json=asked, headers=STAFF)


def variants(client: Client, random: Random, mine: list[str]) -> None:
    key = random.choice(mine)
    code = add_variant(client, random, key).find("sku") or random.choice(KNOWN_SKUS)
    if random.random() < 0.4:
        add_variant(client, random, random.choice(mine), str(code), "the same SKU")
    client.ask("a variant by SKU", "GET", f"/api/skus/{code}", reads=True)
    for _ in range(random.randint(1, 2)):
        asked = {"adjustment": random.choice([5, 12, -1, -3, -40, 1])}
        client.ask("adjust the stock", "POST", f"/api/skus/{code}/stock", json=asked, headers=STAFF, reads=True)
    if random.random() < 0.5:
        client.ask("variants", "GET", f"/api/products/{key}/variants", reads=True)
    client.ask("the product with variants", "GET", f"/api/products/{key}", reads=True)


def patching(client: Client, random: Random, mine: list[str]) -> None:
    path = f"/api/products/{random.choice(mine)}"
    tag = client.ask("the product before", "GET", path, reads=True).header("etag")
    merges: list[dict[str, object]] = [
        {"title": values.title(random)[:40]},
        {"list_price": values.price(random), "description": values.sentence(random)},
        {"description": None},
        {"attributes": {"material": values.word(random)}},
        {"attributes": {"width_cm": None, "care": values.word(random)}},
        {"tags": [values.word(random)], "status": "draft"},
        {"list_price": random.choice([0, -5])},
        {"category": values.word(random)},
    ]
    steps: list[list[dict[str, object]]] = [
        [{"op": "replace", "path": "/title", "value": values.title(random)[:40]}],
        [{"op": "add", "path": "/tags/-", "value": values.word(random)}],
        [{"op": "add", "path": "/attributes/finish", "value": values.word(random)}],
        [
            {"op": "test", "path": "/status", "value": random.choice(["active", "draft"])},
            {"op": "replace", "path": "/list_price", "value": values.price(random)},
        ],
        [{"op": "remove", "path": "/attributes/material"}],
    ]
    if random.random() < 0.6:
        client.ask("merge", "PATCH", path, json=random.choice(merges), headers=MERGE, reads=True)
    else:
        client.ask("patch", "PATCH", path, json=random.choice(steps), headers=STEPS, reads=True)
    if random.random() < 0.6:
        change = {"brand": random.choice(BRANDS)}
        client.ask("merge by the tag", "PATCH", path, json=change, headers=MERGE | {"If-Match": tag}, reads=True)
    client.ask("the product after", "GET", path, reads=True)


def caching(client: Client, random: Random, mine: list[str]) -> None:
    path = f"/api/products/{random.choice([*mine, *map(str, KNOWN[:4])])}"
    tag = client.ask("a product to keep", "GET", path, reads=True).header("etag")
    client.ask("is it the same", "GET", path, headers={"If-None-Match": tag}, reads=True)
    if random.random() < 0.6:
        review(client, random, path)
        client.ask("is it still the same", "GET", path, headers={"If-None-Match": tag}, reads=True)


def review(client: Client, random: Random, path: str, author: str = "", label: str = "review") -> Answered:
    asked: dict[str, object] = {"author": author or values.name(random), "stars": random.randint(1, 5)}
    if random.random() < 0.6:
        asked["title"] = values.title(random)
    if random.random() < 0.7:
        asked["body"] = values.sentence(random)
    return client.ask(label, "POST", f"{path}/reviews", json=asked)


def reviewing(client: Client, random: Random, mine: list[str]) -> None:
    path, author = f"/api/products/{random.choice([*mine, *map(str, KNOWN[:5])])}", values.name(random)
    made = review(client, random, path, author)
    for _ in range(random.randint(0, 2)):
        review(client, random, path)
    if random.random() < 0.4:
        review(client, random, path, author, "review again")
    one = f"{path}/reviews/{made.take('id')}"
    if random.random() < 0.5:
        for _ in range(random.randint(1, 2)):
            client.ask("vote", "POST", f"{one}/helpful", reads=True)
    if random.random() < 0.3:
        client.ask("edit the review", "PUT", one, json={"stars": random.randint(1, 5), "body": "Changed."}, reads=True)
    elif random.random() < 0.4:
        client.ask("delete the review", "DELETE", one)
    queries: list[dict[str, object] | None] = [None, {"stars": random.randint(1, 5)}, {"sort": "helpful"}]
    client.ask("reviews", "GET", f"{path}/reviews", query=random.choice(queries), reads=True)
    client.ask("the product reviewed", "GET", path, reads=True)


def wishing(client: Client, random: Random, mine: list[str]) -> None:
    asked: dict[str, object] = {"owner": values.login(random), "name": values.title(random)}
    if random.random() < 0.5:
        asked["is_public"] = random.random() < 0.5
    path = f"/api/wishlists/{client.ask('new wish list', 'POST', '/api/wishlists', json=asked).take('id')}"
    wished = random.sample([*map(int, mine), *KNOWN], random.randint(2, 3))
    for key in wished:
        item: dict[str, object] = {"product_id": key}
        if random.random() < 0.5:
            item["quantity"] = random.randint(1, 4)
        client.ask("wish", "POST", f"{path}/items", json=item, reads=True)
    if random.random() < 0.4:
        client.ask("wish again", "POST", f"{path}/items", json={"product_id": wished[0], "quantity": 2}, reads=True)
    if random.random() < 0.5:
        client.ask("take off", "DELETE", f"{path}/items/{wished[-1]}", reads=True)
        if random.random() < 0.3:
            client.ask("take off again", "DELETE", f"{path}/items/{wished[-1]}", reads=True)
    client.ask("the wish list", "GET", path, reads=True)
    if random.random() < 0.4:
        client.ask("wish lists of one", "GET", "/api/wishlists", query={"owner": asked["owner"]}, reads=True)
    if random.random() < 0.2:
        client.ask("delete the wish list", "DELETE", path)
        client.ask("the deleted wish list", "GET", path, reads=True)


def relating(client: Client, random: Random, mine: list[str]) -> None:
    key, other = random.choice(mine), random.choice(KNOWN)
    path = f"/api/products/{key}/related"
    if random.random() < 0.5:
        client.ask("related by themselves", "GET", path, reads=True)
    client.ask("relate", "POST", path, json={"product_id": other}, headers=STAFF, reads=True)
    if random.random() < 0.4:
        client.ask("relate to itself", "POST", path, json={"product_id": int(key)}, headers=STAFF)
    client.ask("related", "GET", path, reads=True)
    if random.random() < 0.5:
        client.ask("related from the other", "GET", f"/api/products/{other}/related", reads=True)


def row(random: Random, code: str) -> dict[str, object]:
    asked = product(random)
    asked["price"] = asked.pop("list_price")
    return asked | {"sku": code, "stock": random.randint(0, 50)}


def importing(client: Client, random: Random, mine: list[str]) -> None:
    rows = [row(random, sku(random)) for _ in range(random.randint(1, 2))]
    if random.random() < 0.5:
        rows.append(row(random, random.choice(KNOWN_SKUS)))
    if random.random() < 0.5:
        wrong: list[dict[str, object]] = [{"title": "x"}, {"price": 0}, {"category": values.word(random)}]
        rows.insert(random.randint(0, len(rows)), row(random, sku(random)) | random.choice(wrong))
    if random.random() < 0.4:
        client.ask("try an import", "POST", "/api/products/import?dry_run=true", json={"rows": rows}, headers=STAFF)
    done = client.ask("import", "POST", "/api/products/import", json={"rows": rows}, headers=STAFF, reads=True)
    results = [one for one in done.find("results") or [] if one.get("product_id")]
    if results:
        one = random.choice(results)
        client.ask("an imported product", "GET", f"/api/products/{one['product_id']}", reads=True)
        client.ask("an imported variant", "GET", f"/api/skus/{one['sku']}", reads=True)
        if one["status"] == "created":
            mine.append(str(one["product_id"]))


def removing(client: Client, random: Random, mine: list[str]) -> None:
    key = random.choice(mine)
    client.ask("delete a product", "DELETE", f"/api/products/{key}", headers=STAFF)
    client.ask("the deleted product", "GET", f"/api/products/{key}", reads=True)
    if random.random() < 0.5:
        client.ask("its variants", "GET", f"/api/products/{key}/variants", reads=True)


def mistakes(client: Client, random: Random, mine: list[str]) -> None:
    asked, path = product(random), f"/api/products/{mine[0]}"
    nowhere, stale = random.randint(500, 9000), {"If-Match": f'"{random.getrandbits(64):016x}"'}
    merge = {"title": values.title(random)[:40]}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no key", "POST", "/api/products", json=asked),
        lambda: client.ask("a reader's key", "POST", "/api/products", json=asked, headers=READER),
        lambda: client.ask("no key to delete", "DELETE", "/api/products/101"),
        lambda: client.ask("no title", "POST", "/api/products", json={"list_price": 4}, headers=STAFF),
        lambda: client.ask("a bad price", "POST", "/api/products", json=asked | {"list_price": "x"}, headers=STAFF),
        lambda: client.ask("a form", "POST", "/api/products", form={"title": "Chair"}, headers=STAFF),
        lambda: client.ask("no such product", "GET", f"/api/products/{nowhere}", reads=True),
        lambda: client.ask("a product in words", "GET", f"/api/products/{values.word(random)}"),
        lambda: client.ask("no such SKU", "GET", f"/api/skus/{sku(random)}"),
        lambda: client.ask("a bad sort", "GET", "/api/products", query={"sort": values.word(random)}),
        lambda: client.ask("a bad limit", "GET", "/api/products", query={"limit": random.choice([0, 51, 100])}),
        lambda: client.ask("a limit in words", "GET", "/api/products", query={"limit": values.word(random)}),
        lambda: client.ask("prices reversed", "GET", "/api/products", query={"price_min": 90, "price_max": 10}),
        lambda: client.ask("a stale tag", "PATCH", path, json=merge, headers=MERGE | stale, reads=True),
        lambda: client.ask("a plain patch", "PATCH", path, json=merge, headers=STAFF, reads=True),
        lambda: client.ask("too many stars", "POST", "/api/products/102/reviews", json={"author": "A", "stars": 6}),
        lambda: client.ask("no stars", "POST", "/api/products/103/reviews", json={"author": values.name(random)}),
        lambda: client.ask("no owner", "GET", "/api/wishlists"),
        lambda: client.ask("an unnamed list", "POST", "/api/wishlists", json={"owner": values.login(random)}),
        lambda: client.ask("import nothing", "POST", "/api/products/import", json={"rows": []}, headers=STAFF),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()
