"""A small real web shop: the upstream that the demo and the tests record."""
