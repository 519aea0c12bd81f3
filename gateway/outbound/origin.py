"""An upstream's origin: its strictly parsed URL, and which network addresses it may lead to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from gateway.outbound.failure import EgressDeniedError, OriginError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

# Python's is_global calls 64:ff9b::7f00:1, 2002:7f00:1::, ::127.0.0.1, fec0::1, 224.0.0.1 and 168.63.129.16 global
# (measured on 3.11.7), so what is refused is listed here.
_DENIED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24"),
        *("203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32"),
        *("::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32", "3fff::/20"),
        *("fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"),
    )
)
# Where clouds hand out credentials to whoever asks from inside: AWS, GCP, Azure, ECS (169.254/16), AWS over IPv6,
# Alibaba, Azure's wire server, Oracle.
_METADATA: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in ("169.254.0.0/16", "fd00:ec2::254/128", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32")
)
_METADATA_NAMES = frozenset({"metadata.google.internal", "metadata.goog", "metadata.azure.internal", "instance-data"})
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")

_URL = re.compile(r"(https?)://([^/]*)(/.*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::(.*))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_NAME = 253


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an upstream is.

    `host` is a lower-case name without its trailing dot, or an address literal without brackets. `base_path` has no
    trailing slash; the client never adds it to a target by itself. `named_by_operator` lifts the deny table,
    `allow_private` (CIDRs) lifts only what it lists; metadata addresses need `allow_metadata`.
    """

    scheme: str
    host: str
    port: int
    base_path: bytes = b""
    named_by_operator: bool = True
    allow_private: tuple[str, ...] = ()
    allow_metadata: bool = False

    @property
    def authority(self) -> bytes:
        """The value of a Host header: the port only where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}").encode()

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority.decode()}"


def parse_origin(
    url: str,
    *,
    named_by_operator: bool = True,
    allow_private: tuple[str, ...] = (),
    allow_metadata: bool = False,
) -> Origin:
    """Read the URL of an upstream.

    Raises OriginError where it is malformed (RFC 3986 host names and address literals only, no user, query, fragment
    or escapes in the host) and EgressDeniedError where its address or name may not be spoken to.
    """
    if not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>^`{|}'):
        raise OriginError(
            f"upstream URL {url!a}: only printable ASCII without spaces and backslashes is allowed; "
            "write an international name in its xn-- form"
        )
    if "?" in url or "#" in url:
        raise OriginError(f"upstream URL {url!a}: has a query or fragment; give only scheme://host:port/path")
    match = _URL.fullmatch(url)
    if match is None:
        raise OriginError(f"upstream URL {url!a}: must begin with http:// or https://")
    scheme = match[1].lower()
    host, port = _split_authority(url, match[2])
    if allow_private:
        _networks(allow_private)
    origin = Origin(
        scheme,
        host,
        _DEFAULT_PORTS[scheme] if port is None else port,
        (match[3] or "").rstrip("/").encode(),
        named_by_operator,
        allow_private,
        allow_metadata,
    )
    _judge_host(origin)
    return origin


def _split_authority(url: str, authority: str) -> tuple[str, int | None]:
    if "@" in authority:  # never echoed whole: it may hold a password
        raise OriginError("upstream URL: has a user part before '@'; send credentials as a header instead")
    if "%" in authority:
        raise OriginError(f"upstream URL {url!a}: has an escape or a scope id in the host; write the plain host")
    match = _AUTHORITY.fullmatch(authority)
    if match is None or not match[1]:
        raise OriginError(f"upstream URL {url!a}: has no host; write scheme://host:port")
    port = match[2]
    if port is not None and (_PORT.fullmatch(port) is None or int(port) > 65535):
        raise OriginError(f"upstream URL {url!a}: the port must be a number from 1 to 65535")
    return _parse_host(url, match[1].lower()), None if port is None else int(port)


def _parse_host(url: str, host: str) -> str:
    try:
        if host.startswith("["):
            return str(IPv6Address(host[1:-1]))
        host = host.removesuffix(".")
        labels = host.split(".")
        # What ends in a number is an address to every resolver, and glibc reads 127.1, 0x7f.1 and 2130706433 too.
        if _NUMBER.fullmatch(labels[-1]):
            return str(IPv4Address(host))
    except ValueError:
        raise OriginError(f"upstream URL {url!a}: write the address as four decimal numbers or as [IPv6]") from None
    if len(host) > _MAX_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise OriginError(f"upstream URL {url!a}: the host is not a name of letters, digits, dots and dashes")
    return host


def _judge_host(origin: Origin) -> None:
    host = origin.host
    if host in _METADATA_NAMES and not origin.allow_metadata:
        raise EgressDeniedError(f"{host} is a cloud's metadata service, which hands out credentials")
    literal = literal_address(host)
    if literal is not None:
        judge(origin, literal)
    elif not origin.named_by_operator and _is_loopback_name(host):
        raise EgressDeniedError(f"{host} is this machine itself; name it in the configuration file to allow it")


def _is_loopback_name(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")  # RFC 6761 §6.3


def literal_address(host: str) -> Address | None:
    """Give the address that `host` is, or None where it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def judge(origin: Origin, address: Address) -> None:
    """Raise EgressDeniedError unless `origin` may be reached at `address`; embedded IPv4 is judged as IPv4."""
    embedded = _embedded_ipv4(address)
    if not origin.allow_metadata and (_within(address, _METADATA) or (embedded and _within(embedded, _METADATA))):
        raise EgressDeniedError(f"{origin.host} leads to a cloud's metadata address, which hands out credentials")
    if origin.named_by_operator:
        return
    allowed = _networks(origin.allow_private)
    if _within(address, allowed) or (embedded and _within(embedded, allowed)):
        return
    if _within(address, _DENIED) or (embedded and _within(embedded, _DENIED)) or getattr(address, "scope_id", None):
        raise EgressDeniedError(
            f"{origin.host} leads to a private, loopback or reserved address; list its network in allow_private, "
            "or name the upstream in the configuration file"
        )


def _embedded_ipv4(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64 or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _networks(cidrs: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(cidr) for cidr in cidrs)
    except ValueError as error:
        raise OriginError(f"allow_private: {error}; write networks such as 10.20.0.0/16") from None
