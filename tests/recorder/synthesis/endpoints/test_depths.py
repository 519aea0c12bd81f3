"""What is named by several parts of a path is one parameter, as answers that tell it whole say."""

from synthesis.telling import told, told_in

from recorder.synthesis.endpoints.endpoint import endpoints_of


def saved(path):
    return ("PUT", f"/files/{path}", {"text": path[::-1]}, 201, {"path": path})


def read(path, end=""):
    return ("GET", f"/files/{path}{end}", None, 200, {"path": path} if not end else {"kept": 1})


def paths(samples):
    return sorted({f"{one.method} {one.path}" for one in endpoints_of(samples)})


FILES = ["kite.txt", "harbour/lamp.md", "cellar/deep/oak.csv", "meadow/ash.txt", "attic.txt", "tower/ivy.md", "well.md"]


def test_files_in_folders_are_one_parameter_whatever_their_depth():
    samples = told_in(*([saved(path), read(path)] for path in FILES))
    assert paths(samples) == ["GET /files/{file:path}", "PUT /files/{file:path}"]
    assert [one.segments for one in samples[2:4]] == [("files", "harbour/lamp.md")] * 2
    assert samples[2].path == "/files/harbour/lamp.md"


def test_a_word_behind_several_of_them_is_no_part_of_what_they_are_called():
    samples = told_in(*([saved(path), read(path), read(path, "/versions")] for path in FILES))
    [plain] = [one for one in endpoints_of(samples) if one.path == "/files/{file:path}/versions"]
    assert {plain.values(one) for one in plain.samples} == {(path,) for path in FILES}


def test_what_is_not_found_is_called_by_all_of_its_parts():
    lost = ("GET", "/files/no/such/thing.txt", None, 404, {"error": "lost"})
    samples = told_in(*([saved(path), read(path), lost] for path in FILES))
    assert paths(samples) == ["GET /files/{file:path}", "PUT /files/{file:path}"]
    assert samples[2].segments == ("files", "no/such/thing.txt")


def test_items_below_items_are_told_apart_though_links_name_them_whole():
    def order(number):
        yield ("POST", "/orders", {}, 201, {"id": number, "self": f"orders/{number}"})
        yield ("GET", f"/orders/{number}", None, 200, {"id": number, "self": f"orders/{number}"})
        yield ("GET", f"/orders/{number}/lines/7", None, 200, {"id": 7, "self": f"orders/{number}/lines/7"})

    samples = told(*(row for number in (11, 12, 13) for row in order(number)))
    assert paths(samples) == ["GET /orders/{order}", "GET /orders/{order}/lines/{line}", "POST /orders"]


def shelf(name, *books):
    """Put a shelf and books on it, and list them."""
    yield ("PUT", f"/{name}", None, 200, None)
    for book in books:
        yield ("PUT", f"/{name}/{book}", {"text": book[::-1]}, 200, None)
    yield ("GET", f"/{name}", None, 200, {"books": [{"called": book} for book in books]})


def test_what_one_list_shows_behind_several_words_is_named_by_all_that_follows():
    samples = told_in(*(shelf(f"shelf-of-1{at}{at}", f"red/b{at}", f"blue/c{at}", f"blue/d{at}") for at in range(4)))
    assert paths(samples) == ["GET /{id}", "PUT /{id}", "PUT /{id}/{id2:path}"]
    assert samples[1].segments == ("shelf-of-100", "red/b0")


def test_what_a_list_shows_behind_one_word_only_is_below_that():
    samples = told_in(*(shelf(f"shelf-of-1{at}{at}", f"red/b{at}", f"red/c{at}") for at in range(4)))
    assert paths(samples) == ["GET /{id}", "PUT /{id}", "PUT /{id}/red/{red}"]


def test_one_session_tells_it_by_what_it_put_and_sees_listed():
    samples = told_in(shelf("shelf-of-100", "red/b0.txt", "blue/c0.txt"))
    assert paths(samples) == ["GET /{id}", "PUT /{id}", "PUT /{id}/{id2:path}"]
    linked = [("GET", f"/shop/{one}", None, 200, {"kept": 1}) for one in ("red/17", "blue/18")]
    rows = [{"see": "red/17"}, {"see": "blue/18"}]
    samples = told_in([*linked, ("GET", "/shop", None, 200, {"rows": rows})])
    assert paths(samples) == ["GET /shop", "GET /shop/blue/{blue}", "GET /shop/red/{red}"]
