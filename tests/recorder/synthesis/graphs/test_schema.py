"""The schema says what documents showed of types and arguments."""

from graphql import build_schema
from synthesis.presses import looked_at

from recorder.synthesis.graphs.links import links_of
from recorder.synthesis.graphs.schema import schema_of


def test_the_schema_says_what_documents_showed():
    seen = looked_at()
    links = links_of(seen.places, seen.stock, seen.keys)
    schema = build_schema(schema_of(seen.places, seen.stock, links, seen.keys, {}))
    book, query = schema.type_map["Book"].fields, schema.query_type.fields
    assert {name: str(one.type) for name, one in book.items() if name != "authorId"} == {
        "id": "ID", "title": "String", "pages": "Int", "state": "String", "copies": "Int", "author": "Author",
    }  # fmt: skip
    assert str(query["book"].args["id"].type) == "ID!"
    assert str(query["authors"].type) == "[Author]"
    assert {name: str(one.type) for name, one in query["books"].args.items()} == {
        "filter": "BooksPartFilter", "orderBy": "String", "offset": "Int", "limit": "Int",
    }  # fmt: skip
    assert str(schema.mutation_type.fields["dropBook"].type) == "Boolean"
