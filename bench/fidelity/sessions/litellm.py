"""Sessions of a chat API: plain and streamed answers, conversations, models, keys, and its ways to refuse."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

AUTH = {"Authorization": "Bearer sk-fidelity-master"}


def play(client: Client, random: Random) -> None:
    kinds = [talking, talking, talking, streaming, streaming, models, other_shapes, mistakes]
    random.shuffle(kinds)
    for kind in kinds[: random.randint(6, 8)]:
        kind(client, random)


def chat(client: Client, label: str, *, reads: bool = False, auth: dict[str, str] = AUTH, **asked: object) -> Answered:
    return client.ask(label, "POST", "/v1/chat/completions", json=asked, headers=auth, reads=reads)


def said(random: Random) -> dict[str, str]:
    return {"role": "user", "content": values.sentence(random)}


def talking(client: Client, random: Random) -> None:
    model = random.choice(["plain", "terse"])
    turns = [{"role": "system", "content": values.sentence(random)}] if random.random() < 0.5 else []
    for _ in range(random.randint(2, 4)):
        turns = [*turns, said(random)]
        answered = chat(client, "say", model=model, messages=turns, reads=len(turns) > 2)
        turns.append({"role": "assistant", "content": answered.take("choices", 0, "message", "content")})
    if random.random() < 0.5:
        temperature = round(random.random(), 2)
        chat(client, "say with a limit", model=model, messages=turns, max_tokens=9, temperature=temperature)


def streaming(client: Client, random: Random) -> None:
    model = random.choice(["plain", "terse"])
    chat(client, "stream", model=model, messages=[said(random)], stream=True)
    if random.random() < 0.6:
        usage = {"include_usage": True}
        chat(client, "stream with usage", model=model, messages=[said(random)], stream=True, stream_options=usage)


def models(client: Client, random: Random) -> None:
    client.ask("models", "GET", "/v1/models", headers=AUTH)
    if random.random() < 0.5:
        client.ask("alive", "GET", "/health/liveliness")
    if random.random() < 0.5:
        client.ask("a model", "GET", f"/v1/models/{random.choice(['plain', 'terse'])}", headers=AUTH)


def other_shapes(client: Client, random: Random) -> None:
    asked = {"model": "plain", "max_tokens": random.randint(10, 90), "messages": [said(random)]}
    client.ask("message", "POST", "/v1/messages", json=asked, headers=AUTH)
    if random.random() < 0.5:
        client.ask("message, streamed", "POST", "/v1/messages", json={**asked, "stream": True}, headers=AUTH)
    client.ask(
        "complete", "POST", "/v1/completions", json={"model": "terse", "prompt": values.title(random)}, headers=AUTH
    )


def mistakes(client: Client, random: Random) -> None:
    wrong = {"Authorization": f"Bearer sk-{values.word(random)}{random.randint(100, 999)}"}
    ways: list[Callable[[], object]] = [
        lambda: client.ask("models without a key", "GET", "/v1/models"),
        lambda: client.ask("models with a wrong key", "GET", "/v1/models", headers=wrong),
        lambda: chat(client, "unknown model", model=values.slug(random), messages=[said(random)]),
        lambda: chat(client, "no model", messages=[said(random)]),
        lambda: chat(client, "say without a key", model="plain", messages=[said(random)], auth={}),
        lambda: client.ask("no such page", "GET", f"/{values.word(random)}/{values.word(random)}", headers=AUTH),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 6)]:
        way()
