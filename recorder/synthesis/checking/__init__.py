"""Checking: definitions asked again what was recorded, and compared."""
