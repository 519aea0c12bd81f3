from datetime import UTC, datetime

from synthesis.telling import BEGAN, Mocks

from recorder.synthesis.state.lapses import Lapse, lapsed


def at(seconds):
    return datetime.fromtimestamp(BEGAN + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def session(number, spans):
    """Holds for so many seconds; a second lies between two calls."""
    rows = []
    for place, span in enumerate(spans):
        begun = 3600 * number + len(rows)
        name = f"h{number}x{place}b7"
        sent = {"seat": f"A{place}", **({"seconds": span} if span != 20 else {})}
        hold = {"id": name, "state": "open", "seat": f"A{place}", "until": at(begun + span)}
        rows.append(("POST", "/holds", sent, 201, hold))
        for after in (1, 2, 3):
            shown = {**hold, "state": "gone" if after >= span else "open"}
            rows.append(("GET", f"/holds/{name}", None, 200, shown))
        status, told = (200, {"paid": name}) if span > 4 else (410, {"error": "gone"})
        rows.append(("POST", f"/holds/{name}/pay", {"by": "card"}, status, told))
    return rows


def test_a_hold_expires_by_the_clock():
    mocks = Mocks(*(session(number, spans) for number, spans in enumerate([(2, 20, 1), (20, 3, 20), (600, 2, 20, 1)])))
    assert mocks.wrong == []
    hold = mocks.ask("POST", "/holds", {"seat": "C1", "seconds": 30}).json
    assert hold["until"] == at(90_000 + 30)
    assert mocks.ask("GET", f"/holds/{hold['id']}").json["state"] == "open"
    assert mocks.ask("POST", "/holds", {"seat": "C2"}).json["until"] == at(90_000 + 20)
    mocks.later(31)
    assert mocks.ask("POST", f"/holds/{hold['id']}/pay", {"by": "card"}).status == 410
    assert mocks.ask("GET", f"/holds/{hold['id']}").json["state"] == "gone"


def test_only_items_that_lapse_are_written_so():
    lapses = {"holds": Lapse("holds", "until", "state", "open", "gone")}
    text = "find(resource.holds.all(), 'a)', resource.seats.get('x').y) ~ resource.holds.get(f('(')).state"
    end = "'until', 'state', 'open', 'gone')"
    assert lapsed(text, lapses) == (
        f"find(lapsed(resource.holds.all(), {end}, 'a)', resource.seats.get('x').y)"
        f" ~ lapsed(resource.holds.get(f('(')), {end}.state"
    )
    assert lapsed(text, {}) == text
