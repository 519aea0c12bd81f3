"""Synthesis of more than can be held: a plan in a folder, which any number of processes carry out together."""
