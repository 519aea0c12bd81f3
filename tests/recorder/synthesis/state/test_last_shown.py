from synthesis.telling import told

from recorder.synthesis.collections.binding import Binding, Collection
from recorder.synthesis.endpoints.endpoint import endpoints_of
from recorder.synthesis.state.last_shown import last_shown


def test_an_item_was_there_until_the_last_call_that_showed_or_listed_it():
    things = Collection(("things", None), "things", ("id",))
    samples = told(
        ("GET", "/things/1", None, 200, {"id": 1}),
        ("GET", "/things", None, 200, {"rows": [{"id": 1}, {"id": 2}]}),
        ("GET", "/things/1", None, 404, None),
        ("GET", "/other", None, 200, {"id": 1}),
    )
    bindings, endpoint_of = {}, {}
    for endpoint in endpoints_of(samples):
        role = {"/things": "collection", "/other": "none"}.get(endpoint.path, "item")
        bindings[endpoint] = Binding(role, None if role == "none" else things, entity=(), rows=("rows",))
        endpoint_of |= {sample.number: endpoint for sample in endpoint.samples}
    first, listed, *_ = samples
    last = {key: number for (_, name, key), number in last_shown(samples, endpoint_of, bindings).items()}
    assert last == {"1": listed.number, "2": listed.number}
    assert first.number < listed.number
