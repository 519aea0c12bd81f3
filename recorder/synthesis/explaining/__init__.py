"""Explaining: one kind of explanation a file, from the same part of many answers to the node that makes it."""
