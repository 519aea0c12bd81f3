"""What was deleted is gone where the next look did not find it, and stays where it was shown."""

from __future__ import annotations

import pytest
from synthesis.telling import told

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.removals import learn_removal


@pytest.mark.parametrize(("status", "removes"), [(404, True), (410, True), (200, False)])
def test_the_next_look_tells(status, removes):
    thing = {"id": "abcdef", "name": "a"}
    samples = told(
        ("POST", "/things", {"name": "a"}, 201, thing),
        ("GET", "/things/abcdef", None, 200, thing),
        ("DELETE", "/things/abcdef", None, 200, thing),
        ("GET", "/things/abcdef", None, status, thing if status == 200 else {"error": "gone"}),
    )
    endpoints = endpoints_of(samples)
    _, bindings = bind(endpoints)
    endpoint_of = {sample.number: endpoint for endpoint in endpoints for sample in endpoint.samples}
    learn_removal(samples, endpoint_of, bindings)
    assert {bindings[one].removes for one in endpoints if one.method == "DELETE"} == {removes}
