"""Sessions of a clinic: registering, booking and clashing, rescheduling, cancelling, prescribing, and searching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Final

from bench.fidelity import values
from bench.fidelity.client import Answered, Client

DESK: Final = {"X-Api-Key": "ck_desk_5f0c9a71e2d84b36"}
BOARD: Final = {"X-Api-Key": "ck_board_b83d20f64c1e7a95"}
DOCTORS: Final = ("anna-lindqvist", "marek-nowicki", "priya-raman")
DRUGS: Final = ("amoxicillin", "ibuprofen", "metformin", "lisinopril", "salbutamol", "omeprazole", "cetirizine")
DOSAGES: Final = ("1 tablet daily", "1 tablet twice daily", "2 puffs as needed", "5 ml at night")


def play(client: Client, random: Random) -> None:
    if random.random() < 0.5:
        client.ask("doctors", "GET", "/v2/doctors", headers=DESK, reads=True)
    kinds = [booking, clashing, rescheduling, cancelling, prescribing, registering]
    random.shuffle(kinds)
    for kind in kinds[:3]:
        kind(client, random)
    searching(client, random)
    mistakes(client, random)


def day(random: Random) -> str:
    """Give a working day in the years to come."""
    found = date(2031, 1, 6) + timedelta(weeks=random.randint(0, 150), days=random.randint(0, 4))
    return found.isoformat()


def national_number(random: Random) -> tuple[str, str]:
    """Give a national number with its check digits, and the birth date that it begins with."""
    born = date(1940, 1, 1) + timedelta(days=random.randint(0, 21000))
    first = f"{born:%y%m%d}{random.randint(1, 997):03d}"
    return f"{first}{97 - int(first) % 97:02d}", born.isoformat()


def person(random: Random, born: str) -> dict[str, object]:
    given, family = values.name(random).split(" ", 1)
    asked: dict[str, object] = {"givenName": given, "familyName": family, "birthDate": born}
    asked |= {"phone": values.phone(random)} if random.random() < 0.7 else {}
    asked |= {"email": values.email(random)} if random.random() < 0.6 else {}
    asked |= {"insurer": f"{values.word(random).capitalize()} Mutual"} if random.random() < 0.5 else {}
    return asked


def register(client: Client, random: Random, **more: object) -> str:
    number, born = national_number(random)
    asked = {**person(random, born), **more}
    made = client.ask("register a patient", "PUT", f"/v2/patients/{number}", json=asked, headers=DESK)
    return made.take("nationalNumber")


def free_slot(client: Client, random: Random, doctor: str, when: str) -> str:
    path, query = f"/v2/doctors/{doctor}/slots", {"date": when}
    if random.random() < 0.4:
        query["free"] = "true"
    answer = client.ask("slots", "GET", path, query=query, headers=DESK, reads=True)
    free = [slot["start"] for slot in answer.find("_embedded", "slots") or [] if slot["free"]]
    return str(random.choice(free)) if free else answer.take("_embedded", "slots", 0, "start")


def book(client: Client, random: Random, doctor: str, patient: str, start: str, label: str = "book") -> Answered:
    asked = {"patient": patient, "start": start}
    if random.random() < 0.7:
        asked["reason"] = values.sentence(random)
    return client.ask(label, "POST", f"/v2/doctors/{doctor}/appointments", json=asked, headers=DESK)


def registering(client: Client, random: Random) -> None:
    number, born = national_number(random)
    path, create = f"/v2/patients/{number}", {**DESK, "If-None-Match": "*"}
    client.ask("a patient unknown yet", "GET", path, headers=DESK)
    asked = person(random, born)
    client.ask("register a new patient", "PUT", path, json=asked, headers=create)
    client.ask("the patient", "GET", path, headers=DESK, reads=True)
    if random.random() < 0.6:
        client.ask("register the same again", "PUT", path, json=asked, headers=create)
    changed = {**asked, "phone": values.phone(random), "familyName": random.choice(values.LAST)}
    client.ask("change a patient", "PUT", path, json=changed, headers=DESK)
    client.ask("the patient, changed", "GET", path, headers=BOARD, reads=True)


def booking(client: Client, random: Random) -> None:
    patient, doctor, when = register(client, random), random.choice(DOCTORS), day(random)
    made = book(client, random, doctor, patient, free_slot(client, random, doctor, when))
    client.ask("the appointment", "GET", made.header("location"), headers=DESK, reads=True)
    if random.random() < 0.3:
        client.ask("the appointment's doctor", "GET", made.take("_links", "doctor", "href"), headers=DESK)
    if random.random() < 0.5:
        book(client, random, doctor, patient, free_slot(client, random, doctor, when))
    client.ask(
        "slots, some taken", "GET", f"/v2/doctors/{doctor}/slots", query={"date": when}, headers=DESK, reads=True
    )
    path = f"/v2/patients/{patient}/appointments"
    client.ask("a patient's appointments", "GET", path, headers=random.choice([DESK, BOARD]), reads=True)
    client.ask("a patient's summary", "GET", f"/v2/patients/{patient}/summary", headers=DESK, reads=True)


def clashing(client: Client, random: Random) -> None:
    first, second = register(client, random), register(client, random)
    doctor, other = random.sample(DOCTORS, 2)
    when = day(random)
    start = free_slot(client, random, doctor, when)
    number = book(client, random, doctor, first, start).take("id")
    book(client, random, doctor, second, start, "book a taken slot")
    if random.random() < 0.5:
        book(client, random, other, second, f"{when}T09:00:00", "book another doctor")
    client.ask("cancel", "DELETE", f"/v2/appointments/{number}", headers=DESK)
    book(client, random, doctor, second, start, "book the slot set free")
    path = f"/v2/patients/{second}/appointments"
    client.ask("a patient's appointments", "GET", path, headers=DESK, reads=True)


def rescheduling(client: Client, random: Random) -> None:
    patient, doctor = register(client, random), random.choice(DOCTORS)
    made = book(client, random, doctor, patient, free_slot(client, random, doctor, day(random)))
    path, tag = made.take("_links", "self", "href"), made.header("etag")
    moved = {"start": free_slot(client, random, doctor, day(random))}
    if random.random() < 0.5:
        client.ask("reschedule without If-Match", "PATCH", path, json=moved, headers=DESK)
    client.ask("reschedule", "PATCH", path, json=moved, headers={**DESK, "If-Match": tag})
    seen = client.ask("the appointment, rescheduled", "GET", path, headers=DESK, reads=True)
    reason = {"reason": values.sentence(random)}
    if random.random() < 0.6:
        client.ask("change with an old ETag", "PATCH", path, json=reason, headers={**DESK, "If-Match": tag})
    fresh = {**DESK, "If-Match": seen.header("etag")}
    client.ask("change the reason", "PATCH", path, json=reason, headers=fresh, reads=True)


def cancelling(client: Client, random: Random) -> None:
    patient, doctor, when = register(client, random), random.choice(DOCTORS), day(random)
    made = book(client, random, doctor, patient, free_slot(client, random, doctor, when))
    path = made.take("_links", "cancel", "href")
    client.ask("cancel", "DELETE", path, headers=DESK)
    client.ask("the appointment, cancelled", "GET", path, headers=DESK, reads=True)
    if random.random() < 0.5:
        client.ask("cancel twice", "DELETE", path, headers=DESK)
    if random.random() < 0.5:
        query = {"status": random.choice(["booked", "cancelled"])}
        below = f"/v2/patients/{patient}/appointments"
        client.ask("a patient's appointments by status", "GET", below, query=query, headers=DESK, reads=True)
    client.ask("a patient's summary", "GET", f"/v2/patients/{patient}/summary", headers=BOARD, reads=True)


def prescribing(client: Client, random: Random) -> None:
    drug, allergy = random.sample(DRUGS, 2)
    patient, refills = register(client, random, allergies=[allergy]), random.randint(1, 3)
    path = f"/v2/patients/{patient}/prescriptions"
    asked = {"drug": drug, "dosage": random.choice(DOSAGES), "prescriber": random.choice(DOCTORS), "refills": refills}
    if random.random() < 0.4:
        client.ask("prescribe against an allergy", "POST", path, json={**asked, "drug": allergy}, headers=DESK)
    one = client.ask("prescribe", "POST", path, json=asked, headers=DESK).take("_links", "self", "href")
    for _ in range(random.randint(1, refills)):
        client.ask("refill", "POST", f"{one}/refills", headers=DESK)
    client.ask("the prescription", "GET", one, headers=DESK, reads=True)
    if random.random() < 0.6:
        client.ask("refill once more", "POST", f"{one}/refills", headers=DESK)
    if random.random() < 0.5:
        client.ask("prescribe once only", "POST", path, json={**asked, "drug": "insulin", "refills": 0}, headers=DESK)
    client.ask("a patient's prescriptions", "GET", path, headers=BOARD, reads=True)
    client.ask("a patient's summary", "GET", f"/v2/patients/{patient}/summary", headers=DESK, reads=True)


def searching(client: Client, random: Random) -> None:
    family = random.choice(values.LAST)
    for _ in range(random.randint(1, 2)):
        register(client, random, familyName=family)
    query = {"q": family.lower(), "sort": random.choice(["givenName", "birthDate,desc"])}
    client.ask("search patients", "GET", "/v2/patients", query=query, headers=DESK, reads=True)
    sort = random.choice(["familyName,asc", "registeredAt,desc", "birthDate,asc"])
    asked = {"sort": sort, "page": 0, "size": random.randint(1, 2)}
    page = client.ask("patients, a page", "GET", "/v2/patients", query=asked, headers=DESK, reads=True)
    if page.find("_links", "next"):
        client.ask("patients, the next page", "GET", page.take("_links", "next", "href"), headers=DESK, reads=True)


def mistakes(client: Client, random: Random) -> None:
    number, born = national_number(random)
    path, asked, doctor = f"/v2/patients/{number}", person(random, born), random.choice(DOCTORS)
    wrong = f"{number[:9]}{(int(number[9:]) + random.randint(1, 60)) % 97:02d}"
    slots, booking_path = f"/v2/doctors/{doctor}/slots", f"/v2/doctors/{doctor}/appointments"
    ways: list[Callable[[], object]] = [
        lambda: client.ask("no key", "GET", "/v2/patients"),
        lambda: client.ask("a wrong key", "GET", path, headers={"X-Api-Key": f"ck_desk_{values.word(random)}"}),
        lambda: client.ask("a read-only key", "PUT", path, json=asked, headers=BOARD),
        lambda: client.ask("a wrong number", "PUT", f"/v2/patients/{wrong}", json=asked, headers=DESK),
        lambda: client.ask("no names", "PUT", path, json={"birthDate": born, "givenName": ""}, headers=DESK),
        lambda: client.ask("another birth date", "PUT", path, json={**asked, "birthDate": "1931-02-03"}, headers=DESK),
        lambda: client.ask("no such patient", "GET", path, headers=DESK),
        lambda: client.ask("no such doctor", "GET", f"/v2/doctors/{values.slug(random)}/slots", headers=DESK),
        lambda: client.ask("slots of no day", "GET", slots, query={"date": values.word(random)}, headers=DESK),
        lambda: client.ask("no such appointment", "GET", f"/v2/appointments/{random.getrandbits(64):x}", headers=DESK),
        lambda: client.ask("a bad order", "GET", "/v2/patients", query={"sort": values.word(random)}, headers=DESK),
        lambda: book(client, random, doctor, number, f"{day(random)}T09:00:00", "book for nobody"),
        lambda: client.ask(
            "malformed",
            "POST",
            booking_path,
            content=b'{"patient":',
            headers={**DESK, "Content-Type": "application/json"},
        ),
    ]
    random.shuffle(ways)
    for way in ways[: random.randint(3, 5)]:
        way()
    if random.random() < 0.5:
        late = {"start": f"{day(random)}T12:{random.choice((10, 25, 50))}:00", "patient": register(client, random)}
        client.ask("book outside the hours", "POST", booking_path, json=late, headers=DESK)
