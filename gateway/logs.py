"""JSON log lines with the trace id; never a body, a query or a header's value."""

from __future__ import annotations

import logging
import sys
import time
from typing import Final, TextIO

import orjson

_STANDARD: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update((key, value) for key, value in vars(record).items() if key not in _STANDARD)
        if record.exc_info and record.exc_info[0] is not None:
            # The exception's text may quote traffic, so only its type and place are told.
            line["error"] = record.exc_info[0].__name__
            line["at"] = _place(record)
        return orjson.dumps(line, default=str).decode()


def _place(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""


class PlainLines(logging.Formatter):
    """The same, for a person at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        extras = " ".join(f"{key}={value}" for key, value in vars(record).items() if key not in _STANDARD)
        error = f" {record.exc_info[0].__name__} at {_place(record)}" if record.exc_info and record.exc_info[0] else ""
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        return f"{at} {record.getMessage()} {extras}{error}".rstrip()


def set_up_logs(level: str, style: str, stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (stderr) as `json` or `plain` lines."""
    lines = logging.StreamHandler(stream or sys.stderr)
    lines.setFormatter(JsonLines() if style == "json" else PlainLines())
    root = logging.getLogger()
    root.handlers[:] = [lines]
    root.setLevel(level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    for name in ("uvicorn.error", "uvicorn.access", "asyncio", "httpx", "watchfiles"):
        logging.getLogger(name).setLevel(logging.WARNING)
