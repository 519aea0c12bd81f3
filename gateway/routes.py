"""The route table: an index over the routes' paths, immutable and swapped whole."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

import re2

from gateway.pattern import Pattern, regex_options
from gateway.route import Route
from gateway.shortlist import LAST, Choice, Entry, Shortlist
from gateway.spelling import PLAIN, normal
from gateway.view import RequestView

_RANK: Final = attrgetter("rank")
_TESTS: Final = 16
"""So many kinds of segment are tried at one place of a path; beyond that the regexes are compared all at once."""
_SIEVE: Final = 4096
_SIEVE_BYTES: Final = 64 << 20


class _Node:
    """One segment of the path trie: where literal and templated paths go on, and what ends here or anywhere below.

    `branches` says that more than a literal segment can follow.
    """

    __slots__ = ("any", "below", "branches", "here", "literal", "rest", "tests")

    def __init__(self) -> None:
        self.branches = False
        self.literal: dict[bytes, _Node] = {}
        self.any: _Node | None = None
        self.tests: dict[str, tuple[Any, _Node]] = {}
        self.here: Choice | None = None
        self.below: Choice | None = None
        self.rest: Choice | None = None


class _Sieve:
    """Many regexes compared with a path at once, by an RE2 set."""

    __slots__ = ("_choices", "_set", "_sources")

    def __init__(self, choices: Sequence[tuple[bytes, Choice]]) -> None:
        self._sources = [source for source, _ in choices]
        self._choices = [choice for _, choice in choices]
        self._set = re2.Set.SearchSet(regex_options(_SIEVE_BYTES))
        # A set that runs out of memory says that nothing matches; the empty pattern, which always does, shows it.
        for source in (*self._sources, b""):
            self._set.Add(source)
        self._set.Compile()

    def matching(self, path: bytes) -> list[Choice]:
        """Give what belongs to the regexes that the path matches."""
        found = self._set.Match(path)
        if found is None:
            regexes = (re2.compile(source, regex_options()) for source in self._sources)
            return [choice for regex, choice in zip(regexes, self._choices, strict=True) if regex.search(path)]
        last = len(self._sources)
        return [self._choices[number] for number in found if number != last]


def _sieves(choices: Sequence[tuple[bytes, Choice]]) -> list[_Sieve]:
    if not choices:
        return []
    if len(choices) <= _SIEVE:
        try:
            return [_Sieve(choices)]
        except re2.error:
            if len(choices) == 1:
                raise
    half = len(choices) // 2
    return [*_sieves(choices[:half]), *_sieves(choices[half:])]


class RouteTable:
    """Finds the route of a request in time that does not grow with the number of routes.

    Exact paths are one look-up; templates a walk over their segments; globs and regexes one set of regexes. Among the
    routes of one path those that ask for one value of a JSON field, header or query parameter are looked up by it.
    `ref` refers to the table without keeping it alive.
    """

    __slots__ = (
        "__weakref__", "_compares_bodies", "_depth", "_exact", "_final_priority", "_only", "_root", "_sieves", "_walks",
        "ref", "retold", "routes", "steps",
    )  # fmt: skip

    def __init__(self, routes: Iterable[Route] = ()) -> None:
        ranked = sorted(routes, key=_RANK)
        self.routes: Final = tuple(route for route in ranked if route.retold is None)
        self.retold: Final = tuple(route for route in ranked if route.retold is not None)
        """The routes that answer as in recorded sessions; they are tried before a route is looked for."""
        self.ref: Final = weakref.ref(self)
        named = (route.definition.scenario for route in self.routes)
        self.steps: Final = tuple(step for step in named if step is not None)
        """The scenarios whose state has to be known before a route is looked for."""
        self._compares_bodies = any(route.compares_body for route in self.routes)
        self._exact: dict[bytes, Choice] = {}
        self._root = _Node()
        self._depth = 1
        self._walks = False
        opened: list[Choice] = []
        sources: dict[bytes, Choice] = {}
        for entry in enumerate(self.routes):
            choice = self._place(entry[1].pattern, sources)
            if not choice.entries:
                opened.append(choice)
            choice.entries.append(entry)
        priorities = [route.rank[0] for route in self.routes if route.pattern.kind]
        self._final_priority: float = min(priorities, default=float("inf"))
        for choice in opened:
            is_exact = choice.entries[0][1].pattern.kind == 0
            choice.seal(self._final_priority if is_exact else float("-inf"))
        self._sieves = _sieves(list(sources.items()))
        # A catch-all and nothing else is what a plain proxy has.
        self._only: Final = self._root.below if len(opened) == 1 else None

    def _place(self, pattern: Pattern, sources: dict[bytes, Choice]) -> Choice:
        """Give the choice that a pattern's routes belong to."""
        if pattern.kind == 0:
            return self._exact.setdefault(pattern.literal, Choice())
        node = None if pattern.steps is None else self._node(pattern)
        if node is None:
            return sources.setdefault(pattern.source, Choice())
        choice: Choice = getattr(node, pattern.end) or Choice()
        setattr(node, pattern.end, choice)
        node.branches = node.branches or pattern.end != "here"
        self._walks = True
        self._depth = max(self._depth, len(pattern.steps or ()) + 1)
        return choice

    def _node(self, pattern: Pattern) -> _Node | None:
        node = self._root
        for step in pattern.steps or ():
            if isinstance(step, bytes):
                node = node.literal.setdefault(step, _Node())
            elif not step.key:
                node.branches = True
                node.any = node.any or _Node()
                node = node.any
            elif step.key in node.tests or len(node.tests) < _TESTS:
                node.branches = True
                node = node.tests.setdefault(step.key, (step.takes, _Node()))[1]
            else:
                return None
        return node

    def find(self, view: RequestView) -> Route | None:
        """Give the best route whose path, method and predicates the request satisfies."""
        request = view.request
        path = request.target.partition(b"?")[0]
        choice = self._exact.get(path)
        if choice is not None:
            sure = choice.by_method.get(request.method, choice.other).sure
            if sure is not None:
                return sure
        best = self._best(view, path, choice)
        if best is None:
            return None
        route = best[1]
        if route.pattern.names:
            view.pattern = route.pattern
        if route.is_batch:
            view.routes = self
        return route

    def _best(self, view: RequestView, path: bytes, choice: Choice | None) -> Entry | None:
        method = view.request.method
        best: Entry | None = None
        limit = LAST
        if choice is not None:
            best = choice.by_method.get(method, choice.other).best(view)
            if best is not None:
                limit = best[0]
                if best[1].rank[0] <= self._final_priority:
                    return best
        elif self._only is not None:
            return self._only.by_method.get(method, self._only.other).best(view)
        for other in self._others(path, choice):
            shortlist = other.by_method.get(method, other.other)
            found = shortlist.free or shortlist.best(view, limit)
            if found is not None and found[0] < limit:
                best, limit = found, found[0]
        return best

    def _others(self, path: bytes, exact: Choice | None) -> list[Choice]:
        """Give what the path leads to beside what its own spelling has led to already."""
        choices: list[Choice] = []
        if path.translate(None, PLAIN):
            path = normal(path)
            respelt = self._exact.get(path) if exact is None else None
            if respelt is not None:
                choices.append(respelt)
        if self._walks:
            _walk(self._root, path.split(b"/", self._depth), 1, choices)
        for sieve in self._sieves:
            choices += sieve.matching(path)
        return choices

    def _choices(self, view: RequestView) -> list[Choice]:
        path = view.request.path
        exact = self._exact.get(path)
        others = self._others(path, exact)
        return others if exact is None else [exact, *others]

    def _shortlists(self, view: RequestView) -> list[Shortlist]:
        method = view.request.method
        return [choice.by_method.get(method, choice.other) for choice in self._choices(view)]

    def compares_bodies(self, view: RequestView) -> bool:
        """Say whether it takes the body to tell which route answers."""
        if not self._compares_bodies:
            return False
        shortlists = self._shortlists(view)
        first = min((shortlist.first_body for shortlist in shortlists), default=LAST)
        return first != LAST and all(shortlist.best(view, first) is None for shortlist in shortlists)

    def candidates(self, view: RequestView) -> list[Route]:
        """Give the routes of this path and method, the best first, whether their predicates hold or not."""
        return _in_order(entry for shortlist in self._shortlists(view) for entry in shortlist.entries)

    def on_path(self, view: RequestView) -> list[Route]:
        """Give the routes of this path, whatever their method, the best first."""
        return _in_order(entry for choice in self._choices(view) for entry in choice.entries)


def _in_order(entries: Iterable[Entry]) -> list[Route]:
    return [route for _, route in sorted(entries)]


def _walk(node: _Node, parts: list[bytes], depth: int, choices: list[Choice]) -> None:
    last = len(parts)
    while depth < last:
        part = parts[depth]
        depth += 1
        literal = node.literal.get(part)
        if node.branches:
            if node.below is not None:
                choices.append(node.below)
            if node.rest is not None:
                choices.append(node.rest)
            for takes, following in node.tests.values():
                if takes(part) is not None:
                    _walk(following, parts, depth, choices)
            any_text = node.any if part else None
            if any_text is not None:
                if literal is None:
                    node = any_text
                    continue
                _walk(any_text, parts, depth, choices)
        if literal is None:
            return
        node = literal
    if node.below is not None:
        choices.append(node.below)
    if node.here is not None:
        choices.append(node.here)
