"""What can go wrong with cassettes and definitions.

CassetteError
├── CassetteNotFoundError
├── CassetteBusyError     another process writes it
├── CassetteFormatError   a newer format, or not a cassette at all
├── CodecError            a document that cannot be read
└── DecodingError         a content coding that cannot be undone within the limits
DefinitionError           file, line, path and what would be right
"""

from __future__ import annotations


class CassetteError(Exception):
    """Something is wrong with a cassette."""


class CassetteNotFoundError(CassetteError):
    """No cassette of that name."""


class CassetteBusyError(CassetteError):
    """Another process is writing this cassette."""


class CassetteFormatError(CassetteError):
    """The cassette is of a newer format, or is none."""


class CodecError(CassetteError):
    """A stored document cannot be read."""


class DecodingError(CassetteError):
    """A content coding is unknown, malformed, or would grow beyond the limits."""


class DefinitionError(Exception):
    """A definition is not what it should be; the message names file, line, path and the remedy."""

    def __init__(self, reason: str, *, file: str = "", line: int = 1) -> None:
        super().__init__(f"{file}:{line}: {reason}" if file else reason)
        self.reason = reason
        self.file = file
        self.line = line
