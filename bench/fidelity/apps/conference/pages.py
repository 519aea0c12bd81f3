"""The pages of lists: numbered, of five unless the caller asks for another size."""

from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`page` and `page_size` in the query."""

    page_size = 5
    page_size_query_param = "page_size"
    max_page_size = 50
