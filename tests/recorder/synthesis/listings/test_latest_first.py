"""What a list shows in the opposite order of that in which it was made is told so, where no field says it."""

import pytest
from synthesis.telling import as_the_service, learnt, word


class Pegboard:
    """Notes pinned at names of one's own: the one pinned last hangs first, also after another was written over."""

    def __init__(self, chance):
        self.chance = chance
        self.notes = {}

    def answer(self, method, target, sent, headers):
        del headers
        name = target.removeprefix("/notes").strip("/")
        if not name:
            shown = [{"Label": f"board/{one['side']}/{key}", "Name": key, **one} for key, one in self.notes.items()]
            return 200, {"Notes": shown[::-1]}
        if method in ("POST", "PUT"):
            if method == "POST" and name in self.notes:
                return 400, {"error": f"Note {name} is there"}
            self.notes[name] = sent
            return 200, {"Label": f"board/{sent['side']}/{name}"}
        if name not in self.notes:
            return 404, {"error": f"No note {name}"}
        if method == "DELETE":
            del self.notes[name]
            return 200, {}
        one = self.notes[name]
        return 200, {"Label": f"board/{one['side']}/{name}", "Name": name, **one}


def pinning(ask, words):
    """Pin three or four notes, look at one, write over it, list them, take one off and list them again."""
    names = [f"{word(words)}-{words.randint(10, 99)}" for _ in range(words.randint(3, 4))]

    def note():
        return {"side": words.choice(("left", "right")), "text": f"{word(words)} {word(words)}"}

    for name in names:
        ask("POST", f"/notes/{name}", note())
    one = words.choice(names)
    ask("GET", f"/notes/{one}")
    ask("POST", f"/notes/{one}", note())
    ask("PUT", f"/notes/{one}", note())
    ask("GET", f"/notes/{one}")
    ask("GET", "/notes")
    ask("DELETE", f"/notes/{one}")
    ask("GET", "/notes")
    ask("GET", f"/notes/{one}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Pegboard, pinning, 8)


def test_the_last_is_first_with_the_names_that_paths_gave(mocks):
    mocked, real = as_the_service(Pegboard, pinning, mocks)
    assert mocked == real


def test_the_definition_says_so(mocks):
    [listed] = [one["list"] for one in mocks.made.definitions if one.get("list")]
    assert listed["latest_first"] is True
    assert "sort" not in listed
