"""A token that two headers of an answer hold is one token."""

from __future__ import annotations

import re

from synthesis.telling import learnt, word

SIGNS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Gate:
    """Tells a token in a cookie and in a header beside it."""

    def token(self):
        return word(self.chance, SIGNS, 24)

    def __init__(self, chance):
        self.chance = chance

    def answer(self, method, target, sent, headers):
        del method, target, headers
        own = self.token()
        told = {"Set-Cookie": f"guard={own}; Path=/", "X-Guard": self.beside(own)}
        return 201, {"name": sent["name"]}, told

    def beside(self, own):
        return f"v1 {own}"


class Careless(Gate):
    """Tells two tokens."""

    def beside(self, own):
        del own
        return f"v1 {self.token()}"


def passing(ask, words):
    for _ in range(3):
        ask("POST", "/gate", {"name": word(words)})


def tokens(service):
    mocks = learnt(service, passing, 4)
    asked = [mocks.ask("POST", "/gate", {"name": "ada"}).headers for _ in range(2)]
    return [re.findall(r"\w{24}", f"{one['set-cookie']} {one['x-guard']}") for one in asked]


def test_a_token_in_a_cookie_is_that_of_the_header_beside_it():
    (one, same), (other, again) = tokens(Gate)
    assert (one, other) == (same, again)
    assert one != other


def test_two_tokens_stay_two():
    assert len({one for pair in tokens(Careless) for one in pair}) == 4
