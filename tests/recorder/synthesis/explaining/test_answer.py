"""An answer is explained whole: status, headers, and a body in its own form."""

from __future__ import annotations

from random import Random
from urllib.parse import urlencode

from synthesis.telling import Mocks, learnt, scenes_of

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.answer import encoded, explain_answer, tags_body
from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.terms.vocabulary import Vocabulary


def explained(*rows, headers=None):
    scenes = scenes_of(*rows)
    vocabulary = Vocabulary(scenes, {})
    return explain_answer(scenes, Explainer(vocabulary, Judge(scenes, vocabulary).decide, "x"), headers)


def told(answered):
    return {
        name: (node.document(), condition.text if condition else None) for name, node, condition in answered.headers
    }


NAMES = ("Ada", "Bo", "Cyd")


def test_json_is_explained_part_by_part():
    found = explained(*[("POST", "/x", {"name": name}, 201, {"hello": name, "by": "us"}) for name in NAMES])
    assert (found.status, found.form, found.body.document()) == (
        201,
        "json",
        {"hello": "{{ request.json.name }}", "by": "us"},
    )
    assert (found.unknown, [term.text for term in found.terms], found.names) == (0, ["request.json.name"], {})


def test_text_and_bytes_keep_their_form():
    text = explained(*[("POST", "/x", {"name": name}, 200, f"Hello, {name}!".encode()) for name in NAMES])
    assert (text.form, text.body.document()) == ("text", "Hello, {{ request.json.name }}!")
    raw = explained(*[("GET", "/x", None, 200, b"\xff\xd8\x00")] * 2)
    assert (raw.form, raw.raw, encoded(raw.raw), raw.body) == ("binary", b"\xff\xd8\x00", "/9gA", None)
    none = explained(("DELETE", "/x", None, 204, None))
    assert (none.form, none.body, none.raw) == ("none", None, b"")


def test_headers_are_explained_but_for_those_of_the_moment():
    rows = [
        ("POST", "/x", {"name": name}, 201, {"a": 1}, {}, {"X-Name": name, "Date": "now", "Server": "s", "X-Runtime": name, "X-Fixed": "f"})
        for name in NAMES
    ]  # fmt: skip
    assert told(explained(*rows)) == {
        "content-type": ("application/json", None), "x-name": ("{{ request.json.name }}", None), "x-fixed": ("f", None),
    }  # fmt: skip
    assert told(explained(*rows, headers=["x-fixed"])) == {"x-fixed": ("f", None)}


def test_the_id_of_a_call_is_made_anew():
    ids = (
        "d750e0cf-0b76-4b8f-8645-e7e23ed914cc",
        "a0e4f4d0-cf64-49a2-a675-318cfeef852b",
        "9e541c8a-5911-4eae-bc1b-089bad6b3e77",
    )
    found = told(explained(*[("GET", "/x", None, 200, {"a": 1}, {}, {"X-Request-Id": one}) for one in ids]))
    assert "uuid" in found["x-request-id"][0]
    asked = [("GET", "/x", None, 200, {"a": 1}, {"X-Request-Id": one}, {"X-Request-Id": one}) for one in ids]
    assert told(explained(*asked))["x-request-id"][0] == "{{ request.headers['x-request-id'] }}"


def test_a_header_that_is_not_always_there_has_a_condition():
    rows = [
        ("GET", f"/x{query}", None, 200, {"a": 1}, {}, {"X-Page": "2"} if query else {})
        for query in ("", "?page=2", "", "?page=2")
    ]
    document, condition = told(explained(*rows))["x-page"]
    assert (document, "request.query.page" in condition) == ("2", True)


def test_an_entity_tag_is_another_where_the_body_is():
    rows = [
        ("PUT", "/x", {"n": n}, 200, {"n": n}, {}, {"ETag": f'"{tag}"'})
        for n, tag in ((1, "9f86d081"), (2, "60303ae2"), (3, "fd61a03a"))
    ]
    found = explained(*rows)
    assert (told(found)["etag"], tags_body(found)) == (
        ("{{ '\"' ~ hash(vars.body, 'sha256')[:8] ~ '\"' }}", None),
        True,
    )
    mocks = Mocks(rows)
    one, two, again = (mocks.ask("PUT", "/x", {"n": n}).headers["etag"] for n in (7, 8, 7))
    assert (one == again, one == two, len(one)) == (True, False, 10)


def test_cookies_are_set_by_a_line_each_from_whatever_names_were_sent():
    words = ["kernel", "meadow", "garnet", "opal", "haven", "jetty", "ridge", "zephyr", "delta", "quartz"]
    pairs = [{one: f"{one}-1", other: f"{other}-22"} for one, other in zip(words[::2], words[1::2], strict=True)]
    scenes = scenes_of(*[("GET", f"/set?{urlencode(one)}", None, 302, None) for one in pairs])
    for scene, one in zip(scenes, pairs, strict=True):
        lines = tuple(("set-cookie", f"{name}={value}; Path=/") for name, value in one.items())
        scene.sample.answer_headers = lines
    vocabulary = Vocabulary(scenes, {})
    found = explain_answer(scenes, Explainer(vocabulary, Judge(scenes, vocabulary).decide, "x"))
    assert told(found) == {
        "set-cookie": ("{{ each((request.query | items), (row[0] ~ '=' ~ row[1] ~ '; Path=/')) }}", None)
    }


def test_a_tag_has_quotes_only_where_the_recorded_ones_have():
    def tagged(mark):
        tags = ("9f86d081884c7d65", "60303ae22b998861", "fd61a03af4f77d87")
        rows = [("GET", "/x", None, 200, {"n": tag}, {}, {"ETag": f"{mark}{tag[::-1]}{mark}"}) for tag in tags]
        return told(explained(*rows))["etag"][0]

    assert tagged('"') == "{{ '\"' ~ hash(vars.body, 'sha256')[:16] ~ '\"' }}"
    assert tagged("") == "{{ hash(vars.body, 'sha256')[:16] }}"


class Desk:
    """Cards with a version in their entity tag, which a withdrawal counts up without telling."""

    def __init__(self, chance):
        self.chance = chance
        self.cards = {}

    def answer(self, method, target, sent, headers):
        if method == "POST":
            name = f"{self.chance.getrandbits(32):08x}"
            self.cards[name] = [{"id": name, **sent, "state": "open"}, 1]
            return 201, self.cards[name][0], {"ETag": '"1"'}
        card = self.cards[target.split("/")[2]]
        if method == "DELETE":
            card[0]["state"], card[1] = "closed", card[1] + 1
            return 204, None
        if method == "PATCH":
            card[0], card[1] = {**card[0], **sent}, card[1] + 1
        return 200, card[0], {"ETag": f'"{card[1]}"'}


def carding(ask, chance):
    for _ in range(4):
        name = ask("POST", "/cards", {"text": f"t{chance.randint(0, 10**6)}"}).json["id"]
        ask("GET", f"/cards/{name}")
        for _ in range(chance.randint(1, 3)):
            ask("PATCH", f"/cards/{name}", {"text": f"u{chance.randint(0, 10**6)}"})
        ask("DELETE", f"/cards/{name}")
        ask("GET", f"/cards/{name}")


def test_a_short_number_is_a_version_and_no_digest_though_some_calls_do_not_tell_it():
    mocks = learnt(Desk, carding, 5)
    name = mocks.ask("POST", "/cards", {"text": "one"}).json["id"]
    for version in range(2, 13):
        assert mocks.ask("PATCH", f"/cards/{name}", {"text": "two"}).headers["etag"] == f'"{version}"'
        assert mocks.ask("GET", f"/cards/{name}").headers["etag"] == f'"{version}"'


def uploads(seed):
    random = Random(seed)
    for number in range(3):
        key = f"{random.getrandbits(80):020x}"
        answer = {"link": f"http://cdn.test/x/{key}", "twin": f"http://cdn.test/y/{key}", "id": key}
        yield ("POST", "/uploads", {"number": number}, 201, answer)


def test_texts_that_hold_the_same_token_are_explained_one_by_the_other_and_not_in_a_circle():
    mocks = Mocks(*map(list, map(uploads, range(4))))
    told = mocks.ask("POST", "/uploads", {"number": 9}).json
    assert mocks.made.remarks == []
    assert told == {
        "link": f"http://cdn.test/x/{told['id']}",
        "twin": f"http://cdn.test/y/{told['id']}",
        "id": told["id"],
    }


def test_a_media_type_has_nothing_to_do_with_what_is_asked_for():
    text = {"Content-Type": "text/plain; charset=utf-8"}
    rows = [("POST", "/x", {"a": 1}, 201, {"id": 8, "a": 1}), ("GET", "/x/8", None, 200, {"id": 8, "a": 1})]
    mocks = Mocks([*rows, ("DELETE", "/x/8", None, 403, b"Forbidden", {}, text), ("GET", "/x/9", None, 404, {})])
    [*_, last] = [mocks.ask("POST", "/x", {"a": one}).json["id"] for one in (2, 3)]
    assert last == 9
    assert mocks.ask("DELETE", "/x/9").headers["content-type"] == "text/plain; charset=utf-8"
