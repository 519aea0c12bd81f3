"""Single values are explained by the first that holds: a term, a kind, a choice, a count, a table."""

from random import Random
from types import SimpleNamespace

import pytest
from synthesis.telling import Mocks, as_the_service, learnt, scenes_of, word

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.scalars import Scalars
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary


def explained(sent, values, name="x"):
    """Give how values that were answered to what was sent are written; "?" for a guess."""
    node = node_of(sent, values, name)
    return "?" if node.unknown else node.document()


def node_of(sent, values, name):
    scenes = scenes_of(*[("POST", "/orders", one, 200, {}) for one in sent])
    vocabulary = Vocabulary(scenes, {})
    scalars = Scalars(Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders"))
    return scalars.explain(list(zip(scenes, values, strict=True)), name)


KINDS = [{"kind": kind, "n": number} for number, kind in enumerate(["tea", "rye"] * 4)]


@pytest.mark.parametrize(
    ("sent", "values", "text"),
    [
        (KINDS, [one["kind"] for one in KINDS], "{{ request.json.kind }}"),
        (KINDS, ["open"] * 8, "open"),
        (KINDS, [None] * 8, None),
        (KINDS, [100 + number for number in range(8)], "{{ (state.incr('orders:count') + 99) }}"),
        ([{"n": 1}] * 3, ["?a", "!b", ".c"], "?"),
    ],
)
def test_a_value_is_explained_by_the_first_that_holds(sent, values, text):
    assert explained(sent, values) == text


def test_few_values_are_chosen_by_what_was_sent():
    values = ["hot" if one["kind"] == "tea" else "dry" for one in KINDS]
    text = explained(KINDS, values)
    assert (text.count(" if "), "request.json.kind" in text, "'hot'" in text, "'dry'" in text) == (1, True, True, True)


def test_what_was_not_given_has_its_default():
    sent = [{"size": "large"}, {}, {"size": "small"}, {}]
    text = explained(sent, [one.get("size", "normal") for one in sent], "size")
    assert text == "{{ request.json.size if request.json.size is defined else 'normal' }}"


def test_nulls_are_explained_on_their_own():
    sent = [{"paid": number % 2 == 0, "note": f"note {number}"} for number in range(8)]
    text = explained(sent, [one["note"] if one["paid"] else None for one in sent], "note")
    assert ("request.json.note" in text, "none" in text, "request.json.paid" in text) == (True, True, True)


def test_what_the_page_tells_is_the_better_guess():
    scenes = scenes_of(*[("GET", f"/orders?n={number}", None, 200, {}) for number in range(10)])
    totals = {id(scene): number for number, scene in enumerate(scenes)}
    vocabulary = Vocabulary(scenes, {}, [Term("vars.list.total", lambda scene: totals[id(scene)], "total")])
    values = [0, 1, 9, 3, 4, 5, 0, 7, 8, 9]
    node = Scalars(Grounds(vocabulary, lambda *_, **__: None, "orders")).explain(
        list(zip(scenes, values, strict=True)), "count"
    )
    assert (node.document(), node.unknown) == ("{{ vars.list.total }}", 1)


def test_what_reckons_with_an_item_that_may_not_be_there_asks_for_it():
    scenes = scenes_of(*[("POST", "/orders", {"first": number % 4 == 0}, 200, {}) for number in range(12)])
    held = {id(scene): 100 + 7 * number for number, scene in enumerate(scenes)}
    vocabulary = Vocabulary(scenes, {}, [Term("vars.item.no", lambda scene: held[id(scene)], "no", 1.0)])
    values = [1 if scene.sample.json["first"] else held[id(scene)] + 1 for scene in scenes]
    scalars = Scalars(Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders"))
    text = scalars.explain(list(zip(scenes, values, strict=True)), "no").document()
    assert text == "{{ (vars.item.no + 1) if vars.item.no is number and (request.json.first == false) else 1 }}"


def test_in_one_session_a_large_number_that_was_sent_once_is_taken_from_there():
    sent = [{"amount": 1575}, {"total": 2125}, {"total": 3950}]
    text = "{{ request.json.amount if request.json.amount is defined else request.json.total }}"
    assert explained(sent, [1575, 2125, 3950], "captured") == text
    few = [{"kind": "a"}, {"n": 21}, {"n": 39}, {"n": 2}]
    assert explained(few, ["a", "t1", "t2", "t3"], "captured") == "?"


def test_in_one_session_things_that_came_again_tell_values_by_a_table():
    scenes = scenes_of(*[("POST", "/orders", {"sku": sku}, 200, {}) for sku in ("tea", "rye", "oat", "tea")])
    vocabulary = Vocabulary(scenes, {})
    scalars = Scalars(Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders"))
    node = scalars.explain(list(zip(scenes, ["Black", "Dark", "White", "Black"], strict=True)), "name")
    assert node.document() == "{{ (resource.recorded_orders_name.get(request.json.sku) | default('Black')) }}"


def test_what_few_calls_send_is_taken_as_sent_and_else_made_up():
    codes = [word(Random(n), "abcdefghijkXYZ0123456789", 7) for n in range(20)]
    rows = [("POST", "/links", {"url": f"u{n}"}, 201, {"code": code}) for n, code in enumerate(codes)]
    rows += [("POST", "/links", {"url": "u", "alias": name}, 201, {"code": name}) for name in ("my-hats", "our-cups")]
    mocks = Mocks(rows)
    assert mocks.ask("POST", "/links", {"url": "u", "alias": "their-pots"}).json == {"code": "their-pots"}
    first, second = (mocks.ask("POST", "/links", {"url": "u"}).json["code"] for _ in range(2))
    assert first != second
    assert len(first) == len(second)


def test_in_one_session_what_comes_to_all_of_few_values_is_likelier_than_one_of_them():
    texts = ["Jetty anchor kettle", "Raven jetty lagoon beacon", "Garnet nectar ember haven"]
    rows = [
        ("PUT", f"/pages/p-{n}41", {"text": text}, 200, {"text": text, "words": len(text.split())})
        for n, text in enumerate(texts)
    ]
    mocks = Mocks(rows)
    assert mocks.ask("PUT", "/pages/p-941", {"text": "Quiver ridge"}).json == {"text": "Quiver ridge", "words": 2}


def test_the_path_of_what_one_call_made_is_written_around_its_id():
    made = {"id": "co_r23LPI8aFCbr", "name": "Ada"}
    mocks = Mocks(
        [("POST", "/v1/companies", {"name": "Ada"}, 201, made, {}, {"Location": "/v1/companies/" + made["id"]})]
    )
    given = mocks.ask("POST", "/v1/companies", {"name": "Bob"})
    assert given.headers["location"] == f"/v1/companies/{given.json['id']}"


def test_what_is_right_more_often_than_not_is_the_better_guess():
    sent = [{"title": f"title {number}"} for number in range(10)]
    values = [f"{one['title']}{' (2)' if number in (3, 8) else ''}" for number, one in enumerate(sent)]
    node = node_of(sent, values, "label")
    assert (node.document(), node.unknown) == ("{{ request.json.title }}", 1)


def test_where_a_member_is_sent_another_guess_may_be_better():
    sent = [{"source": f"file {number}"} if number % 2 else {} for number in range(16)]
    odd = {1: "file 1 copy", 7: "file 7 copy", 8: "unnamed 2"}
    values = [odd.get(number, one.get("source", "unnamed")) for number, one in enumerate(sent)]
    node = node_of(sent, values, "label")
    assert node.unknown
    assert node.document() == "{{ request.json.source if request.json.source is defined else 'unnamed' }}"


def test_one_session_shows_what_is_sent_with_little_around_it_once():
    made = {"name": "velvet-nectar-4605.example.", "host": "velvet-nectar-4605.example", "at": "x81-Qa02kUt7Zz41"}
    mocks = Mocks([("POST", "/zones", {"host": "velvet-nectar-4605.example"}, 201, made)])
    told = mocks.ask("POST", "/zones", {"host": "plain-amber-17.example"}).json
    assert (told["name"], told["host"]) == ("plain-amber-17.example.", "plain-amber-17.example")
    assert told["at"] != made["at"]


def test_numbers_that_go_on_in_each_of_two_sessions_are_counted_and_not_told_by_what_else_differs():
    def ordered(number, city):
        return "POST", "/orders", {"city": city}, 201, {"number": number, "city": city}

    mocks = Mocks([ordered(1001, "Porto"), ordered(1002, "Turku")], [ordered(1001, "Porto"), ordered(1002, "Oslo")])
    given = [mocks.ask("POST", "/orders", {"city": city}).json["number"] for city in ("Oslo", "Porto", "Porto")]
    assert given == [1001, 1002, 1003]


SHOP = {"id": "shop_5d1e9a7c40", "name": "Corner", "url": "/shops/shop_5d1e9a7c40/tags", "key": "CRN"}
TAGS = [
    ("POST", "/shops", {"name": "Corner", "key": "CRN"}, 201, SHOP),
    ("POST", SHOP["url"], {"word": ""}, 422, {"why": "no word", "instance": SHOP["url"]}),
    ("POST", SHOP["url"], {"word": "Open"}, 201, {"id": "tag_79d30e2b", "word": "Open"}),
    ("POST", "/shops", {"name": "Second", "key": "CRN"}, 409, {"why": "Key CRN is in use"}),
]


def test_a_refusal_tells_the_path_that_was_asked_though_the_thing_has_it_too():
    refused = Mocks(TAGS).ask("POST", "/shops/shop_00000000aa/tags", {"word": ""})
    assert refused.json["instance"] == "/shops/shop_00000000aa/tags"


def test_a_text_around_an_id_that_was_made_once_follows_the_new_one():
    made = Mocks(TAGS).ask("POST", "/shops", {"name": "Third", "key": "TRD"}).json
    assert made["url"] == f"/shops/{made['id']}/tags"


def test_a_short_key_that_one_session_was_refused_is_taken_by_whatever_has_it():
    mocks = Mocks(TAGS)
    assert mocks.ask("POST", "/shops", {"name": "Third", "key": "TRD"}).status == 201
    assert mocks.ask("POST", "/shops", {"name": "Fourth", "key": "TRD"}).status == 409
    assert mocks.ask("POST", "/shops", {"name": "Fourth", "key": "FRT"}).status == 201


def test_what_one_call_of_a_session_sent_under_the_name_is_shown_as_it_is_sent():
    sent = [{"k": "a"}, {"k": "b"}, {"k": "a", "seats": 7}]
    assert explained(sent, [20, 20, 7], "seats") == "{{ request.json.seats if request.json.seats is defined else 20 }}"
    assert explained(sent, [20, 20, 7], "left") == "?"
    assert explained(sent, [20, 20, 8], "seats") == "?"


class Lanterns:
    """Lanterns whose wicks may have names: which one burns is told by that, or by its place, to each who asks."""

    def __init__(self, chance):
        self.chance, self.lanterns = chance, {}

    def answer(self, method, target, sent, _headers):
        key = target.strip("/").split("/")[1:]
        if not key:
            wicks = [{"wick": name} for name in sent["names"]] if "names" in sent else [{"length": 1}, {"length": 2}]
            made = {"id": word(self.chance), **sent, "wicks": wicks}
            made.pop("names", None)
            self.lanterns[made["id"]] = made
            return 201, made
        found = self.lanterns.get(key[0])
        if found is None:
            return 404, {"error": "no such lantern"}
        if method == "GET":
            return 200, found
        is_shown = sent["guest"] in found["guests"] or sent.get("town") in found["towns"]
        place = 1 if not found["lit"] or is_shown else found["usual"]
        return 200, {"burns": found["wicks"][place].get("wick", str(place))}


def lighting(ask, words):
    for lit in (True, False, True, True):
        for names in ({}, {"names": [word(words).capitalize() for _ in range(2)]}):
            asked = {
                "guests": [word(words)],
                "towns": [words.choice(("Ulm", "Bonn"))],
                "usual": words.choice((0, 0, 1)),
            }
            made = ask("POST", "/lanterns", {"lit": lit, **asked, **names}).json
            ask("GET", f"/lanterns/{made['id']}")
            for guest in (made["guests"][0], word(words)):
                ask("POST", f"/lanterns/{made['id']}/ask", {"guest": guest})
            ask(
                "POST",
                f"/lanterns/{made['id']}/ask",
                {"guest": word(words), "town": words.choice(("Ulm", "Bonn", "Kiel"))},
            )


def test_words_and_numbers_are_explained_each_on_their_own():
    mocks = learnt(Lanterns, lighting, 8)
    given, wanted = as_the_service(Lanterns, lighting, mocks, 4_722)
    assert given == wanted


def test_words_are_told_apart_from_numbers_and_not_from_each_other():
    asked = []
    grounds = SimpleNamespace(tell_values_apart=lambda cases, shapes: asked.append(shapes))
    for texts in (("Kosi", "3", "Brul", "17"), ("Kosi", "Brul", "Wend")):
        Scalars(grounds)._shaped([(None, text) for text in texts], "x")
    [shapes] = asked
    assert [shapes.index(shape) for shape in shapes] == [0, 1, 0, 1]
