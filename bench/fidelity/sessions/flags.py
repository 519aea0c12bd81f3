"""Sessions of feature flags: made, patched by pointers and by instructions, targeted, and evaluated for callers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

FLAGS: Final = "/api/v2/flags/default"
EVALUATE: Final = "/ofrep/v1/evaluate/flags"
SEMANTIC: Final = {"Content-Type": "application/json; domain-model=launchdarkly.semanticpatch"}
TAGS: Final = ("checkout", "beta", "ops")
COUNTRIES: Final = ("NO", "FR", "PT", "AT")


def play(client: Client, random: Random) -> None:
    key = {"Authorization": f"api-{random.randbytes(16).hex()}"}
    made = [add(client, random, key) for _ in range(random.randint(1, 3))]
    ways: list[Callable[[Client, Random, dict[str, str], str], None]] = [
        patching,
        targeting,
        ruling,
        lists,
        all_at_once,
        mistakes,
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(5, 6)]:
        way(client, random, key, random.choice(made))
    client.ask("delete flag", "DELETE", f"{FLAGS}/{made[0]}", headers=key)
    client.ask("the flag, deleted", "GET", f"{FLAGS}/{made[0]}", headers=key, reads=True)
    evaluate(client, random, made[0], "evaluate what was deleted")


def fields(random: Random) -> dict[str, object]:
    asked: dict[str, object] = {"key": values.slug(random), "name": values.title(random)}
    if random.random() < 0.4:
        names = random.sample(values.WORDS, random.randint(2, 3))
        asked["variations"] = [{"value": name, "name": name.capitalize()} for name in names]
    if random.random() < 0.6:
        asked["tags"] = random.sample(TAGS, random.randint(1, 2))
    if random.random() < 0.4:
        asked |= {"description": values.sentence(random), "temporary": True}
    return asked


def add(client: Client, random: Random, key: dict[str, str]) -> str:
    return client.ask("new flag", "POST", FLAGS, json=fields(random), headers=key).take("key")


def evaluate(client: Client, random: Random, flag: str, label: str, **context: object) -> None:
    asked = {"context": {"targetingKey": values.login(random), **context}}
    client.ask(label, "POST", f"{EVALUATE}/{flag}", json=asked, reads=True)


def instruct(client: Client, key: dict[str, str], flag: str, label: str, *instructions: dict[str, object]) -> None:
    asked = {"environmentKey": "production", "instructions": list(instructions)}
    client.ask(label, "PATCH", f"{FLAGS}/{flag}", json=asked, headers=key | SEMANTIC, reads=True)


def patching(client: Client, random: Random, key: dict[str, str], flag: str) -> None:
    path = f"{FLAGS}/{flag}"
    name = client.ask("the flag", "GET", path, headers=key, reads=True).take("name")
    renamed = {"op": "replace", "path": "/name", "value": values.title(random)}
    patches: list[list[dict[str, object]]] = [
        [renamed],
        [{"op": "test", "path": "/name", "value": name}, renamed],
        [{"op": "add", "path": "/tags/-", "value": values.word(random)}],
        [{"op": "replace", "path": "/environments/production/on", "value": True}],
        [{"op": "replace", "path": "/description", "value": values.sentence(random)}, {**renamed, "op": "add"}],
        [{"op": "replace", "path": "/variations/0/name", "value": "On"}],
    ]
    for patch in random.sample(patches[2:], random.randint(0, 2)):
        client.ask("patch", "PATCH", path, json=patch, headers=key, reads=True)
    patch = random.choice(patches[:2])
    client.ask("rename", "PATCH", path, json=patch, headers=key, reads=True)
    client.ask("the flag, patched", "GET", path, headers=key, reads=True)
    if random.random() < 0.7:
        client.ask("rename again", "PATCH", path, json=patches[1], headers=key)
        client.ask("the flag after all", "GET", path, query={"env": "production"}, headers=key, reads=True)


def targeting(client: Client, random: Random, key: dict[str, str], flag: str) -> None:
    someone = values.login(random)
    evaluate(client, random, flag, "evaluate before")
    target: dict[str, object] = {"kind": "addTargets", "variation": 1, "values": [someone, values.login(random)]}
    instruct(client, key, flag, "turn on and target", {"kind": "turnFlagOn"}, target)
    evaluate(client, random, flag, "evaluate for the target", targetingKey=someone)
    evaluate(client, random, flag, "evaluate for another")
    if random.random() < 0.6:
        instruct(client, key, flag, "turn off", {"kind": "turnFlagOff"})
        evaluate(client, random, flag, "evaluate for the target, off", targetingKey=someone)


def ruling(client: Client, random: Random, key: dict[str, str], flag: str) -> None:
    country, plan = random.choice(COUNTRIES), random.choice(("pro", "free"))
    clauses: list[dict[str, object]] = [{"attribute": "country", "op": "in", "values": [country]}]
    if random.random() < 0.4:
        clauses.append({"attribute": "plan", "op": "in", "values": [plan]})
    rule: dict[str, object] = {"kind": "addRule", "variation": 1, "clauses": clauses}
    instruct(client, key, flag, "rule", {"kind": "turnFlagOn"}, rule)
    evaluate(client, random, flag, "evaluate by country", country=country, plan=plan)
    evaluate(client, random, flag, "evaluate by any country", country=random.choice(COUNTRIES), plan=plan)
    evaluate(client, random, flag, "evaluate of nowhere")
    if random.random() < 0.5:
        instruct(client, key, flag, "fall through", {"kind": "updateFallthroughVariation", "variation": 1})
        evaluate(client, random, flag, "evaluate of nowhere else")


def lists(client: Client, random: Random, key: dict[str, str], _: str) -> None:
    client.ask("flags", "GET", FLAGS, headers=key, reads=True)
    client.ask("flags of a tag", "GET", FLAGS, query={"tag": random.choice(TAGS)}, headers=key, reads=True)
    query = {"sort": random.choice(("name", "-key")), "limit": 2, "env": random.choice(("production", "test"))}
    client.ask("flags in order", "GET", FLAGS, query=query, headers=key, reads=True)


def all_at_once(client: Client, random: Random, _: dict[str, str], flag: str) -> None:
    asked = {"context": {"targetingKey": values.login(random), "country": random.choice(COUNTRIES)}}
    tag = client.ask("evaluate all", "POST", EVALUATE, json=asked, reads=True).header("etag")
    again = {"If-None-Match": tag}
    client.ask("evaluate all again", "POST", EVALUATE, json=asked, headers=again, reads=True)
    evaluate(client, random, flag, "evaluate one of them", country=random.choice(COUNTRIES))


def mistakes(client: Client, random: Random, key: dict[str, str], flag: str) -> None:
    path, nowhere = f"{FLAGS}/{flag}", f"{FLAGS}/{values.slug(random)}"
    gone = [{"op": "remove", "path": f"/{values.word(random)}"}]
    own = [{"op": "replace", "path": "/key", "value": values.slug(random)}]
    strange = [{"op": "swap", "path": "/name"}]
    false = [{"op": "test", "path": "/name", "value": values.title(random)}, {"op": "remove", "path": "/tags"}]
    thin = {**fields(random), "variations": [{"value": True}]}
    json = {"Content-Type": "application/json", **key}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("new flag again", "POST", FLAGS, json={**fields(random), "key": flag}, headers=key),
        lambda: client.ask("no key", "POST", FLAGS, json={"name": values.title(random)}, headers=key),
        lambda: client.ask("bad key", "POST", FLAGS, json={**fields(random), "key": "Not So"}, headers=key),
        lambda: client.ask("no name", "POST", FLAGS, json={"key": values.slug(random)}, headers=key),
        lambda: client.ask("one variation", "POST", FLAGS, json=thin, headers=key),
        lambda: client.ask("malformed", "POST", FLAGS, content=b'{"key": "a', headers=json),
        lambda: client.ask("no credentials", "GET", path),
        lambda: client.ask("no flag", "GET", nowhere, headers=key),
        lambda: client.ask("patch no flag", "PATCH", nowhere, json=own, headers=key),
        lambda: client.ask("remove what is not", "PATCH", path, json=gone, headers=key),
        lambda: client.ask("change the key", "PATCH", path, json=own, headers=key),
        lambda: client.ask("no such operation", "PATCH", path, json=strange, headers=key),
        lambda: client.ask("a false test", "PATCH", path, json=false, headers=key),
        lambda: client.ask("no patch", "PATCH", path, json={"name": "A"}, headers=key),
        lambda: client.ask("no targeting key", "POST", f"{EVALUATE}/{flag}", json={"context": {"plan": "pro"}}),
        lambda: evaluate(client, random, values.slug(random), "evaluate no flag"),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(5, 7)]:
        way()
