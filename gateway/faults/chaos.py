"""The chaos board: profiles of faults that are switched on for a tag while the gateway runs, and end by themselves."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from cassettes.definition import Faults
from gateway.config import ChaosProfile
from gateway.errors import ConfigError, UnknownProfileError
from gateway.faults.quota import Render
from gateway.faults.trouble import Trouble, compile_trouble
from gateway.mode import Plan
from gateway.view import RequestView


@dataclass(frozen=True, slots=True)
class Running:
    """A profile that is on: whom it meets (without tags everyone), since when and until when, in Unix seconds."""

    name: str
    tags: frozenset[str]
    faults: Faults
    began: float
    ends: float | None
    trouble: Trouble


class ChaosBoard:
    """Switches profiles on and off; `on_change` is told, at each switch and at each end, whether any is on.

    An end needs no timer: a profile that is over is taken off the board when the next request, or anyone, looks.
    """

    def __init__(
        self,
        profiles: Mapping[str, ChaosProfile],
        *,
        on_change: Callable[[bool], None] = lambda _is_on: None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.profiles = dict(profiles)
        self.render: Render | None = None
        """Compiles the templates among the keys of rate limits."""
        self._on_change = on_change
        self._clock = clock
        self._monotonic = monotonic
        self._running: dict[str, Running] = {}

    def start(
        self,
        name: str,
        *,
        for_s: float | None = None,
        until: float | None = None,
        tags: Collection[str] | None = None,
        faults: Faults | None = None,
    ) -> Running:
        """Switch a profile on, afresh if it is on; what is given goes before what the profile says.

        `until` is in Unix seconds. With `faults` the name may be a new one. Raises UnknownProfileError, ConfigError.
        """
        profile = self.profiles.get(name)
        if profile is None and faults is None:
            known = ", ".join(sorted(self.profiles)) or "none"
            raise UnknownProfileError(
                f"there is no chaos profile {name!r} (known: {known}); give its faults, or set it under chaos:"
            )
        profile = profile or ChaosProfile(faults=faults or Faults())
        now = self._clock()
        for_s = for_s if for_s is not None or until is not None else profile.for_s
        ends = until if for_s is None else now + for_s if until is None else min(until, now + for_s)
        if ends is not None and ends <= now:
            raise ConfigError(f"the chaos profile {name!r} would have ended before it began: give a later end")
        wanted = faults or profile.faults
        trouble = compile_trouble(
            wanted, route_id=name, started=now, clock=self._clock, monotonic=self._monotonic, render=self.render
        )
        met = frozenset(profile.tags if tags is None else tags)
        running = self._running[name] = Running(name, met, wanted, now, ends, trouble)
        self._on_change(True)
        return running

    def stop(self, name: str) -> None:
        """Switch a profile off; raises UnknownProfileError where it is not on."""
        self._expire()
        if self._running.pop(name, None) is None:
            on = ", ".join(self._running) or "none"
            raise UnknownProfileError(f"the chaos profile {name!r} is not on (on: {on})")
        self._on_change(bool(self._running))

    def stop_all(self) -> list[str]:
        """Switch everything off; gives the names of what was on."""
        names = [running.name for running in self.running()]
        self._running.clear()
        self._on_change(False)
        return names

    def running(self) -> list[Running]:
        """Give what is on, in the order it was switched on."""
        self._expire()
        return list(self._running.values())

    def meddle(self, view: RequestView, plan: Plan, route: str, tags: frozenset[str]) -> Plan:
        """Put the trouble of the profiles that are on for these tags into a plan, the one switched on first first."""
        for running in self.running():
            if not running.tags or not running.tags.isdisjoint(tags):
                plan = running.trouble.meddle(view, plan, route)
        return plan

    def _expire(self) -> None:
        now = self._clock()
        over = [name for name, running in self._running.items() if running.ends is not None and running.ends <= now]
        for name in over:
            del self._running[name]
        if over:
            self._on_change(bool(self._running))
