"""Texts are fixed pieces around values that are known or made anew."""

from synthesis.telling import Mocks, learnt, scenes_of, word

from recorder.synthesis.conditions.guards import Judge
from recorder.synthesis.explaining.grounds import Grounds
from recorder.synthesis.explaining.phrases import joined, mostly_around, worded
from recorder.synthesis.terms.vocabulary import Vocabulary

SENT = [{"name": "Ada", "qty": 2}, {"name": "Bo", "qty": 31}, {"name": "Cyd", "qty": 5}]


def phrased(text_of, explain, *words):
    """Give how texts that a function makes of what was sent are written, or None."""
    scenes = scenes_of(*[("POST", "/orders", one, 200, {}) for one in SENT])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders")
    made = explain(grounds, [(scene, text_of(scene.sample.json, place)) for place, scene in enumerate(scenes)], *words)
    return None if made is None else made.document()


def test_known_values_are_found_in_texts():
    text = phrased(lambda sent, _place: f"Dear {sent['name']}, {sent['qty']} of them!", joined, 1)
    assert text == "Dear {{ request.json.name }}, {{ request.json.qty }} of them!"


def test_what_is_made_anew_may_stand_between_fixed_pieces():
    ids = ["9f86d081884c7d65", "60303ae22b998861", "fd61a03af4f77d87"]
    text = phrased(lambda sent, place: f"{sent['name']}/{ids[place]}", joined, 1)
    assert text == "{{ request.json.name }}{{ ('/' ~ random_hex(16)) }}"


def test_texts_in_which_nothing_is_known_are_no_phrase():
    assert phrased(lambda _sent, place: f"row {'xyz'[place]}", joined, 1) is None


def test_texts_are_taken_word_by_word():
    text = phrased(lambda _sent, place: f"number {place + 7} of 31, please", worded, "text")
    assert text == "number {{ (state.incr('orders:count') + 6) }} of 31, please"


def test_words_must_be_as_many_and_between_the_same_marks():
    assert phrased(lambda _sent, place: "one " * place, worded, "text") is None
    assert phrased(lambda _sent, place: f"a{'.,;'[place]} b c", worded, "text") is None


def test_most_texts_may_be_what_is_known_within_fixed_pieces():
    names = ["Ada Lund", "Bo Quispe", "Cyd Berg", "Dora Ito"]
    scenes = scenes_of(*[("POST", "/notes", {"text": name}, 200, {}) for name in [*names, "Fay *Ross*"]])
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "notes")
    texts = [*(f"<p>{name}</p>" for name in names), "<p>Fay <em>Ross</em></p>"]
    made, right = mostly_around(grounds, list(zip(scenes, texts, strict=True)))
    assert (made.document(), made.unknown, right) == ("<p>{{ request.json.text }}</p>", 1, 4)
    others = [("POST", "/notes", {"text": name}, 200, {}) for name in names]
    assert mostly_around(grounds, list(zip(scenes_of(*others), "abcd", strict=True))) == (None, 0)


def test_a_number_that_is_told_as_a_text_is_written_as_one():
    scenes = scenes_of(*[("POST", "/orders", {"qty": 31}, 200, {})] * 2)
    vocabulary = Vocabulary(scenes, {})
    grounds = Grounds(vocabulary, Judge(scenes, vocabulary).decide, "orders")
    made = joined(grounds, [(scene, "31000") for scene in scenes], 1)
    assert made is None
    scenes = scenes_of(*[("POST", "/orders", {"qty": 31000}, 200, {})] * 2)
    grounds = Grounds(Vocabulary(scenes, {}), Judge(scenes, vocabulary).decide, "orders")
    assert joined(grounds, [(scene, "31000") for scene in scenes], 1).document() == "{{ (request.json.qty | string) }}"


def test_a_number_in_a_refusal_is_what_the_path_says():
    mocks = Mocks([
        ("POST", "/lists/l7x/items", {"name": "tea"}, 201, {"id": 1, "name": "tea"}),
        ("GET", "/lists/l7x/items/1", None, 200, {"id": 1, "name": "tea"}),
        ("GET", "/lists/l7x/items/2", None, 404, {"error": "Item 2 is not in the list"}),
    ])  # fmt: skip
    assert mocks.ask("GET", "/lists/l7x/items/8").json == {"error": "Item 8 is not in the list"}


class Cellar:
    """Casks in a folder that the service makes for itself at each start, and names when it finds none."""

    def __init__(self, chance):
        self.folder = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789_", k=9)) + "q7"

    def answer(self, method, target, sent, headers):
        del method, sent, headers
        return 404, {"error": f"Nothing at /var/run/cellar-{self.folder}/casks/{target.rpartition('/')[2]}"}


def looking(ask, words):
    for _ in range(3):
        ask("GET", f"/casks/{word(words)}-{words.randint(10, 99)}")


def test_what_is_made_at_the_start_of_a_service_stays_the_same():
    mocks = learnt(Cellar, looking, 6)
    one, other = (mocks.ask("GET", f"/casks/{name}").json["error"] for name in ("rum-1", "rum-2"))
    assert one.removesuffix("rum-1") == other.removesuffix("rum-2")
    assert one.startswith("Nothing at /var/run/cellar-")
