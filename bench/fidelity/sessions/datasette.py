"""Sessions of Datasette: rows of a nursery put in, filtered, sorted, paged, changed and deleted; and mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client
from bench.fidelity.upstreams.datasette import HAND, HEAD

ROOT: Final = "/nursery"
BEDS: Final = f"{ROOT}/beds"
PLANTS: Final = f"{ROOT}/plants"
NOTES: Final = ("likes shade", "needs water", "sold", "for the fair")


@dataclass
class Nursery:
    """A session's caller, and the rows that were inserted."""

    client: Client
    beds: list[str] = field(default_factory=list)
    plants: list[str] = field(default_factory=list)

    def read(self, label: str, path: str, **query: object) -> Answered:
        return self.client.ask(label, "GET", path, query=query or None, headers=bearer(HAND), reads=True)

    def write(self, label: str, path: str, asked: object, token: str = HAND, **more: Any) -> Answered:
        return self.client.ask(label, "POST", path, json=asked, headers=bearer(token), **more)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def play(client: Client, random: Random) -> None:
    nursery = Nursery(client)
    for _ in range(random.randint(2, 3)):
        bed(random, nursery)
    for _ in range(random.randint(2, 4)):
        plants(random, nursery)
    kinds = [listing, filtering, sorting, paging, facets, shapes, changing, upserting, queries, tables, removing]
    random.shuffle(kinds)
    for kind in [*kinds[: random.randint(5, 7)], mistakes]:
        kind(random, nursery)
    nursery.read("plants at the end", f"{PLANTS}.json", _extra="count")


def bed(random: Random, nursery: Nursery) -> None:
    row: dict[str, object] = {"name": values.slug(random)}
    if random.random() < 0.7:
        row["area"] = random.choice([2.5, 4.0, 7.25, 12.0, 18.5])
    made = nursery.write("new bed", f"{BEDS}/-/insert", {"row": row, "return": True})
    nursery.beds.append(made.take("rows", 0, "id"))


def plant(random: Random, nursery: Nursery) -> dict[str, object]:
    row: dict[str, object] = {"name": values.title(random), "height": random.randint(5, 400)}
    if random.random() < 0.8:
        row["bed"] = int(random.choice(nursery.beds))
    if random.random() < 0.5:
        row["planted"] = f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    if random.random() < 0.4:
        row["notes"] = random.choice(NOTES)
    return row


def plants(random: Random, nursery: Nursery) -> None:
    if random.random() < 0.5:
        asked = {"row": plant(random, nursery), "return": True}
        made = nursery.write("new plant", f"{PLANTS}/-/insert", asked)
        nursery.plants.append(made.take("rows", 0, "id"))
        return
    count = random.randint(2, 3)
    first = plant(random, nursery)
    rows = [first, *({**plant(random, nursery), "bed": first.get("bed")} for _ in range(count - 1))]
    made = nursery.write("several plants", f"{PLANTS}/-/insert", {"rows": rows, "return": True})
    nursery.plants += [made.take("rows", at, "id") for at in range(count)]


def listing(random: Random, nursery: Nursery) -> None:
    nursery.read("plants", f"{PLANTS}.json")
    nursery.read("beds with their count", f"{BEDS}.json", _extra="count,columns")
    nursery.read("a plant", f"{PLANTS}/{random.choice(nursery.plants)}.json")
    if random.random() < 0.5:
        nursery.read("a bed", f"{BEDS}/{random.choice(nursery.beds)}.json")
    if random.random() < 0.5:
        nursery.read("plants with labels", f"{PLANTS}.json", _labels="on")
    if random.random() < 0.3:
        nursery.read("the database", f"{ROOT}.json")


def filtering(random: Random, nursery: Nursery) -> None:
    ways: list[dict[str, object]] = [
        {"height__gt": random.randint(20, 300)},
        {"height__lte": random.randint(50, 350)},
        {"bed": random.choice(nursery.beds)},
        {"bed__isnull": "1"},
        {"notes__notblank": "1"},
        {"name__contains": values.word(random)},
        {"name__startswith": values.word(random)[:2].capitalize()},
        {"bed__in": ",".join(nursery.beds[:2])},
        {"notes__exact": random.choice(NOTES)},
        {"bed": random.choice(nursery.beds), "height__gte": random.randint(20, 200)},
        {"planted__gte": f"2026-{random.randint(2, 9):02}-01"},
        {"height__not": random.randint(5, 400), "notes": random.choice(NOTES)},
    ]
    for way in random.sample(ways, random.randint(3, 4)):
        nursery.read("plants that match", f"{PLANTS}.json", **way)
    if random.random() < 0.5:
        nursery.read("how many match", f"{PLANTS}.json", **random.choice(ways), _extra="count", _size=0)


def sorting(random: Random, nursery: Nursery) -> None:
    nursery.read("plants by height", f"{PLANTS}.json", **{random.choice(["_sort", "_sort_desc"]): "height"})
    nursery.read("plants by name", f"{PLANTS}.json", **{random.choice(["_sort", "_sort_desc"]): "name"})
    if random.random() < 0.4:
        nursery.read("tall plants sorted", f"{PLANTS}.json", height__gt=random.randint(20, 200), _sort="height")


def paging(random: Random, nursery: Nursery) -> None:
    query: dict[str, object] = {"_size": random.choice([1, 2])}
    if random.random() < 0.5:
        query["_sort"] = random.choice(["height", "name"])
    page = nursery.read("first page", f"{PLANTS}.json", **query)
    if page.find("next") is None:
        return
    if random.random() < 0.5:
        page = nursery.read("second page by its link", page.take("next_url"))
    else:
        page = nursery.read("second page", f"{PLANTS}.json", **query, _next=page.take("next"))
    if page.find("next") is not None:
        nursery.read("third page", f"{PLANTS}.json", **query, _next=page.take("next"))


def facets(random: Random, nursery: Nursery) -> None:
    nursery.read("plants by bed", f"{PLANTS}.json", _facet="bed", _size=random.choice([0, 5]))
    if random.random() < 0.5:
        nursery.read("plants by notes", f"{PLANTS}.json", _facet="notes", height__gt=random.randint(5, 150))


def shapes(random: Random, nursery: Nursery) -> None:
    nursery.read("plants as a list", f"{PLANTS}.json", _shape="array", _sort="name")
    if random.random() < 0.5:
        nursery.read("plants as rows", f"{PLANTS}.json", _shape="arrays")
    if random.random() < 0.5:
        nursery.read("plants by key", f"{PLANTS}.json", _shape="object")
    nursery.read("names of plants", f"{PLANTS}.json", _col="name")
    if random.random() < 0.5:
        one = random.choice(nursery.plants)
        nursery.read("a plant and its bed", f"{PLANTS}/{one}.json", _shape="array")


def changing(random: Random, nursery: Nursery) -> None:
    one = random.choice(nursery.plants)
    change = {"height": random.randint(5, 400), "notes": random.choice([*NOTES, None])}
    asked = {"update": change, "return": True}
    nursery.write("change a plant", f"{PLANTS}/{one}/-/update", asked, reads=True)
    nursery.read("the plant, changed", f"{PLANTS}/{one}.json")
    if random.random() < 0.5:
        asked = {"update": {"bed": int(random.choice(nursery.beds))}}
        nursery.write("move a plant", f"{PLANTS}/{one}/-/update", asked)
        nursery.read("the plant, moved", f"{PLANTS}/{one}.json", _labels="on")
    if random.random() < 0.5:
        asked = {"update": {"name": values.slug(random)}, "return": True}
        nursery.write("rename a bed", f"{BEDS}/{random.choice(nursery.beds)}/-/update", asked, reads=True)


def upserting(random: Random, nursery: Nursery) -> None:
    one = random.choice(nursery.plants)
    rows = [{"id": int(one), "name": values.title(random), "height": random.randint(5, 400)}]
    if random.random() < 0.5:
        rows.append({"id": random.randint(500, 900), "name": values.title(random), "height": random.randint(5, 400)})
        nursery.plants.append(str(rows[1]["id"]))
    nursery.write("put plants", f"{PLANTS}/-/upsert", {"rows": rows, "return": True}, reads=True)
    nursery.read("plants after that", f"{PLANTS}.json", _extra="count")


def queries(random: Random, nursery: Nursery) -> None:
    nursery.read("plants from a height", f"{ROOT}/by_height.json", least=random.randint(5, 300))
    nursery.read("beds and their plants", f"{ROOT}/per_bed.json")
    sql = "select count(*) as n, avg(height) as mean from plants where bed = :bed"
    nursery.read("count of a bed", f"{ROOT}/-/query.json", sql=sql, bed=random.choice(nursery.beds))
    if random.random() < 0.4:
        nursery.read("no such column", f"{ROOT}/-/query.json", sql=f"select {values.word(random)} from plants")


def tables(random: Random, nursery: Nursery) -> None:
    name = f"{values.word(random)}_{random.randint(1, 999)}"
    columns = [{"name": "id", "type": "integer"}, {"name": "title", "type": "text"}, {"name": "cost", "type": "float"}]
    asked = {"table": name, "columns": columns[: random.randint(2, 3)], "pk": "id"}
    nursery.write("table as a hand", f"{ROOT}/-/create", asked)
    nursery.write("new table", f"{ROOT}/-/create", asked, HEAD)
    row = {"title": values.title(random)}
    nursery.write("a row of it", f"{ROOT}/{name}/-/insert", {"row": row, "return": True}, HEAD)
    nursery.read("its rows", f"{ROOT}/{name}.json", _extra="count")
    if random.random() < 0.5:
        nursery.write("the table again", f"{ROOT}/-/create", asked, HEAD)
    if random.random() < 0.6:
        nursery.write("drop it, unsure", f"{ROOT}/{name}/-/drop", {}, HEAD)
        nursery.write("drop it", f"{ROOT}/{name}/-/drop", {"confirm": True}, HEAD)
        nursery.read("the dropped table", f"{ROOT}/{name}.json")


def removing(random: Random, nursery: Nursery) -> None:
    one = nursery.plants.pop(random.randrange(len(nursery.plants)))
    nursery.write("delete a plant", f"{PLANTS}/{one}/-/delete", None)
    nursery.read("the deleted plant", f"{PLANTS}/{one}.json")
    if random.random() < 0.5:
        nursery.write("delete it again", f"{PLANTS}/{one}/-/delete", None)
    nursery.read("plants that are left", f"{PLANTS}.json", _extra="count")
    if not nursery.plants:
        plants(random, nursery)


def mistakes(random: Random, nursery: Nursery) -> None:
    missing, insert = random.randint(5000, 9000), f"{PLANTS}/-/insert"
    update = f"{PLANTS}/{random.choice(nursery.plants)}/-/update"
    row = {"name": values.title(random), "height": 9}
    taken = nursery.read("a bed of that name", f"{BEDS}/{nursery.beds[0]}.json").take("rows", 0, "name")
    wrong = "dstok_" + values.word(random)
    ways: list[Callable[[], object]] = [
        lambda: nursery.read("no such plant", f"{PLANTS}/{missing}.json"),
        lambda: nursery.read("no such table", f"{ROOT}/{values.word(random)}.json"),
        lambda: nursery.read("no such column to sort by", f"{PLANTS}.json", _sort=values.word(random)),
        lambda: nursery.read("no size", f"{PLANTS}.json", _size=values.word(random)),
        lambda: nursery.write("change no plant", f"{PLANTS}/{missing}/-/update", {"update": {"height": 5}}),
        lambda: nursery.write("delete no plant", f"{PLANTS}/{missing}/-/delete", None),
        lambda: nursery.write("plant without a name", insert, {"row": {"height": random.randint(5, 90)}}),
        lambda: nursery.write("a column too many", insert, {"row": {**row, values.word(random): 1}}),
        lambda: nursery.write("neither row nor rows", insert, {values.word(random): row}),
        lambda: nursery.write("empty the name", update, {"update": {"name": None}}),
        lambda: nursery.write("change of nothing", update, {}),
        lambda: nursery.write("bed of a taken name", f"{BEDS}/-/insert", {"row": {"name": taken}}),
        lambda: nursery.client.ask("plant by nobody", "POST", insert, json={"row": row}),
        lambda: nursery.write("plant by a wrong token", insert, {"row": row}, wrong),
        lambda: nursery.write("drop as a hand", f"{PLANTS}/-/drop", {"confirm": True}),
    ]
    for way in random.sample(ways, random.randint(4, 6)):
        way()
