"""A template gives the mission's answers, says where it fails, and knows what it needs."""

import base64
import hashlib
import hmac
import json
import re
from pathlib import Path

import pytest
from contexts import Remembered, a_context

from gateway.templates import TemplateError, compile_document, compile_template, is_template
from gateway.templates.clock import make_clock
from gateway.templates.filters import FILTERS
from gateway.templates.functions import FUNCTIONS
from gateway.templates.methods import METHODS
from gateway.templates.named import REQUEST
from gateway.templates.questions import QUESTIONS
from gateway.templates.things import RESOURCE, STATE

LOGIN = """{
  "token": "{{ random_token() }}",
  "user": {"id": "u-123","email": "{{ request.json.username }}"}
}
"""
VERIFY = '{\n  "ok": {{ state.get("otp:{{ request.json.phone }}") == request.json.code }}\n}\n'


def rendered(source, body=b"", *, kind="text", missing="empty", **context):
    return compile_template(source, "here", kind=kind, missing=missing).render(a_context(body, **context))


async def rendered_later(source, context, kind="text"):
    return await compile_template(source, "here", kind=kind).render_later(context)


def refusal(source, **options):
    with pytest.raises(TemplateError) as caught:
        compile_template(source, "definition 'x', response.body", **options)
    return str(caught.value)


def failure(source, body=b"", **options):
    template = compile_template(source, "definition 'x', response.body", **options)
    with pytest.raises(TemplateError) as caught:
        template.render(a_context(body))
    return str(caught.value)


def test_the_login_of_the_mission_is_valid_json_with_the_callers_name():
    answer = json.loads(rendered(LOGIN, b'{"username": "a\\"b@example.com"}', kind="json"))
    assert re.fullmatch(r"[A-Za-z0-9]{32}", answer["token"])
    assert answer["user"] == {"id": "u-123", "email": 'a"b@example.com'}


@pytest.mark.parametrize(("kept", "code", "ok"), [("123", "123", True), ("123", "124", False), (None, "123", False)])
async def test_a_key_of_the_state_may_itself_hold_a_template(kept, code, ok):
    context = a_context(json.dumps({"phone": "+49", "code": code}).encode(), state={"otp:+49": kept})
    assert json.loads(await rendered_later(VERIFY, context, "json")) == {"ok": ok}


@pytest.mark.parametrize(
    ("value", "outside", "inside"),
    [
        ("true", "true", "true"),
        ("null", "null", ""),
        ("1.5", "1.5", "1.5"),
        ('"a\\"\\n\\u00e9"', '"a\\"\\né"', 'a\\"\\né'),
        ("[1,null]", "[1,null]", "[1,null]"),
        ('{"a":"b"}', '{"a":"b"}', '{\\"a\\":\\"b\\"}'),
    ],
)
def test_a_value_in_a_json_body_is_written_as_its_place_wants(value, outside, inside):
    source = '{"o": {{ request.json.v }}, "i": "<{{ request.json.v }}>", "n": {{ request.json.nope }}}'
    assert (
        rendered(source, b'{"v": %s}' % value.encode(), kind="json")
        == f'{{"o": {outside}, "i": "<{inside}>", "n": null}}'
    )


def test_quotes_are_followed_through_branches_and_loops():
    source = (
        '[{% for x in request.json %}{% if x %}"a{{ x }}"{% else %}{{ x }}{% endif %}'
        '{% if not loop.last %}, {% endif %}{% endfor %}, {{ "\\"" }}, "\\"{{ 1 == 1 }}"]'
    )
    assert json.loads(rendered(source, b'["\\"", null, 3]', kind="json")) == ['a"', None, "a3", '"', '"true']


def test_json_that_is_ready_is_not_quoted_again():
    assert rendered("{{ [1, 'a'] | tojson }} {{ json(none) }} {{ '1' | safe }}", kind="json") == '[1,"a"] null 1'


def test_markup_is_escaped_once():
    source = "{{ request.json }}{{ request.json | e }}{{ '<br>' | safe }}{{ [request.json] | tojson }}"
    assert rendered(source, b'"<&\'"', kind="html") == ("&lt;&amp;&#39;" * 2 + '<br>["\\u003c\\u0026\\u0027"]')


def test_text_is_written_as_it_is():
    assert rendered("{{ '<' }}{{ true }}{{ none }}{{ 2.0 }}{{ {'a': [1]} }}{{ request.raw_body }}", b"\xe9") == (
        '<true2.0{"a":[1]}\ufffd'
    )


def test_the_parts_of_a_request():
    source = (
        "{{ request.method }} {{ request.path }} {{ request.path_params.id }} {{ request.path_segments[1] }} "
        "{{ request.query.page }} {{ request.query_all.page }} {{ request.query['q'] }} {{ request.query_string }} "
        "{{ request.headers.x_tenant }} {{ request.headers['X-TENANT'] }} {{ request.headers.get('x-none', 'no') }} "
        "{{ request.cookies.sid }} {{ request.client }} {{ request.host }} {{ request.port }} {{ request.url }} {{ route.id }}"
    )
    assert rendered(source, headers=((b"X-Tenant", b"acme"), (b"Cookie", b"sid=1; b=2"))) == (
        'POST /users/7 7 7 2 ["2","3"] a b page=2&page=3&q=a%20b acme acme no 1 192.0.2.7 api.example.test 8080 '
        "http://api.example.test:8080/users/7?page=2&page=3&q=a%20b users"
    )


def test_the_forms_of_a_body():
    form = {"content_type": b"application/x-www-form-urlencoded"}
    assert rendered("{{ request.form.a }} {{ request.form_all.a }} {{ request.text }}", b"a=1&a=2", **form) == (
        '1 ["1","2"] a=1&a=2'
    )
    parts = b'--b\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\n\r\nhi\r\n--b--\r\n'
    multipart = {"content_type": b"multipart/form-data; boundary=b"}
    assert rendered("{{ request.parts.f.filename }} {{ request.parts.f.text }}", parts, **multipart) == "n.txt hi"
    texts = "{{ (request.parts_all.f or []) | map(attribute='text') | list }} {{ request.parts_all.g or [] }}"
    assert rendered(texts, parts, **multipart) == '["hi"] []'


def test_an_xml_body_is_looked_into_by_names():
    import xml.etree.ElementTree as ET

    context = a_context()
    context.view.xml = ET.fromstring('<o:order xmlns:o="u" id="4"><item>a</item><item n="2">b</item></o:order>')
    source = "{{ request.xml.order['@id'] }} {{ request.xml.order.item[0] }} {{ request.xml.order.item[1] }}"
    assert compile_template(source, "here").render(context) == '4 a {"@n":"2","#text":"b"}'


def test_what_is_no_element_is_no_object():
    context = a_context(body=b"{}")
    template = compile_template("{{ xml_object(request.xml.order) is defined }}", "here")
    assert template.render(context) == "false"
    with pytest.raises(TemplateError, match="xml_text takes an object, not a text"):
        compile_template("{{ xml_text('a') }}", "here").render(context)
    with pytest.raises(TemplateError, match="this cannot be written as XML: a document has one root element"):
        compile_template("{{ xml_text({}) }}", "here").render(context)


def test_a_graphql_call_is_looked_into():
    from gateway.view import GraphqlCall

    context = a_context()
    context.view.graphql = GraphqlCall("query Q { a }", "Q", "query", {"id": 3})
    source = "{{ request.graphql.operation }} {{ request.graphql.type }} {{ request.graphql.variables.id }}"
    assert compile_template(source, "here").render(context) == "Q query 3"


async def test_state_is_read_and_changed_in_the_order_of_the_text():
    state = Remembered()
    source = (
        "{{ inc('hits') }}{{ inc('hits', 5) }}{{ state.hits }} {{ state.set('a', [1], ttl=5) }} {{ state.get('b', 'none') }} "
        "{{ state.push('l', 'x') }}{{ state.items('l') }}{{ state.pop('l') }} {{ state.cas('hits', 6, 7) }}"
        "{{ state.delete('hits') }}{% for i in range(2) %}{{ inc('n') }}{% endfor %}"
    )
    assert await rendered_later(source, a_context(state=state)) == '166 [1] none 1["x"]x truetrue12'
    assert (state.values, state.ttl) == ({"a": [1], "l": [], "n": 2}, {"a": 5.0})


async def test_resources_scenarios_variables_and_keys():
    people = {"users": {"1": {"id": "1", "name": "Ann"}, "2": {"id": "2", "name": "Bob"}}}
    context = a_context(resources=people, scenario={"order": "paid"}, keys=("k:7",), variables={"n": [4]})
    source = (
        "{{ resource.users.get(request.path_params.id) is defined }} {{ resource('users').get('2').name }} "
        "{{ resource.users.count() }} {% for u in resource.users.all() %}{{ u.name }}{% endfor %} "
        "{{ scenario.order }} {{ keys[0] }} {{ vars.n[0] }}"
    )
    assert await rendered_later(source, context) == "false Bob 2 AnnBob paid k:7 4"


def test_chance_comes_from_the_context_alone():
    source = (
        "{{ uuid() }} {{ random_token(8) }} {{ random_int(1, 6) }} {{ random_float(0, 1, 3) }} {{ random_choice('a', 'b') }} "
        "{{ random_hex(4) }} {{ random_regex('[A-C]{2}-\\\\d{3}') }} {{ random_string(5, 'xy') }} {{ faker.name() }}"
    )
    first = rendered(source, seed=4)
    assert first == rendered(source, seed=4) != rendered(source, seed=5)
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12} \w{8} [1-6] [01]\.\d{1,3} [ab] [0-9a-f]{4} "
        r"[A-C]{2}-\d{3} [xy]{5} .+",
        first,
    )


def test_faker_has_locales_and_seeds():
    assert rendered("{{ faker('de_DE', seed=1).city() }}", seed=1) == rendered(
        "{{ faker('de_DE', seed=1).city() }}", seed=2
    )
    assert refusal("{{ faker.nam() }}").endswith("faker has no 'nam' here; did you mean faker.name()?")
    assert refusal("{{ faker('de_D').city() }}").endswith("faker has no locale 'de_D'; did you mean de_DE?")


def test_dates():
    source = (
        "{{ now() }} {{ now('+1h') }} {{ now(format='unix') }} {{ now('-1d', 'http') }} {{ now(format='iso_ms') }} "
        "{{ now(zone='Europe/Berlin') }} {{ now(format='%d.%m.%Y %H:%M') }} {{ '2026-02-01' | date('%A', '1 day') }} "
        "{{ date(0) }} {{ now(format='unix_ms') + 1 }} {{ now(format='date') }}"
    )
    assert rendered(source) == (
        "2026-01-01T12:00:00Z 2026-01-01T13:00:00Z 1767268800 Wed, 31 Dec 2025 12:00:00 GMT 2026-01-01T12:00:00.000Z "
        "2026-01-01T13:00:00+01:00 01.01.2026 12:00 Monday 1970-01-01T00:00:00Z 1767268800001 2026-01-01"
    )


def test_clocks_stand_still_or_are_shifted():
    import time

    assert make_clock("frozen:2026-01-01T12:00:00Z")() == 1_767_268_800.0
    assert 3500 < make_clock("shifted:+1h")() - time.time() < 3700
    assert abs(make_clock("real")() - time.time()) < 60
    for wrong in ("frozen:soon", "shifted:1 parsec", "slow", "frozen"):
        with pytest.raises(ValueError, match="clock"):
            make_clock(wrong)


def test_the_digest_of_an_object_does_not_go_by_the_order_of_its_names():
    one, other = "{'a': 1, 'b': {'c': 2, 'd': [3]}}", "{'b': {'d': [3], 'c': 2}, 'a': 1}"
    assert rendered(f"{{{{ hash({one}) == hash({other}) }}}}") == "true"
    assert rendered(f"{{{{ hash({one}) == hash({other.replace('3', '4')}) }}}}") == "false"


def test_digests_and_tokens():
    assert rendered("{{ hash('a') }} {{ 'a' | hash('md5', 'base64') }}") == (
        f"{hashlib.sha256(b'a').hexdigest()} {base64.b64encode(hashlib.md5(b'a').digest()).decode()}"
    )
    assert rendered("{{ hmac('a', 'k', 'sha1') }}") == hmac.digest(b"k", b"a", "sha1").hex()
    head, claims, signature = rendered("{{ jwt({'sub': '7', 'n': 1}, 'k', 'HS512') }}").split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS512", "typ": "JWT"}
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {"sub": "7", "n": 1}
    signed = hmac.digest(b"k", f"{head}.{claims}".encode(), "sha512")
    assert signature == base64.urlsafe_b64encode(signed).rstrip(b"=").decode()
    assert rendered("{{ base64('é') }} {{ 'w6k' | b64decode }} {{ url('a b/c') }} {{ url_decode('a%20b') }}") == (
        "w6k= é a%20b%2Fc a b"
    )


@pytest.mark.parametrize(
    ("source", "needs_body", "waits"),
    [
        ("{{ request.path_params.id }}{{ request.headers.a }}{{ uuid() }}{{ request.query.a }}", False, False),
        ("{{ request.json.a }}", True, False),
        ("{% if request.form.a %}x{% endif %}", True, False),
        ("{{ request.raw_body | length }}", True, False),
        ("{{ state.a }}", False, True),
        ("{{ 'k{{ inc(1) }}' }}", False, True),
        ("{% for u in resource.users.all() %}{{ request.text }}{% endfor %}", True, True),
    ],
)
def test_a_template_knows_what_it_needs(source, needs_body, waits):
    template = compile_template(source, "here")
    assert (template.needs_body, template.waits, template.literal) == (needs_body, waits, None)


def test_a_text_without_expressions_is_ready():
    assert compile_template('{"a": {"b": 1}}', "here").literal == '{"a": {"b": 1}}'
    assert compile_template("a{# b #}c{% raw %}{{ d }}{% endraw %}\n", "here").literal == "ac{{ d }}\n"
    assert [is_template(text) for text in ("{ }", "{{", "{%", "{#", "a")] == [False, True, True, True, False]


def test_line_ends_stay_as_they_are():
    assert rendered("a\r\n{{ 1\r\n+ 1 }}\r\nb\n{% if true %}\r\n{% endif %}") == "a\r\n2\r\nb\n\r\n"


def test_an_error_names_the_definition_the_line_and_the_expression():
    source = '{\n "a": 1,\n "b": "{{ request.json.user.nam }}" {{ 1 }}\n}'
    assert failure(source, b'{"user": {"name": "Ann"}}', missing="error") == (
        "definition 'x', response.body, line 3: {{ request.json.user.nam }}: 'nam' is missing in request.json.user"
    )
    assert failure("a\n{% for x in range(3) %}\n{{ 6 // (x - 1) }}{{ 'b' }}\n{% endfor %}") == (
        "definition 'x', response.body, line 3: {{ 6 // (x - 1) }}: division by zero"
    )


def test_an_error_never_holds_a_value_of_the_request():
    secret = b'{"a": "secret", "l": ["secret"], "secret": 1}'
    begin = "{% set a = request.json.a %}{% set l = request.json.l %}"
    for source in ("a + 1", "a * 2", "a < 1", "l | sum", "l.nope.x + 1", "a | date", "[a] | map(a)", "a in 3", "l - l"):
        assert "secret" not in failure(f"{begin}{{{{ {source} }}}}", secret)


@pytest.mark.parametrize(
    "source",
    ["{{ request.json.a }}", "{{ request.query.zz ~ 'x' }}", "{{ [vars.a] }}", "{% for x in vars.a %}{% endfor %}"],
)
def test_a_missing_value_is_an_error_or_empty(source):
    assert rendered(source) in ("", "x", "[null]")
    assert "missing" in failure(source, missing="error")


def test_a_default_takes_the_place_of_a_missing_value_also_where_missing_is_an_error():
    source = "{{ request.json.a.b | default('d') }}{{ request.json.a is defined }}{{ request.query.z or 'e' }}{% if vars.x %}{% endif %}"
    assert rendered(source, b"{}", missing="error") == "dfalsee"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("\n{{ uid() }}", "line 2: {{ uid() }}: there is no function 'uid'; did you mean uuid()?"),
        ("{{ 1 | uper }}", "there is no filter 'uper'; did you mean upper?"),
        ("{{ 1 is od }}", "there is no test 'od'; did you mean is odd?"),
        ("{{ ''.uppr() }}", "there is no method 'uppr'; did you mean .upper()?"),
        ("{{ request.jsn }}", "a request has no 'jsn'; did you mean request.json?"),
        ("{{ user }}", "there is no 'user' here"),
        ("{{ uuid }}", "there is no 'uuid' here; write uuid()"),
        ("{{ now(1, 2, 3, 4, 5) }}", "now() takes (offset='', format='iso', zone='UTC', unique=False)"),
        ("{{ state.increment('a') }}", "there is no method of state 'increment'"),
        ("{{ loop.index }}", "loop is there only inside {% for %}"),
        ("{{ request }}", "request is no value by itself: write request.json"),
        ("{% if %}", "line 1: {% if %}: expected an expression"),
        ("{{ '{{ foo }}' }}", "there is no 'foo' here"),
        ("{{ '{{ 1 }}{% if 1 %}{% endif %}' }}", "a text inside an expression can hold {{ }}, but no {% %}"),
    ],
)
def test_what_cannot_be_used_is_told_with_what_can(source, reason):
    assert reason in refusal(source)


def test_a_document_keeps_the_types_of_its_values():
    document = compile_document(
        {
            "id": "{{ request.path_params.id | int }}", "all": "{{ request.json }}", "none": "{{ request.query.zz }}",
            "yes": "{{ 1 == 1 }}", "text": "is {{ 1 == 1 }}", "fixed": {"a": [1, "b"]}, "2": ["{{ 'x' }}", None, 1.5],
            "loop": "{% for i in range(3) %}{{ i }}{% endfor %}",
        },
        "here",
    )  # fmt: skip
    wanted = {
        "id": 7, "all": {"k": [True]}, "none": None, "yes": True, "text": "is true", "fixed": {"a": [1, "b"]},
        "2": ["x", None, 1.5], "loop": "012",
    }  # fmt: skip
    context = a_context(b'{"k": [true]}')
    assert (json.loads(document.render(context)), document.value(context)) == (wanted, wanted)
    assert (document.literal, document.needs_body, document.waits) == (None, True, False)


async def test_a_document_may_read_state():
    document = compile_document({"n": "{{ inc('n') }}", "l": ["{% if 1 %}{{ inc('n') }}{% endif %}", 1]}, "here")
    assert (document.waits, document.literal) == (True, None)
    assert await document.render_later(a_context()) == b'{"n":1,"l":["2",1]}'
    assert await document.value_later(a_context()) == {"n": 1, "l": ["2", 1]}


def test_a_document_without_templates_is_ready_json():
    document = compile_document({"a": [1, None]}, "here")
    assert (document.literal, document.render(a_context()), document.value(a_context())) == (
        b'{"a":[1,null]}', b'{"a":[1,null]}', {"a": [1, None]},
    )  # fmt: skip


def test_an_error_in_a_document_names_the_leaf():
    with pytest.raises(TemplateError, match=r"^body\.users\[1\]\.name, line 2: \{\{ foo \}\}: there is no 'foo'"):
        compile_document({"users": [1, {"name": "a\n{{ foo }}"}]}, "body")
    document = compile_document({"users": [1, {"name": "a\n{{ 1 / 0 }}"}]}, "body")
    with pytest.raises(TemplateError, match=r"^body\.users\[1\]\.name, line 2: \{\{ 1 / 0 \}\}: division by zero$"):
        document.render(a_context())


PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(\{\{ .*? \}\})`[^|]*\| `(.*)` \|$", PAGE.replace("\\|", "¦"), flags=re.MULTILINE)


@pytest.mark.parametrize(("source", "gives"), EXAMPLES)
def test_each_example_of_the_page_gives_what_it_says(source, gives):
    assert rendered(source.replace("¦", "|"), b"{}") == gives


@pytest.mark.parametrize("table", [FUNCTIONS, FILTERS, QUESTIONS, METHODS, STATE, RESOURCE, REQUEST], ids=len)
def test_everything_that_can_be_written_is_on_the_page(table):
    assert [name for name in table if not re.search(rf"(?<![a-z]){re.escape(name)}(?![a-z_])", PAGE)] == []


@pytest.mark.parametrize(
    ("value", "auth"),
    [
        (b"Bearer abc.def", {"scheme": "bearer", "token": "abc.def"}),
        (b"TOKEN  a b ", {"scheme": "token", "token": "a b"}),
        (b"Basic YWRhOnB3OmE=", {"scheme": "basic", "token": "YWRhOnB3OmE=", "username": "ada", "password": "pw:a"}),
        (b"Basic ???", {"scheme": "basic", "token": "???"}),
        (b"Basic YQ==", {"scheme": "basic", "token": "YQ=="}),
        (b"abc.def", {"scheme": "", "token": "abc.def"}),
        (b"", {}),
    ],
)
def test_the_credentials_of_a_request_are_taken_apart(value, auth):
    headers = ((b"Authorization", value),)
    assert json.loads(rendered("{{ json(request.auth) }}", headers=headers)) == auth
    assert rendered("{{ request.auth.username }}", headers=headers) == auth.get("username", "")


@pytest.mark.parametrize(
    ("document", "made"),
    [
        ({"a": "{{ omit }}", "b": 1}, {"b": 1}),
        ({"a": "{{ request.json.n if request.json.n is defined else omit }}"}, {"a": 7}),
        ({"a": "{{ request.json.m if request.json.m is defined else omit }}"}, {}),
        (["{{ omit }}", "{{ 1 }}", ["{{ omit }}"]], [1, []]),
        ({"a": {"b": "{{ omit }}"}}, {"a": {}}),
        ({"a": "{{ {'b': omit, 'c': [omit, 1]} }}"}, {"a": {"c": [1]}}),
        ({"a": "{{ merge({'b': 1}, {'c': omit}) }}"}, {"a": {"b": 1}}),
        ({"a": "x{{ omit }}y"}, {"a": "xy"}),
        ("{{ omit }}", None),
    ],
)
def test_what_is_omitted_is_left_out(document, made):
    assert json.loads(compile_document(document, "here").render(a_context(b'{"n": 7}'))) == made


def test_an_own_name_hides_omit():
    assert rendered("{% set omit = 1 %}{{ omit }}") == "1"


async def test_the_items_of_a_collection_are_read_by_their_keys():
    items = {"1/a": {"id": 1, "owner": {"id": 7}, "gone": None}, "1/b": {"id": 2, "owner": {"id": 8}}, "2/a": None}
    source = (
        "{{ [resource.o.has('1/a'), resource.o.has('2/a'), resource.o.has('x'), resource.o.has(''), "
        "resource.o.get('2/a'), resource.o.get('x') is defined, resource.o.get(request.json.none) is defined, "
        "resource.o.count(), resource.o.count('1/'), resource.o.under('1/') | map(attribute='id') | list, "
        "resource.o.find('owner.id', 8).id, resource.o.find('owner.id', 8, '2/') is defined, "
        "resource.o.find('owner.id', '8').id, resource.o.find('gone', request.json.none) is defined, "
        "resource.o.find('gone', none) is defined, resource.o.next_id('id'), resource.o.next_id('id')] }}"
    )
    made = await compile_document(source, "here").value_later(a_context(resources={"o": items}))
    assert made == [True, True, False, False, None, False, False, 3, 2, [1, 2], 2, False, 2, False, False, 1, 2]


async def test_what_lies_directly_below_a_key_is_read():
    items = {"a": 1, "a/b": 2, "a/b/c": 3, "a/d": 4, "ab": 5, "ab/e": 6}
    source = (
        "{{ [resource.o.children('a'), resource.o.children('a/b'), resource.o.children(), resource.o.children('x')] }}"
    )
    made = await compile_document(source, "here").value_later(a_context(resources={"o": items}))
    assert made == [[2, 4], [3], [1, 5], []]


def test_a_live_secret_is_told_by_what_recordings_have_in_its_place():
    headers = ((b"Authorization", b"Bearer real"),)
    source = "{{ as_recorded(request.auth.token, ['fake', 'other']) }}"
    assert rendered(source, headers=headers, stand_in={"real": "fake"}.get) == "fake"
    assert rendered(source, headers=headers, stand_in={"real": "unknown"}.get) == "real"
    assert rendered(source, headers=((b"Authorization", b"Bearer other"),), stand_in=str.upper) == "other"


def test_signs_of_a_url_that_are_safe_are_written_as_they_are_but_none_that_part_it_or_cannot_be_seen():
    url = "{{ url_with({'of': value}, absolute=false, safe='@,&#\\r\\n ') }}".replace("value", "'a@b,c&d\\r\\n e'")
    assert rendered(url).partition("of=")[2] == "a@b,c%26d%0D%0A%20e"


def test_parameters_that_are_set_come_after_the_others_where_that_is_asked_for():
    given = {
        name: rendered(f"{{{{ url_with({{'page': 3}}, absolute=false{name}) }}}}") for name in ("", ", sort='last'")
    }
    assert [text.partition("?")[2] for text in given.values()] == ["page=3&q=a%20b", "q=a%20b&page=3"]


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        ("2026-01-30", "2026-02-03", "3"),
        ("2026-01-31", "2026-02-01", "0"),
        ("2026-02-02", "2026-02-15", "10"),
        ("2026-02-03", "2026-02-02", "0"),
        ("2026-02-03", "soon", "null"),
    ],
)
def test_weekdays_are_counted_from_one_date_to_another_with_both(since, until, days):
    assert rendered(f"{{{{ weekdays('{since}', '{until}') }}}}", kind="json") == days
