"""Calls by name: operations that a body or a path names, taken for calls on collections."""
