"""Rows of a list say what is kept hidden in their items: how long the text is that was put there, and its digest."""

from __future__ import annotations

from hashlib import md5
from urllib.parse import parse_qsl, urlsplit

from synthesis.telling import as_the_service, learnt, word

PLAIN = {"Content-Type": "text/plain"}


class Cabinet:
    """Drawers that are put, with texts in folders in them; a drawer lists its texts, by the beginning of their names."""

    def __init__(self, chance):
        self.chance = chance
        self.drawers = {}

    def answer(self, method, target, sent, headers):
        parts = urlsplit(target)
        _, drawer, *rest = parts.path.split("/")
        if method == "PUT" and not rest:
            self.drawers[drawer] = {}
            return 200, None
        if drawer not in self.drawers:
            return 404, {"error": "no drawer"}
        texts, name = self.drawers[drawer], "/".join(rest)
        if not rest:
            return 200, self.listed(texts, dict(parse_qsl(parts.query)))
        if method == "PUT":
            texts[name] = (sent, {key: value for key, value in headers.items() if key.startswith("X-")})
            return 200, None, {"ETag": self.tag(sent)}
        if name not in texts:
            return 404, {"error": "no text"}
        text, kept = texts[name]
        if method == "DELETE":
            del texts[name]
            return 204, None
        return 200, text, {**PLAIN, "ETag": self.tag(text), **kept}

    def tag(self, text):
        return f'"{md5(text, usedforsecurity=False).hexdigest()}"'

    def listed(self, texts, query):
        named = [name for name in sorted(texts) if name.startswith(query.get("prefix", ""))]
        rows = [{"name": name, "tag": self.tag(texts[name][0]), "size": len(texts[name][0])} for name in named]
        return {"rows": rows, "count": len(rows)}


def filing(ask, words):
    """Put a drawer and texts into folders of it, of which some say whose they are; list, read and delete them."""
    drawer = f"drawer-{words.randint(100, 999)}-{word(words)}"
    ask("PUT", f"/{drawer}")
    names = []
    for folder in [*words.sample(["notes", "old", "bills"], 2), "notes", "zoo"]:
        names.append(f"{folder}/{word(words)}.txt")
        of = {"X-Of": word(words)} if words.random() < 0.5 else {}
        ask("PUT", f"/{drawer}/{names[-1]}", word(words, size=words.randint(5, 60)).encode(), {**PLAIN, **of})
    ask("GET", f"/{drawer}")
    ask("GET", f"/{drawer}?prefix={words.choice(('notes', 'old', 'bills'))}/")
    for name in names[:2]:
        ask("GET", f"/{drawer}/{name}")
    ask("DELETE", f"/{drawer}/{names[0]}")
    ask("GET", f"/{drawer}/{names[0]}")
    ask("GET", f"/{drawer}")
    ask("GET", f"/drawer-{words.randint(100, 999)}-{word(words)}")


def test_what_is_in_folders_of_a_drawer_is_listed_as_one_kind_with_what_texts_say():
    mocks = learnt(Cabinet, filing, count=6)
    mocked, real = as_the_service(Cabinet, filing, mocks)
    assert mocked == real
    mocks.ask("PUT", "/drawer-100-attic")
    for name, text, of in (("old/ink", b"black and blue", {"X-Of": "ada"}), ("new/pen", b"red", {})):
        mocks.ask("PUT", f"/drawer-100-attic/{name}", text, {**PLAIN, **of})
    cabinet = Cabinet(None)
    rows = [
        {"name": "new/pen", "tag": cabinet.tag(b"red"), "size": 3},
        {"name": "old/ink", "tag": cabinet.tag(b"black and blue"), "size": 14},
    ]
    assert mocks.ask("GET", "/drawer-100-attic").json == {"rows": rows, "count": 2}
    assert mocks.ask("GET", "/drawer-100-attic?prefix=old/").json == {"rows": rows[1:], "count": 1}
    read = mocks.ask("GET", "/drawer-100-attic/old/ink")
    assert (read.body, read.headers["x-of"], read.headers["etag"]) == (b"black and blue", "ada", rows[1]["tag"])
    assert "x-of" not in mocks.ask("GET", "/drawer-100-attic/new/pen").headers
