"""What is put below an item names something else: a person of whom only signing up tells, or a thing with a path of its own."""

from urllib.parse import urlsplit

from synthesis.telling import learnt, word


class Groups:
    """Groups that their founders see and delete alone, and to which people are added by their nicks."""

    def __init__(self, chance):
        self.chance = chance
        self.people = {}
        self.groups = {}

    def answer(self, method, target, sent, headers):
        [_, kind, *rest] = urlsplit(target).path.split("/")
        if kind == "people":
            return self.of_people(method, sent, rest)
        who = self.people.get(headers.get("X-Pass"))
        if who is None:
            return 401, {"why": "no pass"}
        if not rest:
            made = {"id": word(self.chance), "label": sent["label"], "founder": who["nick"], "members": []}
            self.groups[made["id"]] = made
            return 201, made
        group = self.groups.get(rest[0])
        if group is None or group["founder"] != who["nick"]:
            return 404, {"why": f"no group {rest[0]}"}
        return self.of_group(method, group, rest)

    def of_people(self, method, sent, rest):
        if method == "GET":
            found = next((one for one in self.people.values() if one["nick"] == rest[0]), None)
            return (200, found) if found else (404, {"why": "nobody is called so"})
        made = {"nick": sent["nick"], "town": sent["town"]}
        own = word(self.chance, "abcdef0123456789", 24)
        self.people[own] = made
        return 201, {"person": made, "pass": own}

    def of_group(self, method, group, rest):
        if method == "DELETE":
            del self.groups[group["id"]]
            return 200, {"gone": group["id"]}
        if len(rest) == 1:
            return 200, group
        if rest[2] not in {one["nick"] for one in self.people.values()}:
            return 404, {"why": "nobody is called so"}
        group["members"].append(rest[2])
        return 200, group


def joins(ask, nick, town="Bern"):
    return {"X-Pass": ask("POST", "/people", {"nick": nick, "town": town}).json["pass"]}


def an_evening(ask, words):
    nicks = [word(words) for _ in range(3)]
    first, other, _ = (joins(ask, nick, word(words)) for nick in nicks)
    for _ in range(2):
        group = ask("POST", "/groups", {"label": word(words)}, headers=first).json["id"]
        ask("PUT", f"/groups/{group}/members/{nicks[words.choice((1, 2))]}", headers=first)
        ask("PUT", f"/groups/{group}/members/{word(words)}", headers=first)
        ask("GET", f"/groups/{group}", headers=first)
        ask("GET", f"/groups/{group}", headers=other)
        ask("DELETE", f"/groups/{group}", headers=other)
        ask("DELETE", f"/groups/{group}", headers=first)
        ask("GET", f"/groups/{group}", headers=first)


def looked_up_too(ask, words):
    an_evening(ask, words)
    nick = word(words)
    joins(ask, nick)
    ask("GET", f"/people/{nick}")
    ask("GET", f"/people/{word(words)}")


def statuses(script):
    mocks = learnt(Groups, script, 8)
    first, other = joins(mocks.ask, "ada"), joins(mocks.ask, "bob")
    group = mocks.ask("POST", "/groups", {"label": "rowers"}, headers=first).json["id"]
    asked = [
        ("PUT", f"/groups/{group}/members/bob", first),
        ("PUT", f"/groups/{group}/members/carl", first),
        ("DELETE", f"/groups/{group}", other),
        ("GET", f"/groups/{group}", first),
        ("DELETE", f"/groups/{group}", first),
        ("GET", f"/groups/{group}", first),
    ]
    return [mocks.ask(method, target, headers=who).status for method, target, who in asked]


def test_who_is_put_below_an_item_has_to_have_signed_up():
    assert statuses(an_evening) == [200, 404, 404, 200, 200, 404]


def test_who_is_put_below_an_item_may_have_a_path_of_their_own():
    assert statuses(looked_up_too) == [200, 404, 404, 200, 200, 404]


class Desks:
    """People, and the desks of rooms, each under a name of its own, which so far were those of people."""

    def __init__(self, chance):
        del chance
        self.held = {}

    def answer(self, method, target, sent, headers):
        del headers
        path = urlsplit(target).path
        if method == "PUT":
            self.held[path] = {"name": path.rpartition("/")[2], **sent}
            return 201, self.held[path]
        return (200, self.held[path]) if path in self.held else (404, {"why": "nothing there"})


def moving_in(ask, words):
    room = word(words)
    ask("PUT", f"/rooms/{room}", {"floor": words.randint(1, 9)})
    for nick in [word(words) for _ in range(3)]:
        ask("PUT", f"/people/{nick}", {"town": word(words)})
        ask("PUT", f"/rooms/{room}/{nick}", {"wood": word(words)})
        ask("GET", f"/rooms/{room}/{nick}")
        ask("GET", f"/people/{nick}")
    ask("GET", f"/people/{word(words)}")
    ask("GET", f"/rooms/{room}/{word(words)}")


def test_what_is_made_under_its_own_path_need_not_be_there_elsewhere():
    mocks = learnt(Desks, moving_in, 8)
    mocks.ask("PUT", "/rooms/north", {"floor": 2})
    assert mocks.ask("PUT", "/rooms/north/window", {"wood": "oak"}).status == 201
    assert mocks.ask("GET", "/rooms/north/window").json == {"name": "window", "wood": "oak"}
