"""Sessions of long-running jobs: polled to the end, asked too early, cancelled, failed, listed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Client


def play(client: Client, random: Random) -> None:
    kinds = [finished, finished, too_early, failing, cancelled, two_at_once, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(4, 6)]:
        kind(client, random)
    client.ask("jobs", "GET", "/jobs", reads=True)
    if random.random() < 0.6:
        state = random.choice(["succeeded", "failed", "cancelled", "queued"])
        client.ask("jobs in a state", "GET", "/jobs", query={"state": state}, reads=True)


def submit(client: Client, random: Random, kind: str = "") -> str:
    chosen = kind or random.choice(["count-words", "sum"])
    given: object = values.sentence(random)
    if chosen == "sum":
        given = [random.randint(1, 999) for _ in range(random.randint(2, 6))]
    asked = {"kind": chosen, "input": given}
    if random.random() < 0.6:
        asked["label"] = values.title(random)
    return client.ask("submit", "POST", "/jobs", json=asked).header("location")


def finished(client: Client, random: Random) -> None:
    path = submit(client, random)
    for _ in range(3):
        answered = client.ask("poll", "GET", path, reads=True)
    client.ask("result", "GET", answered.take("links", "result"), reads=True)
    if random.random() < 0.5:
        client.ask("look again", "GET", path, reads=True)
    if random.random() < 0.4:
        client.ask("cancel what is done", "DELETE", path, reads=True)


def too_early(client: Client, random: Random) -> None:
    path = submit(client, random)
    client.ask("result too early", "GET", f"{path}/result", reads=True)
    client.ask("poll", "GET", path, reads=True)
    client.ask("result still too early", "GET", f"{path}/result", reads=True)


def failing(client: Client, random: Random) -> None:
    path = submit(client, random, "explode")
    for _ in range(random.randint(2, 3)):
        client.ask("poll a bad job", "GET", path, reads=True)
    client.ask("result of a failure", "GET", f"{path}/result", reads=True)


def cancelled(client: Client, random: Random) -> None:
    path = submit(client, random)
    for _ in range(random.randint(0, 2)):
        client.ask("poll", "GET", path, reads=True)
    client.ask("cancel", "DELETE", path, reads=True)
    client.ask("the job, cancelled", "GET", path, reads=True)
    if random.random() < 0.5:
        client.ask("result of a cancelled job", "GET", f"{path}/result", reads=True)


def two_at_once(client: Client, random: Random) -> None:
    first, second = submit(client, random), submit(client, random)
    for path in random.choice([(first, second, first), (second, first), (first, first, second, second)]):
        client.ask("poll one of two", "GET", path, reads=True)


def mistakes(client: Client, random: Random) -> None:
    nowhere = f"/jobs/{random.getrandbits(128):032x}"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("bad kind", "POST", "/jobs", json={"kind": values.word(random)}),
        lambda: client.ask("no kind", "POST", "/jobs", json={"input": values.sentence(random)}),
        lambda: client.ask("bad input", "POST", "/jobs", json={"kind": "sum", "input": [values.word(random)]}),
        lambda: client.ask("no such job", "GET", nowhere),
        lambda: client.ask("cancel no job", "DELETE", nowhere),
        lambda: client.ask(
            "malformed", "POST", "/jobs", content=b"kind=sum", headers={"Content-Type": "application/json"}
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 5)]:
        way()
