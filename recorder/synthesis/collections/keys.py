"""Keys: what in a request the keys of held items are made of."""

from __future__ import annotations

from recorder.synthesis.collections.binding import ONLY, Binding, Collection
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.terms.request_terms import (
    cookie_term,
    form_term,
    header_term,
    json_term,
    path_term,
    query_term,
)
from recorder.synthesis.terms.scene import Scene
from recorder.synthesis.terms.term import Term


def key_term(endpoint: Endpoint, count: int, *, trailing: bool = False) -> Term:
    """Give the term of a key made of the first parameters of the path; `trailing` ends it with a slash."""
    names = endpoint.params[:count]
    if not names and not trailing:
        return Term(f"'{ONLY}'", lambda _scene: ONLY, ONLY)
    terms = param_terms(endpoint)[:count]
    if endpoint.operation is not None and len(terms) == 1 and not trailing:
        return terms[0]
    text = " ~ '/' ~ ".join(term.text for term in terms) + (" ~ '/'" if trailing and terms else "")
    end = "/" if trailing and names else ""
    return Term(
        text or "''", lambda scene: "/".join(scene.params.get(name, "") for name in names) + end,
        names[-1] if names else "",
    )  # fmt: skip


def param_terms(endpoint: Endpoint) -> list[Term]:
    """Give the terms of the parameters of a path; of an operation they are arguments."""
    operation = endpoint.operation
    if operation is None:
        return [
            _param_term(endpoint, name, place) for name, place in zip(endpoint.params, endpoint.places, strict=True)
        ]
    if operation.given == "json":
        return list(map(json_term, operation.keys))
    return [(query_term if operation.given == "query" else form_term)(str(key[-1])) for key in operation.keys]


def _param_term(endpoint: Endpoint, name: str, place: int) -> Term:
    carried = endpoint.carried
    if carried is None or carried.place != place:
        return path_term(name)
    return (cookie_term if carried.where == "cookies" else header_term)(carried.name)


def prefix_term(endpoint: Endpoint, binding: Binding) -> Term:
    """Give the term of what the keys of the items behind a collection's path begin with."""
    if binding.is_elsewhere:
        return key_term(endpoint, binding.above, trailing=True) if binding.above else Term("''", lambda _scene: "")
    return key_term(endpoint, len(endpoint.params), trailing=True)


def is_beside(endpoint: Endpoint, collection: Collection) -> bool:
    """Tell whether a path names what the items of a collection are under."""
    above = collection.template[:-2]
    return endpoint.template[: len(above)] == above and len(endpoint.params) >= collection.count - 1


def lead_text(endpoint: Endpoint, collection: Collection) -> str:
    """Write what the keys of items begin with beside which a path is, and joins them; nothing where that is nothing."""
    above = collection.count - 1
    return f"{key_term(endpoint, above, trailing=True).text} ~ " if above else ""


def lead_of(scene: Scene, collection: Collection) -> str:
    """Give what the keys of items begin with beside which the path of a call is."""
    return "".join(f"{value}/" for value in list(scene.params.values())[: collection.count - 1])
