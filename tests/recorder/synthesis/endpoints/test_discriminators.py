"""What tells calls of one path apart: a header, a member whose value is an operation, the field of a document."""

from itertools import zip_longest

import pytest
from synthesis.telling import told, told_in

from recorder.synthesis.endpoints.discriminators import FIELD, Discriminator, graphql_field
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.elements import read_elements


def told_apart(*rows):
    return [(one.id, one.discriminator) for one in endpoints_of(told(*rows))]


def test_a_header_that_names_the_operation_tells_calls_apart():
    rows = [
        ("POST", "/", {"T": "a"}, 200, {"Item": {}}, {"X-Amz-Target": "Db.GetItem"}),
        ("POST", "/", {"T": "a"}, 200, {"Tables": []}, {"X-Amz-Target": "Db.ListTables"}),
    ]
    assert told_apart(*rows) == [
        ("post-GetItem", Discriminator("header", "x-amz-target", "Db.GetItem")),
        ("post-ListTables", Discriminator("header", "x-amz-target", "Db.ListTables")),
    ]


def test_a_field_tells_calls_apart_where_the_answers_take_their_shape_from_it():
    rows = [
        row
        for number in range(3)
        for row in (
            ("POST", "/rpc", {"method": "add", "n": number}, 200, {"sum": number}),
            ("POST", "/rpc", {"method": "names", "n": number}, 200, {"names": ["a"]}),
        )
    ]
    assert told_apart(*rows) == [
        ("post-rpc-add", Discriminator("json", "method", "add")), ("post-rpc-names", Discriminator("json", "method", "names")),
    ]  # fmt: skip


def test_a_field_that_changes_no_shape_tells_nothing_apart():
    rows = [("POST", "/rpc", {"method": word, "n": n}, 200, {"sum": n}) for n in range(3) for word in ("add", "sub")]
    assert told_apart(*rows) == [("post-rpc", None)]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"query": "query Users { users { id } }"}, "Users"),
        ({"query": "{ users { id } }"}, "users"),
        ({"query": 'mutation { add: addUser(name: "x") { id } }'}, "addUser"),
        ({"query": "query A { a } query B { b }", "operationName": "B"}, "B"),
        ({"query": 7}, None),
        ([], None),
        (None, None),
    ],
)
def test_a_graphql_call_is_named_by_its_operation_or_its_first_field(sent, field):
    [sample] = told(("POST", "/graphql", sent, 200, {}))
    assert graphql_field(sample) == field


def apart(*rows):
    return {
        (one.discriminator.value if one.discriminator else None): len(one.samples) for one in endpoints_of(told(*rows))
    }


def rpc(method, n=0, answer=None):
    sent = {"jsonrpc": "2.0", "method": method, "params": {"n": n}, "id": n}
    return ("POST", "/rpc", sent, 200, {"jsonrpc": "2.0", "id": n, **(answer or {"result": n})})


def test_remote_calls_are_told_apart_at_once_whatever_else_is_sent():
    lost = ("POST", "/rpc", ["no", "object"], 200, {"error": {"code": -32600, "message": "Invalid Request"}})
    assert apart(rpc("a"), rpc("b", 1), lost, rpc("a", 2)) == {"a": 2, "b": 1, None: 1}


def test_what_was_only_ever_refused_is_no_operation():
    unknown = rpc("nope", 3, {"error": {"code": -32601, "message": "Method not found"}})
    assert apart(rpc("a"), rpc("b", 1), unknown) == {"a": 1, "b": 1, None: 1}


def ordering(kind, sent, n):
    return ("POST", "/do", {"kind": kind, "note": f"n{n}", **sent}, 200, {"done": True, "at": n})


def test_a_member_from_which_the_others_follow_tells_calls_apart():
    rows = [
        row
        for n in range(4)
        for row in (
            ordering("ship", {"carrier": "x", "weight": n}, n),
            ordering("cancel", {"reason": f"r{n}"}, n),
            ordering("hold", {"until": n, **({"why": "y"} if n % 2 else {})}, n),
        )
    ]
    assert apart(*rows, ("POST", "/do", None, 400, {"error": "body"})) == {"ship": 4, "cancel": 4, "hold": 4, None: 1}


def test_a_member_from_which_nothing_follows_tells_nothing_apart():
    rows = [ordering(("ship", "hold")[n % 2], {"weight": n} if n % 3 else {}, n) for n in range(12)]
    assert apart(*rows) == {None: 12}


def test_ids_are_no_operations():
    sessions = [
        [
            ("POST", "/do", {"id": f"id{n}{k}", **({"a": 1} if k else {"b": 1})}, 200, {"k": k})
            for k in (0, 1)
            for _ in (0, 1)
        ]
        for n in range(4)
    ]
    assert [one.discriminator for one in endpoints_of(told_in(*sessions))] == [None]


def test_what_is_made_in_a_collection_is_not_told_apart():
    rows = [
        row
        for n in range(4)
        for row in (
            ("POST", "/things", {"kind": "a", "x": n}, 201, {"id": f"a{n}", "x": n}),
            ("POST", "/things", {"kind": "b", "y": n}, 201, {"id": f"b{n}", "y": n}),
            ("GET", "/things", None, 200, [{"id": f"a{n}"}, {"id": f"b{n}"}]),
        )
    ]
    assert all(one.discriminator is None for one in endpoints_of(told(*rows)))


def test_a_document_with_a_name_is_another_operation_than_one_with_that_field():
    rows = [
        ("POST", "/graphql", {"query": "query pets { pets { id } }"}, 200, {"data": {"pets": []}}),
        ("POST", "/graphql", {"query": "{ pets { id } }"}, 200, {"data": {"pets": []}}),
        ("POST", "/graphql", {"query": "{ pets { name } }"}, 200, {"data": {"pets": []}}),
    ]
    assert [one.discriminator for one in endpoints_of(told(*rows))] == [
        Discriminator("graphql", "", "pets"), Discriminator("graphql", FIELD, "pets"),
    ]  # fmt: skip


XML = {"Content-Type": "text/xml"}


def xml_told_apart(*bodies, headers=()):
    samples = told(
        *[
            ("POST", "/s", one, 200, b"<ok/>", {**XML, **head}, XML)
            for one, head in zip_longest(bodies, headers, fillvalue={})
        ]
    )
    read_elements(samples)
    return [(one.id, one.discriminator) for one in endpoints_of(samples)]


def soap(name):
    space = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<s:Envelope xmlns:s="{space}"><s:Body><{name}/></s:Body></s:Envelope>'.encode()


def test_the_first_element_of_a_soap_body_tells_calls_apart():
    assert xml_told_apart(soap("Get"), soap("Put"), soap("Get")) == [
        ("post-s-Get", Discriminator("element", "", "Envelope/Body/Get")),
        ("post-s-Put", Discriminator("element", "", "Envelope/Body/Put")),
    ]


def test_the_root_of_other_xml_does_so_too():
    assert xml_told_apart(b"<get/>", b"<put/>", b"<get/>") == [
        ("post-s-get", Discriminator("element", "", "get")), ("post-s-put", Discriminator("element", "", "put")),
    ]  # fmt: skip


def test_the_soap_action_goes_before_the_elements():
    headers = [{"SOAPAction": '"urn:x/Get"'}, {"SOAPAction": '"urn:x/Put"'}]
    assert xml_told_apart(soap("Get"), soap("Put"), headers=headers) == [
        ("post-s-Get", Discriminator("header", "soapaction", '"urn:x/Get"')),
        ("post-s-Put", Discriminator("header", "soapaction", '"urn:x/Put"')),
    ]


def test_a_soap_action_that_says_nothing_is_passed_over():
    headers = [{"SOAPAction": '""'}] * 2
    told = xml_told_apart(soap("Get"), soap("Put"), headers=headers)
    assert [one.where for _, one in told] == ["element", "element"]


def test_members_of_xml_do_not_tell_calls_apart():
    bodies = [f"<a><do>{word}</do><n>{n}</n></a>".encode() for n in range(3) for word in ("add", "sub")]
    assert xml_told_apart(*bodies) == [("post-s", None)]


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_field_of_forms_tells_them_apart_though_something_else_is_sent_to_the_path_too():
    calls = [(b"Do=push&Text=a", {"pushed": 1}), (b"Do=pull", {"text": "a"}), (b"Do=push&Text=b", {"pushed": 2})]
    rows = [("POST", "/queue", sent, 200, answer, FORM) for sent, answer in [*calls, *calls]]
    other = ("POST", "/queue", b"<begin/>", 200, {"begun": True}, XML)
    found = [(one.discriminator, len(one.samples)) for one in endpoints_of(told(other, *rows, other))]
    assert found == [
        (Discriminator("form", "Do", "push"), 4), (Discriminator("form", "Do", "pull"), 2), (None, 2),
    ]  # fmt: skip


def test_ids_in_a_query_tell_nothing_apart_though_the_things_look_differently():
    one, other = "e8fa9ae61e3f4d988b22099b1941119b", "0bd9a5cd0e474cf9b4149644bc59f572"
    things = {one: {"id": one, "name": "a"}, other: {"id": other, "name": "b", "tags": ["x"]}}
    rows = [("GET", f"/things/get?id={key}", None, 200, things[key]) for key in (one, other) * 3]
    assert [found for _, found in told_apart(*rows)] == [None]
