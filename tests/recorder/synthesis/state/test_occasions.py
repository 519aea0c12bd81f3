"""Calls that ask the same of the same state are found, whatever is of the one call only."""

from synthesis.telling import scenes_of

from recorder.synthesis.state.occasions import came_back, changes_before, occasions, passed_over


def found(*rows):
    scenes = scenes_of(*rows)
    return [[scene.moment for scene in inside] for inside in occasions(scenes, changes_before(scenes))]


def status(scene):
    return scene.sample.status


def read(code=200, headers=None, target="/a"):
    return ("GET", target, None, code, {"is": code}, headers or {})


def write(code, sent=1):
    return ("POST", "/a", {"n": sent}, code, {"is": code})


def test_the_same_is_asked_again_until_something_is_changed():
    assert found(read(), read(), write(201), read(), read(target="/b"), read()) == [[0, 1], [3, 5]]


def test_a_refused_write_changes_nothing_and_may_be_tried_again():
    assert found(write(503), write(503), write(201), write(201)) == [[0, 1, 2]]


def test_another_body_token_or_parameter_is_another_request():
    assert found(write(400), write(400, sent=2), read(), read(headers={"Authorization": "Bearer b"})) == []


def test_what_is_of_the_one_call_makes_no_other_request():
    ids = ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "0b1e7c8e-2f7a-4d0c-9a55-0d6ff4a1f0a2")
    assert found(*(read(headers={"X-Request-Id": one, "X-Trace": one, "User-Agent": one}) for one in ids)) == [[0, 1]]
    assert found(*(read(headers={"X-Api-Key": one}) for one in ids)) == []


def test_what_comes_again_and_what_was_passed_over_is_counted():
    scenes = scenes_of(*map(read, (200, 503, 200, 200, 503, 404)))
    assert came_back([scenes], status) == 2
    assert [passed_over([scenes], status, 503, {one}) for one in (200, 404, 201)] == [1, 1, 0]
    assert [came_back([scenes[3:]], status), passed_over([scenes[:2]], status, 503, {200})] == [0, 0]
