"""Who has a file open: the marks that Excel, WPS and LibreOffice leave beside it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from zlxl.errors import Unwritable

OWNER_FILE = "~${}"  # of Excel and WPS
LOCK_FILE = ".~lock.{}#"  # of LibreOffice
MAX_MARK_BYTES = 4096
_WIDE_NAME = 55  # where the owner file holds the name a second time, in UTF-16 behind its length


def refuse_held(path: Path) -> None:
    """Unwritable, with the owner's name, when the file is open elsewhere."""
    for pattern, owner in ((OWNER_FILE, _owner), (LOCK_FILE, _lock_owner)):
        mark = path.with_name(pattern.format(path.name))
        held = _read(mark)
        if held is not None:
            name = owner(held)
            who = f"“{name}”" if name else "其他人"
            raise Unwritable(
                f"「{path.name}」正由{who}打开，未改动；请在 Excel 或 WPS 中保存并关闭后重试。"
                f"确认没有人打开时，删除占用标记「{mark.name}」即可。"
            )


def _read(mark: Path) -> bytes | None:
    """Content of the mark, empty when it may not be read, None when there is none."""
    if not os.path.lexists(mark):  # a name too long to have a mark has none
        return None
    with suppress(OSError), mark.open("rb") as file:  # Excel itself holds it, often exclusively
        return file.read(MAX_MARK_BYTES)
    return b""


def _owner(held: bytes) -> str:
    """The user of an owner file: in UTF-16, or as the first bytes say in the machine's code page."""
    if len(held) > _WIDE_NAME:
        wide = held[_WIDE_NAME + 2 :][: 2 * held[_WIDE_NAME]]
        name = _clean(wide.decode("utf-16-le", "ignore"))
        if name:
            return name
    return _clean(held[1:][: held[0]].decode("gb18030", "ignore")) if held else ""


def _lock_owner(held: bytes) -> str:
    """The user of a lock file: the first filled field of name, account and computer."""
    fields = held.decode("utf-8", "ignore").split(",")[:3]
    return next((name for field in fields if (name := _clean(field))), "")


def _clean(name: str) -> str:
    return "".join(letter for letter in name if letter.isprintable()).strip()
