from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from journeys import a_visit, call, kept

from recorder.alignment import Endpoint, _common, align, endpoint_of, endpoints_of
from recorder.provenance import provenance


def endpoint(method, target, body=None, headers=()):
    return endpoint_of(call(method, target, body, headers=headers)[0].request)


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/v1/users/3", "/v1/users/{}"),
        ("/orders/ord-1001/items", "/orders/{}/items"),
        ("/x/0a26846e-31f7-42e3-86e1-6bf6f81c635d", "/x/{}"),
        ("/news", "/news"),
        ("/", "/"),
    ],
)
def test_ids_in_paths_do_not_count(target, path):
    assert endpoint("GET", target) == Endpoint("GET", path)


def test_an_endpoint_is_told_apart_by_parameters_and_by_the_operation_called():
    assert endpoint("GET", "/a?b=1&c=2&b=3").query == ("b", "c")
    assert endpoint("POST", "/graphql", {"query": "query Pets { pets }"}).operation == "Pets"
    assert endpoint("POST", "/rpc", {"jsonrpc": "2.0", "method": "sum"}).operation == "sum"
    assert endpoint("POST", "/", headers=((b"X-Amz-Target", b"SQS.Send"),)).operation == "SQS.Send"


def test_a_segment_that_came_from_an_answer_is_an_id_whatever_it_looks_like():
    calls = kept(
        call("POST", "/lists", {}, answer={"id": "shopping"}, status=201),
        call("GET", "/lists/shopping"),
        call("GET", "/lists/archive"),
    )
    found = endpoints_of(calls, provenance(calls))
    assert [str(one) for one in found.values()] == ["POST /lists", "GET /lists/{}", "GET /lists/archive"]


def test_steps_are_paired_in_order_and_what_only_one_has_is_left_over():
    first = a_visit()
    second = kept(*[(one.exchange, "") for one in a_visit(order=1007) if one.number != 2], call("GET", "/help"))
    endpoints = (endpoints_of(first, provenance(first)), endpoints_of(second, provenance(second)))
    aligned = align(first, second, endpoints)
    assert [(one.number, other.number) for one, other in aligned.pairs] == [(1, 1), (3, 2), (4, 3), (5, 4)]
    assert [one.number for one in aligned.only_first] == [2]
    assert [one.number for one in aligned.only_second] == [5]


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_what_is_common_is_a_longest_common_subsequence(first, second):
    pairs = _common(first, second)
    assert all(first[one] == second[other] for one, other in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(pairs))
    assert len(pairs) == _length(first, second)


def _length(first, second):
    row = [0] * (len(second) + 1)
    for one in first:
        above, row = row, [0]
        for index, other in enumerate(second):
            row.append(above[index] + 1 if one == other else max(above[index + 1], row[index]))
    return row[-1]
