"""Sessions of a carrier's SOAP service: quoting, shipping, adding parcels, scanning, tracking, cancelling, mistakes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from bench.fidelity import values
from bench.fidelity.client import AbortedError, Answered, Client

PATH: Final = "/soap/ParcelService"
SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SPACE: Final = "http://ws.nordpost.example/parcel/v2"
ACCOUNT: Final = ("700215", "np-live-4f81c0d2a7")
OTHER_ACCOUNT: Final = ("700388", "np-live-b9236e51f0")
HUBS: Final = ("Leipzig DE", "Hannover DE", "Lyon FR", "Rotterdam NL", "Graz AT", "Gdańsk PL", "Oslo NO")
COUNTRIES: Final = ("DE", "AT", "FR", "NL", "PL", "GB", "NO", "PT", "US")
Fields = Mapping[str, object]


def play(client: Client, random: Random) -> None:
    others = [quoting, shipping, growing, cancelling, cancelling, other_account, mistakes, mistakes]
    kinds = [delivering, *random.sample(others, 3)]
    random.shuffle(kinds)
    for kind in kinds:
        kind(client, random)
    overview(client, random)


def markup(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(markup(name, one) for one in value)
    inside = "".join(markup(*one) for one in value.items()) if isinstance(value, dict) else escape(str(value))
    return f"<par:{name}>{inside}</par:{name}>"


def envelope(body: str, account: tuple[str, str] | None = ACCOUNT, transaction: str = "", soap: str = SOAP) -> str:
    head = markup("Credentials", {"AccountNumber": account[0], "ApiKey": account[1]}) if account else ""
    head += markup("TransactionId", transaction) if transaction else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<soapenv:Envelope xmlns:soapenv="{soap}" xmlns:par="{SPACE}">'
        f"<soapenv:Header>{head}</soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )


def send(
    client: Client, label: str, operation: str, text: str, kind: str = "text/xml; charset=utf-8", *, reads: bool = False
) -> Answered:
    headers = {"Content-Type": kind, "Accept": "text/xml", "SOAPAction": f'"{SPACE}/{operation}"'}
    return client.ask(label, "POST", PATH, content=text.encode(), headers=headers, reads=reads)


def call(
    client: Client,
    label: str,
    operation: str,
    asked: Fields,
    account: tuple[str, str] | None = ACCOUNT,
    transaction: str = "",
    *,
    reads: bool = False,
) -> Answered:
    body = markup(f"{operation}Request", dict(asked))
    return send(client, label, operation, envelope(body, account, transaction), reads=reads)


def taken(answer: Answered, name: str) -> str:
    """Give the text of the first element of this name; raises AbortedError where there is none."""
    try:
        found = ET.fromstring(answer.body).findtext(f".//{{{SPACE}}}{name}")
    except ET.ParseError:
        found = None
    if not found:
        raise AbortedError(f"{answer.label}: no element {name} (status {answer.status})")
    return found


def parcel(random: Random) -> dict[str, object]:
    length, width, height = random.randint(15, 60), random.randint(10, 45), random.randint(5, 40)
    weight = f"{random.uniform(0.3, 28):.2f}"
    return {"WeightKg": weight, "LengthCm": length, "WidthCm": width, "HeightCm": height}


def recipient(random: Random) -> dict[str, object]:
    street = f"{values.word(random).capitalize()}straat {random.randint(1, 180)}"
    place = {"PostalCode": f"{random.randint(10000, 99999)}", "City": random.choice(values.CITIES)}
    return {"Name": values.name(random), "Street": street, **place, "CountryCode": random.choice(COUNTRIES)}


def shipment(random: Random, parcels: int = 1) -> dict[str, object]:
    reference = {"Reference": values.slug(random)} if random.random() < 0.7 else {}
    asked = {**reference, "ServiceCode": random.choice(["STANDARD", "STANDARD", "EXPRESS"])}
    return {**asked, "Recipient": recipient(random), "Parcels": {"Parcel": [parcel(random) for _ in range(parcels)]}}


def create(client: Client, random: Random, label: str = "create", parcels: int = 1) -> dict[str, object]:
    transaction = f"{random.getrandbits(48):012x}" if random.random() < 0.4 else ""
    answer = call(client, label, "CreateShipment", shipment(random, parcels), transaction=transaction)
    return {"TrackingNumber": taken(answer, "TrackingNumber")}


def scan(client: Client, random: Random, label: str, one: Fields, code: str) -> Answered:
    signed = {"SignedBy": values.name(random)} if code == "DELIVERED" else {}
    asked = {**one, "ScanCode": code, "Location": random.choice(HUBS), **signed}
    return call(client, label, "RegisterScan", asked, reads=True)


def quoting(client: Client, random: Random) -> None:
    for _ in range(random.randint(1, 3)):
        asked = {"CountryCode": random.choice(COUNTRIES), **parcel(random)}
        call(client, "rates", "GetRates", asked)
    one = parcel(random)
    asked = {"ServiceCode": "EXPRESS", "Recipient": recipient(random), "Parcels": {"Parcel": [one]}}
    country = asked["Recipient"]["CountryCode"]
    call(client, "rates before shipping", "GetRates", {"CountryCode": country, **one})
    number = taken(call(client, "create as quoted", "CreateShipment", asked), "TrackingNumber")
    call(client, "the quoted shipment", "GetShipment", {"TrackingNumber": number}, reads=True)


def shipping(client: Client, random: Random) -> None:
    for _ in range(random.randint(1, 2)):
        one = create(client, random, "create with parcels", random.randint(2, 4))
        call(client, "the shipment", "GetShipment", one, reads=True)
    call(client, "track before any scan", "Track", one, reads=True)
    call(client, "the newest shipments", "ListShipments", {"MaxResults": random.randint(1, 3)}, reads=True)


def growing(client: Client, random: Random) -> None:
    one = create(client, random)
    for _ in range(random.randint(1, 3)):
        call(client, "add a parcel", "AddParcel", {**one, "Parcel": parcel(random)}, reads=True)
    call(client, "the shipment, grown", "GetShipment", one, reads=True)
    if random.random() < 0.5:
        call(client, "add no parcel", "AddParcel", one)
    if random.random() < 0.7:
        scan(client, random, "pick up", one, "PICKUP")
        call(client, "add when picked up", "AddParcel", {**one, "Parcel": parcel(random)}, reads=True)


def delivering(client: Client, random: Random) -> None:
    one = create(client, random, parcels=random.randint(1, 2))
    scan(client, random, "pick up", one, "PICKUP")
    call(client, "track", "Track", one, reads=True)
    if random.random() < 0.4:
        call(client, "cancel when picked up", "CancelShipment", one, reads=True)
    for _ in range(random.randint(1, 2)):
        scan(client, random, "at a depot", one, "DEPOT")
    if random.random() < 0.4:
        scan(client, random, "a scan too early", one, "DELIVERED")
    call(client, "track on its way", "Track", one, reads=True)
    scan(client, random, "load", one, "LOADED")
    if random.random() < 0.4:
        scan(client, random, "attempt", one, "ATTEMPT")
        call(client, "track after the attempt", "Track", one, reads=True)
        scan(client, random, "load again", one, "LOADED")
    if random.random() < 0.8:
        scan(client, random, "deliver", one, "DELIVERED")
        call(client, "track when delivered", "Track", one, reads=True)
    call(client, "the shipment after scans", "GetShipment", one, reads=True)


def cancelling(client: Client, random: Random) -> None:
    one = create(client, random, parcels=random.randint(1, 3))
    reason = {"Reason": values.sentence(random)} if random.random() < 0.5 else {}
    call(client, "cancel", "CancelShipment", {**one, **reason}, reads=True)
    call(client, "the shipment, cancelled", "GetShipment", one, reads=True)
    ways: list[Callable[[], object]] = [
        lambda: call(client, "track when cancelled", "Track", one, reads=True),
        lambda: call(client, "cancel again", "CancelShipment", one, reads=True),
        lambda: scan(client, random, "pick up when cancelled", one, "PICKUP"),
        lambda: call(client, "cancelled shipments", "ListShipments", {"Status": "CANCELLED"}, reads=True),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(2, 4)]:
        way()


def other_account(client: Client, random: Random) -> None:
    one, other = create(client, random), client.user()
    call(other, "another's shipment", "GetShipment", one, OTHER_ACCOUNT, reads=True)
    answer = call(other, "create by another", "CreateShipment", shipment(random), OTHER_ACCOUNT)
    theirs = {"TrackingNumber": taken(answer, "TrackingNumber")}
    call(other, "shipments of another", "ListShipments", {}, OTHER_ACCOUNT, reads=True)
    call(client, "track another's", "Track", theirs, reads=True)


def overview(client: Client, random: Random) -> None:
    call(client, "shipments", "ListShipments", {}, reads=True)
    for status in random.sample(["CREATED", "PICKED_UP", "IN_TRANSIT", "DELIVERED", "CANCELLED"], random.randint(1, 2)):
        call(client, "shipments of a status", "ListShipments", {"Status": status}, reads=True)


def flawed(random: Random) -> list[tuple[str, dict[str, object]]]:
    """Give shipments that are refused, each with the label of its step."""
    plain, person = shipment(random), recipient(random)
    heavy = {**parcel(random), "WeightKg": f"{random.uniform(32, 90):.1f}"}
    long = {**parcel(random), "LengthCm": random.randint(121, 300)}
    wordy = {**parcel(random), "WeightKg": values.word(random)}
    nowhere = {**person, "CountryCode": random.choice(["BR", "JP", "AU"])}
    return [
        ("too heavy", {**plain, "Parcels": {"Parcel": [parcel(random), heavy]}}),
        ("too long", {**plain, "Parcels": {"Parcel": [long]}}),
        ("a weight in words", {**plain, "Parcels": {"Parcel": [wordy]}}),
        ("no parcels", {**plain, "Parcels": {}}),
        ("no such country", {**plain, "Recipient": nowhere}),
        ("no service", {key: one for key, one in plain.items() if key != "ServiceCode"}),
        ("unknown service", {**plain, "ServiceCode": values.word(random).upper()}),
        ("economy overseas", {**plain, "ServiceCode": "ECONOMY", "Recipient": {**person, "CountryCode": "US"}}),
        ("no name", {**plain, "Recipient": {key: one for key, one in person.items() if key != "Name"}}),
    ]


def mistakes(client: Client, random: Random) -> None:
    for label, asked in random.sample(flawed(random), random.randint(2, 3)):
        call(client, label, "CreateShipment", asked)
    unknown = {"TrackingNumber": f"NP{random.randint(10**8, 10**9 - 1)}DE"}
    listing = markup("ListShipmentsRequest", {})
    wrong = (random.choice(["700215", "700999"]), values.password(random))
    later = envelope(listing, soap="http://www.w3.org/2003/05/soap-envelope")
    operation = random.choice(["GetShipment", "Track", "CancelShipment"])
    ways: list[Callable[[], object]] = [
        lambda: call(client, "wrong credentials", "ListShipments", {}, wrong),
        lambda: call(client, "no credentials", "ListShipments", {}, None),
        lambda: call(client, "unknown shipment", operation, unknown),
        lambda: call(client, "no tracking number", operation, {}),
        lambda: call(client, "unknown action", f"{values.word(random).capitalize()}Shipment", {}),
        lambda: send(client, "another action", "GetRates", envelope(listing)),
        lambda: send(client, "malformed", "ListShipments", envelope(listing)[: random.randint(90, 200)]),
        lambda: send(client, "a later SOAP", "ListShipments", later),
        lambda: send(client, "not XML", "ListShipments", '{"Status": "CREATED"}', "application/json"),
        lambda: call(client, "too many wanted", "ListShipments", {"MaxResults": random.randint(101, 900)}),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()
