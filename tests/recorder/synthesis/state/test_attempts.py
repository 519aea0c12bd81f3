from synthesis.telling import as_the_service, learnt


class Vault:
    """A door that is shut for an address after three wrong words, until its word is changed."""

    def __init__(self, chance):
        self.chance = chance
        self.words = {}
        self.wrong = {}
        self.tokens = {}
        self.codes = {}

    def answer(self, method, target, sent, headers):
        if target == "/members":
            self.words[sent["mail"]] = sent["word"]
            return 201, {"mail": sent["mail"], "number": self.chance.randint(10**6, 10**7)}
        if target == "/doors":
            return self.open(sent["mail"], sent["word"])
        if target == "/codes":
            key = f"c-{self.chance.getrandbits(64):016x}"
            self.codes[key] = 0
            return 202, {"code": key}
        if target.startswith("/codes/"):
            return self.check(target.removeprefix("/codes/"), sent["colour"])
        mail = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if mail is None:
            return 401, {"error": "who"}
        if method == "PUT":
            if self.words[mail] != sent["old"]:
                return 403, {"error": "not the old one"}
            self.words[mail] = sent["new"]
            self.wrong.pop(mail, None)
            return 204, None
        return 200, {"mail": mail}

    def open(self, mail, word):
        if self.wrong.get(mail, 0) >= 3:
            return 423, {"error": "shut"}
        if self.words.get(mail) != word:
            self.wrong[mail] = self.wrong.get(mail, 0) + 1
            return 401, {"error": "wrong"}
        self.wrong.pop(mail, None)
        token = f"t-{self.chance.getrandbits(64):016x}"
        self.tokens[token] = mail
        return 200, {"token": token, "mail": mail}

    def check(self, key, colour):
        if self.codes.get(key, 2) >= 2:
            return 423, {"error": "locked"}
        if colour == "blue":
            return 200, {"seen": True}
        self.codes[key] += 1
        return (423, {"error": "locked"}) if self.codes[key] == 2 else (400, {"left": 2 - self.codes[key]})


def word(chance):
    return f"{chance.getrandbits(40):010x}-Pw"


def visiting(ask, chance):
    for _ in range(3):
        mail, old = f"{chance.getrandbits(32):08x}@example.com", word(chance)
        ask("POST", "/members", {"mail": mail, "word": old})
        token = ask("POST", "/doors", {"mail": mail, "word": old}).json["token"]
        tries = chance.choice([1, 2, 3, 4])
        for _ in range(tries):
            ask("POST", "/doors", {"mail": mail, "word": word(chance)})
        ask("POST", "/doors", {"mail": mail, "word": old})
        own = {"Authorization": f"Bearer {token}"}
        if chance.random() < 0.5:
            ask("PUT", "/word", {"old": word(chance), "new": word(chance)}, own)
        ask("PUT", "/word", {"old": old, "new": (new := word(chance))}, own)
        ask("POST", "/doors", {"mail": mail, "word": new})
        ask("PUT", "/word", {"old": old, "new": word(chance)}, own)
        ask("GET", "/me", headers=own)
        ask("GET", "/me", headers={"Authorization": f"Bearer {word(chance)}"})
        key = ask("POST", "/codes", {}).json["code"]
        for _ in range(chance.randint(0, 3)):
            ask("POST", f"/codes/{key}", {"colour": "red"})
        ask("POST", f"/codes/{key}", {"colour": "blue"})


def statuses(mocks, *calls):
    return [mocks.ask(*call).status for call in calls]


def test_mocks_lock_after_as_many_tries_as_the_service():
    mocks, service = as_the_service(Vault, visiting, learnt(Vault, visiting, 6))
    assert mocks == service
    assert {401, 423, 400, 403} <= set(service)


def test_a_door_is_shut_for_one_address_until_its_word_is_changed():
    mocks = learnt(Vault, visiting, 6)
    for mail in ("a@example.com", "b@example.com"):
        mocks.ask("POST", "/members", {"mail": mail, "word": "first-Pw1"})
    good = {"mail": "a@example.com", "word": "first-Pw1"}
    bad = ("POST", "/doors", {**good, "word": "other-Pw2"})
    own = {"Authorization": f"Bearer {mocks.ask('POST', '/doors', good).json['token']}"}
    assert statuses(mocks, bad, bad, ("POST", "/doors", good), bad, bad, bad, ("POST", "/doors", good)) == [
        401, 401, 200, 401, 401, 401, 423,
    ]  # fmt: skip
    assert mocks.ask("POST", "/doors", {**good, "mail": "b@example.com"}).status == 200
    assert mocks.ask("PUT", "/word", {"old": "first-Pw1", "new": "third-Pw3"}, own).status == 204
    assert mocks.ask("POST", "/doors", {**good, "word": "third-Pw3"}).status == 200


def test_the_word_of_now_is_asked_for_and_not_the_one_that_the_token_came_with():
    mocks = learnt(Vault, visiting, 6)
    mocks.ask("POST", "/members", {"mail": "a@example.com", "word": "first-Pw1"})
    own = {
        "Authorization": "Bearer "
        + mocks.ask("POST", "/doors", {"mail": "a@example.com", "word": "first-Pw1"}).json["token"]
    }
    change = [("first-Pw1", "second-Pw2"), ("first-Pw1", "third-Pw3"), ("second-Pw2", "third-Pw3")]
    told = [mocks.ask("PUT", "/word", {"old": old, "new": new}, own).status for old, new in change]
    assert told == [204, 403, 204]
    stranger = {"Authorization": "Bearer t-0000000000000000"}
    assert mocks.ask("PUT", "/word", {"old": "third-Pw3", "new": "x"}, stranger).status == 401


def test_the_try_that_reaches_the_limit_is_the_first_that_is_locked_and_answers_tell_how_many_are_left():
    mocks = learnt(Vault, visiting, 6)
    key = mocks.ask("POST", "/codes", {}).json["code"]
    told = [mocks.ask("POST", f"/codes/{key}", {"colour": one}) for one in ("red", "red", "blue")]
    assert [one.status for one in told] == [400, 423, 423]
    assert told[0].json == {"left": 1}


def test_one_session_is_enough_where_the_status_says_that_something_is_locked():
    mocks = learnt(Vault, visiting, 1)
    key = mocks.ask("POST", "/codes", {}).json["code"]
    told = [mocks.ask("POST", f"/codes/{key}", {"colour": "red"}).status for _ in range(3)]
    assert told[-1] == 423
