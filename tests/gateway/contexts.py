"""Builders of what a template is rendered with."""

from random import Random

from cassettes.exchange import Request
from gateway.context import Context
from gateway.view import MISSING, RequestView

NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z


class Remembered:
    """A state that keeps everything in one dict, and what of time to live was asked in another."""

    immediate = True

    def __init__(self, values=()):
        self.values = dict(values)
        self.ttl = {}

    async def get(self, key, default=None):
        return self.values.get(key, default)

    async def set(self, key, value, ttl=None):
        self.values[key] = value
        self.ttl[key] = ttl

    async def delete(self, key):
        return self.values.pop(key, None) is not None

    async def incr(self, key, by=1, ttl=None):
        self.values[key] = self.values.get(key, 0) + by
        return self.values[key]

    async def cas(self, key, expected, value):
        if self.values.get(key) != expected:
            return False
        self.values[key] = value
        return True

    async def push(self, key, value):
        self.values.setdefault(key, []).append(value)
        return len(self.values[key])

    async def pop(self, key):
        return self.values[key].pop()

    async def items(self, key):
        return list(self.values.get(key, ()))


class Shelf:
    """Resources as dicts of items by id."""

    immediate = True

    def __init__(self, collections=()):
        self.collections = dict(collections)
        self.numbers = {}

    async def read(self, name, item_id):
        return self.collections.get(name, {}).get(item_id)

    async def find(self, name, key):
        return self.collections.get(name, {}).get(key, MISSING)

    async def all(self, name, prefix=""):
        return [item for key, item in self.collections.get(name, {}).items() if key.startswith(prefix)]

    async def entries(self, name, prefix=""):
        return {key: item for key, item in self.collections.get(name, {}).items() if key.startswith(prefix)}

    async def next_number(self, name, field):
        self.numbers[name, field] = self.numbers.get((name, field), 0) + 1
        return self.numbers[name, field]


def a_context(
    body=b"",
    *,
    method="POST",
    target=b"/users/7?page=2&page=3&q=a%20b",
    headers=(),
    content_type=b"application/json",
    path_params=None,
    state=None,
    resources=(),
    seed=1,
    at=NOON,
    **fields,
):
    """A POST to /users/7 of api.example.test, at noon on the first of January 2026."""
    head = ((b"Host", b"api.example.test:8080"), (b"Content-Type", content_type), *headers)
    view = RequestView(Request(method, target, head, body, "192.0.2.7", "http"))
    view.path_params = {"id": "7"} if path_params is None else path_params
    remembered = state if isinstance(state, Remembered) else Remembered(state or ())
    return Context(view, "users", remembered, Shelf(resources), Random(seed), lambda: at, **fields)
