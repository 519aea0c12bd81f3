"""Cookies are set with values and times of their own, under names that are known."""

from email.utils import formatdate

from synthesis.telling import learnt, word


class Door:
    """Gives whoever knocks a cookie that is kept for a quarter of an hour, and tells who knocked by it."""

    clock = 1_700_000_000

    def __init__(self, chance):
        self.chance = chance
        self.guests = {}

    def answer(self, method, target, sent, headers):
        if method == "POST":
            key = word(self.chance, "0123456789abcdef", 32)
            self.guests[key] = sent["name"]
            # the calls of a session are told as a second apart
            until = formatdate(self.clock + 900 + len(self.guests), usegmt=True)
            line = f"sid={key}; Expires={until}; Max-Age=900; Path=/; HttpOnly"
            return 201, {"name": sent["name"]}, {"Set-Cookie": line}
        del target
        name = self.guests.get(headers.get("Cookie", "").partition("=")[2])
        return (200, {"name": name}) if name else (401, {"error": "who is it"})


def knocking(ask, words):
    """Knock twice, and be known both times."""
    for _ in range(2):
        given = ask("POST", "/door", {"name": word(words)}).headers
        line = given.get("Set-Cookie") or given["set-cookie"]
        ask("GET", "/door", None, {"Cookie": line.partition(";")[0]})
    ask("GET", "/door")


def test_a_cookie_with_a_time_until_which_it_is_kept_is_another_for_each_caller():
    mocks = learnt(Door, knocking, count=5)
    lines = [mocks.ask("POST", "/door", {"name": name}).headers["set-cookie"] for name in ("ada", "bob")]
    keys = [line.partition(";")[0] for line in lines]
    assert keys[0] != keys[1]
    assert all(line.endswith("; Max-Age=900; Path=/; HttpOnly") for line in lines)
    shown = [mocks.ask("GET", "/door", None, {"Cookie": key}).json for key in keys]
    assert shown == [{"name": "ada"}, {"name": "bob"}]
