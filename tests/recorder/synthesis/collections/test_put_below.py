"""What is put at a word below a thing is read there, whoever asks."""

from __future__ import annotations

from synthesis.telling import learnt, told, word

from recorder.synthesis.collections.put_below import shows_what_was_put
from recorder.synthesis.endpoints.endpoint import endpoints_of


class Halls:
    """Halls with a sign, which everybody may read and change; puts are answered with a number alone."""

    def __init__(self, chance):
        self.chance = chance
        self.halls, self.signs = {}, {}

    def answer(self, method, target, sent, headers):
        if not headers.get("Authorization"):
            return 401, {"error": "who asks?"}
        _, _, *rest = target.split("/")
        if not rest:
            key = word(self.chance, "0123456789abcdef", 12)
            self.halls[key] = {"id": key, **sent}
            return 201, self.halls[key]
        if rest[0] not in self.halls:
            return 404, {"error": "no hall"}
        if rest[1:] != ["sign"]:
            return 200, self.halls[rest[0]]
        if method == "PUT":
            self.signs[rest[0]] = sent
            return 200, {"event": word(self.chance)}
        return (200, self.signs[rest[0]]) if rest[0] in self.signs else (404, {"error": "no sign"})


def signing(ask, words):
    one, other = ({"Authorization": f"Bearer {word(words)}"} for _ in range(2))
    keys = [ask("POST", "/halls", {"name": word(words)}, one).json["id"] for _ in range(2)]
    ask("GET", f"/halls/{keys[0]}/sign", None, one)
    for key, who in zip(keys, (one, other), strict=True):
        ask("PUT", f"/halls/{key}/sign", {"words": word(words)}, who)
        ask("GET", f"/halls/{key}/sign", None, other)
    ask("GET", f"/halls/{keys[0]}/sign", None, one)


def test_each_thing_has_what_was_put_last():
    mocks = learnt(Halls, signing, 6)
    who = {"Authorization": "Bearer abc"}
    keys = [mocks.ask("POST", "/halls", {"name": name}, who).json["id"] for name in ("oak", "elm")]
    assert mocks.ask("GET", f"/halls/{keys[0]}/sign", None, who).status == 404
    for key, words in zip([*keys, keys[0]], ("in", "out", "closed"), strict=True):
        assert mocks.ask("PUT", f"/halls/{key}/sign", {"words": words}, who).status == 200
    shown = [mocks.ask("GET", f"/halls/{key}/sign", None, who).json for key in keys]
    assert shown == [{"words": "closed"}, {"words": "out"}]


def signs(*shown):
    put = ("PUT", "/halls/a7/sign", {"words": "in"}, 200, {})
    samples = told(put, *(("GET", "/halls/a7/sign", None, 200, one) for one in shown))
    found = {one.method: one for one in endpoints_of(samples)}
    return shows_what_was_put(found["GET"], found["PUT"])


def test_what_shows_other_things_or_much_more_is_none_of_it():
    assert signs({"words": "in"}, {"words": "in"})
    assert not signs({"words": "in"})
    assert not signs({"words": "in"}, {"words": "out"})
    assert not signs(*[{"words": "in", "a": 1, "b": 2}] * 2)
