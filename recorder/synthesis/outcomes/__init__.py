"""Outcomes: how an endpoint answers in each case, as recorded or by what HTTP says of it."""
