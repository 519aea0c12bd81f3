"""The side that clients call: a listener, its connections, and one request and its response on them."""
