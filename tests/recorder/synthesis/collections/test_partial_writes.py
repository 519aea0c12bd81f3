"""Writes that report what they changed, in another form than reads: items are known from all such writes together."""

from __future__ import annotations

from hashlib import md5

from synthesis.harbours import Harbour, sailing
from synthesis.telling import as_the_service, learnt, word

GRADES = ("rough", "plain", "fine", "royal")


class Workshop:
    """Cloths: made with words, shown with their grade and dyes as things; writes tell the changed members as ids."""

    def __init__(self, chance):
        self.chance = chance
        self.cloths = {}
        self.dyes = {}
        self.salt = word(chance)
        self.turns = {}

    def answer(self, method, target, sent, headers):
        path, _, _ = target.partition("?")
        _, *rest = path.strip("/").split("/")
        kind = path.strip("/").split("/")[0]
        if kind == "dyes":
            return self._dyes(method, sent)
        if method == "POST" and not rest:
            return self._make(sent)
        if not rest:
            return 200, {"rows": [{"id": one, "href": f"/cloths/{one}"} for one in self.cloths]}
        cloth = self.cloths.get(rest[0])
        if cloth is None:
            return 404, {"error": f"no cloth {rest[0]}"}
        if method == "GET":
            return 200, {"told": self._whole(rest[0])}, {"ETag": self._mark(rest[0])}
        if headers.get("If-Match") != self._mark(rest[0]):
            return 412, {"error": "look again"}
        became = self._change(method, cloth, sent, rest)
        return 200, {"told": {"id": rest[0], "href": f"/cloths/{rest[0]}", "became": became}}

    def _dyes(self, method, sent):
        if method == "GET":
            return 200, {"rows": [{"id": key, "name": name} for key, name in self.dyes.items()]}
        key = str(len(self.dyes) + 1)
        self.dyes[key] = sent["name"]
        return 201, {"id": key}

    def _make(self, sent):
        key = str(len(self.cloths) + 1)
        self.cloths[key] = {"label": sent["label"], "grade": sent.get("grade", "plain"), "dyes": sent.get("dyes", [])}
        return 201, {"told": {"id": key, "href": f"/cloths/{key}"}}

    def _change(self, method, cloth, sent, rest):
        self.turns[rest[0]] = self.turns.get(rest[0], 0) + 1
        if rest[1:] == ["label"]:
            sent = {"label": sent["value"]}
        if method == "PATCH":
            old = cloth["dyes"]
            more = [one for one in sent["dyes"] if one not in old]
            new = [*old, *more] if sent["how"] == "add" else [one for one in old if one not in sent["dyes"]]
            sent = {"dyes": new}
        told = {name: value for name, value in sent.items() if cloth[name] != value}
        cloth.update(told)
        return {name: str(GRADES.index(one) + 1) if name == "grade" else one for name, one in told.items()}

    def _whole(self, key):
        cloth = self.cloths[key]
        grade = str(GRADES.index(cloth["grade"]) + 1)
        facts = {"label": cloth["label"], "grade": {"id": grade, "href": f"/grades/{grade}"}, "notes": []}
        facts["dyes"] = [{"id": one, "href": f"/dyes/{one}"} for one in sorted(cloth["dyes"])]
        return {"id": key, "href": f"/cloths/{key}", "kind": "cloth", "facts": facts, "mark": self._mark(key)}

    def _mark(self, key):
        seen = f"{self.salt} {key} {self.turns.get(key)}"
        return f'"{md5(seen.encode(), usedforsecurity=False).hexdigest()}"'


def weaving(ask, words):
    dyes = [ask("POST", "/dyes", {"name": word(words)}).json["id"] for _ in range(2)]
    keys = []
    for _ in range(words.randint(3, 5)):
        sent = {"label": word(words)}
        sent |= {"grade": words.choice(GRADES)} if words.random() < 0.6 else {}
        sent |= {"dyes": [words.choice(dyes)]} if words.random() < 0.4 else {}
        keys.append(ask("POST", "/cloths", sent).json["told"]["id"])
    for key in keys:
        path = f"/cloths/{key}"
        told = ask("GET", path).headers
        mark = told.get("ETag", told.get("etag", ""))
        way = words.choice(("put", "label", "dyes"))
        if way == "put":
            sent = {"grade": words.choice(GRADES)}
            sent |= {"label": word(words)} if words.random() < 0.5 else {}
            ask("PUT", path, sent, {"If-Match": mark})
            if words.random() < 0.5:
                ask("PUT", path, {"label": word(words)}, {"If-Match": mark})
        elif way == "label":
            ask("PUT", f"{path}/label", {"value": word(words)}, {"If-Match": mark})
        else:
            how = words.choice(("add", "remove"))
            ask("PATCH", path, {"dyes": words.sample(dyes, words.randint(1, 2)), "how": how}, {"If-Match": mark})
        ask("GET", path)
    ask("GET", "/cloths")
    ask("GET", "/cloths/77")


def made(mocks, sent):
    return mocks.ask("POST", "/cloths", sent).json["told"]["id"]


def facts(mocks, key):
    return mocks.ask("GET", f"/cloths/{key}").json["told"]["facts"]


def test_what_was_sent_is_shown_as_reads_show_it_the_names_of_things_by_their_ids():
    mocks = learnt(Workshop, weaving, 12)
    [dye] = [mocks.ask("POST", "/dyes", {"name": "madder"}).json["id"]]
    fine = made(mocks, {"label": "sail", "grade": "fine", "dyes": [dye]})
    plain = made(mocks, {"label": "sack"})
    assert facts(mocks, fine) == {
        "label": "sail", "grade": {"id": "3", "href": "/grades/3"}, "notes": [],
        "dyes": [{"id": dye, "href": f"/dyes/{dye}"}],
    }  # fmt: skip
    assert facts(mocks, plain) == {
        "label": "sack", "grade": {"id": "2", "href": "/grades/2"}, "notes": [], "dyes": [],
    }  # fmt: skip


def test_what_writes_report_is_there_at_the_next_read_whichever_of_them_it_was():
    mocks = learnt(Workshop, weaving, 12)
    key = made(mocks, {"label": "sail"})
    before = mocks.ask("GET", f"/cloths/{key}")
    sent = {"grade": "royal", "label": "flag"}
    told = mocks.ask("PUT", f"/cloths/{key}", sent, {"If-Match": before.headers["etag"]})
    assert told.json == {"told": {"id": key, "href": f"/cloths/{key}", "became": {"grade": "4", "label": "flag"}}}
    after = mocks.ask("GET", f"/cloths/{key}")
    assert after.json["told"]["facts"]["grade"] == {"id": "4", "href": "/grades/4"}
    assert after.json["told"]["facts"]["label"] == "flag"
    mocks.ask("PUT", f"/cloths/{key}/label", {"value": "pennant"}, {"If-Match": after.headers["etag"]})
    assert facts(mocks, key)["label"] == "pennant"
    assert facts(mocks, key)["grade"] == {"id": "4", "href": "/grades/4"}


def test_each_write_gives_another_entity_tag_and_an_old_one_is_refused():
    mocks = learnt(Workshop, weaving, 12)
    key = made(mocks, {"label": "sail"})
    first = mocks.ask("GET", f"/cloths/{key}")
    assert first.headers["etag"] == first.json["told"]["mark"] == mocks.ask("GET", f"/cloths/{key}").headers["etag"]
    old = {"If-Match": first.headers["etag"]}
    assert mocks.ask("PUT", f"/cloths/{key}", {"label": "flag"}, old).status == 200
    assert mocks.ask("GET", f"/cloths/{key}").headers["etag"] != first.headers["etag"]
    assert mocks.ask("PUT", f"/cloths/{key}", {"label": "rag"}, old).status == 412
    assert facts(mocks, key)["label"] == "flag"


def test_mocks_are_as_the_service():
    mocks = learnt(Workshop, weaving, 12)
    mocked, real = as_the_service(Workshop, weaving, mocks)
    assert mocked == real


def test_what_is_always_called_another_kind_of_thing_is_not_the_item():
    mocks = learnt(Harbour, sailing, 8)
    path = f"/boats/{mocks.ask('POST', '/boats', {'name': 'tern', 'oars': 2}).json['id']}"
    trim = mocks.ask("PATCH", f"{path}/trim", {"oars": 3}).json
    assert (trim["kind"], trim["name"], trim["oars"]) == ("Trim", "TERN", 3)
    boat = mocks.ask("GET", path).json
    assert (boat["kind"], boat["name"], boat["oars"]) == ("Boats", "tern", 3)


class Fleet(Harbour):
    """A harbour in which what is trimmed becomes of another kind itself, and no path shows the trim alone."""

    def answer(self, method, target, sent, headers):
        status, told = super().answer(method, target, sent, headers)
        boat = self.boats.get(target.split("/")[2]) if method == "PATCH" else None
        if boat is not None:
            told = boat | {"kind": "Trimmed"}
            boat["kind"] = "Trimmed"
        return status, told


def trimming(ask, words):
    """Trim boats and look at them."""
    for _ in range(3):
        path = f"/boats/{ask('POST', '/boats', {'name': words.choice(('gull', 'tern')), 'oars': 2}).json['id']}"
        ask("PATCH", f"{path}/trim", {"oars": words.randint(3, 4)})
        ask("GET", path)
    ask("GET", "/boats/none")


def test_an_item_may_become_another_kind_of_thing():
    mocks = learnt(Fleet, trimming, 8)
    path = f"/boats/{mocks.ask('POST', '/boats', {'name': 'tern', 'oars': 2}).json['id']}"
    assert mocks.ask("PATCH", f"{path}/trim", {"oars": 3}).json["kind"] == "Trimmed"
    assert mocks.ask("GET", path).json["kind"] == "Trimmed"
