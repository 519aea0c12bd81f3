"""Sessions of the cluster: config maps by version, deployments that are scaled, lists by label, conflicts."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

CORE: Final = "/api/v1"
APPS: Final = "/apis/apps/v1"
MERGE: Final = {"Content-Type": "application/merge-patch+json"}
TIERS: Final = ("front", "back", "data")


def play(client: Client, random: Random) -> None:
    key = {"Authorization": f"Bearer {random.randbytes(20).hex()}"}
    space = values.slug(random)
    asked = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": space}}
    client.ask("new namespace", "POST", f"{CORE}/namespaces", json=asked, headers=key)
    maps, deployments = f"{CORE}/namespaces/{space}/configmaps", f"{APPS}/namespaces/{space}/deployments"
    ways: list[Callable[[], None]] = [
        lambda: map_life(client, random, maps, key),
        lambda: map_life(client, random, maps, key),
        lambda: deployment_life(client, random, deployments, key),
        lambda: labels(client, random, maps, key),
        lambda: mistakes(client, random, maps, deployments, key),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()
    if random.random() < 0.6:
        client.ask("namespaces", "GET", f"{CORE}/namespaces", headers=key, reads=True)
    if random.random() < 0.5:
        client.ask("delete namespace", "DELETE", f"{CORE}/namespaces/{space}", headers=key)
        client.ask("namespace, deleted", "GET", f"{CORE}/namespaces/{space}", headers=key, reads=True)


def a_map(random: Random, tier: str = "") -> dict[str, object]:
    metadata: dict[str, object] = {"name": values.slug(random)}
    if tier or random.random() < 0.5:
        metadata["labels"] = {"app": values.word(random), "tier": tier or random.choice(TIERS)}
    data = {name: values.sentence(random) for name in random.sample(values.WORDS, random.randint(1, 3))}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def map_life(client: Client, random: Random, path: str, key: dict[str, str]) -> None:
    made = client.ask("new map", "POST", path, json=a_map(random), headers=key)
    name, version = made.take("metadata", "name"), made.take("metadata", "resourceVersion")
    path = f"{path}/{name}"
    client.ask("the map", "GET", path, headers=key, reads=True)
    asked = a_map(random)
    asked["metadata"] = {"name": name, "resourceVersion": version}
    client.ask("replace map", "PUT", path, json=asked, headers=key)
    client.ask("the map, replaced", "GET", path, headers=key, reads=True)
    if random.random() < 0.6:
        client.ask("replace an old map", "PUT", path, json=asked, headers=key)
    patch: dict[str, object] = random.choice(
        [
            {"data": {values.word(random): values.sentence(random)}},
            {"metadata": {"labels": {"tier": random.choice(TIERS)}}},
            {"data": {values.word(random): "1"}, "metadata": {"annotations": {"note": values.title(random)}}},
        ]
    )
    client.ask("patch map", "PATCH", path, json=patch, headers=key | MERGE)
    client.ask("the map, patched", "GET", path, headers=key, reads=True)
    if random.random() < 0.6:
        client.ask("delete map", "DELETE", path, headers=key)
        client.ask("the map, deleted", "GET", path, headers=key, reads=True)


def deployment(random: Random) -> dict[str, object]:
    app = values.word(random)
    image = f"registry.example/{app}:{random.randint(1, 9)}.{random.randint(0, 9)}"
    spec: dict[str, object] = {"selector": {"matchLabels": {"app": app}}}
    spec["template"] = {
        "metadata": {"labels": {"app": app}},
        "spec": {"containers": [{"name": app, "image": image}]},
    }
    if random.random() < 0.6:
        spec["replicas"] = random.randint(1, 6)
    metadata = {"name": values.slug(random), "labels": {"app": app}}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}


def deployment_life(client: Client, random: Random, path: str, key: dict[str, str]) -> None:
    made = client.ask("new deployment", "POST", path, json=deployment(random), headers=key)
    one = f"{path}/{made.take('metadata', 'name')}"
    client.ask("the scale", "GET", f"{one}/scale", headers=key, reads=True)
    scaled = {"spec": {"replicas": random.randint(0, 9)}}
    client.ask("scale", "PATCH", f"{one}/scale", json=scaled, headers=key | MERGE)
    client.ask("the deployment, scaled", "GET", one, headers=key, reads=True)
    if random.random() < 0.5:
        patch = {"spec": {"replicas": random.randint(1, 9)}}
        client.ask("patch deployment", "PATCH", one, json=patch, headers=key | MERGE)
        client.ask("the deployment, patched", "GET", one, headers=key, reads=True)
    client.ask("deployments", "GET", path, headers=key, reads=True)
    if random.random() < 0.5:
        client.ask("delete deployment", "DELETE", one, headers=key)
        client.ask("the scale of none", "GET", f"{one}/scale", headers=key, reads=True)


def labels(client: Client, random: Random, path: str, key: dict[str, str]) -> None:
    tiers = random.choices(TIERS, k=3)
    for tier in tiers:
        client.ask("new map with labels", "POST", path, json=a_map(random, tier), headers=key)
    query = {"labelSelector": f"tier={tiers[0]}"}
    client.ask("maps of a tier", "GET", path, query=query, headers=key, reads=True)
    if random.random() < 0.5:
        query = {"labelSelector": f"tier!={tiers[1]}"}
        client.ask("maps not of a tier", "GET", path, query=query, headers=key, reads=True)
    if random.random() < 0.4:
        client.ask("maps, two", "GET", path, query={"limit": 2}, headers=key, reads=True)
    client.ask("all maps", "GET", random.choice([path, f"{CORE}/configmaps"]), headers=key, reads=True)


def mistakes(client: Client, random: Random, maps: str, deployments: str, key: dict[str, str]) -> None:
    taken, nobody = a_map(random), values.slug(random)
    client.ask("new map once", "POST", maps, json=taken, headers=key)
    no_selector = {**deployment(random), "spec": {"replicas": 2}}
    nameless = {**a_map(random), "metadata": {}}
    misnamed = {**a_map(random), "metadata": {"name": f"Bad_{values.word(random)}"}}
    nowhere = f"{CORE}/namespaces/{values.slug(random)}/configmaps"
    json = {"Content-Type": "application/json", **key}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("new map twice", "POST", maps, json=taken, headers=key),
        lambda: client.ask("no map", "GET", f"{maps}/{nobody}", headers=key),
        lambda: client.ask("patch no map", "PATCH", f"{maps}/{nobody}", json={"data": {}}, headers=key | MERGE),
        lambda: client.ask("delete no map", "DELETE", f"{maps}/{nobody}", headers=key),
        lambda: client.ask("no deployment", "GET", f"{deployments}/{nobody}", headers=key),
        lambda: client.ask("no selector", "POST", deployments, json=no_selector, headers=key),
        lambda: client.ask("nameless map", "POST", maps, json=nameless, headers=key),
        lambda: client.ask("misnamed map", "POST", maps, json=misnamed, headers=key),
        lambda: client.ask("map in no namespace", "POST", nowhere, json=a_map(random), headers=key),
        lambda: client.ask("nobody asks", "GET", maps),
        lambda: client.ask("malformed", "POST", maps, content=b'{"kind"', headers=json),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
