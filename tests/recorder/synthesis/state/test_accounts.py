from synthesis.telling import as_the_service, learnt


class Gym:
    """Members with a profile that only `/me` shows, who may move to another address once they confirm it."""

    def __init__(self, chance):
        self.chance = chance
        self.members = []
        self.passwords = {}
        self.tokens = {}

    def answer(self, method, target, sent, headers):
        if target == "/join":
            member = {"id": len(self.members) + 1, "mail": sent["mail"], "name": sent["name"], "next_mail": None}
            self.members.append(member)
            self.passwords[member["id"]] = sent["password"]
            return 201, dict(member)
        if target == "/door":
            member = next((one for one in self.members if one["mail"] == sent["mail"]), None)
            if member is None or self.passwords[member["id"]] != sent["password"]:
                return 401, {"error": "wrong"}
            token = f"t-{self.chance.getrandbits(64):016x}"
            self.tokens[token] = member
            return 200, {"token": token, "member": {"id": member["id"], "name": member["name"]}}
        member = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if member is None:
            return 401, {"error": "who"}
        if target == "/me/mail" and method == "DELETE":
            member["next_mail"] = None
            return 204, None
        if target == "/me/mail":
            member["next_mail"] = sent["wanted"]
            return 202, {"within_days": 2}
        if target == "/me/mail/confirm":
            if member["next_mail"] is None:
                return 409, {"error": "nothing to confirm"}
            member["mail"], member["next_mail"] = member["next_mail"], None
            return 200, dict(member)
        if target == "/me/password":
            self.passwords[member["id"]] = sent["new"]
            return 204, None
        if method == "PATCH":
            member["name"] = sent["name"]
        return 200, dict(member)


def word(chance):
    return f"{chance.getrandbits(40):010x}-Pw"


def mail(chance):
    return f"{chance.getrandbits(32):08x}@example.com"


def door(ask, address, password):
    answered = ask("POST", "/door", {"mail": address, "password": password})
    return {"Authorization": f"Bearer {answered.json['token']}"} if answered.status == 200 else {}


def moving(ask, chance):
    address, password = mail(chance), word(chance)
    ask("POST", "/join", {"mail": address, "name": f"N{chance.getrandbits(24):06x}", "password": password})
    own = door(ask, address, password)
    for _ in range(4):
        if chance.random() < 0.5:
            door(ask, address, word(chance))
        if chance.random() < 0.4:
            ask("POST", "/me/mail/confirm", {}, own)
        wanted = mail(chance)
        ask("POST", "/me/mail", {"wanted": wanted}, own)
        ask("GET", "/me", headers=own)
        if chance.random() < 0.4:
            ask("DELETE", "/me/mail", headers=own)
        else:
            ask("POST", "/me/mail/confirm", {}, own)
            if chance.random() < 0.7:
                door(ask, address, password)
            address = wanted
            own = door(ask, address, password)
        ask("GET", "/me", headers=own)
        if chance.random() < 0.5:
            fresh = word(chance)
            ask("PUT", "/me/password", {"new": fresh}, own)
            if chance.random() < 0.7:
                door(ask, address, password)
            password = fresh
            own = door(ask, address, password)
        if chance.random() < 0.4:
            ask("PATCH", "/me", {"name": f"N{chance.getrandbits(24):06x}"}, own)


def test_what_calls_change_of_the_account_of_who_calls_is_seen_though_they_do_not_show_it():
    mocks = learnt(Gym, moving, 12)
    mocks.ask("POST", "/join", {"mail": "a@example.com", "name": "Ada", "password": "first-Pw1"})
    own = door(mocks.ask, "a@example.com", "first-Pw1")
    assert mocks.ask("POST", "/me/mail", {"wanted": "b@example.com"}, own).status == 202
    assert mocks.ask("GET", "/me", headers=own).json["next_mail"] == "b@example.com"
    assert mocks.ask("DELETE", "/me/mail", headers=own).status == 204
    assert mocks.ask("GET", "/me", headers=own).json == {
        "id": 1, "mail": "a@example.com", "name": "Ada", "next_mail": None,
    }  # fmt: skip


def test_another_address_of_an_account_opens_with_its_password_and_the_old_one_no_more():
    mocks = learnt(Gym, moving, 12)
    mocks.ask("POST", "/join", {"mail": "a@example.com", "name": "Ada", "password": "first-Pw1"})
    own = door(mocks.ask, "a@example.com", "first-Pw1")
    mocks.ask("POST", "/me/mail", {"wanted": "b@example.com"}, own)
    assert mocks.ask("POST", "/me/mail/confirm", {}, own).json["mail"] == "b@example.com"
    mocks.ask("PUT", "/me/password", {"new": "second-Pw2"}, own)
    tried = [("a", "first-Pw1"), ("a", "second-Pw2"), ("b", "first-Pw1"), ("b", "second-Pw2")]
    statuses = [
        mocks.ask("POST", "/door", {"mail": f"{name}@example.com", "password": one}).status for name, one in tried
    ]
    assert statuses == [401, 401, 401, 200]


def test_mocks_of_accounts_are_as_the_service():
    mocks, service = as_the_service(Gym, moving, learnt(Gym, moving, 12))
    assert mocks == service
    assert {401, 409} <= set(service)
