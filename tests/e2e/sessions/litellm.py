"""A session with a LiteLLM proxy: bearer keys, chat answers whole and as Server-Sent Events, turns that differ in the body only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from e2e.servers import LITELLM_KEY

if TYPE_CHECKING:
    from e2e.client import Client, Step

KEY = {"Authorization": f"Bearer {LITELLM_KEY}"}
HELLO = [{"role": "user", "content": "A note from tomas.novak@example.com"}]
REFUSED = (400, 401, 403, 500)
WRONG = (200, 400, 404, 422, 500)


def _chat(client: Client, status: Any = 200, headers: dict[str, str] = KEY, **document: Any) -> Step:
    return client.call("POST", "/v1/chat/completions", document=document, headers=headers, status=status)


def _events(client: Client, step: Step) -> list[str]:
    events = [line[5:].strip() for line in step.text().split("\n") if line.startswith("data:")]
    client.expect(step.header("content-type").startswith("text/event-stream"), "it is an event stream")
    client.expect(len(events) > 3 and events[-1] == "[DONE]", f"the stream of {len(events)} events ends with [DONE]")
    return events


def _spoken(events: list[str]) -> str:
    pieces = (json.loads(event).get("choices") for event in events if event.startswith("{"))
    return "".join((choices[0]["delta"].get("content") or "") for choices in pieces if choices)


def doors(client: Client) -> None:
    client.call("GET", "/health/liveliness")
    client.call("GET", "/v1/models", status=REFUSED)
    client.call("GET", "/v1/models", headers={"Authorization": "Bearer sk-unknown-0000"}, status=REFUSED)
    client.expect("canned" in client.call("GET", "/v1/models", headers=KEY).text(), "the models are listed")
    asked = {"Origin": "http://app.example", "Access-Control-Request-Method": "GET"}
    client.call("OPTIONS", "/v1/models", headers=asked, status=(200, 204))
    client.call("GET", "/no/such/page", headers=KEY, status=404)


def talk(client: Client) -> None:
    whole = _chat(client, model="canned", messages=HELLO).json()["choices"][0]["message"]["content"]
    client.expect("quartz" in whole, "the canned text came")
    streamed = _events(client, _chat(client, model="canned", messages=HELLO, stream=True))
    client.expect(_spoken(streamed) == whole, "the streamed words are those of the whole answer")
    counted = _chat(client, model="canned", messages=HELLO, stream=True, stream_options={"include_usage": True})
    client.expect(any('"usage"' in event for event in _events(client, counted)), "the stream counts its tokens")


def turns(client: Client) -> None:
    for number in range(3):
        messages = [*HELLO, {"role": "assistant", "content": "Yes?"}, {"role": "user", "content": f"turn {number}"}]
        _chat(client, model="canned", messages=messages, stream=number == 1)


def other_shapes(client: Client) -> None:
    client.call("POST", "/v1/completions", document={"model": "canned", "prompt": "p"}, headers=KEY, status=WRONG)
    for stream in (False, True):
        document = {"model": "canned", "max_tokens": 40, "messages": HELLO, "stream": stream}
        client.call("POST", "/v1/messages", document=document, headers=KEY, status=WRONG)
    client.call("GET", "/model/info", headers=KEY)
    client.expect(len(client.call("GET", "/openapi.json").body) > 200_000, "the large document came")


def mistakes(client: Client) -> None:
    _chat(client, status=WRONG, model="absent", messages=HELLO)
    _chat(client, status=WRONG, messages=HELLO)
    _chat(client, status=(200, 429, 500), model="limited", messages=HELLO)
    _chat(client, status=REFUSED, headers={}, model="canned", messages=HELLO)
    broken = {**KEY, "Content-Type": "application/json"}
    client.call("POST", "/v1/chat/completions", body=b"{half", headers=broken, status=(400, 422, 500))


PARTS = (doors, talk, turns, other_shapes, mistakes)
