"""Conditions: what holds in a scene or does not, and the ordered lists of them that tell outcomes apart."""
