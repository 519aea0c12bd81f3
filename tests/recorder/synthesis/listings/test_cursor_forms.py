"""How cursors are written is told by those that were handed out."""

from synthesis.shelves import Shelf
from synthesis.telling import learnt, word

from cassettes.cursor import coded, decoded
from recorder.synthesis.listings.cursor_forms import Form, digest_of, form_of, sorted_form


def handed(text, code, *parts):
    return [(coded(text.format(**one), code), {name: str(value) for name, value in one.items()}) for one in parts]


def test_one_part_in_json_is_found():
    told = handed('{{"before": {seq}}}', "base64url", {"seq": 12, "id": 7}, {"seq": 5, "id": 3})
    assert form_of(told) == Form('{"before": <seq>}', "base64url")


def test_two_parts_are_found_where_one_does_not_tell_all():
    told = handed("{day}|{id}", "base64", {"day": "2026-01-02", "id": "a7"}, {"day": "2026-01-05", "id": "b9"})
    assert form_of(told) == Form("<day>|<id>", "base64")


def test_an_offset_is_one_only_where_nothing_else_is_that_number_or_the_text_says_so():
    both = ({"@offset": 2, "seq": 2}, {"@offset": 4, "seq": 4})
    told = [(coded(f"before:{one['seq']}", "base64"), {name: str(n) for name, n in one.items()}) for one in both]
    assert form_of(told) == Form("before:<seq>", "base64")
    told = [(coded(f"offset:{one['seq']}", "base64"), {name: str(n) for name, n in one.items()}) for one in both]
    assert form_of(told) == Form("offset:<@offset>", "base64")


def test_one_number_that_comes_again_is_the_place_where_nothing_else_is_that():
    told = [("8", {"@offset": "8", "id": "h"}), ("8", {"@offset": "8", "id": "k"})]
    assert form_of(told) == Form("<@offset>", "plain")
    assert form_of(told[:1]) is None
    assert form_of([*told, ("8", {"@offset": "6", "id": "k"})]) is None
    assert form_of([("8", {"@offset": "8", "nr": "8"}) for _ in range(3)]) is None


def test_what_means_nothing_and_what_is_the_plain_id_have_no_form():
    assert form_of([("xK9-first", {"id": "a"}), ("xK9-other", {"id": "b"})]) is None
    assert form_of([("a", {"id": "a"}), ("b", {"id": "b"})]) is None
    assert form_of(handed("before:{id}", "plain", {"id": "a"})) is None


def test_digests_are_of_what_fits_else_of_what_items_are_called():
    told = handed("{id}", "sha1", {"id": "a7", "nr": 1}, {"id": "b9", "nr": 2})
    assert digest_of(told, "nr") == Form("<id>", "sha1")
    cleaned = [("0" * 32, {"id": "a7", "nr": "1"}), ("1" * 32, {"id": "b9", "nr": "2"})]
    assert digest_of(cleaned, "id") == Form("<id>", "md5")
    assert digest_of(cleaned, "key") is None
    assert digest_of([("0" * 30, {"id": "a7"}), ("1" * 30, {"id": "b9"})], "id") is None
    assert digest_of(told[:1], "id") is None


class Journal(Shelf):
    """Notes, the newest first, by twos; a cursor is coded around the number of the last one."""

    def create(self, sent, headers):
        made = {"id": word(self.chance), "nr": 40 + len(self.things), **sent}
        self.things[made["id"]] = made
        return 201, made

    def list(self, query, headers):
        found = list(self.things.values())[::-1]
        if "at" in query:
            found = [one for one in found if one["nr"] < int(decoded(query["at"], "base64url")[5:])]
        shown = found[:2]
        after = coded(f"upto={shown[-1]['nr']}", "base64url") if len(found) > 2 else None
        return 200, {"notes": shown, "then": after}


def a_walk(ask, words):
    for _ in range(words.choice((3, 5))):
        ask("POST", "/things", {"text": word(words)})
    then = ask("GET", "/things").json["then"]
    while then:
        then = ask("GET", f"/things?at={then}").json["then"]


def test_mocks_write_cursors_as_the_service_does():
    mocks = learnt(Journal, a_walk)
    made = [mocks.ask("POST", "/things", {"text": f"n{n}"}).json for n in range(5)][::-1]
    first = mocks.ask("GET", "/things").json
    assert first["then"] == coded(f"upto={made[1]['nr']}", "base64url")
    second = mocks.ask("GET", f"/things?at={first['then']}").json
    assert second == {"notes": made[2:4], "then": coded(f"upto={made[3]['nr']}", "base64url")}
    assert mocks.ask("GET", f"/things?at={second['then']}").json == {"notes": made[4:], "then": None}
    assert mocks.definition("get-things")["list"]["page"]["cursor_text"] == "upto=<nr>"


def test_cursors_of_sorted_lists_tell_the_value_before_the_id():
    plain = ("7", {"id": "7", "name": "Ada B", "nr": "3"}, None)
    by_name = [("Ada+B,7", plain[1], "Ada B"), ("Cy,9", {"id": "9", "name": "Cy", "nr": "3"}, "Cy")]
    assert sorted_form([plain, *by_name]) == Form("<@sort>,<id>", "query")
    assert sorted_form([*by_name, ("$null,4", {"id": "4", "nr": "5"}, "")]) == Form("<@sort>,<id>", "query")


def test_where_cursors_of_sorted_lists_tell_something_else_they_have_no_form():
    one, other = {"id": "7", "name": "Ada"}, {"id": "9", "name": "Cy"}
    assert sorted_form([("x81", one, "Ada"), ("x92", other, "Cy")]) is None
    assert sorted_form([("Ada,7", one, "Ada"), ("Cy;9", other, "Cy")]) is None
    assert sorted_form([("Ada,7", one, "Ada"), ("9-9", other, None)]) is None
    assert sorted_form([("Ada,7", one, "Ada")]) is None
