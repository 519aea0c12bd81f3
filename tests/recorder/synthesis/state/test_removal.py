"""What was deleted is gone where it is not found any more, and kept where it is."""

import pytest
from synthesis.shelves import Shelf, a_visit
from synthesis.telling import as_the_service, learnt


class Archive(Shelf):
    """Things that are marked when they are deleted, and found all the same."""

    def delete(self, thing, sent, headers):
        del sent, headers
        thing["state"] = "archived"
        return 200, thing


@pytest.mark.parametrize("service", [Shelf, Archive])
def test_mocks_find_what_was_deleted_where_the_service_does(service):
    given, wanted = as_the_service(service, a_visit, learnt(service, a_visit))
    assert given == wanted
