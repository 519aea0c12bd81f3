"""Recorded interactions taken apart: what every later step looks at, and how values in them are compared."""
