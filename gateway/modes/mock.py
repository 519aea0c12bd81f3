"""Always answer what the definition says."""

from __future__ import annotations

from gateway.mocking.composer import Composer


class MockMode(Composer):
    """The definition's own response, ready when the definition is loaded where it can be."""
