"""Time and trouble put in on purpose: decided for each request, and performed on mocked and proxied answers."""
