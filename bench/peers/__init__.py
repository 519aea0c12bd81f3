"""The peers, by name."""

from __future__ import annotations

from typing import Final

from bench.peer import Peer
from bench.peers.hoverfly import Hoverfly
from bench.peers.mitmproxy import Mitmproxy
from bench.peers.mockoon import Mockoon
from bench.peers.mockserver import MockServer
from bench.peers.mountebank import Mountebank
from bench.peers.wiremock import WireMock

PEERS: Final[dict[str, Peer]] = {
    "mitmproxy": Mitmproxy(),
    "mockoon": Mockoon(),
    "wiremock": WireMock(),
    "mockserver": MockServer(),
    "mountebank": Mountebank(),
    "hoverfly": Hoverfly(),
}
