"""The side that calls upstreams: judged addresses, connections, and one request and its answer on them."""
