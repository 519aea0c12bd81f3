"""The kinds of rules: those that go by the name of a place, and those that go by the form of a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sanitizers.rules.contact import CONTACTS
from sanitizers.rules.cookies import COOKIES
from sanitizers.rules.fields import FIELDS
from sanitizers.rules.headers import HEADERS
from sanitizers.rules.keyblocks import KEY_BLOCKS
from sanitizers.rules.payment import PAYMENTS
from sanitizers.rules.phrases import PHRASES
from sanitizers.rules.providers import PROVIDERS
from sanitizers.rules.query import QUERY

if TYPE_CHECKING:
    from sanitizers.rule import NameRule, PatternRule

NAMES: Final[tuple[NameRule, ...]] = (HEADERS, COOKIES, FIELDS, QUERY)
"""Asked in this order; the first that names a kind decides."""

PATTERNS: Final[tuple[PatternRule, ...]] = (KEY_BLOCKS, PROVIDERS, PHRASES, PAYMENTS, CONTACTS)
"""Asked in this order; where two find overlapping stretches the earlier wins."""
