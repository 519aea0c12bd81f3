"""A bijection: which made-up value of one run stands for which made-up value of another."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Bijection:
    """The pairs as far as they are known: `to_mock` from the real server's values to the mock's, `to_real` back."""

    to_mock: dict[str, str] = field(default_factory=dict)
    to_real: dict[str, str] = field(default_factory=dict)

    def agrees(self, real: str, mock: str) -> bool:
        """Tell whether the pair fits what is known; a pair of two new values becomes known."""
        known = self.to_mock.get(real)
        if known is not None:
            return known == mock
        if mock in self.to_real:
            return False
        self.to_mock[real], self.to_real[mock] = mock, real
        return True
