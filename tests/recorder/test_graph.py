from __future__ import annotations

from recorder.graph import Edge, Graph, Node, Step, graph_document


def test_a_graph_is_written_as_plain_values():
    step = Step(1, "GET", "/a", None)
    edge = Edge(Node(1, "request.path.1"), Node(1, "response.body"), "echo", "lower", "a\udcff")
    assert graph_document(Graph((step,), (edge,), is_cut=True)) == {
        "steps": [{"interaction": 1, "method": "GET", "target": "/a", "status": None}],
        "edges": [
            {
                "from": {"interaction": 1, "place": "request.path.1"},
                "to": {"interaction": 1, "place": "response.body"},
                "kind": "echo",
                "how": "lower",
                "value": "a?",
            }
        ],
        "cut": True,
    }
