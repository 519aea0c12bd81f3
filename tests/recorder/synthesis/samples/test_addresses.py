"""Stand-ins of e-mail addresses are what answers tell of their parts."""

from synthesis.telling import told_in

from recorder.synthesis.samples.addresses import restore_addresses

STAND_INS = ("qwert-yuiop-12", "zxc-vbnma-345", "lkjhgf-dsa-6")
NAMES = ("ocean-river-71", "sky-stone-802", "meadow-elm-3")


def rooms(*pairs, host=".hall.example"):
    """Give a session in which rooms are made by their addresses, and looked at."""
    rows = [("POST", "/houses", {"host": host[1:]}, 201, {})]
    for stand_in, name in pairs:
        address = f"{stand_in}@example.com"
        rows += [
            ("POST", "/rooms", {"address": address}, 201, None, {}, {"Location": f"/rooms/{name}{host}"}),
            ("GET", f"/rooms/{name}{host}", None, 200, {"address": address, "title": name.capitalize()}),
        ]
    return rows


def restored(*sessions, is_cleaned=True):
    samples = told_in(*sessions)
    for sample in samples:
        sample.is_cleaned = is_cleaned
    restore_addresses(samples)
    return samples


def addresses(samples):
    sent = [one.json["address"] for one in samples if one.method == "POST" and "address" in one.json]
    shown = [one.answer_json["address"] for one in samples if one.method == "GET"]
    assert sent == shown
    assert all(one.json["address"].encode() in one.interaction.exchange.request.body for one in samples[1:2])
    return sent


def test_an_address_of_which_a_link_tells_name_and_host_is_that():
    found = addresses(restored(rooms(*zip(STAND_INS, NAMES, strict=True))))
    assert found == [f"{name}@hall.example" for name in NAMES]


def test_where_the_host_is_not_known_only_the_name_is_told():
    found = addresses(restored(rooms(*zip(STAND_INS, NAMES, strict=True), host="")))
    assert found == [f"{name}@example.com" for name in NAMES]


def test_of_an_address_in_a_path_the_name_is_told_too():
    rows = rooms(*zip(STAND_INS, NAMES, strict=True))
    again = ("GET", f"/doors/{STAND_INS[0]}%40example.com", None, 404, {"address": ""})
    assert restored([*rows, again])[-1].segments == ("doors", f"{NAMES[0]}@hall.example")


def test_two_addresses_and_texts_of_another_form_tell_nothing():
    few = list(zip(STAND_INS, NAMES, strict=True))[:2]
    assert addresses(restored(rooms(*few))) == [f"{one}@example.com" for one in STAND_INS[:2]]
    odd = zip(STAND_INS, (*NAMES[:2], "Meadow 3"), strict=True)
    assert addresses(restored(rooms(*odd, host=""))) == [f"{one}@example.com" for one in STAND_INS]


def test_what_all_have_in_common_is_no_name():
    stand_ins = ("qwertyui", "asdfghjk", "zxcvb-nma")
    same = zip(stand_ins, ("guest", "guest", "guest"), strict=True)
    assert addresses(restored(rooms(*same, host=""))) == [f"{one}@example.com" for one in stand_ins]


def test_what_was_recorded_as_it_was_stays():
    found = addresses(restored(rooms(*zip(STAND_INS, NAMES, strict=True)), is_cleaned=False))
    assert found == [f"{one}@example.com" for one in STAND_INS]
