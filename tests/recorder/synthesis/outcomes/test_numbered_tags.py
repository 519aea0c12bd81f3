"""Things that were never read or changed have the entity tag that all others have: how often they were written."""

from __future__ import annotations

from synthesis.telling import Mocks


def tagged(item):
    return {}, {"etag": f'"{item["version"]}"'}


def recorded():
    rooms = [{"id": f"R{number}", "beds": number, "version": 1} for number in (1, 2, 3)]
    stays = [{"code": code, "room": "R1", "version": 1} for code in ("kx71ab", "pq62cd")]
    rows = [("GET", "/rooms", None, 200, {"rooms": rooms})]
    rows += [("POST", "/stays", {"room": "R1"}, 201, stay, *tagged(stay)) for stay in stays]
    changed = {**stays[0], "room": "R2", "version": 2}
    rows.append(("PATCH", "/stays/kx71ab", {"room": "R2"}, 200, changed, *tagged(changed)))
    return [*rows, ("GET", "/stays/kx71ab", None, 200, changed, *tagged(changed))]


def test_what_was_only_listed_is_read_with_its_tag():
    found = Mocks(recorded()).ask("GET", "/rooms/R2")
    assert (found.status, found.json["beds"], found.headers["etag"]) == (200, 2, '"1"')


def test_changes_that_nobody_recorded_count_and_know_the_tag():
    rows = [row for row in recorded() if row[0] != "PATCH"][:-1]
    mocks = Mocks([*rows, ("GET", "/stays/kx71ab", None, 200, rows[1][4], *tagged(rows[1][4]))])
    made = mocks.ask("POST", "/stays", {"room": "R3"}).json
    path = f"/stays/{made['code']}"
    found = mocks.ask("PATCH", path, {"room": "R2"}, {"if-match": '"1"'})
    assert (found.status, found.json["version"], found.headers["etag"]) == (200, 2, '"2"')
    assert mocks.ask("PATCH", path, {"room": "R1"}, {"if-match": '"1"'}).status == 412


def test_tags_of_another_form_are_not_put_on_other_things():
    rows = [(*row[:5], {}, {"etag": '"4fa81c"'}) if len(row) > 5 else row for row in recorded()]
    assert "etag" not in Mocks(rows).ask("GET", "/rooms/R2").headers
