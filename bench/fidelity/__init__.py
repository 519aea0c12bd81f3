"""The fidelity benchmark: how well synthesized mocks answer sessions that they never saw."""
