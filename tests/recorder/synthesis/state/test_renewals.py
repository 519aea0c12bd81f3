from synthesis.telling import as_the_service, learnt


class Club:
    def __init__(self, chance):
        self.chance = chance
        self.passwords = {}
        self.tokens = {}

    def answer(self, method, target, sent, headers):
        if target == "/members":
            self.passwords[sent["mail"]] = sent["password"]
            return 201, {"mail": sent["mail"], "number": self.chance.randint(10**6, 10**7)}
        if target == "/doors":
            if self.passwords.get(sent["mail"]) != sent["password"]:
                return 401, {"error": "wrong"}
            token = f"t-{self.chance.getrandbits(64):016x}"
            self.tokens[token] = sent["mail"]
            return 200, {"token": token, "mail": sent["mail"]}
        mail = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if mail is None:
            return 401, {"error": "who"}
        if method == "PUT":
            self.passwords[mail] = sent["new"]
            return 204, None
        return 200, {"mail": mail}


def word(chance):
    return f"{chance.getrandbits(40):010x}-Pw"


def visiting(ask, chance):
    for _ in range(3):
        mail, old, new = f"{chance.getrandbits(32):08x}@example.com", word(chance), word(chance)
        ask("POST", "/members", {"mail": mail, "password": old})
        if chance.random() < 0.5:
            ask("POST", "/doors", {"mail": mail, "password": word(chance)})
        token = ask("POST", "/doors", {"mail": mail, "password": old}).json["token"]
        own = {"Authorization": f"Bearer {token}"}
        ask("GET", "/me", headers=own)
        ask("PUT", "/password", {"new": new}, own)
        if chance.random() < 0.7:
            ask("POST", "/doors", {"mail": mail, "password": old})
        token = ask("POST", "/doors", {"mail": mail, "password": new}).json["token"]
        ask("GET", "/me", headers={"Authorization": f"Bearer {token}"})


def test_a_new_password_is_the_one_that_opens():
    mocks, service = as_the_service(Club, visiting, learnt(Club, visiting, 5))
    assert mocks == service
    assert 401 in service


def test_neither_the_old_password_nor_another_one_opens():
    mocks = learnt(Club, visiting, 5)
    mocks.ask("POST", "/members", {"mail": "a@example.com", "password": "first-Pw1"})
    door = mocks.ask("POST", "/doors", {"mail": "a@example.com", "password": "first-Pw1"})
    own = {"Authorization": f"Bearer {door.json['token']}"}
    assert mocks.ask("PUT", "/password", {"new": "second-Pw2"}, own).status == 204
    tried = [mocks.ask("POST", "/doors", {"mail": "a@example.com", "password": one}).status
             for one in ("first-Pw1", "third-Pw3", "second-Pw2", "first-Pw1")]  # fmt: skip
    assert tried == [401, 401, 200, 401]
