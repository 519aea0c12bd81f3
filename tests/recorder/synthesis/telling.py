"""Sessions told as short rows or by a small service, and what synthesis makes of them, asked in this process."""

from __future__ import annotations

import json
from random import Random
from typing import NamedTuple

from journeys import call, kept

from cassettes.cassette import Cassette, Manifest
from cassettes.exchange import Request
from gateway.inprocess import serve
from recorder.synthesis.distil import RECORDED, distil
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.options import Options
from recorder.synthesis.samples.sample import samples_of
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.timeline import Timeline

BEGAN = 1_700_000_000.0
JSON = ((b"Content-Type", b"application/json"),)


class Given(NamedTuple):
    """What came of a call: the status, the JSON or None, and the headers by name."""

    status: int
    json: object
    headers: dict[str, str]
    body: bytes = b""


def recorded(*sessions, name="told"):
    """Give sessions as a cassette. A row is (method, target, sent, status, answered, sent headers, told headers).

    The headers, by name, may be left out. A second lies between two calls, an hour between two sessions.
    """
    calls = []
    for number, rows in enumerate(sessions):
        for place, (method, target, sent, status, answered, *headers) in enumerate(rows):
            asked, told = [*map(_pairs, headers), (), ()][:2]
            calls.append(
                call(
                    method, target, sent, answer=answered, status=status, headers=asked, told=told,
                    at=BEGAN + 3600 * number + place, session=f"s{number}",
                )
            )  # fmt: skip
    return Cassette(Manifest(name), kept(*calls))


def told(*rows):
    """Give the samples of one session."""
    return samples_of([recorded(rows)])


def told_in(*sessions):
    """Give the samples of sessions."""
    return samples_of([recorded(*sessions)])


def scenes_of(*rows):
    """Give the scenes of one session, in which nothing is held."""
    samples = told(*rows)
    timeline = Timeline()
    [*endpoints] = endpoints_of(samples)
    by_number = {sample.number: endpoint for endpoint in endpoints for sample in endpoint.samples}
    return [Scene(sample, by_number[sample.number], timeline, place) for place, sample in enumerate(samples)]


class Mocks:
    """What synthesis makes of sessions, and its answers."""

    def __init__(self, *sessions, without=()):
        self.made = distil([recorded(*sessions)], Options().without(without), serve)
        self._now = BEGAN + 90_000
        self.gateway = serve(self.made.definitions, lambda: self._now)

    def later(self, seconds):
        """Let time pass."""
        self._now += seconds

    def ask(self, method, target, sent=None, headers=None):
        """Give what the mocks answer."""
        is_json = sent is not None and not isinstance(sent, bytes)
        body = json.dumps(sent).encode() if is_json else sent or b""
        pairs = (*(JSON if is_json else ()), *_pairs(headers or {}))
        response, match = self.gateway.answer(Request(method, target.encode(), pairs, body))
        shown = {name.decode().lower(): value.decode() for name, value in response.headers}
        try:
            answered = json.loads(response.body)
        except ValueError:
            answered = None
        return Given(response.status, answered, {**shown, "match": match}, response.body)

    def definition(self, identity):
        """Give the definition of this id."""
        return next(one for one in self.made.definitions if one["id"] == identity)

    @property
    def wrong(self):
        """Give what is not answered as recorded: method, path and why."""
        return [(one.sample.method, one.sample.path, one.why) for one in self.made.checked if not one.right]

    @property
    def paths(self):
        """Give method and path of each definition, but for that which tells the recording again."""
        learnt = [one for one in self.made.definitions if one["id"] != RECORDED]
        return [(one["match"].get("method"), one["match"]["path"]) for one in learnt]


class Session:
    """A session with a service, kept as rows."""

    def __init__(self, service):
        self._service = service
        self.rows = []

    def ask(self, method, target, sent=None, headers=None):
        """Give what the service answers, and keep the call."""
        copied = _copied(sent)
        status, answered, *told = self._service.answer(method, target, copied, headers or {})
        shown = told[0] if told else {}
        self.rows.append((method, target, sent, status, _copied(answered), headers or {}, shown))
        return Given(status, answered, shown)


def _copied(document):
    """Give a JSON value as it was sent, whatever becomes of it; bytes as they are."""
    return document if isinstance(document, bytes) else json.loads(json.dumps(document))


def visits(service, script, count):
    """Give so many sessions of a script with services begun anew, each with other ids and words."""
    sessions = []
    for seed in range(count):
        session = Session(service(Random(seed)))
        script(session.ask, Random(1_000 + seed))
        sessions.append(session.rows)
    return sessions


def learnt(service, script, count=4, without=()):
    """Give the mocks of so many sessions."""
    return Mocks(*visits(service, script, count), without=without)


def statuses(asked, script, seed):
    """Give the statuses of a script's calls."""
    found = []

    def ask(*words, **more):
        given = asked(*words, **more)
        found.append(given.status)
        return given

    script(ask, Random(seed))
    return found


def as_the_service(service, script, mocks, seed=4_711):
    """Give what the mocks and the service answer to a session that neither knows: pairs of lists of statuses."""
    return statuses(mocks.ask, script, seed), statuses(Session(service(Random(seed))).ask, script, seed)


def word(chance, letters="abcdefghijklmnopqrstuvwxyz", size=8):
    """Give a word that nobody has heard."""
    return "".join(chance.choice(letters) for _ in range(size))


def _pairs(headers):
    return tuple((name.encode(), value.encode()) for name, value in headers.items())
