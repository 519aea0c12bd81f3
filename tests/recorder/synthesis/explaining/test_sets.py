"""Lists in items without a member twice, which calls put members in, take members out of, or replace."""

import re

import pytest
from synthesis.telling import learnt, word


class Desk:
    """Tickets with watchers by name, and teams whose members are patched by operations with paths."""

    def __init__(self, chance):
        self.chance = chance
        self.people = {}
        self.teams = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        if target == "/people":
            key = word(self.chance)
            self.people[key] = {"id": key, "name": sent["name"]}
            return 201, self.people[key]
        if target == "/teams":
            key = word(self.chance)
            self.teams[key] = {"id": key, "title": sent["title"], "members": []}
            return 201, self.teams[key]
        team = self.teams[target.rsplit("/", 1)[1]]
        for one in sent["ops"] if method == "PATCH" else ():
            self.patch(team, one)
        return 200, team

    def patch(self, team, one):
        """Do one operation."""
        known = [member["value"] for member in team["members"]]
        gone = re.fullmatch(r'members\[value eq "(.+)"\]', one.get("path", ""))
        if gone:
            team["members"] = [member for member in team["members"] if member["value"] != gone[1]]
        elif one["op"] == "replace":
            team["title"] = one["value"]["title"]
        else:
            fresh = [value["value"] for value in one["value"] if value["value"] not in known]
            team["members"] += [{"value": key, "display": self.people[key]["name"]} for key in dict.fromkeys(fresh)]


def a_shift(ask, words):
    people = [ask("POST", "/people", {"name": word(words)}).json["id"] for _ in range(3)]
    team = f"/teams/{ask('POST', '/teams', {'title': word(words)}).json['id']}"

    def patch(**operation):
        ask("PATCH", team, {"ops": [operation]})

    patch(op="add", path="members", value=[{"value": people[0]}, {"value": people[1]}])
    patch(op="add", path="members", value=[{"value": people[1]}, {"value": people[2]}])
    patch(op="replace", value={"title": word(words)})
    patch(op="remove", path=f'members[value eq "{words.choice(people)}"]')
    ask("GET", team)


def test_members_are_added_once_and_removed_by_what_a_path_names():
    mocks = learnt(Desk, a_shift, count=6)
    first, second = (mocks.ask("POST", "/people", {"name": name}).json["id"] for name in ("uma", "vic"))
    team = f"/teams/{mocks.ask('POST', '/teams', {'title': 't'}).json['id']}"
    adds = {"op": "add", "path": "members", "value": [{"value": first}, {"value": second}, {"value": first}]}
    added = mocks.ask("PATCH", team, {"ops": [adds]})
    assert added.json["members"] == [{"value": first, "display": "uma"}, {"value": second, "display": "vic"}]
    assert mocks.ask("PATCH", team, {"ops": [adds]}).json["members"] == added.json["members"]
    mocks.ask("PATCH", team, {"ops": [{"op": "remove", "path": f'members[value eq "{first}"]'}]})
    renamed = mocks.ask("PATCH", team, {"ops": [{"op": "replace", "value": {"title": "u"}}]})
    assert renamed.json["members"] == [{"value": second, "display": "vic"}]
    assert mocks.ask("GET", team).json["members"] == [{"value": second, "display": "vic"}]


class Club(Desk):
    """Teams whose members go when the people go."""

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        if method == "GET" and target.startswith("/people"):
            found = self.people.get(target.rsplit("/", 1)[1])
            return (404, {"error": "gone"}) if found is None else (200, found)
        if method == "DELETE":
            del self.people[target.rsplit("/", 1)[1]]
            return 204, None
        status, shown = super().answer(method, target, sent, headers)
        if "members" in shown:
            shown["members"] = [one for one in shown["members"] if one["value"] in self.people]
        return status, shown


def a_season(ask, words):
    people = [ask("POST", "/people", {"name": word(words)}).json["id"] for _ in range(4)]
    team = f"/teams/{ask('POST', '/teams', {'title': word(words)}).json['id']}"
    adds = {"op": "add", "path": "members", "value": [{"value": one} for one in people[:3]]}
    ask("PATCH", team, {"ops": [adds]})
    ask("GET", team)
    gone = words.choice(people[:3])
    for one in people:
        ask("GET", f"/people/{one}")
    ask("DELETE", f"/people/{gone}")
    ask("GET", f"/people/{gone}")
    ask("GET", team)


def test_members_that_are_deleted_are_not_shown():
    mocks = learnt(Club, a_season, count=6)
    first, second = (mocks.ask("POST", "/people", {"name": name}).json["id"] for name in ("uma", "vic"))
    team = f"/teams/{mocks.ask('POST', '/teams', {'title': 't'}).json['id']}"
    adds = {"op": "add", "path": "members", "value": [{"value": first}, {"value": second}]}
    mocks.ask("PATCH", team, {"ops": [adds]})
    mocks.ask("DELETE", f"/people/{first}")
    assert mocks.ask("GET", team).json["members"] == [{"value": second, "display": "vic"}]


class Bench:
    """Jobs with labels; putting a label on, and taking one off, shows the labels alone, as `data`."""

    sorts = True

    def __init__(self, chance):
        self.chance = chance
        self.jobs = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        if target == "/jobs":
            key = word(self.chance)
            self.jobs[key] = {"id": key, "title": sent["title"], "labels": []}
            return 201, {"data": self.jobs[key], "meta": {}}
        _, _, key, *rest = target.split("/")
        job = self.jobs[key]
        if not rest:
            return 200, {"data": job, "meta": {}}
        label = rest[1]
        if method == "PUT" and label not in job["labels"]:
            job["labels"] = self.ordered([*job["labels"], label])
        if method == "DELETE":
            if label not in job["labels"]:
                return 404, {"error": f"no {label}"}
            job["labels"] = [one for one in job["labels"] if one != label]
        return 200, {"data": job["labels"], "meta": {}}

    def ordered(self, labels):
        return sorted(labels) if self.sorts else labels


class Heap(Bench):
    """Jobs whose labels stay in the order in which they came."""

    sorts = False


def a_day(ask, words):
    job = f"/jobs/{ask('POST', '/jobs', {'title': word(words)}).json['data']['id']}"
    labels = words.sample(["urgent", "paint", "oak", "outside", "brass", "spare"], 4)
    for label in labels:
        ask("PUT", f"{job}/labels/{label}")
    ask("PUT", f"{job}/labels/{labels[1]}")
    ask("GET", job)
    ask("DELETE", f"{job}/labels/{words.choice(labels)}")
    ask("DELETE", f"{job}/labels/nothing")
    ask("GET", job)


@pytest.mark.parametrize("service", [Bench, Heap])
def test_a_set_that_is_shown_alone_is_sorted_where_all_were(service):
    mocks = learnt(service, a_day, count=8)
    job = f"/jobs/{mocks.ask('POST', '/jobs', {'title': 'shelf'}).json['data']['id']}"
    for label in ("paint", "oak", "paint", "zinc"):
        shown = mocks.ask("PUT", f"{job}/labels/{label}").json
    labels = service(None).ordered(["paint", "oak", "zinc"])
    assert shown == {"data": labels, "meta": {}}
    assert mocks.ask("GET", job).json["data"]["labels"] == labels
    assert mocks.ask("DELETE", f"{job}/labels/oak").json["data"] == ["paint", "zinc"]
    assert mocks.ask("DELETE", f"{job}/labels/oak").status == 404
    assert mocks.ask("GET", job).json["data"]["labels"] == ["paint", "zinc"]
