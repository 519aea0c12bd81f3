"""Paths may name things by another of their members than the id: an invitation by the code that it was made with."""

import pytest
from synthesis.telling import learnt, told_in, word

from recorder.synthesis.collections.entities import bind
from recorder.synthesis.endpoints.endpoint import endpoints_of


class Clubs:
    """Clubs and invitations to them, which are listed by their club, taken back by their id, and accepted by a code."""

    def __init__(self, chance):
        self.chance = chance
        self.clubs, self.invited = {}, {}

    def answer(self, method, target, sent, headers):
        del headers
        _, kind, *rest = target.split("/")
        if kind == "invitations":
            return self.of_code(rest)
        if not rest:
            made = {"id": f"c_{word(self.chance)}", "name": sent["name"]}
            self.clubs[made["id"]] = made
            return 201, made
        if rest[0] not in self.clubs:
            return 404, {"why": "no such club"}
        if len(rest) > 2:
            self.invited = {code: one for code, one in self.invited.items() if one["id"] != rest[2]}
            return 204, None
        if method == "GET":
            mine = [one for one in self.invited.values() if one["club"] == rest[0]]
            return 200, {"invitations": [{name: one[name] for name in ("id", "role")} for one in mine]}
        made = {"id": f"i_{word(self.chance)}", "role": sent["role"]}
        code = f"inv-{word(self.chance)}-{self.chance.randint(1_000_000, 9_999_999)}"
        self.invited[code] = {**made, "club": rest[0]}
        return 201, {**made, "code": code}

    def of_code(self, rest):
        one = self.invited.get(rest[0])
        if one is None:
            return 404, {"why": "no such invitation"}
        return 200, {"role": one["role"], **({"of": one["club"]} if rest[1:] else {})}


def a_season(ask, words):
    """Found two clubs, invite to both, look at each invitation, accept it, and take one back."""
    clubs = [ask("POST", "/clubs", {"name": word(words)}).json["id"] for _ in range(2)]
    for club in [*clubs, clubs[0]]:
        made = ask("POST", f"/clubs/{club}/invitations", {"role": words.choice(["guest", "helper"])}).json
        ask("GET", f"/invitations/{made['code']}")
        ask("POST", f"/invitations/{made['code']}/accept")
        ask("GET", f"/clubs/{club}/invitations")
    ask("DELETE", f"/clubs/{clubs[0]}/invitations/{made['id']}")
    ask("GET", f"/invitations/{made['code']}")
    ask("GET", f"/clubs/{clubs[0]}/invitations")


@pytest.fixture(scope="module")
def mocks():
    return learnt(Clubs, a_season, 6)


def test_an_invitation_is_known_by_its_code_and_what_it_was_made_under_with_it(mocks):
    one, other = (mocks.ask("POST", "/clubs", {"name": name}).json["id"] for name in ("chess", "go"))
    codes = [
        mocks.ask("POST", f"/clubs/{club}/invitations", {"role": role}).json["code"]
        for club, role in ((one, "helper"), (other, "guest"))
    ]
    assert [mocks.ask("GET", f"/invitations/{code}").json for code in codes] == [{"role": "helper"}, {"role": "guest"}]
    accepted = [mocks.ask("POST", f"/invitations/{code}/accept").json for code in codes]
    assert accepted == [{"role": "helper", "of": one}, {"role": "guest", "of": other}]


def test_what_was_taken_back_by_its_id_is_not_known_by_its_code_either(mocks):
    club = mocks.ask("POST", "/clubs", {"name": "chess"}).json["id"]
    made = mocks.ask("POST", f"/clubs/{club}/invitations", {"role": "guest"}).json
    mocks.ask("DELETE", f"/clubs/{club}/invitations/{made['id']}")
    assert mocks.ask("GET", f"/invitations/{made['code']}").status == 404


def made(place, code):
    return ("POST", "/boxes", {"of": "tea"}, 201, {"id": f"box-{place}77{place}", "of": "tea", "code": code})


def bound(method="GET", sent=None, own=""):
    """Give what `/codes/{code}` names, where it is read by codes of boxes, and by another way, or other codes, too."""
    sessions = []
    for place in range(3):
        code = f"k7{place}wq8z{place}"
        rows = [made(place, code), ("GET", f"/boxes/box-{place}77{place}", None, 200, made(place, code)[4])]
        rows += [("GET", f"/codes/{code}", None, 200, {"of": "tea"}), ("GET", "/codes/zz9x", None, 404, {"why": "no"})]
        sessions.append([*rows, (method, f"/codes/{f'{own}{place}' if own else code}", sent, 200, {"of": "tea"})])
    endpoints = endpoints_of(told_in(*sessions))
    _, bindings = bind(endpoints)
    binding = next(one for endpoint, one in bindings.items() if endpoint.template[:1] == ("codes",))
    return [(alias.collection.name, alias.member, alias.param) for alias in binding.aliases]


def test_what_paths_name_is_looked_up_by_the_member_that_it_is():
    assert bound() == [("boxes", "code", "code")]


@pytest.mark.parametrize(("method", "sent"), [("PUT", {"of": "tea"}), ("GET", None)])
def test_what_is_put_there_or_often_was_never_told_has_a_name_of_its_own(method, sent):
    assert bound(method, sent, own="7f0c2a1e-0b1d-4c7e-9a53-2f6e8d7c1b0") == []


def switches(method, count=3):
    """Give sessions that make switches and ask whether each is on at a path of its own."""
    return [
        call
        for number in range(count)
        for call in [
            (
                "POST",
                "/switches",
                {"key": f"lamp-{number}-hall", "on": True},
                201,
                {"key": f"lamp-{number}-hall", "on": True},
            ),
            ("GET", f"/switches/lamp-{number}-hall", None, 200, {"key": f"lamp-{number}-hall", "on": True}),
            (method, f"/state/lamp-{number}-hall", {"who": "ada"}, 200, {"lit": True}),
        ]
    ]


def test_what_is_asked_about_at_another_path_is_named_by_its_id():
    for method, names in (("POST", ["switches"]), ("PATCH", [])):
        endpoints = endpoints_of(told_in(*(switches(method) for _ in range(3))))
        _, bindings = bind(endpoints)
        [asked] = [one for one in endpoints if one.path.startswith("/state")]
        assert [one.collection.name for one in bindings[asked].aliases] == names
