"""Endpoints: which calls belong together by their method, their path and what tells them apart."""
