"""The process that the extension of LibreOffice starts: ``python -m zlxl.hosts.calc``."""

from __future__ import annotations

import logging
import os
import sys

from zlxl.hosts.calc.server import serve


def main() -> None:
    """Serve until LibreOffice is gone; whatever else is printed goes to the log, never between the lines."""
    lines = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    serve(sys.stdin.buffer, lines)


if __name__ == "__main__":
    main()
