"""`python -m promptreg.worker CPU WALL MEMORY`: the worker where forking is not possible.

The channel is standard input. For `Worker` only.
"""

from __future__ import annotations

import socket
import sys

from promptreg.worker.child import isolate, serve
from promptreg.worker.limits import Limits


def main(arguments: list[str]) -> None:
    """Serve until the parent closes its end."""
    cpu, wall, memory = arguments
    serve(isolate(socket.socket(fileno=0)), Limits(int(cpu), float(wall), int(memory)))


if __name__ == "__main__":
    main(sys.argv[1:])
