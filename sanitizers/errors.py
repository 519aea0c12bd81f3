"""What can go wrong while cleaning.

SanitizeError
├── UnreadableBodyError   an encoding that cannot be read, or is larger or deeper than allowed
├── ProfileError          a profile that does not say what it means
└── LeakError             the guard saw a known secret in the bytes to be written
"""

from __future__ import annotations


class SanitizeError(Exception):
    """The exchange could not be cleaned, so it must not be stored."""


class UnreadableBodyError(SanitizeError):
    """A body cannot be decoded within the limits."""


class ProfileError(SanitizeError):
    """A profile is unknown or malformed."""


class LeakError(SanitizeError):
    """Bytes about to be written still hold a value that was found to be secret; carries places and kinds only."""
