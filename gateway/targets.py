"""The upstreams that definitions name: each opened when it is first needed, and shared."""

from __future__ import annotations

from gateway.config import Configuration, UpstreamSettings
from gateway.errors import ConfigError
from gateway.outbound.egress import Egress, Timeouts
from gateway.outbound.failure import EgressDeniedError, OriginError
from gateway.outbound.origin import parse_origin
from gateway.outbound.upstream import Upstream
from gateway.webhooks import webhook_origins


class Target:
    """One upstream as modes see it."""

    __slots__ = ("authority", "base_path", "name", "send", "send_now", "upstream", "url")

    def __init__(self, url: str, upstream: Upstream) -> None:
        self.name = upstream.name
        self.url = url
        self.authority = upstream.origin.authority
        self.base_path = upstream.origin.base_path
        self.upstream = upstream
        self.send = upstream.send
        self.send_now = upstream.send_now

    @property
    def ready(self) -> bool:
        """Whether a connection is open and idle."""
        return self.upstream.ready


class Targets:
    """The upstreams of a configuration, by alias or URL.

    A URL of the operator's own definitions is allowed as it is named; one that came over the admin API is judged.
    """

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._settings = configuration.settings
        self._open: dict[str, Target] = {}
        self._retired: list[Target] = []
        self._named_urls: frozenset[str | None] = frozenset()

    def adopt(self, configuration: Configuration) -> bool:
        """Take over the upstreams of a configuration; True if one that was known is another now."""
        old, named = self._configuration.upstreams, self._named_urls
        self._configuration = configuration
        self._named_urls = frozenset(definition.upstream for definition in configuration.definitions)
        self._named_urls |= webhook_origins(configuration.definitions)
        other = {alias for alias in old if old[alias] != configuration.upstreams.get(alias)}
        gone = [name for name in self._open if name in other or name in named - self._named_urls]
        # Requests under way go on over them.
        self._retired.extend(self._open.pop(name) for name in gone)
        return bool(gone)

    def upstream(self, reference: str) -> Target:
        """Give the upstream of an alias or URL; raises ConfigError where there is none such or it is not allowed."""
        target = self._open.get(reference)
        if target is None:
            target = self._open[reference] = self._opened(reference)
        return target

    def _opened(self, reference: str) -> Target:
        known = self._configuration.upstreams
        wanted = known.get(reference)
        if wanted is None and "://" not in reference:
            names = ", ".join(sorted(known)) or "none"
            raise ConfigError(f"there is no upstream {reference!r} (known: {names}); give one of them or a URL")
        wanted = wanted or UpstreamSettings(url=reference)
        settings = self._settings
        by_operator = reference in known or reference in self._named_urls
        try:
            origin = parse_origin(
                wanted.url, named_by_operator=by_operator, allow_private=tuple(settings.allow_private)
            )
        except (OriginError, EgressDeniedError) as error:
            raise ConfigError(f"the upstream {wanted.url!r} cannot be used: {error}") from None
        timeouts = Timeouts(
            connect_s=wanted.connect_s,
            tls_s=wanted.tls_s,
            first_byte_s=wanted.first_byte_s,
            idle_s=wanted.idle_s,
            total_s=wanted.total_s,
        )
        egress = Egress(ca_file=wanted.ca_file, verify=wanted.verify)
        name = reference if wanted is known.get(reference) else origin.authority.decode()
        opened = Upstream(name, origin, egress, timeouts=timeouts, max_connections=wanted.max_connections)
        return Target(wanted.url, opened)

    async def close(self) -> None:
        """Close them all."""
        for target in (*self._open.values(), *self._retired):
            await target.upstream.close()
