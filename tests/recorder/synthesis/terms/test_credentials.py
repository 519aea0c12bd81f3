"""Live credentials are told by what cleaned recordings have in their place."""

from recorder.synthesis.terms.credentials import as_cleaned, personal_members

TOKEN = "request.auth.token"
KEY = "request.headers['x-api-key']"


def test_what_is_compared_with_something_recorded_is_compared_as_recorded():
    assert as_cleaned(f"{TOKEN} == 'abc'", {}) == f"as_recorded({TOKEN}, ['abc']) == 'abc'"
    made = as_cleaned(f"{KEY} is defined and {KEY} not in ['a', 'b']", {})
    assert made == f"{KEY} is defined and as_recorded({KEY}, ['a', 'b']) not in ['a', 'b']"


def test_a_table_of_who_asks_is_read_as_recorded():
    text = f"resource.recorded_user.get({TOKEN})"
    assert (
        as_cleaned(text, {"recorded_user": ["a", "b"]})
        == f"resource.recorded_user.get(as_recorded({TOKEN}, ['a', 'b']))"
    )


def test_what_the_mock_made_itself_is_as_live_as_the_credential():
    text = f"resource.tokens.get({TOKEN}) and vars.user.token == {TOKEN} and request.json.name == 'abc'"
    assert as_cleaned(text, {"recorded_user": ["a"]}) == text


def test_a_field_is_compared_as_recorded_where_its_name_says_that_it_is_a_secret():
    secret = "request.json.params.password"
    made = as_cleaned(f"{secret} is defined and {secret} not in ['a', 'b']", {})
    assert made == f"{secret} is defined and as_recorded({secret}, ['a', 'b']) not in ['a', 'b']"
    plain = "request.json.params.holder not in ['a', 'b'] or request.form.user == 'c'"
    assert as_cleaned(plain, {}) == plain


def test_what_stands_in_the_credentials_of_a_message_is_compared_as_recorded():
    key = "request.json['?header'].Credentials.ApiKey"
    assert as_cleaned(f"{key} not in ['a', 'b']", {}) == f"as_recorded({key}, ['a', 'b']) not in ['a', 'b']"
    assert as_cleaned("request.json.Recipient.Name == 'c'", {}) == "request.json.Recipient.Name == 'c'"


def test_numbers_of_cards_and_addresses_are_compared_as_recorded_whatever_they_are_called():
    plastic, told = "request.json.plastic", "'4012888888881881'"
    assert as_cleaned(f"{plastic} == {told}", {}) == f"as_recorded({plastic}, [{told}]) == {told}"
    known = "['ada@example.com', 'guest']"
    assert as_cleaned(f"request.json.to not in {known}", {}) == f"as_recorded(request.json.to, {known}) not in {known}"
    table = {"recorded_brand": ["4012888888881881"]}
    made = as_cleaned(f"resource.recorded_brand.get({plastic})", table)
    assert made == f"resource.recorded_brand.get(as_recorded({plastic}, ['4012888888881881']))"


def test_other_long_numbers_are_compared_as_they_are():
    text = "request.json.serial == '4012888888881882' and request.json.at == 'x@y'"
    assert as_cleaned(text, {}) == text


def test_addresses_that_the_mock_holds_are_compared_as_recorded_and_other_held_values_as_they_are():
    held, told = "vars.item.email", "'ada@example.com'"
    assert as_cleaned(f"{held} == {told}", {}) == f"as_recorded({held}, [{told}]) == {told}"
    assert as_cleaned("vars.item.token == 'abc'", {}) == "vars.item.token == 'abc'"


def test_items_that_were_there_before_are_found_by_what_recordings_have_of_an_address():
    seeds = {"agents": {"1": {"email": "ada@example.com", "team": "support"}, "2": {"email": "bob@example.com"}}}
    tables = personal_members(seeds)
    assert tables == {"agents.email": ["ada@example.com", "bob@example.com"]}
    found = as_cleaned("resource.agents.find('email', request.json.email)", tables)
    known = "['ada@example.com', 'bob@example.com']"
    assert found == f"resource.agents.find('email', as_recorded(request.json.email, {known}))"
    other = "resource.agents.find('team', request.json.team)"
    assert as_cleaned(other, tables) == other
