"""Whether a file is still the one that was opened."""

from __future__ import annotations

from pathlib import Path

from zlxl.excel.faults import unreadable

Stamp = tuple[int, int]  #: size in bytes, time of the last change in nanoseconds


def stamp(path: Path) -> Stamp:
    """The file's stamp."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def check_unchanged(path: Path, known: Stamp) -> None:
    """Unreadable when another program wrote the file since."""
    if stamp(path) != known:
        raise unreadable(path, "在处理过程中被改动，未写入", "请保存并关闭后重试")
