"""A small service of remarks for tests: on pages, with answers below each, a mark of who wrote it, and searches."""

from __future__ import annotations

from synthesis.telling import learnt, word


class Threads:
    """Remarks on pages: lists show the answers below each remark, but a read of one leaves out its mark."""

    marks_who = True
    shows_all = True

    def __init__(self, chance):
        self.chance = chance
        self.remarks = []
        self.known = {}

    def answer(self, method, target, sent, headers):
        del headers
        path, _, text = target.partition("?")
        query = dict(pair.split("=") for pair in text.split("&") if pair)
        if method == "POST":
            return self.make(sent)
        if path != "/remarks":
            found = next((one for one in self.remarks if path == f"/remarks/{one['id']}"), None)
            return (200, without(found, "mark")) if found else (404, {"why": "no remark"})
        rows = [self.with_answers(one, query) for one in self.remarks if one["page"] == query["page"]]
        return 200, {"rows": [row for row in rows if row["to"] is None]}

    def make(self, sent):
        self.known.setdefault(sent["by"], f"{self.chance.getrandbits(48):012x}")
        mark = self.known[sent["by"]] if self.marks_who else f"{self.chance.getrandbits(48):012x}"
        made = {"id": len(self.remarks) + 1, "to": None, **sent, "mark": mark}
        self.remarks.append(made)
        return 201, made

    def with_answers(self, remark, query):
        below = [one for one in self.remarks if one["to"] == remark["id"]]
        shown = below if self.shows_all else [one for one in below if self.chance.random() < 0.5]
        return {**remark, "answers": shown[: int(query.get("few", 99))], "count": len(below)}


class Shuffled(Threads):
    """The same, with a mark of its own on each remark, and of the answers only those that chance has it show."""

    marks_who = False
    shows_all = False


class Known(Threads):
    """The same, with one of three marks that it has in all sessions."""

    def make(self, sent):
        self.known[sent["by"]] = f"{len(sent['by']) % 3 + 1:012x}".replace("0", "a")
        return super().make(sent)


def without(item, *names):
    """Give an item without some members."""
    return {name: value for name, value in item.items() if name not in names}


def talking(ask, words):
    """Write on pages, answer each other, and read."""
    pages = [f"{word(words)}{number}" for number in range(2)]
    names = [f"{word(words)}{words.randint(10, 99)}" for _ in range(3)]
    made = []
    for _ in range(words.randint(5, 7)):
        top = [one for one in made if one[1] is None]
        parent, _, page = words.choice(top) if len(top) > 1 and words.random() < 0.6 else (None, None, None)
        page = page or words.choice(pages)
        sent = {"page": page, "text": f"{word(words)} {word(words)}", "by": words.choice(names)}
        to = {} if parent is None else {"to": parent}
        one = ask("POST", "/remarks", {**sent, **to}).json
        made.append((one["id"], parent, page))
        if words.random() < 0.4:
            ask("GET", f"/remarks/{one['id']}")
        if words.random() < 0.6:
            ask("GET", f"/remarks?page={page}")
    for page in pages:
        ask("GET", f"/remarks?page={page}")
        ask("GET", f"/remarks?page={page}&few={words.randint(0, 2)}")
    ask("GET", "/remarks/900")


def mocks_of_threads(service=Threads, sessions=8):
    """Give the mocks of some sessions."""
    return learnt(service, talking, sessions)


def written(mocks):
    """Write two remarks and three answers to the first, one of them by whom the first is of; give the ids."""
    sent = [("ada", None), ("bob", None), ("cem", 0), ("ada", 0), ("bob", 0)]
    ids = []
    for by, to in sent:
        body = {"page": "atlas7", "text": f"by {by}", "by": by, **({} if to is None else {"to": ids[to]})}
        ids.append(mocks.ask("POST", "/remarks", body).json["id"])
    return ids
