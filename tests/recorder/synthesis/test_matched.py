"""Endpoints are matched by where and how calls tell them apart, and by the arguments that these must have."""

from __future__ import annotations

import pytest

from recorder.synthesis.endpoints.discriminators import Discriminator
from recorder.synthesis.endpoints.endpoint import Endpoint
from recorder.synthesis.matched import matched
from recorder.synthesis.samples.operation import Operation


@pytest.mark.parametrize(
    ("told", "match"),
    [
        (Discriminator("header", "x-target", "Get"), {"headers": {"x-target": "Get"}}),
        (Discriminator("query", "do", "get"), {"query": {"do": "get"}}),
        (Discriminator("form", "do", "get.*", is_pattern=True), {"body": {"form": {"do": {"regex": "get.*"}}}}),
        (Discriminator("json", "do", "get"), {"body": {"jsonpath": "$['do']", "equals": "get"}}),
        (Discriminator("path", "", "^/get.*", is_pattern=True), {"path": "^/get.*"}),
    ],
)
def test_a_value_or_a_pattern_is_asked_for_where_calls_say_it(told, match):
    assert matched(Endpoint("POST", ("rpc",), (), told, [])) == {"method": "POST", "path": "/rpc", **match}


@pytest.mark.parametrize(
    ("given", "more", "match"),
    [
        ("query", {}, {"query": {"id": {"present": True}}}),
        ("json", {"is_form": True}, {"body": {"form": {"id": {"present": True}}}}),
        ("json", {"asked": "request.xml.Get"}, {"body": [{"xpath": "//*[local-name()='id']"}]}),
        ("json", {}, {"body": [{"jsonpath": "$['args']['id']"}]}),
    ],
)
def test_arguments_that_are_needed_are_asked_for_where_calls_give_them(given, more, match):
    told = Discriminator("header", "x-target", ".*", is_pattern=True, needs=(("args", "id"),))
    operation = Operation("POST", ("rpc",), given=given)
    made = matched(Endpoint("POST", ("rpc",), (), told, [], operation=operation, **more))
    assert made == {"method": "POST", "path": "/rpc", "headers": {"x-target": {"regex": ".*"}}, **match}
