"""Copies of a file as it was before each change, the newest few of them."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from zlxl.errors import Unwritable
from zlxl.excel.atomic import atomically

FOLDER = "zlxl-备份"  # beside the file; what begins with zlxl- is no input


def keep_backup(path: Path, keep: int) -> Path | None:
    """Copy the file into its backup folder and let go of the oldest copies; None when there is no file yet.

    Raises:
        Unwritable: there is no room for the copy. Without one nothing may be changed.
    """
    path = Path(os.path.realpath(path))
    if keep < 1 or not path.exists():
        return None
    folder = path.parent / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        backup = _free_name(folder, path)
        with path.open("rb") as source, atomically(backup) as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
        shutil.copystat(path, backup)
    except (OSError, Unwritable) as error:
        raise Unwritable(
            f"「{path.name}」无法备份到「{folder}」（{error}），未改动；请检查权限和磁盘空间后重试。"
        ) from error
    for old in backups_of(path)[:-keep]:
        with suppress(OSError):
            old.unlink()
    return backup


def backups_of(path: Path) -> list[Path]:
    """The copies of a file, oldest first."""
    pattern = re.compile(rf"{re.escape(path.stem)}_(\d{{8}}-\d{{6}})(?:-(\d+))?{re.escape(path.suffix)}")
    folder = path.parent / FOLDER
    names = [(match, p) for p in folder.glob("*") if (match := pattern.fullmatch(p.name))]
    return [p for _, p in sorted(names, key=lambda found: (found[0][1], int(found[0][2] or 1)))]


def _free_name(folder: Path, path: Path) -> Path:
    moment = f"{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{path.stem}_{moment}{f'-{n}' if n > 1 else ''}{path.suffix}" for n in count(1))
    return next(candidate for name in names if not (candidate := folder / name).exists())
