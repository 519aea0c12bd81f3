"""Arguments that name things are found, and put together by the things that they name."""

from synthesis.switchboards import Tickets, Wallet, spending, working
from synthesis.telling import told_in, visits

from recorder.synthesis.calls.arguments import base_of, kinds_of, operation_name
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.samples.elements import read_elements


def operations(service, script, count=5):
    samples = told_in(*visits(service, script, count))
    return samples, [one for one in endpoints_of(samples) if one.discriminator is not None]


def kinds(service, script):
    samples, found = operations(service, script)
    bases = {one: base_of(one) for one in found}
    return {
        kind.name: sorted((one.endpoint.discriminator.value, ".".join(one.path)) for one in kind.arguments)
        for kind in kinds_of(found, bases, samples)
    }


def test_arguments_of_remote_calls_are_of_one_kind_if_they_have_values_in_common():
    assert kinds(Wallet, spending)["purse"] == [
        ("coins.put", "params.purse"),
        ("purse.get", "params.purse"),
        ("purse.label", "params.purse"),
        ("purse.remove", "params.purse"),
    ]


def test_words_of_few_values_name_nothing():
    found = kinds(Tickets, working)
    assert "status" not in found
    assert found["ticket"] == [
        ("CloseTicket", "payload.ticketId"), ("RenameTicket", "payload.ticketId"), ("ticketById", "params.ticketId"),
    ]  # fmt: skip


def test_arguments_stand_in_the_one_object_of_bodies():
    _, found = operations(Tickets, working)
    assert {one.discriminator.value: base_of(one) for one in found} == {
        "OpenTicket": ("payload",), "RenameTicket": ("payload",), "CloseTicket": ("payload",),
        "ticketById": ("params",), "listTickets": ("params",),
    }  # fmt: skip


def test_or_they_are_the_body_itself():
    rows = [
        row
        for n in range(3)
        for row in (
            ("POST", "/q", {"op": "one", "id": n}, 200, {"a": n}),
            ("POST", "/q", {"op": "all", "page": n}, 200, []),
        )
    ]
    assert [base_of(one) for one in endpoints_of(told_in(rows))] == [(), ()]


def test_an_operation_of_graphql_is_called_as_its_field():
    rows = [
        ("POST", "/", {"query": "query One($i: ID!) { a: pet(id: $i) { id } }", "variables": {"i": n}}, 200, {})
        for n in (1, 2)
    ]
    [endpoint] = endpoints_of(told_in(rows))
    assert (operation_name(endpoint), base_of(endpoint)) == ("pet", ("variables",))


def soap(name, **asked):
    space = "http://schemas.xmlsoap.org/soap/envelope/"
    inside = "".join(f"<{key}>{value}</{key}>" for key, value in asked.items())
    return f'<s:Envelope xmlns:s="{space}"><s:Header><Key>k-1</Key></s:Header><s:Body><{name}>{inside}</{name}></s:Body></s:Envelope>'


def test_arguments_of_soap_are_those_of_the_body_and_named_by_what_is_read_with_them():
    def row(name, told, **asked):
        xml = {"Content-Type": "text/xml"}
        return ("POST", "/s", soap(name, **asked).encode(), 200, soap(f"{name}Response", **told).encode(), xml, xml)

    sessions = []
    for number in range(4):
        code = f"TX{number}93{number}71"
        sessions.append([
            row("CreateOrder", {"TrackingCode": code}, City=f"c{number}"),
            row("GetOrder", {"TrackingCode": code, "City": f"c{number}"}, TrackingCode=code),
            row("Scan", {"TrackingCode": code}, TrackingCode=code),
        ])  # fmt: skip
    samples = told_in(*sessions)
    read_elements(samples)
    found = endpoints_of(samples)
    bases = {one: base_of(one) for one in found}
    [kind] = kinds_of(found, bases, samples)
    assert (set(bases.values()), kind.name) == ({()}, "order")
    assert [(operation_name(one.endpoint), one.path) for one in kind.arguments] == [
        ("GetOrder", ("TrackingCode",)), ("Scan", ("TrackingCode",)),
    ]  # fmt: skip
