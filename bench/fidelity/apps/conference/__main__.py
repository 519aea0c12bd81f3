"""Makes a database with the chair's account and two tracks, and serves until it is ended: `PORT PASSWORD`."""

from __future__ import annotations

import sys

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from waitress import serve


def main(port: int, password: str) -> None:
    """Serve with one thread: SQLite takes one writer at a time."""
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)

    from django.contrib.auth import get_user_model

    from bench.fidelity.apps.conference.models import Track

    get_user_model().objects.create_superuser("chair", "chair@example.org", password)
    Track.objects.create(name="Main stage", room="Hall A")
    Track.objects.create(name="Workshops", room="Lab 2")
    serve(get_wsgi_application(), host="127.0.0.1", port=port, threads=1)


main(int(sys.argv[1]), sys.argv[2])
