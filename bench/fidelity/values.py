"""The hidden values of a session: names, titles, numbers and passwords, all from the session's random."""

from __future__ import annotations

import string
from random import Random
from typing import Final

FIRST: Final = (
    "Ada",
    "Bea",
    "Carl",
    "Dora",
    "Emil",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "June",
    "Kai",
    "Lena",
    "Milo",
    "Nora",
    "Otto",
    "Pia",
    "Quin",
    "Rosa",
    "Sam",
    "Tara",
    "Uma",
    "Vic",
    "Wes",
    "Xena",
    "Yuri",
    "Zoe",
    "Anouk",
    "Bilal",
    "Chiara",
    "Dmitri",
    "Elif",
    "Fatou",
    "Goran",
    "Hugo",
    "Ines",
    "Jamal",
)
LAST: Final = (
    "Abbott",
    "Berg",
    "Castro",
    "Diaz",
    "Evans",
    "Fischer",
    "Grant",
    "Haas",
    "Ito",
    "Jansen",
    "Kowalski",
    "Lund",
    "Moreau",
    "Novak",
    "Okafor",
    "Petrov",
    "Quispe",
    "Rossi",
    "Silva",
    "Tanaka",
    "Usman",
    "Vargas",
    "Weber",
    "Xu",
    "Young",
    "Zeman",
    "Øberg",
    "Müller",
    "O'Hara",
)
WORDS: Final = (
    "amber",
    "basin",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "haven",
    "island",
    "jetty",
    "kettle",
    "lagoon",
    "meadow",
    "nickel",
    "orchard",
    "pebble",
    "quartz",
    "ridge",
    "saddle",
    "timber",
    "umber",
    "valley",
    "willow",
    "yonder",
    "zephyr",
    "anchor",
    "beacon",
    "copper",
    "dapple",
    "falcon",
    "garnet",
    "harbor",
    "indigo",
    "juniper",
    "kernel",
    "lantern",
    "marble",
    "nectar",
    "opal",
    "pepper",
    "quiver",
    "raven",
    "summit",
    "thistle",
    "velvet",
    "walnut",
)
CITIES: Final = ("Oslo", "Lyon", "Porto", "Graz", "Turku", "Bergen", "Malmö", "Gdańsk", "Cork", "Ghent")


def word(random: Random) -> str:
    """Give a plain lower-case word."""
    return random.choice(WORDS)


def title(random: Random) -> str:
    """Give two to four words, the first capitalized."""
    return " ".join(random.choices(WORDS, k=random.randint(2, 4))).capitalize()


def sentence(random: Random) -> str:
    """Give a sentence of five to eleven words."""
    return " ".join(random.choices(WORDS, k=random.randint(5, 11))).capitalize() + "."


def name(random: Random) -> str:
    """Give a person's full name."""
    return f"{random.choice(FIRST)} {random.choice(LAST)}"


def login(random: Random) -> str:
    """Give a user name: letters and digits."""
    return f"{random.choice(FIRST).lower()}{random.choice(WORDS)[:4]}{random.randint(10, 99999)}"


def email(random: Random) -> str:
    """Give an address at one of the example domains."""
    return f"{login(random)}@example.{random.choice(('com', 'org', 'net'))}"


def password(random: Random) -> str:
    """Give a password of twelve to sixteen letters, digits and marks."""
    letters = random.choices(string.ascii_letters + string.digits, k=random.randint(11, 15))
    return "".join(letters) + random.choice("!#_-")


def phone(random: Random) -> str:
    """Give an international number in the reserved fictional range."""
    return f"+1415555{random.randint(100, 199):04d}"


def slug(random: Random) -> str:
    """Give a lower-case identifier that a person would choose."""
    return f"{random.choice(WORDS)}-{random.choice(WORDS)}-{random.randint(1, 9999)}"


def price(random: Random) -> float:
    """Give an amount with two decimals."""
    return round(random.uniform(1, 250), 2)
