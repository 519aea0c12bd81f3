"""A clinic in HAL style: patients by national number, doctors' slots, appointments with ETags, and prescriptions."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bench.fidelity.apps.parts import BodyError, json_object, now, short_id

Record = dict[str, Any]

RIGHTS: Final = {"ck_desk_5f0c9a71e2d84b36": "write", "ck_board_b83d20f64c1e7a95": "read"}
DOCTORS: Final[dict[str, Record]] = {
    "anna-lindqvist": {"name": "Dr. Anna Lindqvist", "specialty": "general-practice", "slotMinutes": 20},
    "marek-nowicki": {"name": "Dr. Marek Nowicki", "specialty": "cardiology", "slotMinutes": 45},
    "priya-raman": {"name": "Dr. Priya Raman", "specialty": "dermatology", "slotMinutes": 30},
}
SORTABLE: Final = ("familyName", "givenName", "birthDate", "registeredAt")

_patients: dict[str, Record] = {}
_appointments: dict[str, Record] = {}
_prescriptions: dict[str, Record] = {}


class ProblemError(Exception):
    """A refusal, answered as problem+json."""

    def __init__(self, status: int, kind: str, detail: str, /, **more: object) -> None:
        self.status, self.kind, self.detail, self.more = status, kind, detail, more


def invalid(**wrong: str) -> ProblemError:
    errors = [{"pointer": f"/{name}", "detail": detail} for name, detail in wrong.items()]
    return ProblemError(422, "validation-failed", f"{len(errors)} field(s) failed validation", errors=errors)


async def refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        error = ProblemError(
            error.status_code, HTTPStatus(error.status_code).name.lower().replace("_", "-"), error.detail
        )
    elif not isinstance(error, ProblemError):
        error = ProblemError(400, "malformed-body", str(error))
    body: Record = {"type": f"https://clinic.example/problems/{error.kind}", "title": HTTPStatus(error.status).phrase}
    body |= {"status": error.status, "detail": error.detail, "instance": request.url.path, **error.more}
    headers = {"WWW-Authenticate": 'ApiKey realm="clinic"'} if error.status == 401 else {}
    return JSONResponse(body, error.status, headers, "application/problem+json")


def guarded(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def guard(request: Request) -> Response:
        right = RIGHTS.get(request.headers.get("x-api-key", ""))
        if right is None:
            raise ProblemError(401, "api-key-required", "Send a valid key in the header X-Api-Key")
        if right == "read" and request.method != "GET":
            raise ProblemError(403, "read-only-key", f"This key does not permit {request.method}")
        return await handler(request)

    return guard


def hal(body: Record, status: int = 200, **headers: str) -> Response:
    return JSONResponse(body, status, headers, "application/hal+json")


def links(**targets: str) -> Record:
    return {"_links": {name: {"href": target} for name, target in targets.items()}}


def several(request: Request, name: str, found: list[Record], /, **more: object) -> Response:
    return hal({"total": len(found), **more, "_embedded": {name: found}, **links(self=request.url.path)})


def known(request: Request, kind: str, table: dict[str, Record], parameter: str = "id") -> Record:
    key = request.path_params[parameter]
    if key not in table:
        raise ProblemError(404, f"{kind}-not-found", f"There is no {kind} '{key}'")
    return table[key]


def patient_shown(patient: Record) -> Record:
    path = f"/v2/patients/{patient['nationalNumber']}"
    below = {name: f"{path}/{name}" for name in ("appointments", "prescriptions", "summary")}
    return {**patient, **links(self=path, **below)}


def appointment_shown(one: Record) -> Record:
    body = {name: value for name, value in one.items() if name != "version"}
    path = f"/v2/appointments/{one['id']}"
    actions = {"reschedule": path, "cancel": path} if one["status"] == "booked" else {}
    doctor, patient = f"/v2/doctors/{one['doctor']}", f"/v2/patients/{one['patient']}"
    return {**body, **links(self=path, doctor=doctor, patient=patient, **actions)}


def prescription_shown(one: Record) -> Record:
    path = f"/v2/patients/{one['patient']}/prescriptions/{one['id']}"
    state = "active" if one["refillsRemaining"] else "exhausted"
    actions = {"refill": f"{path}/refills"} if state == "active" else {}
    return {**one, "status": state, **links(self=path, **actions)}


def doctor_shown(slug: str) -> Record:
    path = f"/v2/doctors/{slug}"
    return {"slug": slug, **DOCTORS[slug], **links(self=path, slots=f"{path}/slots")}


async def doctors(request: Request) -> Response:
    return several(request, "doctors", [doctor_shown(slug) for slug in DOCTORS])


async def doctor(request: Request) -> Response:
    known(request, "doctor", DOCTORS, "slug")
    return hal(doctor_shown(request.path_params["slug"]))


async def put_patient(request: Request) -> Response:
    number, asked = request.path_params["number"], await json_object(request)
    if not (len(number) == 11 and number.isdecimal() and int(number[9:]) == 97 - int(number[:9]) % 97):
        raise ProblemError(422, "invalid-national-number", f"'{number}' is not a valid national number")
    wrong = {name: "must not be blank" for name in ("givenName", "familyName") if not asked.get(name)}
    if str(asked.get("birthDate")).replace("-", "")[2:] != number[:6]:
        wrong["birthDate"] = "must agree with the national number"
    if wrong:
        raise invalid(**wrong)
    before = _patients.get(number)
    if before and request.headers.get("if-none-match") == "*":
        raise ProblemError(412, "patient-exists", f"A patient with the national number {number} is registered already")
    patient = {"nationalNumber": number, **{name: asked[name] for name in ("givenName", "familyName", "birthDate")}}
    patient |= {name: asked.get(name) for name in ("phone", "email", "insurer")}
    patient |= {"allergies": asked.get("allergies", []), "registeredAt": before["registeredAt"] if before else now()}
    _patients[number] = patient
    return hal(patient_shown(patient)) if before else hal(patient_shown(patient), 201, Location=request.url.path)


async def patient(request: Request) -> Response:
    return hal(patient_shown(known(request, "patient", _patients, "number")))


async def patients(request: Request) -> Response:
    asked = {"q": "", "sort": "familyName,asc", "page": "0", "size": "10", **request.query_params}
    field, _, direction = asked["sort"].partition(",")
    if field not in SORTABLE or not asked["page"].isdecimal() or asked["size"] not in map(str, range(1, 101)):
        raise ProblemError(400, "bad-parameter", "One of sort, page and size is not valid", sortable=list(SORTABLE))
    names = {number: f"{one['givenName']} {one['familyName']}".lower() for number, one in _patients.items()}
    found = [patient_shown(_patients[number]) for number, name in names.items() if asked["q"].lower() in name]
    found.sort(key=lambda one: (one[field], one["nationalNumber"]), reverse=direction == "desc")
    number, size = int(asked["page"]), int(asked["size"])
    pages = -(-len(found) // size)
    places = {"self": number, "first": 0, "prev": number - 1, "next": number + 1, "last": max(pages - 1, 0)}
    usable = {rel: at for rel, at in places.items() if rel not in ("prev", "next") or 0 <= at < pages}
    hrefs = {rel: f"/v2/patients?{urlencode({**asked, 'page': at})}" for rel, at in usable.items()}
    counts = {"size": size, "totalElements": len(found), "totalPages": pages, "number": number}
    return hal({"_embedded": {"patients": found[number * size :][:size]}, **links(**hrefs), "page": counts})


async def summary(request: Request) -> Response:
    found = known(request, "patient", _patients, "number")
    mine = [one for one in _appointments.values() if one["patient"] == found["nationalNumber"]]
    booked = sorted(one["start"] for one in mine if one["status"] == "booked")
    refills = [one["refillsRemaining"] for one in _prescriptions.values() if one["patient"] == found["nationalNumber"]]
    counts = {"booked": len(booked), "cancelled": len(mine) - len(booked), "next": booked[0] if booked else None}
    medicines = {"active": sum(map(bool, refills)), "exhausted": refills.count(0), "refillsRemaining": sum(refills)}
    body = {"patient": f"{found['givenName']} {found['familyName']}", "appointments": counts}
    return hal({**body, "prescriptions": medicines, **links(self=request.url.path)})


def overlapping(slug: str, start: str, end: str, but: object = None) -> Record | None:
    booked = [one for one in _appointments.values() if one["doctor"] == slug and one["status"] == "booked"]
    return next((one for one in booked if one["start"] < end and start < one["end"] and one["id"] != but), None)


def day_slots(slug: str, day: date) -> list[Record]:
    length = timedelta(minutes=DOCTORS[slug]["slotMinutes"])
    opens = [datetime(day.year, day.month, day.day, hour) for hour in (9, 13) if day.weekday() < 5]  # noqa: DTZ001
    starts = [start + length * at for start in opens for at in range(timedelta(hours=3) // length)]
    return [{"start": start.isoformat(), "end": (start + length).isoformat()} for start in starts]


async def slots(request: Request) -> Response:
    known(request, "doctor", DOCTORS, "slug")
    slug, asked = request.path_params["slug"], request.query_params
    try:
        day = date.fromisoformat(asked.get("date", ""))
    except ValueError:
        raise ProblemError(400, "bad-parameter", "The parameter date must be a date (YYYY-MM-DD)") from None
    found = [{**one, "free": not overlapping(slug, one["start"], one["end"])} for one in day_slots(slug, day)]
    free = sum(one["free"] for one in found)
    shown = [one for one in found if one["free"] or asked.get("free") != "true"]
    return several(request, "slots", shown, date=day.isoformat(), free=free)


def chosen(slug: str, start: object, but: object = None) -> Record:
    try:
        day = datetime.fromisoformat(str(start)).date()
    except ValueError:
        raise invalid(start="must be a local date and time") from None
    slot = next((one for one in day_slots(slug, day) if one["start"] == start), None)
    if slot is None:
        raise invalid(start="is not the start of one of the doctor's slots")
    if taken := overlapping(slug, slot["start"], slot["end"], but):
        busy = {"start": taken["start"], "end": taken["end"]}
        raise ProblemError(409, "slot-taken", f"{DOCTORS[slug]['name']} is booked at {start}", conflict=busy)
    return slot


async def book(request: Request) -> Response:
    known(request, "doctor", DOCTORS, "slug")
    slug, asked = request.path_params["slug"], await json_object(request)
    if asked.get("patient") not in _patients:
        raise invalid(patient="is not a registered patient")
    one = {"id": str(uuid.uuid4()), "doctor": slug, "patient": asked["patient"], **chosen(slug, asked.get("start"))}
    one |= {"reason": asked.get("reason"), "status": "booked", "bookedAt": now(), "version": 1}
    _appointments[one["id"]] = one
    return hal(appointment_shown(one), 201, Location=f"/v2/appointments/{one['id']}", ETag='"1"')


async def appointment(request: Request) -> Response:
    one = known(request, "appointment", _appointments)
    return hal(appointment_shown(one), ETag=f'"{one["version"]}"')


def booked_appointment(request: Request) -> Record:
    one = known(request, "appointment", _appointments)
    if one["status"] != "booked":
        raise ProblemError(
            409, "appointment-cancelled", "The appointment has been cancelled", cancelledAt=one["cancelledAt"]
        )
    return one


async def reschedule(request: Request) -> Response:
    one, expected = booked_appointment(request), request.headers.get("if-match")
    if expected is None:
        raise ProblemError(428, "if-match-required", "Send the ETag of the appointment in If-Match")
    if expected != f'"{one["version"]}"':
        raise ProblemError(412, "appointment-changed", "The appointment has been changed meanwhile")
    asked = await json_object(request)
    moved = chosen(one["doctor"], asked["start"], one["id"]) if "start" in asked else {}
    one |= {**moved, "reason": asked.get("reason", one["reason"]), "version": one["version"] + 1}
    return hal(appointment_shown(one), ETag=f'"{one["version"]}"')


async def cancel(request: Request) -> Response:
    one = booked_appointment(request)
    one |= {"status": "cancelled", "cancelledAt": now(), "version": one["version"] + 1}
    return Response(status_code=204)


async def appointments(request: Request) -> Response:
    number = known(request, "patient", _patients, "number")["nationalNumber"]
    status = request.query_params.get("status")
    mine = [one for one in _appointments.values() if one["patient"] == number and status in (None, one["status"])]
    mine.sort(key=lambda one: one["start"])
    return several(request, "appointments", [appointment_shown(one) for one in mine])


async def prescribe(request: Request) -> Response:
    person, asked = known(request, "patient", _patients, "number"), await json_object(request)
    drug, refills = asked.get("drug"), asked.get("refills", 0)
    if not drug or not isinstance(refills, int) or not 0 <= refills <= 12:
        raise invalid(**({"refills": "must be from 0 to 12"} if drug else {"drug": "must not be blank"}))
    if drug in person["allergies"]:
        raise ProblemError(422, "contraindicated", f"The patient is allergic to {drug}", allergies=person["allergies"])
    one = {"id": short_id("rx_", 10), "patient": person["nationalNumber"], "drug": drug, "dosage": asked.get("dosage")}
    one |= {"prescriber": asked.get("prescriber"), "refillsAllowed": refills, "refillsRemaining": refills}
    one |= {"issuedAt": now(), "lastDispensedAt": None}
    _prescriptions[one["id"]] = one
    return hal(prescription_shown(one), 201, Location=f"{request.url.path}/{one['id']}")


async def prescriptions(request: Request) -> Response:
    number = known(request, "patient", _patients, "number")["nationalNumber"]
    mine = [prescription_shown(one) for one in _prescriptions.values() if one["patient"] == number]
    return several(request, "prescriptions", mine)


async def prescription(request: Request) -> Response:
    return hal(prescription_shown(known(request, "prescription", _prescriptions)))


async def refill(request: Request) -> Response:
    one = known(request, "prescription", _prescriptions)
    if not one["refillsRemaining"]:
        detail = f"All {one['refillsAllowed']} refills of this prescription have been dispensed"
        raise ProblemError(422, "no-refills-left", detail, refillsAllowed=one["refillsAllowed"], refillsRemaining=0)
    one |= {"refillsRemaining": one["refillsRemaining"] - 1, "lastDispensedAt": now()}
    made = {"id": str(uuid.uuid4()), "drug": one["drug"], "number": one["refillsAllowed"] - one["refillsRemaining"]}
    made |= {"refillsRemaining": one["refillsRemaining"], "dispensedAt": one["lastDispensedAt"]}
    return hal({**made, **links(prescription=prescription_shown(one)["_links"]["self"]["href"])}, 201)


OF_PATIENT: Final = "/v2/patients/{number}"

app = Starlette(
    routes=[
        Route(path, guarded(handler), methods=[method])
        for method, path, handler in (
            ("GET", "/v2/doctors", doctors),
            ("GET", "/v2/doctors/{slug}", doctor),
            ("GET", "/v2/doctors/{slug}/slots", slots),
            ("POST", "/v2/doctors/{slug}/appointments", book),
            ("GET", "/v2/patients", patients),
            ("PUT", OF_PATIENT, put_patient),
            ("GET", OF_PATIENT, patient),
            ("GET", f"{OF_PATIENT}/summary", summary),
            ("GET", f"{OF_PATIENT}/appointments", appointments),
            ("GET", f"{OF_PATIENT}/prescriptions", prescriptions),
            ("POST", f"{OF_PATIENT}/prescriptions", prescribe),
            ("GET", f"{OF_PATIENT}/prescriptions/{{id}}", prescription),
            ("POST", f"{OF_PATIENT}/prescriptions/{{id}}/refills", refill),
            ("GET", "/v2/appointments/{id}", appointment),
            ("PATCH", "/v2/appointments/{id}", reschedule),
            ("DELETE", "/v2/appointments/{id}", cancel),
        )
    ],
    exception_handlers={BodyError: refused, ProblemError: refused, HTTPException: refused},
)
