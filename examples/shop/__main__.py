"""The shop as a program: `python -m examples.shop --port 0` serves it and prints its address."""

from __future__ import annotations

import argparse
import socket

import uvicorn

from examples.shop.app import create_app


def main() -> None:
    """Serve the shop until interrupted; port 0 takes a free one."""
    parser = argparse.ArgumentParser(prog="examples.shop", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="where to listen")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--event-gap", type=float, default=0.15, help="seconds between two order events")
    options = parser.parse_args()
    with socket.create_server((options.host, options.port)) as listener:
        # Printed once the socket listens: whoever reads the line can connect, the kernel queues until uvicorn accepts.
        print(f"the shop is open on http://{options.host}:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(create_app(options.event_gap), log_level="warning", access_log=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
