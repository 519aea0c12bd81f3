"""Always answer what the definition says."""

from __future__ import annotations

from gateway.mocking.mock import compile_mock

MockMode = compile_mock
"""The definition's own response, ready when the definition is loaded where it can be; or the first case that holds."""
