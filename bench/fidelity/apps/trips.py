"""People and their trips after OData's TripPin: keys in brackets, `$filter` to `$count`, references, entity tags."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.trips_filters import RefusedError, holds, property_of

Row = dict[str, Any]

VERSION: Final = {"OData-Version": "4.0"}
KIND: Final = "application/json; odata.metadata=minimal"
PAGE: Final = 8
GENDERS: Final = ("Male", "Female", "Unknown")
FIELDS: Final = ("UserName", "FirstName", "LastName", "MiddleName", "Gender", "Age", "Emails")
TRIP_FIELDS: Final = ("TripId", "ShareId", "Name", "Budget", "Description", "Tags", "StartsAt", "EndsAt")
AIRLINES: Final = {"AA": "American Airlines", "FM": "Shanghai Airline", "MU": "China Eastern Airlines"}
FIRST_NAMES: Final = (
    "Russell",
    "Scott",
    "Ronald",
    "Javier",
    "Willie",
    "Vincent",
    "Clyde",
    "Keith",
    "Elaine",
    "Genevieve",
)
LAST_NAMES: Final = (
    "Whyte",
    "Ketchum",
    "Mundy",
    "Alfred",
    "Ashmore",
    "Calabrese",
    "Guess",
    "Pinckney",
    "Stewart",
    "Reeves",
)


def person_of(asked: Row) -> Row:
    told = {name: asked.get(name) for name in FIELDS}
    told |= {"Gender": asked.get("Gender") or "Unknown", "Emails": asked.get("Emails") or []}
    return {**told, "Trips": [], "Friends": [], "Version": 1}


def seeded() -> dict[str, Row]:
    people = {}
    for number, (first, last) in enumerate(zip(FIRST_NAMES, LAST_NAMES, strict=True)):
        name = f"{first}{last}".lower()
        asked = {"UserName": name, "FirstName": first, "LastName": last, "Age": 21 + number * 17 % 40}
        asked |= {
            "Gender": GENDERS[number // 8],
            "Emails": [f"{first}@example.com", f"{first}@contoso.com"][: number % 3],
        }
        people[name] = person_of(asked)
    return people


_people: dict[str, Row] = seeded()
_trips = iter(range(1001, 1_000_000))


async def refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    told = {"error": {"code": "", "message": str(error)}}
    return JSONResponse(told, error.status, VERSION, media_type=KIND)


async def sent(request: Request) -> Row:
    try:
        found = json.loads(await request.body())
    except ValueError:
        raise RefusedError(400, "The request body is not valid JSON.") from None
    if not isinstance(found, dict):
        raise RefusedError(400, "An entity was expected.")
    return found


def base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def told(request: Request, person: Row) -> Row:
    """Give a person's properties: those selected, and the trips where they are to be expanded."""
    select = [name.strip() for name in request.query_params.get("$select", "").split(",") if name]
    names = [property_of(name, FIELDS) for name in select] or list(FIELDS)
    shown = {"@odata.etag": etag(person)} | {name: person[name] for name in names}
    for name in filter(None, request.query_params.get("$expand", "").split(",")):
        if name not in ("Trips", "Friends"):
            raise RefusedError(400, f"Could not find a property named '{name}' on type 'Trippin.Person'.")
        friends = [{key: _people[friend][key] for key in FIELDS} for friend in person["Friends"] if friend in _people]
        shown[name] = person["Trips"] if name == "Trips" else friends
    return shown


def etag(person: Row) -> str:
    return f'W/"{person["Version"]:08X}"'


def context(request: Request, what: str) -> str:
    select = request.query_params.get("$select")
    return f"{base(request)}/$metadata#{what}" + (f"({select})" if select else "")


def number_asked(request: Request, name: str) -> int | None:
    text = request.query_params.get(name)
    if text is not None and not text.isdigit():
        raise RefusedError(400, f"Invalid value '{text}' for {name} query option found.")
    return None if text is None else int(text)


def collection(request: Request, rows: list[Row]) -> list[Row]:
    for words in reversed([part.split() for part in request.query_params.get("$orderby", "").split(",") if part]):
        key = property_of(words[0], FIELDS)
        rows = sorted(rows, key=lambda row, key=key: row[key], reverse=words[-1] == "desc")
    return rows


async def people(request: Request) -> Response:
    if request.method == "POST":
        return await add(request)
    rows = list(_people.values())
    if text := request.query_params.get("$filter"):
        rows = [row for row in rows if holds(row, text)]
    if word := request.query_params.get("$search", "").lower():
        rows = [row for row in rows if any(word in str(row[name]).lower() for name in FIELDS)]
    answer: Row = {"@odata.context": context(request, "People")}
    if request.query_params.get("$count") == "true":
        answer["@odata.count"] = len(rows)
    skip, top = number_asked(request, "$skip") or 0, number_asked(request, "$top")
    start = number_asked(request, "$skiptoken") or 0
    rows = collection(request, rows)[skip : None if top is None else skip + top]
    answer["value"] = [told(request, row) for row in rows[start : start + PAGE]]
    if len(rows) > start + PAGE:
        answer["@odata.nextLink"] = str(request.url.include_query_params(**{"$skiptoken": start + PAGE}))
    return JSONResponse(answer, headers=VERSION, media_type=KIND)


async def count(_: Request) -> Response:
    return PlainTextResponse(str(len(_people)), headers=VERSION)


def entity(request: Request, person: Row, status: int = 200) -> Response:
    answer = {"@odata.context": context(request, "People") + "/$entity", **told(request, person)}
    headers = {**VERSION, "ETag": etag(person)}
    if status == 201:
        headers["Location"] = f"{base(request)}/People('{person['UserName']}')"
    return JSONResponse(answer, status, headers, media_type=KIND)


def check(asked: Row, known: tuple[str, ...]) -> None:
    for name in asked:
        if name not in known:
            message = f"The property '{name}' does not exist on type 'Trippin.Person'."
            raise RefusedError(400, message)
    if asked.get("Gender", "Male") not in GENDERS:
        raise RefusedError(400, f"Cannot convert the literal '{asked['Gender']}' to the expected type 'PersonGender'.")


async def add(request: Request) -> Response:
    asked = await sent(request)
    check(asked, FIELDS)
    for name in ("UserName", "FirstName"):
        if not asked.get(name):
            raise RefusedError(400, f"The {name} field is required.")
    if asked["UserName"] in _people:
        raise RefusedError(409, f"An entity with key '{asked['UserName']}' exists already.")
    _people[asked["UserName"]] = person_of(asked)
    return entity(request, _people[asked["UserName"]], 201)


def person_asked(request: Request) -> Row:
    name = request.path_params["name"]
    if name not in _people:
        raise RefusedError(404, f"Resource not found for the segment 'People({name})'.")
    return _people[name]


async def person(request: Request) -> Response:
    found = person_asked(request)
    if request.method == "GET":
        return entity(request, found)
    if "if-match" not in request.headers:
        raise RefusedError(428, "The request must be conditional: send If-Match.")
    if request.headers["if-match"] not in ("*", etag(found)):
        raise RefusedError(412, "The etag does not match the current one.")
    if request.method == "DELETE":
        del _people[found["UserName"]]
        for other in _people.values():
            other["Friends"] = [friend for friend in other["Friends"] if friend != found["UserName"]]
        return Response(status_code=204, headers=VERSION)
    asked = await sent(request)
    check(asked, FIELDS[1:])
    found |= asked
    found["Version"] += 1
    if "return=representation" in request.headers.get("prefer", ""):
        return entity(request, found)
    return Response(status_code=204, headers={**VERSION, "ETag": etag(found)})


async def member(request: Request) -> Response:
    found, name = person_asked(request), request.path_params["member"]
    if name not in FIELDS:
        raise RefusedError(404, f"Resource not found for the segment '{name}'.")
    if request.url.path.endswith("/$value"):
        return PlainTextResponse(str(found[name]), headers=VERSION)
    if found[name] is None:
        return Response(status_code=204, headers=VERSION)
    what = f"{base(request)}/$metadata#People('{found['UserName']}')/{name}"
    return JSONResponse({"@odata.context": what, "value": found[name]}, headers=VERSION, media_type=KIND)


async def trips(request: Request) -> Response:
    found = person_asked(request)
    what = f"{base(request)}/$metadata#People('{found['UserName']}')/Trips"
    if request.method == "GET":
        return JSONResponse({"@odata.context": what, "value": found["Trips"]}, headers=VERSION, media_type=KIND)
    asked = await sent(request)
    if not asked.get("Name"):
        raise RefusedError(400, "The Name field is required.")
    made = {**dict.fromkeys(TRIP_FIELDS), **{name: asked[name] for name in TRIP_FIELDS if name in asked}}
    made |= {"TripId": next(_trips), "ShareId": str(uuid4()), "Tags": asked.get("Tags", [])}
    found["Trips"].append(made)
    headers = {**VERSION, "Location": f"{base(request)}/People('{found['UserName']}')/Trips({made['TripId']})"}
    return JSONResponse({"@odata.context": f"{what}/$entity", **made}, 201, headers, media_type=KIND)


async def trip(request: Request) -> Response:
    found, number = person_asked(request), request.path_params["number"]
    one = next((trip for trip in found["Trips"] if trip["TripId"] == number), None)
    if one is None:
        raise RefusedError(404, f"Resource not found for the segment 'Trips({number})'.")
    if request.method == "DELETE":
        found["Trips"].remove(one)
        return Response(status_code=204, headers=VERSION)
    what = f"{base(request)}/$metadata#People('{found['UserName']}')/Trips/$entity"
    return JSONResponse({"@odata.context": what, **one}, headers=VERSION, media_type=KIND)


async def friends(request: Request) -> Response:
    found = person_asked(request)
    shown = [{name: _people[friend][name] for name in FIELDS} for friend in found["Friends"]]
    return JSONResponse(
        {"@odata.context": context(request, "People"), "value": shown}, headers=VERSION, media_type=KIND
    )


async def befriend(request: Request) -> Response:
    found = person_asked(request)
    reference = str((await sent(request)).get("@odata.id", ""))
    other = re.search(r"People\('([^']*)'\)$", reference)
    if not other or other[1] not in _people:
        raise RefusedError(400, f"The reference '{reference.rsplit('/', 1)[-1]}' leads to no entity.")
    if other[1] not in found["Friends"]:
        found["Friends"].append(other[1])
    return Response(status_code=204, headers=VERSION)


async def airlines(request: Request) -> Response:
    shown = [{"AirlineCode": code, "Name": name} for code, name in AIRLINES.items()]
    return JSONResponse(
        {"@odata.context": context(request, "Airlines"), "value": shown}, headers=VERSION, media_type=KIND
    )


app = Starlette(
    routes=[
        Route("/Airlines", airlines),
        Route("/People", people, methods=["GET", "POST"]),
        Route("/People/$count", count),
        Route("/People('{name}')", person, methods=["GET", "PATCH", "DELETE"]),
        Route("/People('{name}')/Trips", trips, methods=["GET", "POST"]),
        Route("/People('{name}')/Trips({number:int})", trip, methods=["GET", "DELETE"]),
        Route("/People('{name}')/Friends", friends),
        Route("/People('{name}')/Friends/$ref", befriend, methods=["POST"]),
        Route("/People('{name}')/{member}", member),
        Route("/People('{name}')/{member}/$value", member),
    ],
    exception_handlers={RefusedError: refused},
)
