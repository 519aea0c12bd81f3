"""A store of each kind, opened for one test."""

import pytest
from state_places import a_backend, a_redis

from gateway.states import BACKENDS


@pytest.fixture(params=list(BACKENDS))
async def backend(request, tmp_path):
    if request.param == "redis":
        with a_redis(tmp_path) as server:
            async with a_backend("redis", server.url) as opened:
                yield opened
        return
    async with a_backend(request.param, tmp_path / "state.db") as opened:
        yield opened
