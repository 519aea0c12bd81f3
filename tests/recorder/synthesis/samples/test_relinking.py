from synthesis.telling import told

from recorder.synthesis.samples.relinking import relink


def cleaned(*rows):
    samples = told(*rows)
    for sample in samples:
        sample.is_cleaned = True
    relink(samples)
    return samples


def test_a_part_of_a_path_with_the_form_of_what_was_told_is_that():
    made = ("POST", "/otp", {}, 201, {"challenge": "64hy2Zx3zyS-og0Z"})
    _, again, other = cleaned(
        made,
        ("POST", "/otp/24la7As0nkR-yu8J/resend?by=mail", {}, 202, {"left": 1}),
        ("POST", "/otp/24laZAs0nkR-yu8J/resend", {}, 404, {"error": "none"}),
    )
    assert again.segments == ("otp", "64hy2Zx3zyS-og0Z", "resend")
    assert again.interaction.exchange.request.target == b"/otp/64hy2Zx3zyS-og0Z/resend?by=mail"
    assert other.segments == ("otp", "24laZAs0nkR-yu8J", "resend")


def test_names_that_people_choose_and_values_of_which_two_have_the_form_stay():
    rows = [
        ("POST", "/people", {}, 201, {"login": "ugxvexhxdg73733"}),
        ("GET", "/people/erguaiepqd91831", None, 404, None),
        ("POST", "/otp", {}, 201, {"challenge": "64hy2Zx3zyS-og0Z"}),
        ("POST", "/otp", {}, 201, {"challenge": "92ab7Cd1efG-hi5J"}),
        ("POST", "/otp/24la7As0nkR-yu8J/resend", {}, 202, {"left": 1}),
    ]
    samples = cleaned(*rows)
    assert [sample.sent_path for sample in samples] == [row[1] for row in rows]


def test_what_was_recorded_as_it_was_stays():
    samples = told(
        ("POST", "/otp", {}, 201, {"challenge": "64hy2Zx3zyS-og0Z"}),
        ("POST", "/otp/24la7As0nkR-yu8J/resend", {}, 202, {"left": 1}),
    )
    relink(samples)
    assert samples[1].segments[1] == "24la7As0nkR-yu8J"


def test_names_in_several_parts_and_what_a_link_told_stay():
    rows = [
        ("POST", "/halls", {}, 201, {"key": "ocean-river-71.hall-8.example"}),
        ("POST", "/halls", {}, 201, None, {}, {"Location": "/halls/stone-mount-05.lake-3.example"}),
        ("GET", "/halls/stone-mount-05.lake-3.example", None, 200, {}),
        ("POST", "/otp", {}, 201, {"challenge": "64hy2Zx3zyS-og0Z"}),
        ("POST", "/otp", {}, 201, None, {}, {"Location": "/otp/24la7As0nkR-yu8J"}),
        ("POST", "/otp/24la7As0nkR-yu8J/resend", {}, 202, {"left": 1}),
    ]
    samples = cleaned(*rows)
    assert [sample.sent_path for sample in samples] == [row[1] for row in rows]
