"""Sessions of instances: operations polled to their end, changes by mask, lists by filter and page, cancelling."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Client

ENVIRONMENTS: Final = ("prod", "staging", "dev")


class Caller:
    """One project's caller with its token."""

    def __init__(self, client: Client, random: Random) -> None:
        self.client, self.random = client, random
        self.key = {"Authorization": f"Bearer ya29.{random.randbytes(24).hex()}"}
        place = random.choice(("europe-west1", "us-central1", "asia-east1"))
        self.base = f"/v1/projects/{values.slug(random)}/locations/{place}"

    def fields(self) -> dict[str, object]:
        random = self.random
        asked: dict[str, object] = {"memorySizeGb": random.randint(1, 8)}
        if random.random() < 0.6:
            asked["displayName"] = values.title(random)
        if random.random() < 0.6:
            asked["tier"] = random.choice(("BASIC", "STANDARD_HA"))
        if random.random() < 0.7:
            asked["labels"] = {"env": random.choice(ENVIRONMENTS)}
        return asked

    def write(self, label: str, method: str, path: str, **asked: object) -> str:
        """Begin an operation and give its path."""
        begun = self.client.ask(label, method, path, headers=self.key, **asked)  # type: ignore[arg-type]
        return "/v1/" + begun.take("name")

    def wait(self, operation: str) -> None:
        for _ in range(5):
            polled = self.client.ask("poll", "GET", operation, headers=self.key, reads=True)
            if polled.find("done") is not False:
                return

    def new(self, **fields: object) -> str:
        """Create an instance to its end and give its path."""
        own = values.slug(self.random)
        asked = {**self.fields(), **fields}
        path = f"{self.base}/instances"
        self.wait(self.write("create", "POST", path, json=asked, query={"instanceId": own}))
        return f"{path}/{own}"


def play(client: Client, random: Random) -> None:
    caller = Caller(client, random)
    one = caller.new()
    client.ask("the instance", "GET", one, headers=caller.key, reads=True)
    ways: list[Callable[[Caller, str], None]] = [change, busy, cancelled, lists, quota, history, mistakes]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 5)]:
        way(caller, one)
    caller.wait(caller.write("delete", "DELETE", one))
    client.ask("the instance, deleted", "GET", one, headers=caller.key, reads=True)
    client.ask("instances left", "GET", f"{caller.base}/instances", headers=caller.key, reads=True)


def change(caller: Caller, one: str) -> None:
    random, client = caller.random, caller.client
    asked, mask = random.choice(
        [
            ({"displayName": values.title(random)}, "displayName"),
            ({"labels": {"env": random.choice(ENVIRONMENTS), "team": values.word(random)}}, "labels"),
            ({"displayName": values.title(random), "memorySizeGb": random.randint(2, 9)}, "displayName,memorySizeGb"),
            ({"displayName": values.title(random), "memorySizeGb": random.randint(2, 9)}, "memorySizeGb"),
        ]
    )
    operation = caller.write("change", "PATCH", one, json=asked, query={"updateMask": mask})
    client.ask("the instance, updating", "GET", one, headers=caller.key, reads=True)
    caller.wait(operation)
    client.ask("the instance, changed", "GET", one, headers=caller.key, reads=True)


def busy(caller: Caller, one: str) -> None:
    client, mask = caller.client, {"updateMask": "displayName"}
    asked = {"displayName": values.title(caller.random)}
    operation = caller.write("change slowly", "PATCH", one, json=asked, query=mask)
    client.ask("change meanwhile", "PATCH", one, json=asked, query=mask, headers=caller.key)
    if caller.random.random() < 0.5:
        client.ask("delete meanwhile", "DELETE", one, headers=caller.key)
    caller.wait(operation)


def cancelled(caller: Caller, _: str) -> None:
    client, own = caller.client, values.slug(caller.random)
    path, query = f"{caller.base}/instances", {"instanceId": own}
    operation = caller.write("create for nothing", "POST", path, json=caller.fields(), query=query)
    client.ask("the instance, being made", "GET", f"{path}/{own}", headers=caller.key, reads=True)
    client.ask("cancel", "POST", f"{operation}:cancel", json={}, headers=caller.key)
    client.ask("the operation, cancelled", "GET", operation, headers=caller.key, reads=True)
    client.ask("the instance, never made", "GET", f"{path}/{own}", headers=caller.key, reads=True)
    client.ask("cancel again", "POST", f"{operation}:cancel", json={}, headers=caller.key)


def lists(caller: Caller, _: str) -> None:
    random, client, path = caller.random, caller.client, f"{caller.base}/instances"
    environment = random.choice(ENVIRONMENTS)
    for _other in range(random.randint(1, 2)):
        caller.new(labels={"env": environment})
    query = {"filter": f"labels.env={environment}"}
    client.ask("instances of an environment", "GET", path, query=query, headers=caller.key, reads=True)
    if random.random() < 0.5:
        query = {"filter": f"tier={random.choice(('BASIC', 'STANDARD_HA'))} AND state=READY"}
        client.ask("instances of a tier", "GET", path, query=query, headers=caller.key, reads=True)
    page = client.ask("first page", "GET", path, query={"pageSize": 1}, headers=caller.key, reads=True)
    query = {"pageSize": "1", "pageToken": page.take("nextPageToken")}
    client.ask("second page", "GET", path, query=query, headers=caller.key, reads=True)
    client.ask("all instances", "GET", path, headers=caller.key, reads=True)


def quota(caller: Caller, _: str) -> None:
    path = caller.new(memorySizeGb=caller.random.randint(61, 90))
    caller.client.ask("the instance, too big", "GET", path, headers=caller.key, reads=True)


def history(caller: Caller, one: str) -> None:
    client, path = caller.client, f"{caller.base}/operations"
    client.ask("operations", "GET", path, headers=caller.key, reads=True)
    begun = client.ask("fail over", "POST", f"{one}:failover", json={}, headers=caller.key)
    if begun.status == 200:
        operation = "/v1/" + begun.take("name")
        caller.wait(operation)
        client.ask("forget the operation", "DELETE", operation, headers=caller.key)
        client.ask("the operation, forgotten", "GET", operation, headers=caller.key, reads=True)


def mistakes(caller: Caller, one: str) -> None:
    random, client, key = caller.random, caller.client, caller.key
    path, own = f"{caller.base}/instances", {"instanceId": values.slug(random)}
    nowhere, taken = f"{path}/{values.slug(random)}", {"instanceId": one.rsplit("/", 1)[-1]}
    wrong, no_size = {**caller.fields(), "tier": "GOLD"}, {"tier": "BASIC"}
    misnamed, json = {"instanceId": f"Not_{values.word(random)}"}, {"Content-Type": "application/json", **key}
    old = {"etag": random.randbytes(6).hex()}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("create again", "POST", path, json=caller.fields(), query=taken, headers=key),
        lambda: client.ask("create misnamed", "POST", path, json=caller.fields(), query=misnamed, headers=key),
        lambda: client.ask("create nameless", "POST", path, json=caller.fields(), headers=key),
        lambda: client.ask("no such tier", "POST", path, json=wrong, query=own, headers=key),
        lambda: client.ask("no size", "POST", path, json=no_size, query=own, headers=key),
        lambda: client.ask("malformed", "POST", path, content=b'{"tier": ', query=own, headers=json),
        lambda: client.ask("no instance", "GET", nowhere, headers=key),
        lambda: client.ask("delete no instance", "DELETE", nowhere, headers=key),
        lambda: client.ask("no operation", "GET", f"{caller.base}/operations/operation-x", headers=key),
        lambda: client.ask("no mask", "PATCH", one, json={"displayName": "A"}, headers=key),
        lambda: client.ask("mask of the name", "PATCH", one, json={}, query={"updateMask": "name"}, headers=key),
        lambda: client.ask("delete by an old etag", "DELETE", one, query=old, headers=key),
        lambda: client.ask("no credentials", "GET", one),
        lambda: client.ask("filter of no form", "GET", path, query={"filter": "prod"}, headers=key),
        lambda: client.ask("false page", "GET", path, query={"pageToken": "abc"}, headers=key),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(4, 7)]:
        way()
