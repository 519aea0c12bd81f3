"""Scripts around and instead of answers, and the engines that run them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gateway.script import ScriptEngine
from gateway.scripts.monty import MontyEngine
from gateway.scripts.running import Findings, Scripts, open_scripts
from gateway.scripts.sources import load_scripts

__all__ = ["ENGINES", "Findings", "MontyEngine", "Scripts", "load_scripts", "open_scripts"]

ENGINES: Final[dict[str, Callable[[float], ScriptEngine]]] = {
    "monty": MontyEngine,
}
"""The engines by name; each takes the time, in seconds, that one run may take."""
