"""What can go wrong while recording and playing.

RecorderError
├── SessionRunningError   a session of that name records already
└── UnknownSessionError   no session of that name records
"""

from __future__ import annotations


class RecorderError(Exception):
    """Something is wrong with a recording."""


class SessionRunningError(RecorderError):
    """A session of that name is already recording."""


class UnknownSessionError(RecorderError):
    """No session of that name is recording."""
