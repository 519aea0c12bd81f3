"""Operations that make things are those whose answers tell of what later calls name."""

from synthesis.method_paths import Rooms, seating
from synthesis.switchboards import Wallet, spending
from synthesis.telling import told_in, visits

from recorder.synthesis.calls.arguments import base_of, kinds_of, operation_name
from recorder.synthesis.calls.makings import find_makings
from recorder.synthesis.calls.path_names import name_operations
from recorder.synthesis.endpoints.endpoint import endpoints_of


def makings(service, script):
    """Give what is made by which operation with its place, and the places of what is new."""
    samples = told_in(*visits(service, script, 4))
    endpoints = endpoints_of(samples)
    named = name_operations(endpoints)
    operations = named or [one for one in endpoints if one.discriminator is not None]
    kinds = kinds_of(operations, {one: base_of(one) for one in operations}, samples)
    made, new = find_makings(operations, kinds, samples)
    told = {operation_name(one): (kind.name, path) for one, (kind, path) in made.items()}
    return told, {(operation_name(one), path) for one, path in new}


def test_the_service_gives_new_ids():
    made, new = makings(Wallet, spending)
    assert made == {"purse.open": ("purse", ("result", "purse"))}
    assert new == {("purse.open", ("result", "purse"))}


def test_or_callers_send_them_once_under_each_owner():
    made, new = makings(Rooms, seating)
    assert made == {"rooms.create": ("room", ("room", "id")), "seats.add": ("seat", ("seat", "number"))}
    assert ("seats.add", ("seat", "number")) not in new


class Lab:
    """Trials that are numbered from 1, and notes of them with steps from 1, too."""

    def __init__(self, chance):
        del chance
        self.trials = []

    def answer(self, method, target, sent, headers):
        """Give status and answer."""
        del headers
        if target == "/trials/create":
            self.trials.append({"trial_id": str(len(self.trials) + 1), **sent})
            return 200, {"trial_id": self.trials[-1]["trial_id"]}
        if method == "GET":
            return 200, {"trial": self.trials[int(target.rpartition("=")[2]) - 1]}
        return 200, {}


def trying(ask, words):
    for step in (1, 2, 3):
        made = ask("POST", "/trials/create", {"name": str(words.randint(100, 999))}).json
        ask("POST", "/trials/note", {"trial_id": made["trial_id"], "step": step + 1})
        ask("POST", "/trials/update", {"trial_id": made["trial_id"], "step": step + 2})
        ask("GET", f"/trials/get?trial_id={made['trial_id']}")


def test_a_short_id_is_new_though_a_number_of_something_else_was_equal():
    assert makings(Lab, trying)[0] == {"trials.create": ("trial", ("trial_id",))}
