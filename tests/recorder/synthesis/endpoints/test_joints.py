"""What nobody called is written as paths that begin alike, and what names things as most that does."""

from __future__ import annotations

from synthesis.telling import told

from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.endpoints.joints import joints_of
from recorder.synthesis.samples.path_keys import set_keys_aside


def endpoints(*targets):
    samples = told(*(("GET", target, None, 200, {}) for target in targets))
    set_keys_aside(samples)
    return endpoints_of(samples)


def test_paths_are_written_as_those_that_begin_alike():
    known = endpoints("/birds('71')", "/birds('72')/nests", "/trees")
    assert joints_of(("birds", None), known) == ("/", "('", "')")
    assert joints_of(("birds", None, "nests", "5"), known) == ("/", "('", "')/", "/", "")
    assert joints_of(("trees", None), known) == ("/", "('", "')")


def test_without_brackets_there_are_slashes_alone():
    assert joints_of(("birds", None), endpoints("/birds/71", "/trees")) == ()
