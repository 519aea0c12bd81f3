import pytest
from synthesis.telling import as_the_service, learnt


def post(first, last):
    """Give a service that sends codes, and shows of an address only that many letters."""

    class Post:
        def __init__(self, chance):
            self.chance = chance
            self.to = {}

        def answer(self, method, target, sent, headers):
            if target == "/codes":
                key = f"c-{self.chance.getrandbits(64):016x}"
                self.to[key] = sent["mail"]
                return 202, {"key": key, "to": self.shown(sent["mail"])}
            key = target.split("/")[2]
            if key not in self.to:
                return 404, {"error": "no such code"}
            return 202, {"to": self.shown(self.to[key])}

        def shown(self, mail):
            name, _, host = mail.partition("@")
            return f"{name[:first]}***{name[len(name) - last :] if last else ''}@{host}"

    return Post


def asking(ask, chance):
    for _ in range(3):
        mail = f"{chance.choice('abcdef')}{chance.getrandbits(32):08x}@{chance.choice(['one', 'two'])}.example.org"
        key = ask("POST", "/codes", {"mail": mail}).json["key"]
        ask("POST", f"/codes/{key}/again")


@pytest.mark.parametrize(("first", "last"), [(1, 0), (2, 0), (1, 1)])
def test_of_an_address_as_much_is_shown_as_the_service_shows(first, last):
    made = post(first, last)
    mocks = learnt(made, asking, 4)
    told = mocks.ask("POST", "/codes", {"mail": "gwen.stacy@mail.example.org"}).json
    assert told["to"] == f"{'gwen.stacy'[:first]}***{'y' * last}@mail.example.org"
    assert mocks.ask("POST", f"/codes/{told['key']}/again").json == {"to": told["to"]}


def test_mocks_answer_as_the_service():
    mocks, service = as_the_service(post(1, 0), asking, learnt(post(1, 0), asking, 4))
    assert mocks == service
