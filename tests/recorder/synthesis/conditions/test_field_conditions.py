"""What one value of a request may be can be asked for."""

from base64 import b64encode

from journeys import call
from synthesis.scenes import held_in, item_lookup, scenes_of

from recorder.synthesis.conditions.field_conditions import of_fields
from recorder.synthesis.terms.vocabulary import Vocabulary


def conditions(*bodies, statuses=None):
    scenes = scenes_of(
        *(
            call("POST", "/things", body, status=status)
            for body, status in zip(bodies, statuses or [201] * len(bodies), strict=True)
        )
    )
    return held_in(of_fields(scenes, Vocabulary(scenes, {})), scenes)


def test_a_member_may_be_left_out_or_null():
    made = conditions({"n": "a"}, {}, {"n": None})
    assert (made["request.json.n is not defined"], made["request.json.n is none"]) == ([1], [2])


def test_a_member_may_be_of_a_type():
    made = conditions({"n": "a"}, {"n": 2}, {"n": [3]}, {"n": 2.5})
    is_list = "request.json.n is sequence and request.json.n is not string and request.json.n is not mapping"
    assert [made[text] for text in ("request.json.n is string", "request.json.n is number", is_list)] == [
        [0],
        [1, 3],
        [2],
    ]
    assert made["request.json.n is integer"] == [1]


def test_a_text_may_be_blank_or_an_address():
    made = conditions({"n": " "}, {"n": "ada@harbour.test"}, {"n": "ada"})
    [address] = [text for text in made if "@" in text and "==" in text]
    assert (made["request.json.n is string and (request.json.n | trim) == ''"], made[address]) == ([0], [1])


def test_what_is_written_as_a_day_may_be_none_of_the_calendar():
    made = conditions({"on": "2025-02-28"}, {"on": "2025-02-30"}, {"on": "2025-03-30"}, {"on": 5})
    assert made["request.json.on is string and days(request.json.on, request.json.on) is none"] == [1]


def test_one_of_few_values_is_asked_for():
    made = conditions({"n": "red"}, {"n": "blue"}, {"n": "red"})
    assert (made["request.json.n == 'red'"], made["request.json.n == 'blue'"]) == ([0, 2], [1])


def test_what_was_never_accepted_is_none_of_what_was():
    made = conditions(*({"n": "red"} for _ in range(6)), {"n": "mauve"}, statuses=[201] * 6 + [400])
    assert made["request.json.n is defined and request.json.n not in ['red']"] == [6]


def refused_rooms(*rooms, unknown="R682"):
    bodies = [*({"room": room} for room in rooms), {"room": unknown}]
    calls = [call("POST", "/bookings", body, status=201) for body in bodies[:-1]]
    calls.append(call("POST", "/bookings", bodies[-1], status=404, answer={"detail": f"There is no room {unknown}"}))
    scenes = scenes_of(*calls)
    return held_in(of_fields(scenes, Vocabulary(scenes, {})), scenes)


def test_what_a_refusal_names_as_unknown_is_only_itself():
    made = refused_rooms("R1", "R2", "R1", "R2", "R3", "R3")
    assert made["request.json.room == 'R682'"] == [6]
    assert not [text for text in made if "not in" in text]


def test_an_id_of_the_one_session_decides_nothing():
    made = conditions({"cart": "crt_HKP0mKrodRJgwd"}, {"cart": "crt_HKP0mKrodRJgwd"}, {"cart": "crt_HTWjO4VTlL8DWP"})
    assert not [text for text in made if "crt_" in text]


def who_calls(*sessions):
    """Give the conditions on calls of sessions of (name, status), each by a caller of that name."""
    scenes = scenes_of(
        *(
            call("POST", "/users", {"n": name}, status=status, headers=basic(name), session=f"s{number}")
            for number, session in enumerate(sessions)
            for name, status in session
        )
    )
    return held_in(of_fields(scenes, Vocabulary(scenes, {})), scenes)


def basic(name):
    return ((b"Authorization", b"Basic " + b64encode(f"{name}:secret".encode())),)


def test_who_calls_by_a_name_that_most_sessions_know_is_asked_for():
    made = who_calls(*([("root", 201), (f"ada{seed}", 403)] for seed in range(4)))
    assert made["request.auth.username == 'root'"] == [0, 2, 4, 6]
    assert not any("ada" in text for text in made if text.startswith("request.auth"))


def test_names_that_no_other_session_uses_are_not_all_that_there_are():
    sessions = [[(f"ada{seed}", 201), (f"ada{seed}", 201), (f"ada{seed}", 201)] for seed in range(4)]
    assert not any("not in" in text for text in who_calls(*sessions, [("bo", 403)]))


def test_a_text_may_be_a_name_of_small_letters_and_digits():
    made = conditions({"n": "my-name_2"}, {"n": "My Name"}, {"n": "-name"}, {"n": "a.b"})
    [differs] = [text for text in made if "a-z0-9_.-" in text and "!=" in text]
    assert made[differs] == [1, 2]


def of_roles(*calls):
    """Give the conditions that a held role is none of some, for calls by the key of what is held and their status."""
    held = {role: {"role": role} for role in ("chief", "helper", "guest")}
    lookups = {"item": item_lookup()}
    scenes = scenes_of(
        *(
            call("POST", "/things", {"id": role}, status=status, answer={"why": f"not as {role}"}, session=str(place))
            for place, (role, status) in enumerate(calls)
        ),
        held={"things": held},
        lookups=lookups,
    )
    conditions = of_fields(scenes, Vocabulary(scenes, lookups))
    return {
        one.term.text.partition(" not in ")[2]: one.term.cost for one in conditions if "role not in" in one.term.text
    }


def test_who_got_so_far_that_what_is_sent_was_looked_at_was_let_in():
    made = of_roles(*[("chief", 201)] * 6, ("helper", 422), ("guest", 403), ("guest", 403))
    assert made.keys() == {"['chief']", "['chief', 'helper']"}


def test_what_refusals_tell_of_what_is_held_is_the_plainer_reason():
    told = of_roles(*[("chief", 201)] * 6, ("guest", 403), ("guest", 403))
    once = of_roles(*[("chief", 201)] * 6, ("guest", 403))
    assert told["['chief']"] < once["['chief']"]


def test_a_word_that_is_held_and_that_all_refusals_tell_is_the_plainest_reason():
    def cost(*whys):
        lookups, held = {"item": item_lookup()}, {key: {"state": key} for key in ("open", "draft")}
        calls = [call("POST", "/votes", {"id": "open"}, status=201, session=str(place)) for place in range(5)]
        calls += [
            call("POST", "/votes", {"id": "draft"}, status=409, answer={"why": why}, session=f"no {place}")
            for place, why in enumerate(whys)
        ]
        scenes = scenes_of(*calls, held={"things": held}, lookups=lookups)
        made = of_fields(scenes, Vocabulary(scenes, lookups))
        return min(one.term.cost for one in made if one.term.text.endswith(".state == 'draft'"))

    assert cost("a draft", "still a draft") < cost("a draft", "not yet") < cost("no", "not yet")
