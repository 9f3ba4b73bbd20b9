"""``python -m zlxl`` is the command zlxl."""

from zlxl.hosts.cli import run

run()
