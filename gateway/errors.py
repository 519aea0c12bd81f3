"""What can go wrong in the gateway.

GatewayError
├── ConfigError          a setting, file or definition is not what it should be; says where and what would be right
├── UnknownRouteError    no definition of that id
├── UnknownProfileError  no chaos profile of that name
├── UnknownContractError no contract of that name
├── StateError           what mocks remember cannot be read or changed
├── RenderError          an answer could not be made: a template or script failed; says where
│   ├── ScriptError      a script failed or was stopped; says which, where and why
│   └── TemplateError    a template cannot be compiled or rendered (gateway.templates)
├── ScenarioMovedError   another request has moved the scenario on meanwhile
├── ControlError         a running gateway could not be reached, or refused
├── StartError           the server cannot start (gateway.server)
└── ResponseError        a response that cannot be written as one HTTP/1.1 message (gateway.framing)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cassettes.complaint import Complaint


class GatewayError(Exception):
    """Something is wrong with the gateway; the message is for its operator."""


class ConfigError(GatewayError):
    """The configuration cannot be used; where files are at fault, `complaints` has each sentence with its place."""

    def __init__(self, message: str, complaints: Sequence[Complaint] = ()) -> None:
        super().__init__(message)
        self.complaints = tuple(complaints)


class UnknownRouteError(GatewayError):
    """There is no definition of that id."""

    def __init__(self, route_id: str) -> None:
        super().__init__(f"there is no definition with the id {route_id!r}")
        self.route_id = route_id


class UnknownProfileError(GatewayError):
    """There is no chaos profile of that name, or it is not on."""


class UnknownContractError(GatewayError):
    """There is no contract of that name."""


class StateError(GatewayError):
    """What mocks remember cannot be read or changed: the store is away, or the key holds another type."""


class RenderError(GatewayError):
    """An answer could not be made; the message says where in the definition and why, and holds no request's data."""


class ScriptError(RenderError):
    """A script failed or was stopped; `line` counts from 1 and is 0 where it is not known."""

    def __init__(self, script: str, reason: str, *, line: int = 0, source_line: str = "") -> None:
        where = f", line {line}" if line else ""
        quoted = f" (`{source_line.strip()}`)" if source_line.strip() else ""
        super().__init__(f"script {script!r}{where}{quoted}: {reason}")
        self.script = script
        self.line = line
        self.reason = reason


class ScenarioMovedError(GatewayError):
    """Another request has moved the scenario on since this one was matched; match again."""


class ControlError(GatewayError):
    """A command could not be carried out by the running gateway."""
