"""The session programs, by the name of their upstream: `play(client, random)`, each run other steps and values."""

from __future__ import annotations

from typing import Final

from bench.fidelity.session import Program
from bench.fidelity.sessions import (
    cart,
    clinic,
    couch,
    documents,
    events,
    files,
    forum,
    graphql,
    httpbin,
    jobs,
    json_server,
    kinto,
    ledger,
    library,
    litellm,
    login,
    moto,
    notes,
    oauth2,
    orders,
    otp,
    parcels,
    payments,
    tasks,
    wallet,
    warehouse,
)

PROGRAMS: Final[dict[str, Program]] = {
    "cart": cart.play,
    "otp": otp.play,
    "login": login.play,
    "events": events.play,
    "payments": payments.play,
    "jobs": jobs.play,
    "documents": documents.play,
    "notes": notes.play,
    "tasks": tasks.play,
    "files": files.play,
    "clinic": clinic.play,
    "forum": forum.play,
    "wallet": wallet.play,
    "orders": orders.play,
    "parcels": parcels.play,
    "warehouse": warehouse.play,
    "json-server": json_server.play,
    "kinto": kinto.play,
    "httpbin": httpbin.play,
    "moto": moto.play,
    "graphql": graphql.play,
    "litellm": litellm.play,
    "couch": couch.play,
    "ledger": ledger.play,
    "library": library.play,
    "oauth2": oauth2.play,
}
