"""Sessions of OpenFGA: a store with a model, people who get and lose access to documents, questions, and mistakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

RELATIONS: Final = ("owner", "editor", "viewer")
USER: Final[dict[str, object]] = {"type": "user"}
MEMBERS: Final[dict[str, object]] = {"type": "team", "relation": "member"}


@dataclass
class Place:
    """A store with its model, and the tuples that stand in it: user, relation, object."""

    client: Client
    store: str
    name: str
    people: list[str]
    documents: list[str]
    team: str
    model: str = ""
    stands: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/stores/{self.store}"

    def ask(self, label: str, way: str, asked: object, **more: Any) -> Answered:
        return self.client.ask(label, "POST", f"{self.path}/{way}", json=asked, **more)

    def anyone(self, random: Random) -> str:
        return f"user:{random.choice(self.people)}"

    def anything(self, random: Random) -> str:
        return f"document:{random.choice(self.documents)}"


def key(one: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("user", "relation", "object"), one, strict=True))


def related(kinds: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    return {"relations": {name: {"directly_related_user_types": types} for name, types in kinds.items()}}


def union(relation: str) -> dict[str, object]:
    return {"union": {"child": [{"this": {}}, {"computedUserset": {"relation": relation}}]}}


def types(*, open_to_all: bool) -> list[dict[str, object]]:
    """Give teams with members, and documents that owners may edit and editors may view."""
    viewers: list[dict[str, object]] = [USER, MEMBERS]
    if open_to_all:
        viewers.append({"type": "user", "wildcard": {}})
    kinds = {"owner": [USER], "editor": [USER, MEMBERS], "viewer": viewers}
    ways = {"owner": {"this": {}}, "editor": union("owner"), "viewer": union("editor")}
    return [
        {"type": "user"},
        {"type": "team", "relations": {"member": {"this": {}}}, "metadata": related({"member": [USER]})},
        {"type": "document", "relations": ways, "metadata": related(kinds)},
    ]


def play(client: Client, random: Random) -> None:
    place = settle(client, random)
    model(random, place)
    for _ in range(random.randint(2, 3)):
        grant(random, place)
    kinds = [reading, checking, checks, objects, teams, revoking, changes, models, stores, expanding, asserting]
    random.shuffle(kinds)
    for kind in [*kinds[: random.randint(5, 7)], mistakes]:
        kind(random, place)
    place.ask("tuples at the end", "read", {}, reads=True)
    if random.random() < 0.4:
        closing(place)


def settle(client: Client, random: Random) -> Place:
    name = values.slug(random)
    store = client.ask("new store", "POST", "/stores", json={"name": name}).take("id")
    people = sorted({values.login(random) for _ in range(random.randint(3, 4))})
    documents = [values.slug(random) for _ in range(random.randint(2, 3))]
    return Place(client, store, name, people, documents, f"team:{values.word(random)}")


def model(random: Random, place: Place) -> None:
    asked = {"schema_version": "1.1", "type_definitions": types(open_to_all=random.random() < 0.5)}
    place.model = place.ask("new model", "authorization-models", asked).take("authorization_model_id")


def fresh(random: Random, place: Place) -> tuple[str, str, str] | None:
    """Give a tuple that does not stand yet, None where chance finds none."""
    for _ in range(20):
        one = (place.anyone(random), random.choice(RELATIONS), place.anything(random))
        if one not in place.stands:
            return one
    return None


def grant(random: Random, place: Place) -> None:
    new = [one for one in dict.fromkeys(fresh(random, place) for _ in range(random.randint(1, 3))) if one]
    asked: dict[str, object] = {"writes": {"tuple_keys": [key(one) for one in new]}}
    if random.random() < 0.5:
        asked["authorization_model_id"] = place.model
    place.ask("write tuples", "write", asked)
    place.stands += new


def reading(random: Random, place: Place) -> None:
    place.ask("all tuples", "read", {}, reads=True)
    place.ask("tuples of a document", "read", {"tuple_key": {"object": place.anything(random)}}, reads=True)
    if random.random() < 0.6:
        asked = {"tuple_key": {"user": place.anyone(random), "object": "document:"}}
        place.ask("tuples of a user", "read", asked, reads=True)
    if random.random() < 0.5:
        asked = {"tuple_key": {"relation": random.choice(RELATIONS), "object": place.anything(random)}}
        place.ask("tuples of a relation", "read", asked, reads=True)
    if random.random() < 0.5:
        page = place.ask("first page of tuples", "read", {"page_size": 1}, reads=True)
        if token := page.find("continuation_token"):
            asked = {"page_size": 1, "continuation_token": token}
            place.ask("second page of tuples", "read", asked, reads=True)


def check(random: Random, place: Place, label: str, one: tuple[str, str, str]) -> None:
    asked: dict[str, object] = {"tuple_key": key(one)}
    if random.random() < 0.4:
        asked["authorization_model_id"] = place.model
    place.ask(label, "check", asked, reads=True)


def checking(random: Random, place: Place) -> None:
    user, relation, document = random.choice(place.stands)
    check(random, place, "check what was granted", (user, relation, document))
    if document.startswith("document:"):
        check(random, place, "check what follows", (user, "viewer", document))
    for _ in range(random.randint(1, 3)):
        some = (place.anyone(random), random.choice(RELATIONS), place.anything(random))
        check(random, place, "check something", some)
    if random.random() < 0.5:
        check(random, place, "check a stranger", (f"user:{values.login(random)}", "viewer", document))
    if random.random() < 0.4:
        one = (f"user:{values.login(random)}", "owner", place.anything(random))
        asked = {"tuple_key": key(one), "contextual_tuples": {"tuple_keys": [key(one)]}}
        place.ask("check with a tuple given", "check", asked, reads=True)


def checks(random: Random, place: Place) -> None:
    some = [(place.anyone(random), random.choice(RELATIONS), place.anything(random)) for _ in range(3)]
    asked = [{"tuple_key": key(one), "correlation_id": f"q{at}"} for at, one in enumerate(some, 1)]
    place.ask("several checks", "batch-check", {"checks": asked[: random.randint(2, 3)]}, reads=True)


def objects(random: Random, place: Place) -> None:
    for _ in range(random.randint(1, 2)):
        asked = {"type": "document", "relation": random.choice(RELATIONS), "user": place.anyone(random)}
        place.ask("documents of a user", "list-objects", asked, reads=True)
    if random.random() < 0.5:
        name = random.choice(place.documents)
        who = {"object": {"type": "document", "id": name}, "relation": "owner", "user_filters": [USER]}
        place.ask("owners of a document", "list-users", who, reads=True)


def teams(random: Random, place: Place) -> None:
    person, document = place.anyone(random), place.anything(random)
    belongs, may = (person, "member", place.team), (f"{place.team}#member", "viewer", document)
    new = [one for one in (belongs, may) if one not in place.stands]
    place.ask("let a team in", "write", {"writes": {"tuple_keys": [key(one) for one in new]}})
    place.stands += new
    check(random, place, "check a member", (person, "viewer", document))
    check(random, place, "check the team", may)
    if random.random() < 0.5:
        check(random, place, "check another for the team", (place.anyone(random), "member", place.team))


def revoking(random: Random, place: Place) -> None:
    gone = place.stands.pop(random.randrange(len(place.stands)))
    asked: dict[str, object] = {"deletes": {"tuple_keys": [key(gone)]}}
    new = fresh(random, place) if random.random() < 0.4 else None
    if new and new != gone:
        asked["writes"] = {"tuple_keys": [key(new)]}
        place.stands.append(new)
    place.ask("take back", "write", asked)
    check(random, place, "check what was taken back", gone)
    place.ask("tuples that are left", "read", {}, reads=True)
    if random.random() < 0.5:
        place.ask("take back again", "write", {"deletes": {"tuple_keys": [key(gone)]}})
    if not place.stands:
        grant(random, place)


def changes(random: Random, place: Place) -> None:
    place.client.ask("changes", "GET", f"{place.path}/changes", reads=True)
    if random.random() < 0.6:
        query: dict[str, object] = {"page_size": random.randint(1, 2)}
        page = place.client.ask("first changes", "GET", f"{place.path}/changes", query=query, reads=True)
        query["continuation_token"] = page.take("continuation_token")
        place.client.ask("next changes", "GET", f"{place.path}/changes", query=query, reads=True)
    if random.random() < 0.5:
        query = {"type": random.choice(["document", "team"])}
        place.client.ask("changes of a type", "GET", f"{place.path}/changes", query=query, reads=True)


def models(random: Random, place: Place) -> None:
    path = f"{place.path}/authorization-models"
    place.client.ask("the model", "GET", f"{path}/{place.model}", reads=True)
    if random.random() < 0.5:
        model(random, place)
    place.client.ask("models", "GET", path, reads=True)


def stores(random: Random, place: Place) -> None:
    place.client.ask("the store", "GET", place.path, reads=True)
    name = values.slug(random)
    other = place.client.ask("another store", "POST", "/stores", json={"name": name}).take("id")
    place.client.ask("stores", "GET", "/stores", reads=True)
    if random.random() < 0.5:
        sought = random.choice([name, place.name, values.slug(random)])
        place.client.ask("stores of a name", "GET", "/stores", query={"name": sought}, reads=True)
    if random.random() < 0.5:
        place.client.ask("first store", "GET", "/stores", query={"page_size": 1}, reads=True)
    if random.random() < 0.5:
        place.client.ask("delete the other store", "DELETE", f"/stores/{other}")
        place.client.ask("the deleted store", "GET", f"/stores/{other}", reads=True)


def expanding(random: Random, place: Place) -> None:
    for relation in random.sample(RELATIONS, random.randint(1, 2)):
        asked = {"tuple_key": {"relation": relation, "object": place.anything(random)}}
        place.ask(f"expand {relation}s", "expand", asked, reads=True)


def asserting(random: Random, place: Place) -> None:
    path, one = f"{place.path}/assertions/{place.model}", random.choice(place.stands)
    asked = [{"tuple_key": key(one), "expectation": True}]
    if random.random() < 0.5:
        asked.append({"tuple_key": key((place.anyone(random), "owner", place.anything(random))), "expectation": False})
    place.client.ask("put assertions", "PUT", path, json={"assertions": asked})
    place.client.ask("the assertions", "GET", path, reads=True)


def closing(place: Place) -> None:
    place.client.ask("delete the store", "DELETE", place.path)
    place.client.ask("the store, deleted", "GET", place.path, reads=True)


def mistakes(random: Random, place: Place) -> None:
    user, document, other = place.anyone(random), place.anything(random), values.word(random)
    missing = "".join(random.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=25))
    stands = random.choice(place.stands)
    some = {"tuple_key": key((user, "viewer", document))}
    ways: list[Callable[[], object]] = [
        lambda: write(place, "a tuple that stands", stands),
        lambda: write(place, "no such relation", (user, other, document)),
        lambda: write(place, "no such type", (user, "owner", f"{other}:{values.slug(random)}")),
        lambda: write(place, "a team as owner", (f"{place.team}#member", "owner", document)),
        lambda: write(place, "not a user", (values.login(random), "owner", document)),
        lambda: place.ask("nothing to write", "write", {}),
        lambda: place.ask(
            "take back what never was", "write", {"deletes": {"tuple_keys": [key((user, "owner", "document:none"))]}}
        ),
        lambda: place.ask("check no such relation", "check", {"tuple_key": key((user, other, document))}),
        lambda: place.ask("check nothing", "check", {}),
        lambda: place.ask("check by no model", "check", {**some, "authorization_model_id": f"0{missing}"}),
        lambda: place.ask("objects of no type", "list-objects", {"type": other, "relation": "viewer", "user": user}),
        lambda: place.ask("a model of no version", "authorization-models", {"type_definitions": [USER]}),
        lambda: place.client.ask("no such store", "GET", f"/stores/0{missing}"),
        lambda: place.client.ask("not a store", "GET", f"/stores/{other}"),
        lambda: place.client.ask("no such model", "GET", f"{place.path}/authorization-models/0{missing}"),
        lambda: place.client.ask("store without a name", "POST", "/stores", json={}),
        lambda: place.client.ask("store of a short name", "POST", "/stores", json={"name": other[:2]}),
    ]
    for way in random.sample(ways, random.randint(3, 5)):
        way()


def write(place: Place, label: str, one: tuple[str, str, str]) -> None:
    place.ask(label, "write", {"writes": {"tuple_keys": [key(one)]}})
