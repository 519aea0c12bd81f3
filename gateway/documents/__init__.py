"""Definitions as files: read, described, edited in place and written back."""
