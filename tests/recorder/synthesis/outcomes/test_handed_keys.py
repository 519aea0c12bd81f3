from synthesis.telling import learnt

KEYS = {"key-ada-7Qm2": "ada", "key-bob-3Xw9": "bob"}


class Pantry:
    def __init__(self, chance):
        self.chance = chance
        self.jars = {}

    def answer(self, method, target, sent, headers):
        key = headers.get("X-Api-Key")
        if key not in KEYS:
            return 401, {"error": "unknown key" if key else "no key"}
        if method == "POST":
            number = f"{self.chance.getrandbits(32):08x}"
            self.jars[number] = {"id": number, "by": KEYS[key], **sent}
            return 201, self.jars[number]
        jar = self.jars.get(target.rpartition("/")[2])
        return (200, jar) if jar else (404, {"error": "no jar"})


def filling(ask, chance):
    own = {"X-Api-Key": chance.choice(sorted(KEYS))}
    for _ in range(3):
        jar = ask("POST", "/jars", {"of": chance.choice(["figs", "plums"])}, own)
        ask("GET", f"/jars/{jar.json['id']}", headers=own)
        ask(
            "POST", "/jars", {"of": "figs"}, {"X-Api-Key": f"key-{chance.getrandbits(20):05x}-{chance.randint(10, 99)}"}
        )
    ask("POST", "/jars", {"of": "figs"})


def test_a_key_that_nobody_was_given_is_refused_everywhere():
    mocks = learnt(Pantry, filling, 6)
    own = {"X-Api-Key": "key-bob-3Xw9"}
    jar = mocks.ask("POST", "/jars", {"of": "figs"}, own)
    assert (jar.status, jar.json["by"]) == (201, "bob")
    assert mocks.ask("POST", "/jars", {"of": "figs"}, {"X-Api-Key": "key-eve-0Zz0"}).status == 401
    assert mocks.ask("POST", "/jars", {"of": "figs"}).json == {"error": "no key"}
    path = f"/jars/{jar.json['id']}"
    assert mocks.ask("GET", path, headers=own).status == 200
    refused = mocks.ask("GET", path, headers={"X-Api-Key": "key-eve-0Zz0"})
    assert (refused.status, refused.json) == (401, {"error": "unknown key"})
    assert mocks.ask("GET", path).json == {"error": "no key"}
