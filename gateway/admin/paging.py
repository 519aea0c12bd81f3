"""Pages of lists: where a page begins and how long it is."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from fastapi import Query

Offset: TypeAlias = Annotated[int, Query(ge=0)]
Limit: TypeAlias = Annotated[int, Query(ge=1, le=1000)]
