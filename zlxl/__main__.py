"""``python -m zlxl`` is the command zlxl."""

from zlxl.hosts.cli import main

main()
