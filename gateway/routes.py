"""The route table: an index over the routes' paths, immutable and swapped whole."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import Final

from gateway.route import Route
from gateway.view import RequestView

_RANK: Final = attrgetter("rank")


class _Node:
    """One segment of the path trie: where literal and templated paths go on, and what ends here."""

    __slots__ = ("any", "literal", "prefixes", "routes")

    def __init__(self) -> None:
        self.literal: dict[bytes, _Node] = {}
        self.any: _Node | None = None
        self.routes: tuple[Route, ...] = ()
        self.prefixes: tuple[Route, ...] = ()


class RouteTable:
    """Finds the route of a request in time that does not grow with the number of routes."""

    __slots__ = ("_exact", "_has_templates", "_root", "routes")

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        self.routes: Final = tuple(sorted(routes, key=_RANK))
        self._exact: dict[bytes, tuple[Route, ...]] = {}
        self._root = _Node()
        self._has_templates = False
        for route in self.routes:
            self._place(route)

    def _place(self, route: Route) -> None:
        literals = [segment for segment in route.segments if segment is not None]
        if not route.is_prefix and len(literals) == len(route.segments):
            path = b"/" + b"/".join(literals)
            self._exact[path] = (*self._exact.get(path, ()), route)
            return
        node = self._root
        for segment in route.segments:
            if segment is None:
                node.any = node.any or _Node()
                node = node.any
            else:
                node = node.literal.setdefault(segment, _Node())
        if route.is_prefix:
            node.prefixes = (*node.prefixes, route)
        else:
            node.routes = (*node.routes, route)
        self._has_templates = self._has_templates or bool(route.segments)

    def find(self, view: RequestView) -> Route | None:
        """Give the best route whose path, method and predicates the request satisfies."""
        for route in self.candidates(view.request.path):
            if route.matches(view):
                return route
        return None

    def compares_bodies(self, view: RequestView) -> bool:
        """Say whether the route of this request depends on its body."""
        del view
        return False

    def candidates(self, path: bytes) -> tuple[Route, ...] | list[Route]:
        """Give the routes of this path, the best first."""
        exact = self._exact.get(path)
        if not self._has_templates:
            prefixes = self._root.prefixes
            if exact is None or not prefixes:
                return exact or prefixes
            return sorted((*exact, *prefixes), key=_RANK)
        found: list[Route] = list(exact) if exact else []
        self._collect(self._root, path.split(b"/"), 1, found)
        if len(found) > 1:
            found.sort(key=_RANK)
        return found

    def _collect(self, node: _Node, parts: list[bytes], depth: int, found: list[Route]) -> None:
        while True:
            if node.prefixes:
                found.extend(node.prefixes)
            if depth == len(parts):
                found.extend(node.routes)
                return
            part = parts[depth]
            depth += 1
            if node.any is not None and part:
                self._collect(node.any, parts, depth, found)
            following = node.literal.get(part)
            if following is None:
                return
            node = following
