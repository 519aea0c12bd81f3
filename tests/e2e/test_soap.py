"""A SOAP service recorded over a real socket: its mocks answer a visit that nobody recorded, byte for byte."""

from __future__ import annotations

from random import Random

import pytest
import yaml
from e2e.gateway_process import Gateway, run
from e2e.soap import Library, Visitor, visit
from e2e.upstream import serving

SESSIONS = 6


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give a home with cassettes of visits, each to a service begun anew, and mocks.yaml made of them."""
    folder = tmp_path_factory.mktemp("soap")
    for seed in range(SESSIONS):
        with (
            serving(Library(Random(seed)).answer) as upstream,
            Gateway(folder, "record", upstream, "--cassette", f"visit{seed}", "--port", "0") as gateway,
        ):
            visit(Visitor(gateway.base), Random(1_000 + seed))
    done = run(folder, "synthesize", *(f"visit{seed}" for seed in range(SESSIONS)), "-o", "mocks.yaml", folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.parametrize("seed", [77, 78, 79])
def test_a_visit_that_was_never_recorded_is_answered_as_by_the_service(home, seed):
    with Gateway(home, "up", "--mocks", "mocks.yaml", "--port", "0") as gateway:
        mocked = Visitor(gateway.base)
        visit(mocked, Random(seed))
    with serving(Library(Random(seed)).answer) as upstream:
        real = Visitor(upstream)
        visit(real, Random(seed))
    assert mocked.answers == real.answers


def test_each_operation_is_a_definition_that_reads_as_xml(home):
    mocks = {one["id"]: one for one in yaml.safe_load((home / "mocks.yaml").read_text())}
    suspend = mocks["post-soap-Suspend"]
    assert suspend["match"]["headers"] == {"soapaction": '"urn:example:library/Suspend"'}
    assert suspend["let"]["asked"] == "{{ xml_object(request.xml.Envelope.Body.Suspend) }}"
    assert suspend["cases"][0]["when"].startswith("vars.item.Status")
    assert suspend["cases"][-1]["response"]["body"]["soap:Envelope"]["Body"] == {
        "lib:SuspendResponse": {"Card": "{{ vars.asked.Card }}", "Status": "SUSPENDED"}
    }
    assert mocks["post-soap-ListMembers"]["list"]["where"] == [{"field": "Status", "op": "eq", "param": "Status"}]
