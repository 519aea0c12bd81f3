"""Values that look like what a property's name says: an address for `email`, an amount for `price`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

FIRST: Final = ("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Ken", "Margaret", "Niklaus")
LAST: Final = ("Lovelace", "Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Allen", "Thompson", "Hamilton", "Wirth")
CITIES: Final = ("Berlin", "Lyon", "Porto", "Kyoto", "Toronto", "Austin", "Oslo", "Turin", "Quito", "Leeds")
COUNTRIES: Final = (("Germany", "DE"), ("France", "FR"), ("Portugal", "PT"), ("Japan", "JP"), ("Canada", "CA"))
STREETS: Final = ("Oak Street", "Mill Lane", "Station Road", "Elm Avenue", "Harbour Way")
COMPANIES: Final = ("Acme Corp", "Globex", "Initech", "Umbrella Ltd", "Hooli")
COLOURS: Final = ("red", "green", "blue", "orange", "violet")
NOUNS: Final = ("Lamp", "Chair", "Notebook", "Kettle", "Backpack", "Keyboard")
SENTENCES: Final = (
    "A short text that says what this is.",
    "Made for testing, and good enough to read.",
    "One sentence is often all that is needed.",
)
_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")

Making = Callable[[int], Any]


def _pick(values: tuple[Any, ...]) -> Making:
    return lambda h: values[h % len(values)]


def _person(h: int) -> tuple[str, str]:
    return FIRST[h % 10], LAST[h // 10 % 10]


def uuid_text(h: int) -> str:
    """Give a UUID (version 4 by its form) made of a number."""
    wide = (h * 0x9E3779B97F4A7C15F39CC0605CEDC835) & ((1 << 128) - 1)
    return str(UUID(int=wide, version=4))


def date_text(h: int) -> str:
    """Give a date in 2024."""
    return f"2024-{h % 12 + 1:02d}-{h // 12 % 28 + 1:02d}"


def time_text(h: int) -> str:
    """Give a time of the day in UTC."""
    return f"{h % 24:02d}:{h // 24 % 60:02d}:{h // 1440 % 60:02d}Z"


def _full_name(h: int) -> str:
    return " ".join(_person(h))


def _email(h: int) -> str:
    first, last = _person(h)
    return f"{first}.{last}@example.com".lower()


def _url(h: int) -> str:
    return f"https://example.com/{NOUNS[h % 6].lower()}s/{h % 900 + 100}"


def _phone(h: int) -> str:
    return f"+1 202 555 {h % 100 + 100:04d}"  # 555-0100 to 0199 are kept for fiction


TEXTS: Final[dict[str, Making]] = {
    "email": _email,
    "mail": _email,
    "firstname": lambda h: _person(h)[0],
    "givenname": lambda h: _person(h)[0],
    "lastname": lambda h: _person(h)[1],
    "surname": lambda h: _person(h)[1],
    "familyname": lambda h: _person(h)[1],
    "fullname": _full_name,
    "displayname": _full_name,
    "author": _full_name,
    "owner": _full_name,
    "username": lambda h: _person(h)[0].lower() + str(h % 90 + 10),
    "login": lambda h: _person(h)[0].lower() + str(h % 90 + 10),
    "nickname": lambda h: _person(h)[0].lower(),
    "city": _pick(CITIES),
    "town": _pick(CITIES),
    "country": lambda h: COUNTRIES[h % 5][0],
    "countrycode": lambda h: COUNTRIES[h % 5][1],
    "region": _pick(("North", "South", "East", "West")),
    "state": _pick(("active", "pending", "closed")),
    "status": _pick(("active", "pending", "done")),
    "street": lambda h: f"{h % 90 + 1} {STREETS[h % 5]}",
    "address": lambda h: f"{h % 90 + 1} {STREETS[h % 5]}",
    "postcode": lambda h: f"{h % 90000 + 10000}",
    "postalcode": lambda h: f"{h % 90000 + 10000}",
    "zip": lambda h: f"{h % 90000 + 10000}",
    "zipcode": lambda h: f"{h % 90000 + 10000}",
    "phone": _phone,
    "phonenumber": _phone,
    "telephone": _phone,
    "mobile": _phone,
    "fax": _phone,
    "url": _url,
    "uri": _url,
    "link": _url,
    "href": _url,
    "website": _url,
    "homepage": _url,
    "avatar": lambda h: f"https://example.com/images/{h % 900 + 100}.png",
    "image": lambda h: f"https://example.com/images/{h % 900 + 100}.png",
    "company": _pick(COMPANIES),
    "organization": _pick(COMPANIES),
    "title": lambda h: f"{COLOURS[h % 5].capitalize()} {NOUNS[h % 6].lower()}",
    "name": lambda h: f"{COLOURS[h % 5].capitalize()} {NOUNS[h % 6].lower()}",
    "product": _pick(NOUNS),
    "description": _pick(SENTENCES),
    "summary": _pick(SENTENCES),
    "comment": _pick(SENTENCES),
    "message": _pick(SENTENCES),
    "text": _pick(SENTENCES),
    "body": _pick(SENTENCES),
    "notes": _pick(SENTENCES),
    "currency": _pick(("EUR", "USD", "GBP", "JPY")),
    "currencycode": _pick(("EUR", "USD", "GBP", "JPY")),
    "color": _pick(COLOURS),
    "colour": _pick(COLOURS),
    "language": _pick(("en", "de", "fr", "pt")),
    "locale": _pick(("en-GB", "de-DE", "fr-FR")),
    "timezone": _pick(("Europe/Berlin", "America/Toronto", "Asia/Tokyo")),
    "gender": _pick(("female", "male", "other")),
    "ip": lambda h: f"192.0.2.{h % 254 + 1}",
    "ipaddress": lambda h: f"192.0.2.{h % 254 + 1}",
    "hostname": lambda h: f"host{h % 90 + 10}.example.com",
    "domain": lambda h: f"shop{h % 90 + 10}.example.com",
    "version": lambda h: f"{h % 4 + 1}.{h % 10}.{h // 7 % 10}",
    "uuid": uuid_text,
    "guid": uuid_text,
    "id": lambda h: f"{h % 900000 + 100000}",
    "sku": lambda h: f"SKU-{h % 9000 + 1000}",
    "code": lambda h: f"C{h % 900 + 100}",
    "type": _pick(("standard", "basic", "plus")),
    "date": date_text,
    "time": time_text,
    "timestamp": lambda h: f"{date_text(h)}T{time_text(h)}",
    "at": lambda h: f"{date_text(h)}T{time_text(h)}",
    "filename": lambda h: f"{NOUNS[h % 6].lower()}.txt",
    "path": lambda h: f"/{NOUNS[h % 6].lower()}s/{h % 900 + 100}",
    "slug": lambda h: f"{COLOURS[h % 5]}-{NOUNS[h % 6].lower()}",
}
NUMBERS: Final[dict[str, Making]] = {
    "price": lambda h: h % 9000 / 100 + 9.99,
    "amount": lambda h: h % 9000 / 100 + 9.99,
    "cost": lambda h: h % 9000 / 100 + 9.99,
    "total": lambda h: h % 90 + 10,
    "latitude": lambda h: h % 12000 / 100 - 60,
    "lat": lambda h: h % 12000 / 100 - 60,
    "longitude": lambda h: h % 34000 / 100 - 170,
    "lng": lambda h: h % 34000 / 100 - 170,
    "lon": lambda h: h % 34000 / 100 - 170,
    "age": lambda h: h % 60 + 18,
    "year": lambda h: 2015 + h % 10,
    "month": lambda h: h % 12 + 1,
    "day": lambda h: h % 28 + 1,
    "rating": lambda h: h % 5 + 1,
    "percent": lambda h: h % 100,
    "percentage": lambda h: h % 100,
    "count": lambda h: h % 40 + 1,
    "quantity": lambda h: h % 9 + 1,
    "page": _pick((1,)),
    "limit": _pick((20,)),
    "offset": _pick((0,)),
    "size": lambda h: h % 4000 + 96,
    "port": lambda h: 8000 + h % 1000,
    "width": lambda h: (h % 10 + 1) * 64,
    "height": lambda h: (h % 10 + 1) * 48,
    "timestamp": lambda h: 1_704_067_200 + h % 31_000_000,
    "at": lambda h: 1_704_067_200 + h % 31_000_000,
    "id": lambda h: h % 9000 + 1,
}


def text_for(name: str, h: int) -> str | None:
    """Give a text for a property of this name, or None where the name says nothing."""
    made = _making(TEXTS, name)
    return None if made is None else str(made(h))


def number_for(name: str, h: int) -> float | None:
    """Give a number for a property of this name, or None where the name says nothing."""
    made = _making(NUMBERS, name)
    return None if made is None else round(float(made(h)), 2)


def _making(table: dict[str, Making], name: str) -> Making | None:
    """Look for the whole name, then for its last words: `billingEmail`, `created_at`."""
    words = [word.lower() for word in _WORDS.findall(name)]
    for start in range(len(words)):
        found = table.get("".join(words[start:]))
        if found is not None:
            return found
    return None
