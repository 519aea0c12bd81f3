"""What stands in an answer twice is made once."""

from __future__ import annotations

from synthesis.telling import Mocks, learnt, scenes_of, word

from recorder.synthesis.explaining.derive import Names
from recorder.synthesis.explaining.repeats import made_up_terms, name_used, share_repeats
from recorder.synthesis.nodes.node import Fixed, MadeUp, Named, Object


def cases_of(*answers):
    scenes = scenes_of(*[("GET", "/x", None, 200, {})] * len(answers))
    return list(zip(scenes, answers, strict=True))


def test_what_is_made_anew_and_stands_twice_is_made_once():
    node = Object(
        {
            "id": (MadeUp("uuid()", "uuid"), None),
            "self": (MadeUp("uuid()", "uuid"), None),
            "n": (MadeUp("uuid()", "uuid"), None),
        }
    )
    shared = share_repeats(
        node, cases_of({"id": "a", "self": "a", "n": "c"}, {"id": "b", "self": "b", "n": "d"}), Names()
    )
    assert shared.document() == {"id": "{{ vars.id }}", "self": "{{ vars.id }}", "n": "{{ uuid() }}"}
    assert isinstance(shared.members["id"][0], Named)


def test_what_is_made_anew_can_be_spoken_of_and_is_named_where_it_is():
    cases = cases_of({"id": "a"}, {"id": "b"})
    node = Object({"id": (MadeUp("uuid()", "uuid"), None), "x": (Fixed(1), None)})
    [(term, path, name)] = made = made_up_terms(node, cases, Names())
    assert (term.text, path, name, [term.get(scene) for scene, _ in cases]) == ("vars.id", ("id",), "id", ["a", "b"])
    assert name_used(node, frozenset({"made:id"}), made).document() == {"id": "{{ vars.id }}", "x": 1}
    assert name_used(node, frozenset(), made) is node


class Plans:
    """Subscriptions with one line, that names the bill; customers have lists that are empty."""

    def __init__(self, chance):
        self.chance = chance
        self.customers = {}

    def answer(self, method, target, sent, _headers):
        key = word(self.chance)
        if target == "/customers":
            made = self.customers[key] = {"id": key, "name": sent["name"], "cards": {"data": [], "more": False}}
            return 201, made
        if method == "GET" or sent["customer"] not in self.customers:
            return 404, {"error": "not there"}
        bill = word(self.chance)
        lines = {"data": [{"line": word(self.chance), "bill": bill}], "more": False}
        return 201, {"id": key, "customer": sent["customer"], "lines": lines, "bill": bill}


def subscribing(ask, words):
    for _ in range(2):
        key = ask("POST", "/customers", {"name": word(words)}).json["id"]
        ask("POST", "/subscriptions", {"customer": key})
    ask("POST", "/subscriptions", {"customer": "nobody"})


def test_the_only_row_of_a_list_shares_what_is_made_anew_though_others_have_empty_lists_of_that_name():
    mocks = learnt(Plans, subscribing, 5)
    key = mocks.ask("POST", "/customers", {"name": "ada"}).json["id"]
    made = mocks.ask("POST", "/subscriptions", {"customer": key}).json
    assert [line["bill"] for line in made["lines"]["data"]] == [made["bill"]]


class Mast:
    """Flags on a mast: a new one has a path with an id in its answer, and one of another host in `Location`."""

    def __init__(self, chance):
        self.chance = chance
        self.flags = {}

    def answer(self, method, target, sent, headers):
        del headers
        if method == "POST":
            key = "".join(self.chance.choices("ABCDEFGHKLMNPQRSTUVWXYZ23456789", k=18))
            self.flags[key] = {"Id": f"/flag/{key}", "Colour": sent["Colour"]}
            return 201, {"Flag": self.flags[key]}, {"Location": f"https://mast.example.net/v2/flag/{key}"}
        found = self.flags.get(target.rpartition("/")[2])
        return (200, {"Flag": found}) if found else (404, {"Error": "no flag"})


def hoisting(ask, words):
    """Hoist two flags and look at each."""
    for _ in range(2):
        made = ask("POST", "/v2/flag", {"Colour": word(words)}).json["Flag"]
        ask("GET", f"/v2{made['Id']}")
    ask("GET", f"/v2/flag/{words.randint(1000, 9999)}")


def test_a_new_id_in_a_path_is_drawn_once_for_body_and_location():
    mocks = learnt(Mast, hoisting, 5)
    made = mocks.ask("POST", "/v2/flag", {"Colour": "green"})
    assert made.headers["location"] == f"https://mast.example.net/v2{made.json['Flag']['Id']}"
    assert mocks.ask("GET", f"/v2{made.json['Flag']['Id']}").json == made.json


class Cellar:
    """Bottles are taken from racks; a refusal says in words what its members are."""

    def __init__(self, chance):
        self.chance = chance
        self.left = {}

    def answer(self, method, target, sent, headers):
        del headers
        if target == "/racks":
            self.left[sent["name"]] = sent["bottles"]
            return 201, sent
        [_, _, name, *_] = target.split("/")
        if name not in self.left:
            return 404, {"error": {"text": f"There is no rack {name.upper()}"}}
        if method == "GET":
            return 200, {"name": name, "bottles": self.left[name]}
        wanted, left = sent["bottles"], self.left[name]
        if wanted > left:
            words = f"{wanted} of {left} in {name}: too many"
            return 409, {"error": {"text": words, "rack": name, "there": left, "wanted": wanted}}
        self.left[name] -= wanted
        return 200, {"name": name, "bottles": self.left[name]}


def taking(ask, words):
    """Fill a rack, take from it, and now and then more than there is."""
    name, bottles = word(words), words.randint(20, 60)
    ask("POST", "/racks", {"name": name, "bottles": bottles})
    ask("GET", f"/racks/{name}")
    ask("POST", f"/racks/{name}/take", {"bottles": words.randint(2, 9)})
    if words.random() < 0.4:
        ask("POST", f"/racks/{name}/take", {"bottles": 61 + words.randint(1, 30)})
    ask("GET", f"/racks/{name}")


def test_what_a_refusal_says_in_words_follows_its_members():
    mocks = learnt(Cellar, taking, 12)
    mocks.ask("POST", "/racks", {"name": "nook", "bottles": 21})
    refused = mocks.ask("POST", "/racks/nook/take", {"bottles": 90})
    assert (refused.status, refused.json) == (
        409, {"error": {"text": "90 of 21 in nook: too many", "rack": "nook", "there": 21, "wanted": 90}},
    )  # fmt: skip


def test_the_only_refusal_of_its_kind_tells_how_much_was_asked_for_and_how_much_there_is():
    rows = []
    for name, bottles in (("shelf", 12), ("crate", 31), ("chest", 44)):
        rows.append([("POST", "/racks", {"name": name, "bottles": bottles}, 201, {"name": name, "bottles": bottles})])
        rows[-1] += [("GET", f"/racks/{name}", None, 200, {"name": name, "bottles": bottles})]
        left = {"name": name, "bottles": bottles - 3}
        rows[-1] += [
            ("POST", f"/racks/{name}/take", {"bottles": 3}, 200, left),
            ("GET", f"/racks/{name}", None, 200, left),
        ]
    refusal = {"error": {"text": "70 of 28 in crate: too many", "rack": "crate", "there": 28, "wanted": 70}}
    rows[1].append(("POST", "/racks/crate/take", {"bottles": 70}, 409, refusal))
    mocks = Mocks(*rows)
    mocks.ask("POST", "/racks", {"name": "nook", "bottles": 21})
    refused = mocks.ask("POST", "/racks/nook/take", {"bottles": 90})
    assert (refused.status, refused.json) == (
        409, {"error": {"text": "90 of 21 in nook: too many", "rack": "nook", "there": 21, "wanted": 90}},
    )  # fmt: skip


def test_what_is_sent_is_told_again_in_capitals():
    sessions = [[("GET", f"/racks/{name}", None, 200, {"name": name})] for name in ("shelf", "crate", "chest")]
    sessions[2].append(("GET", "/racks/nowhere", None, 404, {"error": {"text": "There is no rack NOWHERE"}}))
    assert Mocks(*sessions).ask("GET", "/racks/niche").json == {"error": {"text": "There is no rack NICHE"}}


def test_an_id_that_stands_by_itself_is_the_one_that_its_links_end_with():
    def told(key):
        links = {"self": f"/visits/{key}", "cancel": f"/visits/{key}/cancel"}
        return {"links": links, "id": key, "day": "monday"}

    one, two = "5f0c1b1e-77e0-4d6a-9a52-0d4be1a3c9f1", "a8c3d0aa-1d1b-4a0f-8f5b-2f6f0a61b7c4"
    rows = [
        ("POST", "/visits", {"day": "monday"}, 201, told(key), {}, {"Location": f"/visits/{key}"}) for key in (one, two)
    ]
    mocks = Mocks([*rows, ("GET", f"/visits/{one}", None, 200, told(one))])
    made = mocks.ask("POST", "/visits", {"day": "monday"})
    assert made.json == told(made.json["id"])
    assert made.headers["location"] == f"/visits/{made.json['id']}"


class Mill:
    """Orders, with a bill in the answer where something is to be paid: it names the order, and has an id of its own."""

    def __init__(self, chance):
        self.chance = chance
        self.orders = {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        if method == "GET":
            return 200, self.orders[target.rpartition("/")[2]]
        order = {"id": f"ord_{self.chance.getrandbits(56):014x}", "sacks": sent["sacks"], "free": sent["free"]}
        self.orders[order["id"]] = order
        bill = {"id": f"{self.chance.getrandbits(80):020x}", "order_id": order["id"], "sum": sent["sacks"] * 7}
        return 201, {"order": order, "bill": None if sent["free"] else bill}


def milling(ask, words):
    """Order some."""
    for _ in range(3):
        made = ask("POST", "/orders", {"sacks": words.randint(1, 40), "free": words.random() < 0.4}).json
        ask("GET", f"/orders/{made['order']['id']}")


def test_what_only_some_answers_have_names_what_is_made_with_it():
    mocks = learnt(Mill, milling, count=8)
    told = mocks.ask("POST", "/orders", {"sacks": 6, "free": False}).json
    assert told["bill"]["order_id"] == told["order"]["id"]
    assert told["bill"]["id"] not in (told["order"]["id"], "")
    assert mocks.ask("GET", f"/orders/{told['bill']['order_id']}").json["sacks"] == 6
    assert mocks.ask("POST", "/orders", {"sacks": 6, "free": True}).json["bill"] is None
