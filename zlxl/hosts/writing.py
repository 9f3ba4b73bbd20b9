"""The one way in which commands write: signed, logged in 变更记录, in one atomic write."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from datetime import datetime
from getpass import getuser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from zlxl.edits import Edits
from zlxl.jobs.history import LogEntry, Signature, find_log, sign, with_history

if TYPE_CHECKING:
    from zlxl.changes import Refusal
    from zlxl.excel.save import Saved
    from zlxl.grid import TableSource

USER = "ZLXL_USER"  # who runs a command, where the login name does not say it


def signature(command: str) -> Signature:
    """The signature of a run that begins now."""
    moment = datetime.now().astimezone()
    return sign(command, operator=operator(), moment=moment, token=secrets.token_hex(2))


def operator() -> str:
    """Who runs the command: the environment's word, else the login name."""
    if told := os.environ.get(USER, "").strip():
        return told
    try:
        return getuser()
    except (OSError, KeyError, ImportError):  # a container without users
        return "未知"


def write(
    opened: TableSource,
    edits: Edits,
    signature: Signature,
    *,
    target: Path | None = None,
    skip_refused: bool = False,
    entries: Iterable[LogEntry] | None = None,
) -> Saved:
    """Write the edits and their lines of the log into the source, or a copy of it, at once.

    ``entries`` are lines in words that the caller knows better; without them every changed cell and every
    new row gives one. A CSV file has no log.

    Raises:
        Unreadable, Unwritable, UsageError: as ``zlxl.excel.save.save`` does; nothing is written then.
    """
    from zlxl.excel.save import save
    from zlxl.hosts.config import load

    known = None if entries is None else tuple(entries)
    missing = skip_refused and edits.cells and find_log(opened) is None
    refused = {refusal.change for refusal in refused_of(opened, edits)} if missing else set()
    told = with_history(opened, edits, signature, known, refused=refused)
    backups = load(None, Path.cwd()).entries.backups
    return save(opened, told, target, skip_refused=skip_refused, backups=backups)


def refused_of(opened: TableSource, edits: Edits) -> tuple[Refusal, ...]:
    """Changes of cells that would be refused: tried in a copy that nobody sees."""
    from zlxl.excel.save import save

    with TemporaryDirectory(prefix="zlxl-", ignore_cleanup_errors=True) as folder:
        trial = Path(folder) / Path(opened.path).name
        return save(opened, Edits(cells=edits.cells), trial, skip_refused=True).refused
