"""What a call names may belong to something that decides: a card is on a lane, and this on a board that is closed."""

import pytest
from journeys import call
from synthesis.scenes import scenes_of
from synthesis.telling import learnt, word

from recorder.synthesis.collections.binding import Collection
from recorder.synthesis.collections.held_references import held_references
from recorder.synthesis.collections.references import Fields
from recorder.synthesis.terms.scene import Lookup
from recorder.synthesis.terms.term import Term


class Kanban:
    """Boards with lanes, which hold so many cards at most; cards are archived, and boards are closed."""

    def __init__(self, chance):
        self.chance = chance
        self.boards, self.lanes, self.cards = {}, {}, {}

    def answer(self, method, target, sent, headers):
        del headers
        _, kind, *rest = target.split("/")
        if not rest:
            made = {"id": f"b_{word(self.chance)}", "name": sent["name"], "closed": False}
            self.boards[made["id"]] = made
            return 201, made
        return {"boards": self.of_board, "lanes": self.of_lane, "cards": self.of_card}[kind](method, rest, sent)

    def of_board(self, method, rest, sent):
        board = self.boards[rest[0]]
        if rest[1:]:
            made = {"id": f"l_{word(self.chance)}", "boardId": rest[0], "cardLimit": sent["cardLimit"]}
            self.lanes[made["id"]] = made
            return 201, self.shown(made)
        if method == "PATCH":
            board["closed"] = sent["closed"]
        return 200, board

    def shown(self, lane):
        own = [one for one in self.cards.values() if one["lane"]["id"] == lane["id"] and not one["archivedAt"]]
        return {**lane, "cardCount": len(own)}

    def of_lane(self, method, rest, sent):
        lane = self.lanes.get(rest[0])
        if lane is None:
            return 404, {"why": "no such lane"}
        if method == "GET":
            return 200, self.shown(lane)
        if self.boards[lane["boardId"]]["closed"]:
            return 409, {"why": "the board is closed"}
        if self.shown(lane)["cardCount"] >= lane["cardLimit"]:
            return 422, {"why": "the lane is full"}
        made = {"id": f"c_{word(self.chance)}", "title": sent["title"], "lane": {"id": rest[0]}, "archivedAt": None}
        self.cards[made["id"]] = made
        return 201, made

    def of_card(self, method, rest, sent):
        del sent
        if method == "POST":
            self.cards[rest[0]]["archivedAt"] = "2026-01-05"
        return 200, self.cards[rest[0]]


def a_week(ask, words):
    """Fill a lane of one of two boards, archive a card, add another, look at the lanes, and close the board."""
    for _ in range(2):
        board = ask("POST", "/boards", {"name": word(words)}).json["id"]
        ask("GET", f"/boards/{board}")
        lanes = [ask("POST", f"/boards/{board}/lanes", {"cardLimit": words.randint(2, 4)}).json["id"] for _ in range(2)]
        for lane in lanes:
            for _ in range(words.randint(2, 5)):
                card = ask("POST", f"/lanes/{lane}/cards", {"title": word(words)})
                ask("GET", f"/lanes/{lane}")
                if card.status == 201 and words.random() < 0.4:
                    ask("POST", f"/cards/{card.json['id']}/archive")
                    ask("GET", f"/cards/{card.json['id']}")
                    ask("GET", f"/lanes/{lane}")
        ask("PATCH", f"/boards/{board}", {"closed": True})
        ask("POST", f"/lanes/{words.choice(lanes)}/cards", {"title": word(words)})
    ask("GET", f"/lanes/l_{word(words)}")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Kanban, a_week, 8)


def a_lane(mocks, limit):
    board = mocks.ask("POST", "/boards", {"name": "tea"}).json["id"]
    return board, mocks.ask("POST", f"/boards/{board}/lanes", {"cardLimit": limit}).json["id"]


def test_a_lane_is_full_when_it_has_as_many_cards_as_it_may_but_for_those_that_are_archived(mocks):
    _, other = a_lane(mocks, 5)
    _, lane = a_lane(mocks, 3)
    mocks.ask("POST", f"/lanes/{other}/cards", {"title": "x"})
    cards = [mocks.ask("POST", f"/lanes/{lane}/cards", {"title": title}) for title in "abcd"]
    assert [one.status for one in cards] == [201, 201, 201, 422]
    assert mocks.ask("GET", f"/lanes/{lane}").json["cardCount"] == 3
    mocks.ask("POST", f"/cards/{cards[0].json['id']}/archive")
    assert mocks.ask("GET", f"/lanes/{lane}").json["cardCount"] == 2
    assert mocks.ask("POST", f"/lanes/{lane}/cards", {"title": "e"}).status == 201


def test_what_is_below_a_closed_board_is_closed_too(mocks):
    board, lane = a_lane(mocks, 3)
    _, other = a_lane(mocks, 3)
    mocks.ask("PATCH", f"/boards/{board}", {"closed": True})
    assert mocks.ask("POST", f"/lanes/{lane}/cards", {"title": "a"}).status == 409
    assert mocks.ask("POST", f"/lanes/{other}/cards", {"title": "a"}).status == 201


LANES = Collection(("lanes", None), "lanes", ("id",))
BOARDS = Collection(("boards", None), "boards", ("id",))


def references(*lanes, sessions=4):
    """Give what is looked up beside the lane that each call names, by the lanes' members."""
    held = {"lanes": {f"l{place}": lane for place, lane in enumerate(lanes)}}
    held["boards"] = {key: {"id": key} for key in ("b_88_tea", "b_99_rye", "1", "2")}
    named = {
        "lane": Lookup("lane", "lanes", Term("request.json.lane", lambda scene: scene.sample.json["lane"], "lane"))
    }
    calls = [
        call("POST", "/x", {"lane": f"l{at % len(lanes)}"}, session=f"s{at % sessions}") for at in range(2 * sessions)
    ]
    scenes = scenes_of(*calls, held=held, lookups=named)
    timelines = {scene.sample.session: scene.timeline for scene in scenes}
    fields = Fields(timelines, [LANES, BOARDS])
    return [one.text for one in held_references(scenes, named, [LANES, BOARDS], fields).values()]


def test_a_member_that_is_the_key_of_something_else_leads_to_it():
    assert references({"boardId": "b_88_tea"}, {"boardId": "b_99_rye"}) == ["resource.boards.get(vars.lane.boardId)"]


@pytest.mark.parametrize(
    ("lanes", "sessions"),
    [
        ([{"boardId": "b_88_tea"}, {"boardId": "b_77_oat"}], 4),
        ([{"boardId": "b_88_tea"}], 4),
        ([{"boardCount": "1"}, {"boardCount": "2"}], 4),
        ([{"boardId": "b_88_tea"}, {"boardId": "b_99_rye"}], 2),
    ],
)
def test_what_is_seldom_a_key_or_always_the_same_or_seen_in_few_sessions_leads_nowhere(lanes, sessions):
    assert references(*lanes, sessions=sessions) == []


GARDENS = [f"west-{number}7" for number in range(12)]


def references_below(collection, kind, *told, goes_on=True):
    """Give what is looked up beside the job that each call names, by what the jobs tell; each has its own garden."""
    held = {"jobs": {f"{own}/j1": {"about": told[at % 2].format(own)} for at, own in enumerate(GARDENS)}}
    held["beds"] = {f"{own}/{key}": {"id": key} for own in GARDENS for key in ("4f19c2e75a01", "9b02d6aa71c3")}
    key = Term("request.json.job", lambda scene: scene.sample.json["job"], "job")
    named = {"job": Lookup("job", "jobs", key)}
    calls = [
        call("POST", f"/{kind}/{own}/x", {"job": f"{own}/j1"}, session=f"s{at % 4}") for at, own in enumerate(GARDENS)
    ]
    scenes = scenes_of(*calls, held=held, lookups=named)
    jobs = Collection(("gardens", None, "jobs", None), "jobs", ("id",), goes_on=goes_on)
    fields = Fields({scene.sample.session: scene.timeline for scene in scenes}, [jobs, collection])
    return [one.text for one in held_references(scenes, named, [jobs, collection], fields).values()]


BEDS = Collection(("gardens", None, "beds", None), "beds", ("id",))
LINKED = Collection(("gardens", None, "beds", None), "beds", ("name",), is_linked=True)


def test_a_member_leads_to_what_is_below_the_same_thing_by_its_key_or_by_its_path():
    above = "resource.beds.get(request.path_params.garden ~ '/' ~ "
    assert references_below(BEDS, "gardens", "4f19c2e75a01", "9b02d6aa71c3") == [f"{above}vars.job.about)"]
    paths = ("gardens/{}/beds/4f19c2e75a01", "gardens/{}/beds/9b02d6aa71c3")
    assert references_below(LINKED, "gardens", *paths) == [f"{above}(vars.job.about | split('/') | last))"]


def test_a_member_leads_nowhere_where_the_path_does_not_say_below_what_or_the_form_is_another():
    assert references_below(BEDS, "parks", "4f19c2e75a01", "9b02d6aa71c3") == []
    assert references_below(LINKED, "gardens", "4f19c2e75a01", "9b02d6aa71c3") == []
    assert references_below(BEDS, "gardens", "4f19c2e75a01", "9b02d6aa71c3", goes_on=False) == []
