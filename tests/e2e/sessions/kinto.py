"""A session with Kinto: accounts, buckets, records by page token, ETag preconditions, JSON Patch, batches, tombstones, two users."""

from __future__ import annotations

import base64
import urllib.parse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from e2e.client import Client

RECORDS = "/v1/buckets/depot/collections/parcels/records"
MADE = (200, 201)


def _as(user: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


ADMIN, LENA, OTTO = _as("admin", "adm-pass-1"), _as("lena", "lena-pass-2"), _as("otto", "otto-pass-3")


def front(client: Client) -> None:
    client.call("GET", "/v1/")
    client.call("GET", "/v1", status=307)
    client.call("GET", "/v1/__heartbeat__")
    client.call("GET", "/v1/absent", status=404)


def parcels(client: Client) -> None:
    for user, password in (("lena", "lena-pass-2"), ("otto", "otto-pass-3"), ("admin", "adm-pass-1")):
        client.call("PUT", f"/v1/accounts/{user}", document={"data": {"password": password}}, status=MADE)
    client.call("GET", "/v1/buckets/depot", status=401)
    client.call("GET", "/v1/buckets/depot", headers=_as("lena", "not-hers"), status=401)
    rights = {"permissions": {"collection:create": ["account:lena"]}}
    client.call("PUT", "/v1/buckets/depot", document=rights, headers=ADMIN, status=MADE)
    rights = {"permissions": {"read": ["account:otto"]}}
    client.call("PUT", "/v1/buckets/depot/collections/parcels", document=rights, headers=LENA, status=MADE)
    names = []
    for number in range(7):
        parcel = {"data": {"label": f"Parcel {number}", "rank": number, "sent": number % 2 == 1}}
        names.append(client.call("POST", RECORDS, document=parcel, headers=LENA, status=201).json()["data"]["id"])
    _pages(client)
    _preconditions(client, names[0])
    _changes(client, names)


def _pages(client: Client) -> None:
    page = client.call("GET", f"{RECORDS}?_limit=3&_sort=rank", headers=LENA)
    ranks = [parcel["rank"] for parcel in page.json()["data"]]
    while page.header("next-page") and len(ranks) < 9:
        onward = urllib.parse.urlsplit(page.header("next-page"))
        page = client.call("GET", f"{onward.path}?{onward.query}", headers=LENA)
        ranks += [parcel["rank"] for parcel in page.json()["data"]]
    client.expect(ranks == list(range(7)), f"the pages follow each other: {ranks}")
    client.call("GET", f"{RECORDS}?sent=true&min_rank=2&_fields=label", headers=LENA)
    client.call("HEAD", RECORDS, headers=LENA)


def _preconditions(client: Client, name: str) -> None:
    tag = client.call("GET", f"{RECORDS}/{name}", headers=LENA).header("etag")
    client.call("GET", f"{RECORDS}/{name}", headers={**LENA, "If-None-Match": tag}, status=304)
    new = {"data": {"label": "Relabelled"}}
    client.call("PATCH", f"{RECORDS}/{name}", document=new, headers={**LENA, "If-Match": tag})
    lost = {"data": {"label": "Too late"}}
    client.call("PATCH", f"{RECORDS}/{name}", document=lost, headers={**LENA, "If-Match": tag}, status=412)
    again = client.call("GET", f"{RECORDS}/{name}", headers=LENA).json()
    client.expect(again["data"]["label"] == "Relabelled", "the same request shows the change")
    client.call("PUT", f"{RECORDS}/named-by-me", document=new, headers=LENA, status=MADE)
    client.call("PUT", f"{RECORDS}/named-by-me", document=new, headers={**LENA, "If-None-Match": "*"}, status=412)


def _changes(client: Client, names: list[str]) -> None:
    steps = b'[{"op":"add","path":"/data/note","value":"fragile"},{"op":"replace","path":"/data/rank","value":70}]'
    kind = {"Content-Type": "application/json-patch+json"}
    client.call("PATCH", f"{RECORDS}/{names[1]}", body=steps, headers={**LENA, **kind})
    batch = {
        "defaults": {"method": "POST", "path": RECORDS},
        "requests": [{"body": {"data": {"label": "b1"}}}, {"method": "GET", "path": f"{RECORDS}/absent"}],
    }
    client.expect(len(client.call("POST", "/v1/batch", document=batch, headers=LENA).json()["responses"]) == 2, "batch")
    client.call("GET", RECORDS, headers=OTTO)
    client.call("POST", RECORDS, document={"data": {}}, headers=OTTO, status=403)
    client.call("DELETE", f"{RECORDS}/{names[2]}", headers=LENA)
    client.call("GET", f"{RECORDS}/{names[2]}", headers=LENA, status=404)
    client.call("GET", f"{RECORDS}?_since=0", headers=LENA, status=(200, 400))
    broken = {**LENA, "Content-Type": "application/json"}
    client.call("POST", RECORDS, body=b"{half", headers=broken, status=400)
    client.call("DELETE", RECORDS, headers=LENA)
    client.expect(client.call("GET", RECORDS, headers=LENA).json() == {"data": []}, "nothing is left")


PARTS = (front, parcels)
