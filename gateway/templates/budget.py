"""What one rendering may cost, counted while it runs: a template cannot take the gateway's time or memory."""

from __future__ import annotations

from typing import Final

from gateway.templates.errors import ExpressionError

SOURCE: Final = 65_536
"""Characters of a template."""
TURNS: Final = 10_000
"""Turns of all loops of a template together."""
WORK: Final = 250_000
"""Steps of a rendering; a step takes about a tenth of a microsecond."""
TEXT: Final = 1_048_576
"""Characters of a text that an expression makes."""
OUTPUT: Final = 8_388_608
"""Characters of a whole output."""
ITEMS: Final = 10_000
"""Items of a list that an expression makes."""
NUMBER: Final = 2**63
"""Below it are the numbers that an expression makes."""


class Budget:
    """What is left to one rendering; class attributes are the start, so that making one costs nothing."""

    work = WORK
    turns = TURNS
    size = 0

    def spend(self, steps: int) -> None:
        """Take steps; raises ExpressionError where they are used up."""
        self.work -= steps
        if self.work < 0:
            raise ExpressionError("this takes too long; a template does small things (docs/templates.md, Limits)")

    def read(self, length: int) -> None:
        """Take what reading or copying a text of this length costs."""
        if length > 1024:
            self.spend(length >> 4)

    def turn(self, count: int, cost: int) -> None:
        """Take `count` turns of a loop whose body costs `cost` steps."""
        self.turns -= count
        if self.turns < 0:
            raise ExpressionError(f"the loops take more than {TURNS} turns together")
        self.spend(count * cost)

    def write(self, size: int) -> None:
        """Take characters of the output."""
        self.size += size
        if self.size > OUTPUT:
            raise ExpressionError(f"the output is larger than {OUTPUT} characters")


def bounded(length: int) -> None:
    """Refuse a text that would be too long, before it is made."""
    if length > TEXT:
        raise ExpressionError(f"this makes a text of more than {TEXT} characters")


def bounded_items(count: int) -> None:
    """Refuse a list that would be too long, before it is made."""
    if count > ITEMS:
        raise ExpressionError(f"this makes a list of more than {ITEMS} items")
