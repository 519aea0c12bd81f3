"""Numbers that count on among what begins alike are counted by the mocks, too."""

import pytest
from synthesis.telling import Mocks, learnt, word


class Invoices:
    """Invoices whose numbers count on after a head: the one given, or the year of their date."""

    head = ""

    def __init__(self, chance):
        del chance
        self.made = {}

    def answer(self, method, target, sent, headers):
        del headers
        if method == "GET":
            found = self.made.get(target.rpartition("/")[2])
            return (200, {**found}) if found else (404, {"error": "none"})
        head = self.head or f"{sent['date'][:4]}-"
        count = sum(number.startswith(head) for number in self.made) + 1
        made = {"number": f"{head}{count:04d}", **sent}
        self.made[made["number"]] = made
        return 201, {**made}


class Headed(Invoices):
    """The same with a head that is always the same."""

    head = "INV-"


def billing(ask, words):
    """Make invoices of some years, and look at two of them."""
    made = []
    for _ in range(4):
        year = words.choice([2024, 2025])
        asked = {"date": f"{year}-0{words.randint(1, 9)}-11", "memo": word(words)}
        made.append(ask("POST", "/invoices", asked).json["number"])
    for number in words.sample(made, 2):
        ask("GET", f"/invoices/{number}")


@pytest.mark.parametrize(
    ("service", "numbers"),
    [(Invoices, ["2026-0001", "2027-0001", "2026-0002"]), (Headed, ["INV-0001", "INV-0002", "INV-0003"])],
)
def test_numbers_count_on_among_what_begins_alike(service, numbers):
    mocks = learnt(service, billing, 5)
    dates = ["2026-03-01", "2027-01-02", "2026-05-06"]
    made = [mocks.ask("POST", "/invoices", {"date": date, "memo": "x"}).json for date in dates]
    assert [one["number"] for one in made] == numbers


def test_numbers_that_do_not_count_on_are_made_up():
    class Drawn(Invoices):
        def answer(self, method, target, sent, headers):
            status, told = super().answer(method, target, sent, headers)
            return status, {**told, "number": f"2024-{sum(map(ord, told.get('memo', ''))) % 9999:04d}"}

    assert "zfill" not in str(learnt(Drawn, billing, 5).definition("post-invoices"))


def test_the_year_of_numbers_is_that_of_a_date_that_is_sent_though_one_session_had_but_one_year():
    dates = ["2024-03-01", "2024-05-02", "2024-05-09", "2024-07-07"]
    rows = [
        (
            "POST",
            "/entries",
            {"date": date},
            201,
            {"id": f"e{place}71c0abx9", "date": date, "number": f"2024-0000{place}"},
        )
        for place, date in enumerate(dates, 1)
    ]
    mocks = Mocks([*rows, ("GET", "/entries/e171c0abx9", None, 200, rows[0][4])])
    assert [mocks.ask("POST", "/entries", {"date": date}).json["number"] for date in ("2031-01-01", "2031-02-02")] == [
        "2031-00001", "2031-00002",
    ]  # fmt: skip


class Vouchers(Headed):
    """Vouchers with ids that count on, also after the last one was deleted, and numbers of the same count."""

    count = 0

    def answer(self, method, target, sent, headers):
        key = target.rpartition("/")[2]
        if method == "DELETE":
            return (204, None) if self.made.pop(key, None) else (404, {"error": "none"})
        if method == "GET":
            return super().answer(method, target, sent, headers)
        self.count += 1
        made = {"id": self.count, "number": f"INV-{self.count:04d}", **sent}
        self.made[str(self.count)] = made
        return 201, {**made}


def voiding(ask, words):
    """Make vouchers, and delete the last one now and then."""
    for _ in range(4):
        made = ask("POST", "/vouchers", {"memo": word(words)}).json
        ask("GET", f"/vouchers/{made['id']}")
        if words.random() < 0.5:
            ask("DELETE", f"/vouchers/{made['id']}")


def test_numbers_count_on_with_ids_though_items_are_deleted():
    mocks = learnt(Vouchers, voiding, 6)
    made = []
    for place in range(3):
        made.append(mocks.ask("POST", "/vouchers", {"memo": f"memo {place}"}).json)
        assert mocks.ask("DELETE", f"/vouchers/{made[-1]['id']}").status == 204
    assert [(one["id"], one["number"]) for one in made] == [(1, "INV-0001"), (2, "INV-0002"), (3, "INV-0003")]
