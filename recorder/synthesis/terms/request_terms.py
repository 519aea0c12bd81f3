"""The terms of single values of a request and its answer: members of JSON, fields, parameters, headers, credentials."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from typing import Any

from recorder.synthesis.samples.sample import Sample
from recorder.synthesis.samples.values import MISSING, Path, is_scalar, look
from recorder.synthesis.terms.scene import Scene, of_request
from recorder.synthesis.terms.term import Term, literal, member


def answer_term() -> Term:
    """Give the term of the answer's JSON, which is there once a call is answered."""
    return _term("vars.answer.json", lambda sample: sample.answer_json, "answer", 1.0)


def location_term() -> Term:
    """Give the term of where the answer says that what was made is, which is there once a call is answered."""
    return _term(
        "vars.answer.headers.location", lambda sample: sample.answer_header("location") or MISSING, "location", 1.0
    )


def json_term(path: Path) -> Term:
    """Give the term of a value in the request's JSON."""
    return _term(member("request.json", path), lambda sample: look(sample.json, path), str(path[-1]), 1.0)


def unexpected_term(scenes: Sequence[Scene]) -> Term | None:
    """Give the term of the arguments of an operation that no accepted call was given, None where there are none."""
    operation = scenes[0].endpoint.operation if scenes else None
    if operation is None or not operation.base:
        return None
    known = {name for scene in scenes if scene.sample.succeeded for name in scene.sample.arguments}
    if not known or all(set(scene.sample.arguments) <= known for scene in scenes):
        return None
    base = member("request.json", operation.base)
    text = f"({base} is mapping and without({', '.join([base, *map(literal, sorted(known))])}))"
    return _term(text, lambda sample: _others(sample, known), "unexpected", 1.5)


def _others(sample: Sample, known: Container[str]) -> dict[str, Any]:
    return {name: value for name, value in sample.arguments.items() if name not in known}


def form_term(name: str) -> Term:
    """Give the term of the first value of a form's field."""
    text = member("request.form", (name,))
    return _term(text, lambda sample: sample.form.get(name, [MISSING])[0], name, 1.1)


def query_term(name: str) -> Term:
    """Give the term of the first value of a query parameter."""
    text = member("request.query", (name,))
    return _term(text, lambda sample: sample.query.get(name, [MISSING])[0], name, 1.3)


def asked_terms(scenes: Sequence[Scene]) -> dict[str, Term]:
    """Give the terms of what reads are asked by, by name: parameters of the query, or arguments of an operation."""
    operation = scenes[0].endpoint.operation if scenes else None
    if operation is None or operation.given != "json":
        return {name: query_term(name) for name in dict.fromkeys(name for one in scenes for name in one.sample.query)}
    given = (name for one in scenes for name, value in one.sample.arguments.items() if is_scalar(value))
    return {name: json_term((*operation.base, name)) for name in dict.fromkeys(given)}


def path_term(name: str) -> Term:
    """Give the term of a parameter of the path."""
    text = member("request.path_params", (name,))
    return Term(text, lambda scene: scene.params.get(name, MISSING), name, 1.0)


def header_term(name: str) -> Term:
    """Give the term of a header, by its name in lower case."""
    return _term(f"request.headers[{name!r}]", lambda sample: sample.headers.get(name, MISSING), name, 2.0)


def cookie_term(name: str) -> Term:
    """Give the term of a cookie."""
    text = member("request.cookies", (name,))
    return _term(text, lambda sample: sample.cookies.get(name, MISSING), name, 1.8)


def token_term() -> Term:
    """Give the term of what follows the scheme in the Authorization header."""
    return _term("request.auth.token", lambda sample: sample.auth.token or MISSING, "token", 1.9)


def username_term() -> Term:
    """Give the term of the user's name in basic credentials."""
    return _term("request.auth.username", lambda sample: sample.auth.username or MISSING, "username", 1.6)


def _term(text: str, read: Callable[[Sample], Any], name: str, cost: float) -> Term:
    return Term(text, of_request(read), name, cost)
