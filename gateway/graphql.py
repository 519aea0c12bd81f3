"""The one door to graphql-core: the documents that clients and definitions send, read within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

LONGEST: Final = 64 << 10
TOKENS: Final = 5_000


class DocumentError(ValueError):
    """A text that is not a GraphQL document, or is more than is read; the message says where."""


@dataclass(frozen=True, slots=True)
class Document:
    """The operations of a document in order, as (name or "", type), and its text printed in one way."""

    operations: tuple[tuple[str, str], ...]
    normal: str

    def operation(self, name: str) -> tuple[str, str]:
        """Give name and type of the operation that a call with this `operationName` ("" for none) runs."""
        for found in self.operations:
            if found[0] == name:
                return found
        if len(self.operations) == 1:
            only, kind = self.operations[0]
            return name or only, kind
        return name, ""


@lru_cache(maxsize=512)
def read_document(text: str) -> Document:
    """Read a document; raises DocumentError. Documents are remembered, since clients send the same ones."""
    from graphql import GraphQLError, OperationDefinitionNode, parse, print_ast

    if len(text) > LONGEST:
        raise DocumentError(f"a document has at most {LONGEST} characters, and this has {len(text)}")
    try:
        tree = parse(text, no_location=True, max_tokens=TOKENS)
        normal = print_ast(tree)
    except GraphQLError as error:
        line, column = (error.locations[0].line, error.locations[0].column) if error.locations else (1, 1)
        raise DocumentError(f"{error.message} Line {line}, column {column}.") from None
    except RecursionError:
        raise DocumentError("the document is nested too deeply") from None
    operations = tuple(
        (node.name.value if node.name else "", node.operation.value)
        for node in tree.definitions
        if isinstance(node, OperationDefinitionNode)
    )
    return Document(operations, normal)
