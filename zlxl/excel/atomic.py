"""Writing a file so that its name means either the old content or the whole new one."""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from zlxl.errors import Unwritable, os_reason
from zlxl.excel.faults import SHARING_VIOLATIONS

#: A hidden name that no pattern for workbooks matches, short enough beside any long file name.
TEMPORARY = ".zlxl-{}.tmp"

ABANDONED_SECONDS = 3600

WINDOWS = os.name == "nt"


def _always() -> None:
    """No condition."""


@contextmanager
def atomically(target: Path, check: Callable[[], None] = _always) -> Iterator[BinaryIO]:
    """A file that takes the target's place when the block ends well, and is gone when it does not.

    ``check`` is asked at the last moment and may raise to stop it.

    Raises:
        Unwritable: the folder or the target cannot be written.
    """
    target = Path(os.path.realpath(target))  # a link stays a link, what it points to is replaced
    _check_writable(target)
    _sweep(target.parent)
    temporary = target.with_name(TEMPORARY.format(secrets.token_hex(6)))
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        check()
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed has left; what is younger may belong to one that still runs."""
    for left in folder.glob(TEMPORARY.format("*")):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                left.unlink()


def _check_writable(target: Path) -> None:
    if target.exists() and not os.access(target, os.W_OK):
        raise Unwritable(f"「{target.name}」是只读文件；请取消“只读”属性或另存到别处。")


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power failure; Windows does so by itself."""
    if WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(target: Path, error: OSError) -> Unwritable:
    if getattr(error, "winerror", None) in SHARING_VIOLATIONS:
        return Unwritable(f"「{target.name}」正被其他程序打开，未改动；请关闭打开它的程序后重试。")
    if isinstance(error, PermissionError):
        return Unwritable(
            f"「{target.name}」没有写入权限，或正被其他程序打开，未改动；请关闭它或申请权限后重试。"
        )
    if isinstance(error, FileNotFoundError):
        return Unwritable(f"文件夹「{target.parent}」不存在，未写入；请检查路径。")
    return Unwritable(
        f"「{target.name}」写入失败（{os_reason(error)}），未改动；请检查磁盘空间或网络连接后重试。"
    )
