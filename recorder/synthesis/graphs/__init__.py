"""GraphQL services: the schema and the fields that recorded documents and their answers show."""
