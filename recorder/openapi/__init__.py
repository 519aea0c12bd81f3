"""OpenAPI documents as they are read: files, references, schemas in one dialect, operations."""
