"""The workbook that is open in Excel, through xlwings: every call waits, and ends, when Excel is busy."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from zlxl.edits import Edits
from zlxl.errors import Unwritable
from zlxl.excel.live_read import LiveGrid, Shared
from zlxl.excel.live_write import TEXT_FORMAT, Written, write_edits

if TYPE_CHECKING:
    import xlwings

T = TypeVar("T")
#: COM's words for "not now": call rejected, retry later, a cell is being edited or a dialog is open.
BUSY: Final = frozenset({-2147418111, -2147417846, -2146777998})
NOT_NOW: Final = "ExcelBusyError"  # xlwings' own
EXCEPTION_IN_EXCEL: Final = -2147352567  # what COM says of an error inside Excel; the reason stands beside it
ATTEMPTS, PAUSE = 12, 0.25  # three seconds: long enough to end an edit, too short to look like hanging
ESCAPE: Final = 0x1B  # virtual key code
FOREGROUND: Final = 0x10000  # of a message box
TITLE: Final = "客户服务"
OLD_FORMAT: Final = ".xls"  #: of 65,536 rows
MOST_SHOWN: Final = 32_767  # characters that a cell holds
#: Application settings that a run changes, and puts back.
QUIET: Final = {
    "screen_updating": False,
    "enable_events": False,
    "display_alerts": False,
    "calculation": "manual",
}


def active_book() -> LiveBook:
    """The workbook in front.

    Raises:
        Unwritable: there is none, it is shown in Protected View, or it is a ``.xls``.
    """
    import xlwings

    _limit_waiting()
    called = None
    with suppress(Exception):  # not called by RunPython: xlwings says so in many ways
        called = xlwings.Book.caller()
    found = LiveBook(api=_in_front() if called is None else called)
    if found.path.lower().endswith(OLD_FORMAT):
        raise Unwritable(
            f"「{found.path}」是旧格式 .xls（兼容模式），放不下校验要用的内容。"
            "请用“文件”“另存为”存成 .xlsx，再点一次按钮。"
        )
    return found


def _in_front() -> xlwings.Book:
    import xlwings

    app = calm(lambda: xlwings.apps.active)
    book = None
    if app is not None:
        with suppress(xlwings.XlwingsError, AttributeError):
            book = calm(lambda: app.books.active)
    if app is None or book is None or book.impl is None:
        raise Unwritable(_no_book(app))
    return book


def _limit_waiting() -> None:
    """Let xlwings give up: by itself it tries a rejected call for ever."""
    with suppress(ImportError):  # pywin32 is only on Windows
        from xlwings import _xlwindows

        _xlwindows.N_COM_ATTEMPTS = 2


def _no_book(app: xlwings.App | None) -> str:
    if app is not None and _flag(lambda: app.api.ProtectedViewWindows.Count):
        return "工作簿在“受保护的视图”中，不能读写。请点黄色提示栏上的“启用编辑”，再点一次按钮。"
    return "没有打开的工作簿。请先打开客户服务数据库，再点一次按钮。"


def _flag(read: Callable[[], object]) -> bool:
    """A property that only Excel on Windows has."""
    try:
        return bool(calm(read))
    except AttributeError:
        return False


def escape_pressed() -> bool:
    """Whether Esc was pressed since this was last asked; known on Windows only."""
    if sys.platform != "win32":
        return False
    import ctypes

    return bool(ctypes.windll.user32.GetAsyncKeyState(ESCAPE) & 1)


def calm(call: Callable[[], T]) -> T:
    """The result of a call, tried again while Excel rejects it.

    Raises:
        Unwritable: Excel was still busy after three seconds.
    """
    for attempt in range(ATTEMPTS):
        try:
            return call()
        except Exception as error:
            if not _is_busy(error):
                raise
        if attempt < ATTEMPTS - 1:
            time.sleep(PAUSE)
    raise Unwritable(
        "Excel 正忙：有单元格正在编辑，或有对话框开着。没有写入。"
        "请按 Enter 或 Esc 结束编辑、关闭对话框，再点一次按钮。"
    )


def _is_busy(error: Exception) -> bool:
    """Whether an error of COM (pywintypes.com_error, known by its shape) only means: not now."""
    if type(error).__name__ == NOT_NOW:
        return True
    code = getattr(error, "hresult", None)
    details = getattr(error, "excepinfo", None)
    inner = details[5] if code == EXCEPTION_IN_EXCEL and details and len(details) > 5 else None
    return code in BUSY or inner in BUSY


@dataclass(frozen=True, kw_only=True)
class LiveBook:
    """The open workbook as a TableSource; a new one for every run, so that it is read as it is now."""

    api: xlwings.Book = field(repr=False)

    @property
    def path(self) -> str:
        """Its name, as the title bar shows it."""
        return calm(lambda: self.api.name)

    @property
    def file(self) -> Path:
        """Its path; a name only where it was never saved."""
        return Path(calm(lambda: self.api.fullname))

    def grids(self) -> Sequence[LiveGrid]:
        """The worksheets in the order of their tabs."""
        return self._grids

    @cached_property
    def _grids(self) -> tuple[LiveGrid, ...]:
        shared = Shared(date1904=_flag(lambda: self.api.api.Date1904))
        sheets = calm(lambda: [(sheet.name, sheet) for sheet in self.api.sheets])
        return tuple(
            LiveGrid(
                name, sheet, shared, calm, partial(self.progress, f"正在读取“{name}”（{n}/{len(sheets)}）")
            )
            for n, (name, sheet) in enumerate(sheets, 1)
        )

    def apply(self, edits: Edits) -> Written:
        """Write everything, or nothing where something is in the way.

        A cell that no longer holds what was read is left alone, and so is a formula; both are given back.

        Raises:
            Unwritable: a protected sheet, no room, a sheet of the user's own in the way; Excel is busy.
        """
        return write_edits(self, edits, calm)

    @property
    def structure_locked(self) -> bool:
        """Whether sheets may be neither added nor deleted."""
        return _flag(lambda: self.api.api.ProtectStructure)

    def selected_rows(self) -> tuple[str, int, int]:
        """Sheet, first and last row of the selection."""

        def read() -> tuple[str, int, int]:
            cells = self.api.app.selection
            if cells is None:
                raise Unwritable("选中的不是单元格。请先选中要看的行，再点一次按钮。")
            return cells.sheet.name, cells.row, cells.row + cells.shape[0] - 1

        return calm(read)

    def select(self, sheet: str, row: int, column: int) -> None:
        """Show a cell and select it."""

        def show() -> None:
            shown = self.api.sheets[sheet]
            shown.activate()
            shown.range((row, column)).select()

        calm(show)

    def confirm(self, text: str) -> bool:
        """Ask a question; False where the answer is no."""
        return calm(lambda: self.api.app.alert(text, TITLE, "yes_no")) == "yes"

    def show(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Open a new, unsaved workbook that holds the rows; nothing of it in the user's."""
        made: xlwings.Book = calm(self.api.app.books.add)
        sheet = made.sheets[0]
        texts = [[text[:MOST_SHOWN] for text in row] for row in [headers, *rows]]
        cells = sheet.range((1, 1), (len(texts), len(headers)))

        def fill() -> None:
            sheet.name = title
            cells.number_format = TEXT_FORMAT
            cells.value = texts
            sheet.range((1, 1), (1, len(headers))).font.bold = True
            cells.columns.autofit()
            made.activate()

        calm(fill)

    def progress(self, text: str) -> None:
        """Show what is being done in the status bar.

        Raises:
            Unwritable: the user has pressed Esc since the run began.
        """
        with suppress(Unwritable):
            calm(lambda: setattr(self.api.app, "status_bar", f"{TITLE}：{text}（按 Esc 停止）"))
        if escape_pressed():
            raise Unwritable("已按 Esc 停止，没有写入。")

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Hold screen, events and alerts still; all is put back, whatever happens."""
        escape_pressed()  # what was pressed before the run is forgotten
        app = self.api.app
        before = {name: calm(partial(getattr, app, name)) for name in QUIET}
        try:
            for name, value in QUIET.items():
                calm(partial(setattr, app, name, value))
            yield
        finally:
            for name, value in [*before.items(), ("status_bar", False)]:
                with suppress(Exception):  # one that cannot be put back must not keep the others from it
                    calm(partial(setattr, app, name, value))


def tell(text: str) -> None:
    """Show a message box, also where there is no workbook, or Excel is too busy to show one.

    Raises:
        Unwritable: with the text, where nothing can show it.
    """
    import xlwings

    try:
        app = calm(lambda: xlwings.apps.active)
        if app is not None:
            calm(lambda: app.alert(text, TITLE))
            return
    except Unwritable:
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.user32.MessageBoxW(None, text, TITLE, FOREGROUND)
            return
    raise Unwritable(text)
