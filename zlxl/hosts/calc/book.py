"""The workbook in front of Calc: read from its file, written by our patch, shown and asked in Calc."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zlxl.edits import Edits
from zlxl.errors import Unwritable
from zlxl.excel.live_write import Written

if TYPE_CHECKING:
    from zlxl.excel.workbook import Workbook
    from zlxl.grid import Grid
    from zlxl.hosts.calc.server import Office

SAVE: Final = "zl_save_edits"
REPAIR: Final = "zl_repair_formulas"
REPAIR_LOADED: Final = "zl_formulas_on_load"


def press(button: str, office: Office) -> None:
    """Carry out an entry of the menu on the document in front, and tell what was done."""
    if told := _told(button, office):
        office.ask("tell", told)


def _told(button: str, office: Office) -> str:
    if button == REPAIR_LOADED:
        from zlxl.hosts.calc.repair import repair

        repair(office)
        return ""
    if button == REPAIR:
        return _repaired(office)
    if button == SAVE:
        from zlxl.hosts.calc.saving import save_edits

        return save_edits(office)
    from zlxl.hosts.ribbon import carried_out

    return carried_out(button, lambda: book_in_front(office), date.today())


def _repaired(office: Office) -> str:
    from zlxl.hosts.calc.repair import repair

    count = repair(office)
    return f"已重新录入 {count} 个公式，工作簿没有其他改动。" if count else "没有需要修复的公式。"


def source_of(office: Office) -> Path:
    """The file of the document in front, which holds all that the document shows.

    Raises:
        Unreadable, Unwritable: it has no such file, or the user does not want the rest written into it.
    """
    from zlxl.hosts.calc.saving import file_in_front, is_stale

    document = office.ask("document")
    source = file_in_front(document)
    if document["modified"]:
        _save_first(office, source)
    elif is_stale(source, document["stamp"]):
        office.ask("release")
        office.ask("reload")
    return source


def _save_first(office: Office, source: Path) -> None:
    from zlxl.hosts.calc.saving import save_typed, typed_in

    typed = typed_in(office)
    what = f"{len(typed.cells)} 个单元格的改动" if typed.cells else "未保存的改动"
    if not office.ask("confirm", f"「{source.name}」有{what}，按钮只看已写入文件的内容。现在写入吗？"):
        raise Unwritable("没有运行：工作簿有未保存的改动。请先用“保存改动”写入，再点一次。")
    told = save_typed(office, source, typed)
    if typed.lost or "没有写入" in told:
        office.ask("tell", told)


def book_in_front(office: Office) -> CalcBook:
    """The document in front, once what was typed into it is in its file.

    Raises:
        Unreadable, Unwritable: there is no such workbook, or the user does not want it written.
    """
    return CalcBook(office=office, file=source_of(office))


@dataclass(frozen=True, kw_only=True)
class CalcBook:
    """The workbook in front as a TableSource: the ribbon's OpenBook in Calc."""

    office: Office
    file: Path

    @property
    def path(self) -> str:
        """Its name, as the title bar shows it."""
        return self.file.name

    @cached_property
    def opened(self) -> Workbook:
        """The file, read as the batch reads it."""
        from zlxl.hosts.calc.saving import workbook_of

        return workbook_of(self.file)

    def grids(self) -> Sequence[Grid]:
        """The worksheets in the order of their tabs."""
        return self.opened.grids()

    def apply(self, edits: Edits) -> Written:
        """Write everything into the file, or nothing where something is in the way, and load it again.

        Raises:
            Unreadable, Unwritable, UsageError: nothing was written.
        """
        from zlxl.excel.save import save
        from zlxl.hosts.calc.saving import written

        self._refuse(edits)
        saved = written(self.office, self.opened, partial(save, self.opened, edits, skip_refused=True))
        cells = len(edits.cells) - len(saved.refused)
        return Written(cells=cells, refused=saved.refused, remarks=saved.remarks)

    def _refuse(self, edits: Edits) -> None:
        document = self.office.ask("document")
        if document["readonly"]:
            raise Unwritable(
                f"「{self.path}」以只读方式打开，没有写入。请确认没有别人正打开它，关闭后重新打开。"
            )
        if document["modified"]:
            raise Unwritable(f"「{self.path}」在运行中被改动，没有写入。请再点一次。")
        tables = {row.table for row in edits.rows}
        touched = {change.sheet for change in edits.cells} | {
            grid.sheet
            for grid in self.grids()
            if grid.sheet in tables or any(table.name in tables for table in grid.list_objects())
        }
        if locked := sorted(touched.intersection(self.office.ask("protected"))):
            raise Unwritable(f"工作表“{locked[0]}”受保护，没有写入。请在“工具”中撤消工作表保护，再点一次。")

    def confirm(self, text: str) -> bool:
        """Ask a question; False where the answer is no."""
        return bool(self.office.ask("confirm", text))

    def show(self, title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Open a new, unsaved document that holds the rows; nothing of it in the user's."""
        self.office.ask("show", title, headers, rows)

    def progress(self, text: str) -> None:
        """Show what is being done in the status bar."""
        self.office.ask("progress", text)

    def selected_rows(self) -> tuple[str, int, int]:
        """Sheet, first and last row of the selection."""
        selected = self.office.ask("selection")
        if selected is None:
            raise Unwritable("选中的不是单元格。请先选中要看的行，再点一次按钮。")
        sheet, top, bottom = selected
        return sheet, top, bottom

    def select(self, sheet: str, row: int, column: int) -> None:
        """Show a cell and select it."""
        self.office.ask("select", sheet, row, column)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Give the status bar back at the end, whatever happens."""
        try:
            yield
        finally:
            self.office.ask("progress", None)
