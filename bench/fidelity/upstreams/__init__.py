"""The upstreams that are measured, by name."""

from __future__ import annotations

from typing import Final

from bench.fidelity.upstream import Upstream
from bench.fidelity.upstreams.cloud import Cloud
from bench.fidelity.upstreams.conference import Conference
from bench.fidelity.upstreams.couch import Couch
from bench.fidelity.upstreams.datasette import Datasette
from bench.fidelity.upstreams.graphql import Graphql
from bench.fidelity.upstreams.httpbin import Httpbin
from bench.fidelity.upstreams.ihatemoney import Ihatemoney
from bench.fidelity.upstreams.isso import Isso
from bench.fidelity.upstreams.json_server import JsonServer
from bench.fidelity.upstreams.jupyter import Jupyter
from bench.fidelity.upstreams.jupyterhub import Jupyterhub
from bench.fidelity.upstreams.kinto import Kinto
from bench.fidelity.upstreams.litellm import Litellm
from bench.fidelity.upstreams.localstripe import Localstripe
from bench.fidelity.upstreams.mailman import Mailman
from bench.fidelity.upstreams.matrix import Matrix
from bench.fidelity.upstreams.mlflow import Mlflow
from bench.fidelity.upstreams.moto import Moto
from bench.fidelity.upstreams.oauth2 import Oauth2
from bench.fidelity.upstreams.openfga import Openfga
from bench.fidelity.upstreams.own_app import OwnApp
from bench.fidelity.upstreams.pocketbase import Pocketbase
from bench.fidelity.upstreams.prefect import Prefect
from bench.fidelity.upstreams.roundup import Roundup

_ALL: Final[tuple[Upstream, ...]] = (
    OwnApp("cart"),
    OwnApp("otp"),
    OwnApp("login"),
    OwnApp("events"),
    OwnApp("payments"),
    OwnApp("jobs"),
    OwnApp("documents"),
    OwnApp("notes"),
    OwnApp("tasks"),
    OwnApp("files"),
    OwnApp("clinic"),
    OwnApp("forum"),
    OwnApp("wallet"),
    OwnApp("orders"),
    OwnApp("parcels"),
    OwnApp("warehouse"),
    OwnApp("bank"),
    OwnApp("books"),
    OwnApp("tracker"),
    OwnApp("booking"),
    OwnApp("identity"),
    OwnApp("store"),
    OwnApp("archive"),
    OwnApp("blog"),
    OwnApp("shortener"),
    OwnApp("chat"),
    OwnApp("treasury"),
    OwnApp("members"),
    OwnApp("pads"),
    OwnApp("grocer"),
    OwnApp("newsdesk"),
    OwnApp("balances"),
    OwnApp("teams"),
    OwnApp("catalog"),
    OwnApp("boards"),
    OwnApp("plans"),
    OwnApp("photos"),
    OwnApp("boxoffice"),
    OwnApp("helpdesk"),
    OwnApp("polls"),
    OwnApp("bookmarks"),
    OwnApp("leave"),
    OwnApp("petstore"),
    OwnApp("stays"),
    OwnApp("cluster"),
    OwnApp("samples"),
    OwnApp("trips"),
    OwnApp("instances"),
    OwnApp("flags"),
    OwnApp("queues"),
    JsonServer(),
    Kinto(),
    Jupyter(),
    Httpbin(),
    Moto(),
    Cloud(),
    Graphql(),
    Litellm(),
    Localstripe(),
    Roundup(),
    Conference(),
    Mlflow(),
    Jupyterhub(),
    Prefect(),
    Isso(),
    Pocketbase(),
    Matrix(),
    Mailman(),
    Datasette(),
    Openfga(),
    Ihatemoney(),
    # Held out: nobody looks at these while the synthesis is developed.
    Couch(),
    OwnApp("ledger", held_out=True),
    OwnApp("library", held_out=True),
    Oauth2(),
)
UPSTREAMS: Final[dict[str, Upstream]] = {upstream.name: upstream for upstream in _ALL}
