"""The ribbon's buttons: each runs one job on the open workbook, asks before it writes, says what it did."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Final

from zlxl.errors import ZlxlError

if TYPE_CHECKING:
    from zlxl.hosts.buttons import Button
    from zlxl.hosts.ribbon.book import OpenBook

DEBUG: Final = "ZLXL_DEBUG"
#: The module that carries out the buttons of a group.
ROOMS: Final = {
    "校验": "checking",
    "修复": "repairs",
    "要求处置": "requests",
    "满意度": "figures",
    "资料": "clients",
}


def run(button: str, today: date | None = None) -> None:
    """Carry out a button of Excel by its id on the workbook in front, and tell what it did."""
    from zlxl.excel.app import active_book, tell

    if told := carried_out(button, active_book, today or date.today()):
        tell(told)


def carried_out(button: str, opened: Callable[[], OpenBook], today: date) -> str:
    """Carry out a button by its id; what to tell, nothing where the user said no.

    Whatever goes wrong becomes one message, never a traceback.
    """
    from zlxl.hosts.buttons import BUTTON

    chosen = BUTTON[button]
    try:
        work = work_of(chosen)
        book = opened()
        with book.quiet():
            book.progress(f"{chosen.label}：正在读取 {book.path}……")
            return work(book, today)
    except ZlxlError as error:
        return str(error)
    except Exception as error:
        if os.environ.get(DEBUG):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        return f"“{chosen.label}”发生内部错误（{what}），请保存工作簿后重试；仍不行时把这句话交给 IT。"


def work_of(button: Button) -> Callable[[OpenBook, date], str]:
    """The function that carries out a button, from the module of its group."""
    room = import_module(f"zlxl.hosts.ribbon.{ROOMS[button.group]}")
    work: Callable[[OpenBook, date], str] = getattr(room, button.function)
    return work
