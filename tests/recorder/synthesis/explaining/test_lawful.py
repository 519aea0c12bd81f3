"""An endpoint that few calls showed reckons as all that show the same object do."""

from synthesis.stalls import Stall, serving
from synthesis.telling import learnt, word


def test_what_is_left_of_a_tray_is_added_up_though_few_calls_showed_it():
    mocks = learnt(Stall, serving(Stall), 10)
    named = {"Cookie": f"tray={mocks.ask('POST', '/tray').json['tray']}"}
    for code, count in (("mug-s", 2), ("pan-l", 3)):
        mocks.ask("POST", "/tray/rows", {"code": code, "count": count}, named)
    added = mocks.ask("PUT", "/tray/voucher", {"voucher": "TENTH"}, named).json
    assert (added["count"], added["sums"]) == (5, {"whole": 12150, "off": 1215, "due": 10935})
    left = mocks.ask("DELETE", "/tray/rows/pan-l", None, named).json
    assert (left["count"], left["sums"]) == (2, {"whole": 1800, "off": 180, "due": 1620})
    assert mocks.ask("PUT", "/tray/voucher", {"voucher": "FOUR"}, named).json["sums"] == {
        "whole": 1800, "off": 400, "due": 1400,
    }  # fmt: skip


class Hamper:
    """Hampers of priced goods with a code, a tax and shipping that is free from some amount on, also reckoned anew."""

    def __init__(self, chance):
        self.chance, self.hampers = chance, {}

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        [_, _, *rest] = target.split("/")
        if not rest:
            made = {"id": word(self.chance), "lines": [], "code": None, "ship": "post"}
            self.hampers[made["id"]] = made
            return 201, self.shown(made)
        made = self.hampers.get(rest[0])
        if made is None:
            return 404, {"error": "no such hamper"}
        if rest[1:] == ["lines"]:
            made["lines"].append(sent)
        elif method == "PUT":
            made |= sent
        return 200, self.shown(made)

    def shown(self, made):
        goods = round(sum(one["price"] * one["count"] for one in made["lines"]), 2)
        off = round(goods * 0.1, 2) if made["code"] == "TEN" else 0
        tax = round((goods - off) * 0.2, 2)
        ship = {"collect": 0, "van": 9.5}.get(made["ship"], 0 if goods >= 50 else 4.9)
        sums = {"goods": goods, "off": off, "tax": tax, "ship": ship, "due": round(goods - off + tax + ship, 2)}
        return {**made, "lines": list(made["lines"]), "sums": sums}


def shopping(ask, chance):
    for _ in range(2):
        path = f"/hampers/{ask('POST', '/hampers', {}).json['id']}"
        for _ in range(chance.randint(1, 3)):
            ask("POST", f"{path}/lines", {"price": chance.randint(100, 2500) / 100, "count": chance.randint(1, 3)})
        ask("PUT", f"{path}/ship", {"ship": chance.choice(["collect", "van", "post"])})
        if chance.random() < 0.5:
            ask("PUT", f"{path}/code", {"code": "TEN"})
        ask("POST", f"{path}/lines", {"price": chance.randint(100, 3500) / 100, "count": 2})
        ask("GET", path)


def test_shipping_and_a_total_of_four_numbers_are_reckoned_as_everywhere():
    mocks = learnt(Hamper, shopping, 12)
    path = f"/hampers/{mocks.ask('POST', '/hampers', {}).json['id']}"
    mocks.ask("PUT", f"{path}/code", {"code": "TEN"})
    mocks.ask("POST", f"{path}/lines", {"price": 12.3, "count": 2})
    assert mocks.ask("GET", path).json["sums"] == {"goods": 24.6, "off": 2.46, "tax": 4.43, "ship": 4.9, "due": 31.47}
    added = mocks.ask("POST", f"{path}/lines", {"price": 20, "count": 2}).json
    assert added["sums"] == {"goods": 64.6, "off": 6.46, "tax": 11.63, "ship": 0, "due": 69.77}
