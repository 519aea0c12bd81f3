"""Made-up names, addresses and the like: the one door to faker, which is imported on first use."""

from __future__ import annotations

from decimal import Decimal
from difflib import get_close_matches
from functools import lru_cache
from random import Random
from typing import Any, Final

from gateway.templates.errors import ExpressionError

KINDS: Final = frozenset(
    """
    aba address am_pm ascii_company_email ascii_email ascii_free_email ascii_safe_email bank_country basic_phone_number
    bban boolean bothify bs building_number catch_phrase century chrome city city_prefix city_suffix color color_name
    company company_email company_suffix coordinate country country_calling_code country_code credit_card_expire
    credit_card_full credit_card_number credit_card_provider credit_card_security_code cryptocurrency_code
    cryptocurrency_name currency_code currency_name currency_symbol date date_between date_of_birth date_this_century
    date_this_decade date_this_month date_this_year date_time date_time_between date_time_this_century
    date_time_this_decade date_time_this_month date_time_this_year day_of_month day_of_week domain_name domain_word ean
    ean13 ean8 ein email emoji file_extension file_name file_path firefox first_name first_name_female
    first_name_male free_email free_email_domain future_date future_datetime hex_color hexify hostname http_method
    http_status_code iban image_url ipv4 ipv4_private ipv4_public ipv6 isbn10 isbn13 iso8601 itin job language_code
    language_name last_name last_name_female last_name_male latitude lexify license_plate locale longitude mac_address
    md5 mime_type month month_name msisdn name name_female name_male null_boolean numerify paragraph paragraphs
    password past_date past_datetime phone_number port_number postalcode postcode prefix prefix_female prefix_male
    pricetag pyfloat pyint random_digit random_int random_letter random_number rgb_color safari safe_email
    secondary_address sentence sentences sha1 sha256 slug ssn state state_abbr street_address street_name
    street_suffix suffix swift swift11 swift8 text time timezone tld unix_time upc_a uri uri_path url user_agent
    user_name uuid4 vin word words year zipcode
    """.split()  # noqa: SIM905 - a hundred and fifty words are read better as a text
)
"""What can be made: kinds of faker that take simple arguments, and make small values without touching a file."""

_SIZES: Final = frozenset({
    "digits", "left_digits", "length", "max_nb_chars", "nb", "nb_sentences", "nb_words", "right_digits",
})  # fmt: skip
_LARGEST: Final = 1000


def check(name: str, locale: str = "en_US") -> None:
    """Raise ExpressionError where faker has no such kind in that locale; also imports it, before requests come."""
    if name not in KINDS:
        near = get_close_matches(name, KINDS, 1)
        raise ExpressionError(f"faker has no {name!r} here" + (f"; did you mean faker.{near[0]}()?" if near else ""))
    if not hasattr(_generator(locale), name):
        raise ExpressionError(f"faker has no {name!r} for the locale {locale}")


def fake(random: Random, name: str, locale: Any, seed: Any, *args: Any, **kwargs: Any) -> Any:
    """Make one value of a kind, as a JSON value; chance comes from `random`, or from `seed` where it is given."""
    check(name, locale if isinstance(locale, str) else "en_US")
    _simple(args, kwargs)
    generator = _generator(locale if isinstance(locale, str) else "en_US")
    generator.random = random if seed is None else Random(str(seed))  # noqa: S311 - made-up data, not secrets
    try:
        return _jsonable(getattr(generator, name)(*args, **kwargs))
    except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError):
        raise ExpressionError(f"faker.{name}() does not take these arguments") from None


def _simple(args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    for value in (*args, *kwargs.values()):
        if isinstance(value, str) and len(value) <= 200:
            continue
        if value is None or isinstance(value, bool | int | float):
            continue
        raise ExpressionError("faker takes numbers and short texts")
    sizes = [*args, *(value for name, value in kwargs.items() if name in _SIZES)]
    if kwargs.keys() & _SIZES or args:
        too_large = [size for size in sizes if isinstance(size, int | float) and abs(size) > _LARGEST]
        if too_large:
            raise ExpressionError(f"faker makes at most {_LARGEST}; larger bounds are given by name")


def _jsonable(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [_jsonable(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@lru_cache(maxsize=32)
def _generator(locale: str) -> Any:
    from faker import Factory
    from faker.config import AVAILABLE_LOCALES

    if locale not in AVAILABLE_LOCALES:
        near = get_close_matches(locale, AVAILABLE_LOCALES, 1)
        raise ExpressionError(f"faker has no locale {locale[:20]!r}" + (f"; did you mean {near[0]}?" if near else ""))
    return Factory.create(locale)
