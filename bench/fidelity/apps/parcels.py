"""A carrier's SOAP 1.1 service: shipments of several parcels priced by weight and zone, scans, tracking and rates."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final
from uuid import uuid4
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import now

SOAP: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SPACE: Final = "http://ws.nordpost.example/parcel/v2"
NAMES: Final = {"soap": SOAP, "np": SPACE}
ACCOUNTS: Final = {"700215": "np-live-4f81c0d2a7", "700388": "np-live-b9236e51f0"}
ZONES: Final = {
    "DE": 1,
    "AT": 2,
    "BE": 2,
    "FR": 2,
    "NL": 2,
    "PL": 2,
    "GB": 3,
    "IE": 3,
    "NO": 3,
    "PT": 3,
    "SE": 3,
    "US": 4,
}
TARIFF: Final = {1: ("4.20", "0.55"), 2: ("8.90", "1.10"), 3: ("12.40", "1.75"), 4: ("24.00", "5.30")}
SERVICES: Final = {"ECONOMY": ("0.85", 4), "STANDARD": ("1.00", 2), "EXPRESS": ("1.80", 1)}
SCANS: Final = {
    "PICKUP": (("CREATED",), "PICKED_UP", "Picked up from the sender"),
    "DEPOT": (("PICKED_UP", "IN_TRANSIT"), "IN_TRANSIT", "Processed at the depot"),
    "LOADED": (("IN_TRANSIT", "DELIVERY_FAILED"), "OUT_FOR_DELIVERY", "Loaded into the delivery vehicle"),
    "ATTEMPT": (("OUT_FOR_DELIVERY",), "DELIVERY_FAILED", "The recipient was not met"),
    "DELIVERED": (("OUT_FOR_DELIVERY",), "DELIVERED", "Delivered to the recipient"),
}
_shipments: dict[str, dict[str, Any]] = {}


class Fault(Exception):  # noqa: N818 - as SOAP calls it
    """A refusal: its code, message, the field where there is one, and whose fault it is."""


def need(holds: object, code: str, message: str, field: str | None = None, kind: str = "Client") -> None:
    if not holds:
        raise Fault(code, message, field, kind)


def markup(name: str, value: Any) -> str:
    """Write a value as elements: lists repeat, None is left out, amounts of money carry their currency."""
    if isinstance(value, list):
        return "".join(markup(name, one) for one in value)
    if isinstance(value, dict):
        return f"<ns2:{name}>{''.join(markup(key, one) for key, one in value.items() if key[0] != '_')}</ns2:{name}>"
    currency = ' currency="EUR"' if name.endswith("Amount") else ""
    return "" if value is None else f"<ns2:{name}{currency}>{escape(str(value))}</ns2:{name}>"


def enveloped(body: str, status: int, transaction: str | None) -> Response:
    header = markup("MessageInfo", {"TransactionId": transaction, "MessageId": uuid4(), "Timestamp": now()})
    text = f'<?xml version="1.0" encoding="UTF-8"?><soap:Envelope xmlns:soap="{SOAP}" xmlns:ns2="{SPACE}">'
    text += f"<soap:Header>{header}</soap:Header><soap:Body>{body}</soap:Body></soap:Envelope>"
    return Response(text, status, media_type="text/xml; charset=utf-8")


def faulted(fault: Fault, transaction: str | None) -> Response:
    code, message, field, kind = fault.args
    detail = markup("ServiceFault", {"Code": code, "Message": message, "Field": field})
    body = f"<faultcode>soap:{kind}</faultcode><faultstring>{escape(message)}</faultstring><detail>{detail}</detail>"
    return enveloped(f"<soap:Fault>{body}</soap:Fault>", 500, transaction)


def optional(within: ET.Element, path: str) -> str | None:
    return within.findtext("np:" + path.replace("/", "/np:"), "", NAMES).strip() or None


def required(within: ET.Element, path: str) -> str:
    found = optional(within, path)
    need(found, "MISSING_ELEMENT", f"The element {path} is required", path)
    return found or ""


def number(within: ET.Element, path: str, most: str, excess: str) -> Decimal:
    text = required(within, path)
    try:
        found = Decimal(text)
        need(found > 0, "INVALID_VALUE", f"{path} must be greater than 0", path)
    except InvalidOperation:
        raise Fault("INVALID_VALUE", f"'{text}' is not a valid value for decimal", path, "Client") from None
    need(found <= Decimal(most), excess, f"{path} {text} exceeds the limit of {most}", path)
    return found


def parcel_of(within: ET.Element, path: str = "") -> dict[str, Any]:
    weight = number(within, f"{path}WeightKg", "31.5", "PARCEL_OVERWEIGHT")
    sizes = {
        name: number(within, path + name, "120", "PARCEL_OVERSIZE") for name in ("LengthCm", "WidthCm", "HeightCm")
    }
    length, width, height = sizes.values()
    billed = (max(weight, length * width * height / 5000) * 2).to_integral_value(ROUND_CEILING) / 2
    return {"WeightKg": weight, **sizes, "BillableWeightKg": f"{billed:.1f}"}


def offer(parcels: list[dict[str, Any]], zone: int, service: str) -> dict[str, Any]:
    cent, (base, per_kg), (factor, days) = Decimal("0.01"), map(Decimal, TARIFF[zone]), SERVICES[service]
    plain = sum((base + per_kg * Decimal(one["BillableWeightKg"]) for one in parcels), Decimal(0))
    freight = (plain * Decimal(factor)).quantize(cent, ROUND_HALF_UP)
    fuel = (freight * Decimal("0.075")).quantize(cent, ROUND_HALF_UP)
    charges = {"FreightAmount": freight, "FuelSurchargeAmount": fuel, "TotalAmount": freight + fuel}
    day = datetime.now(UTC) + timedelta(days=days + 2 * (zone - 1))
    return {"Service": service, "Charges": charges, "EstimatedDelivery": f"{day:%Y-%m-%d}"}


def tracking_number() -> str:
    digits = str(random.randint(10_000_000, 99_999_999))
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return f"NP{digits}{5 if rest == 11 else rest % 10}DE"


def zone_of(country: str) -> int:
    need(country in ZONES, "COUNTRY_NOT_SERVED", f"No service to country {country}", "CountryCode")
    return ZONES[country]


def pack(shipment: dict[str, Any], parcels: list[dict[str, Any]], service: str) -> None:
    count = len(parcels)
    need(1 <= count <= 5, "PARCEL_COUNT", f"A shipment has 1 to 5 parcels, got {count}", "Parcels")
    numbered = [{"PieceNumber": f"{shipment['TrackingNumber']}-{at:02d}", **one} for at, one in enumerate(parcels, 1)]
    shipment |= {"ParcelCount": count, "TotalWeightKg": sum(one["WeightKg"] for one in parcels)}
    shipment |= {"Parcels": {"Parcel": numbered}, **offer(parcels, shipment["Zone"], service)}


def record(shipment: dict[str, Any], code: str, description: str, place: str | None = None) -> None:
    event = {"Timestamp": now(), "Code": code, "Description": description, "Location": place}
    shipment["_events"].insert(0, event)


def known(account: str, asked: ET.Element) -> dict[str, Any]:
    wanted = required(asked, "TrackingNumber")
    found = _shipments.get(wanted, {"_account": None})
    mine = found["_account"] == account
    need(mine, "SHIPMENT_NOT_FOUND", f"No shipment with tracking number {wanted}", "TrackingNumber")
    return found


def some(shipment: dict[str, Any], names: str) -> dict[str, Any]:
    return {name: shipment.get(name) for name in names.split()}


def create(account: str, asked: ET.Element) -> dict[str, Any]:
    fields = ("Name", "Street", "PostalCode", "City", "CountryCode")
    recipient = {name: required(asked, f"Recipient/{name}") for name in fields}
    zone, service = zone_of(recipient["CountryCode"]), required(asked, "ServiceCode")
    need(service in SERVICES, "INVALID_VALUE", f"'{service}' is not one of {', '.join(SERVICES)}", "ServiceCode")
    offered = service != "ECONOMY" or zone != 4
    need(offered, "SERVICE_NOT_AVAILABLE", f"{service} is not available in zone {zone}", "ServiceCode")
    shipment: dict[str, Any] = {"ShipmentId": 88014200 + len(_shipments), "TrackingNumber": tracking_number()}
    shipment |= {"Reference": optional(asked, "Reference"), "Status": "CREATED", "CreatedAt": now()}
    shipment |= {"Zone": zone, "Recipient": recipient, "_account": account, "_events": []}
    pack(shipment, [parcel_of(given) for given in asked.findall("np:Parcels/np:Parcel", NAMES)], service)
    record(shipment, "CREATED", "Shipment data received")
    _shipments[shipment["TrackingNumber"]] = shipment
    return some(shipment, "ShipmentId TrackingNumber Status Zone ParcelCount TotalWeightKg Charges EstimatedDelivery")


def add_parcel(account: str, asked: ET.Element) -> dict[str, Any]:
    shipment = known(account, asked)
    status, parcels = shipment["Status"], shipment["Parcels"]["Parcel"]
    need(status == "CREATED", "SHIPMENT_NOT_MODIFIABLE", f"A shipment in status {status} cannot be changed")
    pack(shipment, [*parcels, parcel_of(asked, "Parcel/")], shipment["Service"])
    added = {"Parcel": shipment["Parcels"]["Parcel"][-1]}
    return {**some(shipment, "TrackingNumber ParcelCount TotalWeightKg Charges"), **added}


def listed(account: str, asked: ET.Element) -> dict[str, Any]:
    status, most = optional(asked, "Status"), optional(asked, "MaxResults") or "20"
    fits = most.isdecimal() and 1 <= int(most) <= 100
    need(fits, "INVALID_VALUE", f"'{most}' is not a number from 1 to 100", "MaxResults")
    mine = [one for one in reversed(_shipments.values()) if one["_account"] == account]
    found = [one for one in mine if status in (None, one["Status"])]
    names = "ShipmentId TrackingNumber Reference Status Service ParcelCount CreatedAt"
    rows = [{**some(one, names), "TotalAmount": one["Charges"]["TotalAmount"]} for one in found[: int(most)]]
    more = str(len(found) > len(rows)).lower()
    return {"TotalCount": len(found), "MoreAvailable": more, "Shipments": {"ShipmentSummary": rows}}


def track(account: str, asked: ET.Element) -> dict[str, Any]:
    shipment = known(account, asked)
    events = {"EventCount": len(shipment["_events"]), "Events": {"Event": shipment["_events"]}}
    return {**some(shipment, "TrackingNumber Status EstimatedDelivery DeliveredAt SignedBy"), **events}


def scan(account: str, asked: ET.Element) -> dict[str, Any]:
    shipment, code, place = known(account, asked), required(asked, "ScanCode"), required(asked, "Location")
    need(code in SCANS, "INVALID_VALUE", f"'{code}' is not one of {', '.join(SCANS)}", "ScanCode")
    status, (before, after, description) = shipment["Status"], SCANS[code]
    need(status in before, "INVALID_SCAN", f"Scan {code} is not possible in status {status}", "ScanCode")
    if code == "DELIVERED":
        shipment |= {"SignedBy": required(asked, "SignedBy"), "DeliveredAt": now()}
    shipment["Status"] = after
    record(shipment, code, description, place)
    return {**some(shipment, "TrackingNumber Status"), "EventCount": len(shipment["_events"])}


def cancel(account: str, asked: ET.Element) -> dict[str, Any]:
    shipment = known(account, asked)
    number, status = shipment["TrackingNumber"], shipment["Status"]
    need(status != "CANCELLED", "ALREADY_CANCELLED", f"Shipment {number} is cancelled already")
    need(status == "CREATED", "CANCEL_NOT_ALLOWED", f"A shipment in status {status} cannot be cancelled")
    shipment |= {"Status": "CANCELLED", "CancelledAt": now()}
    record(shipment, "CANCELLED", optional(asked, "Reason") or "Cancelled by the sender")
    return {**some(shipment, "TrackingNumber Status CancelledAt"), "RefundAmount": shipment["Charges"]["TotalAmount"]}


def rates(_: str, asked: ET.Element) -> dict[str, Any]:
    zone, parcel = zone_of(required(asked, "CountryCode")), parcel_of(asked)
    found = [offer([parcel], zone, service) for service in SERVICES if service != "ECONOMY" or zone != 4]
    return {"Zone": zone, "BillableWeightKg": parcel["BillableWeightKg"], "Rates": {"Rate": found}}


OPERATIONS: Final = {
    "CreateShipment": create,
    "GetShipment": lambda account, asked: {"Shipment": known(account, asked)},
    "AddParcel": add_parcel,
    "ListShipments": listed,
    "Track": track,
    "RegisterScan": scan,
    "CancelShipment": cancel,
    "GetRates": rates,
}


def read(body: bytes) -> ET.Element:
    try:
        envelope = ET.fromstring(body)
    except ET.ParseError as error:
        raise Fault("MALFORMED_XML", f"Error reading XMLStreamReader: {error}", None, "Client") from None
    ours = envelope.tag == f"{{{SOAP}}}Envelope"
    need(ours, "VERSION_MISMATCH", "The message is not a SOAP 1.1 envelope", None, "VersionMismatch")
    return envelope


def account_of(envelope: ET.Element) -> str:
    given, kind = envelope.find("soap:Header/np:Credentials", NAMES), "Client.Authentication"
    if given is None:
        raise Fault("AUTHENTICATION_REQUIRED", "The header Credentials is required", None, kind)
    account, key = optional(given, "AccountNumber") or "", optional(given, "ApiKey") or ""
    need(ACCOUNTS.get(account) == key, "AUTHENTICATION_FAILED", f"Invalid credentials for {account}", None, kind)
    return account


def answered(envelope: ET.Element, action: str) -> str:
    account, operation = account_of(envelope), action.strip('"').removeprefix(f"{SPACE}/")
    need(operation in OPERATIONS, "UNKNOWN_ACTION", f"The SOAPAction '{operation}' is not known")
    asked = envelope.find(f"soap:Body/np:{operation}Request", NAMES)
    if asked is None:
        raise Fault("ACTION_MISMATCH", f"The body has no {operation}Request", "Body", "Client")
    return markup(f"{operation}Response", OPERATIONS[operation](account, asked))


async def service(request: Request) -> Response:
    if request.headers.get("content-type", "").partition(";")[0] not in ("text/xml", "application/xml"):
        return PlainTextResponse("Unsupported Media Type: expected text/xml", 415)
    transaction = None
    try:
        envelope = read(await request.body())
        transaction = envelope.findtext("soap:Header/np:TransactionId", None, NAMES)
        return enveloped(answered(envelope, request.headers.get("soapaction", "")), 200, transaction)
    except Fault as fault:
        return faulted(fault, transaction)


app = Starlette(routes=[Route("/soap/ParcelService", service, methods=["POST"])])
