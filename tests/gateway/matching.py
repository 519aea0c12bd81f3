"""Ask whether a condition holds, and why not."""

from __future__ import annotations

from cassettes.definition import Match
from cassettes.exchange import Request
from gateway.matchers import compile_condition
from gateway.view import RequestView


def a_view(target="/", *, method="POST", headers=(), body=b"", kind=None, client="192.0.2.7", scheme="http", json=None):
    """Give the view of a request; `headers` is a dict or pairs of texts, `json` a JSON text with its content type."""
    pairs = list(headers.items() if isinstance(headers, dict) else headers)
    if json is not None:
        body, kind = json, kind or "application/json"
    if kind:
        pairs.append(("Content-Type", kind))
    wire = tuple((name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs)
    data = body.encode() if isinstance(body, str) else body
    return RequestView(Request(method, target.encode(), wire, data, client, scheme))


def compiled(match, **more):
    return compile_condition(Match.model_validate(match), **more)


def holds(match, view):
    """Say whether the condition holds, after checking that deciding and explaining agree."""
    tests = compiled(match)
    told = [(test.holds(view), test.explain(view)) for test in tests]
    for decided, verdict in told:
        assert decided is verdict.holds
        assert (verdict.closeness == 1.0) is verdict.holds
        assert 0.0 <= verdict.closeness <= 1.0
        assert max(len(verdict.wanted), len(verdict.found)) <= 200
    return all(decided for decided, _ in told)


def why(match, view):
    """Give the verdict of the only test of a condition."""
    (test,) = compiled(match)
    return test.explain(view)
