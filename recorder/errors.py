"""What can go wrong while recording, playing and importing.

RecorderError
├── SessionRunningError   a session of that name records already
├── UnknownSessionError   no session of that name records
├── PlanError             a folder holds the plan of another synthesis
├── CheckError            what is said of an answer is no check
└── DocumentError         a foreign document cannot be read, or is not what it should be
"""

from __future__ import annotations


class RecorderError(Exception):
    """Something is wrong with a recording."""


class SessionRunningError(RecorderError):
    """A session of that name is already recording."""


class UnknownSessionError(RecorderError):
    """No session of that name is recording."""


class DocumentError(RecorderError):
    """A foreign document cannot be used; the message names the file, the place and what would be right."""


class PlanError(RecorderError):
    """A plan cannot be carried out in a folder; the message names it and says why."""


class CheckError(RecorderError):
    """A check cannot be read; the message says what may stand in one."""
