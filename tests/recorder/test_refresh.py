"""Recorded dates moved to now."""

from __future__ import annotations

from recorder.refresh import refreshed

THEN = 1445412480.0  # Wed, 21 Oct 2015 07:28:00 GMT
NOW = THEN + 86400


def test_date_expiry_and_cookies_move_together_and_validators_stay():
    recorded = (
        (b"Date", b"Wed, 21 Oct 2015 07:28:00 GMT"),
        (b"Expires", b"Wed, 21 Oct 2015 08:28:00 GMT"),
        (b"Last-Modified", b"Tue, 20 Oct 2015 07:28:00 GMT"),
        (b"Set-Cookie", b"a=Wed, 21 Oct 2015; Expires=Wed, 21-Oct-2015 07:29:00 GMT; Path=/"),
        (b"Retry-After", b"120"),
    )
    assert refreshed(recorded, 0, NOW) == (
        (b"Date", b"Thu, 22 Oct 2015 07:28:00 GMT"),
        (b"Expires", b"Thu, 22 Oct 2015 08:28:00 GMT"),
        (b"Last-Modified", b"Tue, 20 Oct 2015 07:28:00 GMT"),
        (b"Set-Cookie", b"a=Wed, 21 Oct 2015; Expires=Thu, 22-Oct-2015 07:29:00 GMT; Path=/"),
        (b"Retry-After", b"120"),
    )


def test_without_a_date_the_time_of_recording_counts():
    assert refreshed(((b"Expires", b"Wed, 21 Oct 2015 07:29:00 GMT"),), THEN, NOW) == (
        (b"Expires", b"Thu, 22 Oct 2015 07:29:00 GMT"),
    )


def test_what_is_no_date_or_means_long_ago_is_kept():
    kept = (
        (b"Expires", b"0"),
        (b"Expires", b"-1"),
        (b"Date", b"not a date"),
        (b"Set-Cookie", b"a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"),
    )
    assert refreshed(kept, THEN, NOW) == kept
