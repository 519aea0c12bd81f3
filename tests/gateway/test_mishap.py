import json
import logging

import pytest

from gateway.errors import RenderError, StateError
from gateway.mishap import told_of_mishap


@pytest.mark.parametrize(
    ("error", "status", "kind", "detail"),
    [
        (RenderError("line 3: no such name"), 500, "render-error", "line 3: no such name"),
        (StateError("the store is away"), 503, "state-unavailable", "the store is away"),
        (ValueError("a secret"), 500, "gateway-error", "An error in the gateway; its log tells more."),
    ],
)
def test_a_client_is_told_what_it_may_know(error, status, kind, detail, caplog):
    with caplog.at_level(logging.ERROR):
        try:
            raise error
        except Exception:  # noqa: BLE001
            reply = told_of_mishap("t1", "x")
    document = json.loads(reply.body)
    assert (reply.status, document["type"], document["detail"]) == (status, f"urn:mimic:problem:{kind}", detail)
    assert len(caplog.records) == 1
