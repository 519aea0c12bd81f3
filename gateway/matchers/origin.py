"""Where a request goes to and comes from: method, path, scheme, host, port and client address."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from typing import Any, TypeAlias

from cassettes.definition import Comparison, Condition, Wanted
from gateway.matcher import Place, Predicate, Probe, Verdict, success, verdict
from gateway.matchers.comparison import compile_wanted, field_test
from gateway.matchers.operators import likeness
from gateway.view import RequestView

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def compile_method(match: Condition, place: Place) -> list[Predicate]:
    """Compile the test of the method: one, several, or `*`."""
    wanted = match.method
    methods = frozenset(one.upper() for one in ([wanted] if isinstance(wanted, str) else wanted or ["*"]))
    if "*" in methods:
        return []
    field = place.child("method").field
    return [_text_probe(field, lambda view: view.request.method, methods)]


def compile_scheme(match: Condition, place: Place) -> list[Predicate]:
    """Compile the test of the scheme."""
    return [
        _text_probe(place.child("scheme").field, lambda view: view.request.scheme, frozenset((match.scheme or "",)))
    ]


def compile_port(match: Condition, place: Place) -> list[Predicate]:
    """Compile the test of the port that the client asked for."""
    wanted = match.port or 0
    field = place.child("port").field

    def explain(view: RequestView) -> Verdict:
        if view.port == wanted:
            return success(field, str(wanted), str(view.port))
        return verdict(field, str(wanted), str(view.port), 0.0)

    return [Probe(field, lambda view: view.port == wanted, explain)]


def compile_host(match: Condition, place: Place) -> list[Predicate]:
    """Compile the test of the host: a name, a name with `*`, or a comparison; the case does not count."""
    where = place.child("host")
    wanted: Wanted = match.host if match.host is not None else ""
    if isinstance(wanted, Comparison):
        return [
            field_test(
                where.field, lambda view: (view.host,) if view.host else (), compile_wanted(wanted, where, "text")
            )
        ]
    name = str(wanted).strip().lower().removesuffix(".")
    if not name or (":" in name and not name.startswith("[")) or "/" in name:
        raise where.refusal(f"'{wanted}' is not a host's name: write api.example.com, and the port as port: 8080")
    if not name.isascii():
        name = name.encode("idna").decode()
    test = compile_wanted(Comparison(glob=name) if "*" in name else name, where, "text")
    return [field_test(where.field, lambda view: (view.host,), test)]


def compile_client_ip(match: Condition, place: Place) -> list[Predicate]:
    """Compile the test of the client's address: addresses and networks."""
    where = place.child("client_ip")
    given = [match.client_ip] if isinstance(match.client_ip, str) else match.client_ip or []
    networks = tuple(_network(text, where) for text in given)
    wanted = " or ".join(given)

    def holds(view: RequestView) -> bool:
        address = _address(view.request.client)
        return address is not None and any(address in network for network in networks)

    def explain(view: RequestView) -> Verdict:
        if holds(view):
            return success(where.field, wanted, view.request.client)
        return verdict(where.field, wanted, view.request.client, 0.0)

    return [Probe(where.field, holds, explain)]


def _network(text: str, place: Place) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise place.refusal(f"'{text}' is not an address or network: write 10.0.0.7 or 10.0.0.0/8") from None


@lru_cache(maxsize=4_096)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found


def _text_probe(field: str, read: Any, wanted: frozenset[str]) -> Predicate:
    words = " or ".join(sorted(wanted))

    def explain(view: RequestView) -> Verdict:
        found = read(view)
        if found in wanted:
            return success(field, words, found)
        return verdict(field, words, found, max(likeness(one, found) for one in wanted) / 2)

    return Probe(field, lambda view: read(view) in wanted, explain)
