"""Copies of a file as it was before each change, the newest few of them."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from zlxl.errors import Unwritable, os_reason
from zlxl.excel.atomic import atomically

BACKUPS = 10  # kept of each file unless told otherwise
FOLDER = "zlxl-备份"  # beside the file; what begins with zlxl- is no input


@contextmanager
def backed_up(path: Path, keep: int) -> Iterator[Path | None]:
    """Copy the file into its backup folder before the block changes it; None when there is no file yet.

    When the block ends well, the oldest copies are let go. When it leaves the file as it was, the copy goes,
    so that attempts that fail do not push out what is worth keeping.

    Raises:
        Unwritable: there is no room for the copy. Without one nothing may be changed.
    """
    path = Path(os.path.realpath(path))
    if keep < 1 or not path.exists():
        yield None
        return
    before = _identity(path)
    backup = _copy(path)
    try:
        yield backup
    except BaseException:
        with suppress(OSError):
            if _identity(path) == before:
                backup.unlink()
        raise
    for old in backups_of(path)[:-keep]:
        with suppress(OSError):
            old.unlink()


def _identity(path: Path) -> tuple[int, int, int]:
    status = path.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _copy(path: Path) -> Path:
    folder = path.parent / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        backup = _new_name(path)
        with path.open("rb") as source, atomically(backup) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        shutil.copystat(path, backup)
    except (OSError, Unwritable) as error:
        raise Unwritable(
            f"「{path.name}」无法备份到「{folder}」（{os_reason(error.__cause__ or error)}），未改动；"
            "请检查权限和磁盘空间后重试。"
        ) from error
    return backup


def backups_of(path: Path) -> list[Path]:
    """The copies of a file, oldest first."""
    return [copy for _, _, copy in _copies(path)]


def _copies(path: Path) -> list[tuple[str, int, Path]]:
    """The copies with their moment and their number within its second, oldest first."""
    pattern = re.compile(rf"{re.escape(path.stem)}_(\d{{8}}-\d{{6}})(?:-(\d+))?{re.escape(path.suffix)}")
    found = ((pattern.fullmatch(copy.name), copy) for copy in (path.parent / FOLDER).glob("*"))
    return sorted((match[1], int(match[2] or 1), copy) for match, copy in found if match)


def _new_name(path: Path) -> Path:
    moment = f"{datetime.now():%Y%m%d-%H%M%S}"
    number = max((number for of, number, _ in _copies(path) if of == moment), default=0) + 1
    return path.parent / FOLDER / f"{path.stem}_{moment}{f'-{number}' if number > 1 else ''}{path.suffix}"
