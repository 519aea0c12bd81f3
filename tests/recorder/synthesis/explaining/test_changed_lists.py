"""Lists are explained as earlier ones with an item more, one less, or one changed."""

from synthesis.telling import Mocks, scenes_of

from recorder.synthesis.explaining.explain import Explainer
from recorder.synthesis.terms.term import Term
from recorder.synthesis.terms.vocabulary import Vocabulary

PRICES = {"mug": 450, "desk": 4575, "lamp": 1275, "rug": 990}


def filled(*carts):
    """Give the rows of one session in which things were put into carts, with the lines that carts have then."""
    rows = []
    for number, things in enumerate(carts, 1):
        lines = []
        rows.append(("POST", "/carts", {}, 201, {"id": f"cart-{number}-qx81", "lines": [], "total": 0}))
        for thing, count in things:
            sent = {"thing": thing, "count": count}
            lines = [*lines, {**sent, "price": PRICES[thing], "sum": PRICES[thing] * count}]
            cart = {"id": f"cart-{number}-qx81", "lines": lines, "total": sum(line["sum"] for line in lines)}
            rows.append(("POST", f"/carts/cart-{number}-qx81/lines", sent, 201, cart))
        rows.append(("GET", f"/carts/cart-{number}-qx81", None, 200, cart))
    return rows


def test_in_one_session_a_list_grows_by_what_is_sent_though_not_all_of_a_new_row_is_known():
    mocks = Mocks(filled([("mug", 2), ("desk", 1), ("lamp", 3)], [("rug", 1), ("mug", 4), ("desk", 2)]))
    assert mocks.wrong == []
    cart = mocks.ask("POST", "/carts", {}).json["id"]
    mocks.ask("POST", f"/carts/{cart}/lines", {"thing": "lamp", "count": 2})
    given = mocks.ask("POST", f"/carts/{cart}/lines", {"thing": "mug", "count": 3}).json
    assert given["lines"] == [
        {"thing": "lamp", "count": 2, "price": 1275, "sum": 2550}, {"thing": "mug", "count": 3, "price": 450, "sum": 1350},
    ]  # fmt: skip
    assert given["total"] == 3900


def test_in_one_session_what_one_change_of_a_row_came_to_is_reckoned():
    rows = filled([("mug", 2), ("desk", 1), ("lamp", 3)], [("rug", 1), ("mug", 4), ("desk", 2)])
    cart = rows[-1][4]
    lines = [cart["lines"][0], {**cart["lines"][1], "count": 9, "sum": 4050}, cart["lines"][2]]
    changed = {**cart, "lines": lines, "total": sum(line["sum"] for line in lines)}
    mocks = Mocks([*rows, ("PATCH", f"/carts/{cart['id']}/lines/mug", {"count": 9}, 200, changed)])
    own = mocks.ask("POST", "/carts", {}).json["id"]
    mocks.ask("POST", f"/carts/{own}/lines", {"thing": "lamp", "count": 2})
    given = mocks.ask("PATCH", f"/carts/{own}/lines/lamp", {"count": 5}).json
    assert given["lines"] == [{"thing": "lamp", "count": 5, "price": 1275, "sum": 6375}]


def test_ways_in_which_a_list_changes_are_told_apart_by_conditions_that_may_be_chance():
    lines = [[{"sku": sku, "count": count} for sku in ("mug", "rug", "desk")] for count in range(1, 13)]
    sent = [{"sku": ("mug", "rug", "desk")[at % 3], "count": 0 if at % 2 else 20 + at} for at in range(12)]
    scenes = scenes_of(*[("POST", "/set", one, 200, {}) for one in sent])
    held = {scene.sample.number: rows for scene, rows in zip(scenes, lines, strict=True)}
    cases = [
        (scene, [row | {"count": one["count"]} if row["sku"] == one["sku"] else row for row in rows])
        if one["count"]
        else (scene, [row for row in rows if row["sku"] != one["sku"]])
        for scene, one, rows in zip(scenes, sent, lines, strict=True)
    ]
    is_nothing = Term("request.json.count == 0", lambda scene: scene.sample.json["count"] == 0)

    def decide(asked, labels, *, by_chance=False):
        told = dict.fromkeys(labels)
        first = next(label for scene, label in zip(asked, labels, strict=True) if is_nothing.get(scene))
        return [(is_nothing, first), (None, next(one for one in told if one != first))] if by_chance else None

    vocabulary = Vocabulary(scenes, {}, [Term("vars.cart.lines", lambda scene: held[scene.sample.number], "lines")])
    node = Explainer(vocabulary, decide, "set").explain([(scene, {"lines": value}) for scene, value in cases])
    assert node.unknown == 0
    assert "drop_rows(vars.cart.lines, 'sku', request.json.sku)" in str(node.document())
