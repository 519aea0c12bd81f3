"""Nodes: parts of answers explained, that can be written as templates and worked out on a scene."""
