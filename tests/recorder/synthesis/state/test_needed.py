"""What calls change is looked up though neither their answers nor their conditions speak of it."""

from synthesis.telling import learnt, word


class Kennels:
    """Dogs and walks: a walk that is booked tires the dog that it names, which only the dog's own read shows."""

    def __init__(self, chance):
        del chance
        self.dogs, self.walks = {}, 0

    def answer(self, method, target, sent, _headers):
        if target == "/dogs":
            key = str(len(self.dogs) + 1)
            self.dogs[key] = {"id": key, "called": sent["called"], "mood": "lively"}
            return 201, self.dogs[key]
        if target == "/walks":
            self.walks += 1
            self.dogs[sent["dog"]]["mood"] = "tired"
            return 201, {"id": f"w{self.walks}"}
        dog = self.dogs.get(target.rpartition("/")[2])
        return (200, dog) if dog and method == "GET" else (404, {"why": "no dog"})


def walking(ask, words):
    keys = [ask("POST", "/dogs", {"called": word(words)}).json["id"] for _ in range(3)]
    for key in keys:
        ask("GET", f"/dogs/{key}")
        if words.random() < 0.7:
            ask("POST", "/walks", {"dog": key})
            ask("GET", f"/dogs/{key}")
    ask("GET", "/dogs/77")


def test_the_item_that_a_call_changes_is_looked_up_for_it():
    mocks = learnt(Kennels, walking, 8)
    walked, other = (mocks.ask("POST", "/dogs", {"called": name}).json["id"] for name in ("rex", "fly"))
    mocks.ask("POST", "/walks", {"dog": walked})
    assert [mocks.ask("GET", f"/dogs/{key}").json["mood"] for key in (walked, other)] == ["tired", "lively"]
    assert "let" in mocks.definition("post-walks")
