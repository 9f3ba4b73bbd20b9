"""What was typed in Calc, written into the workbook's file by our own patch: Calc itself never saves it."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from zlxl.changes import CellChange, CellValue, Formula, RowAppended
from zlxl.edits import Edits
from zlxl.errors import Unwritable, ZlxlError, os_reason
from zlxl.excel.atomic import atomically
from zlxl.excel.backup import backed_up
from zlxl.excel.holders import refuse_held
from zlxl.excel.save import Saved
from zlxl.excel.source import open_source
from zlxl.excel.workbook import Workbook
from zlxl.grid import GENERAL, ListObject
from zlxl.hosts.calc.repair import repaired
from zlxl.hosts.config import load
from zlxl.hosts.writing import signature, write
from zlxl.schema.values import from_serial

if TYPE_CHECKING:
    from zlxl.hosts.calc.server import Office

COMMAND: Final = "保存改动（Calc）"
WORKBOOKS: Final = (".xlsx", ".xlsm")
BY_HAND: Final = "手工"  #: of the list 变更方式
DATE, TIME, PERCENT, LOGICAL = 2, 4, 128, 1024  # com.sun.star.util.NumberFormat
RESULT_TEXT, RESULT_ERROR = 2, 4  # com.sun.star.sheet.FormulaResult
#: Errors of formulas that no spreadsheet could read: what Excel calls damage if it stood in a file.
UNFINISHED: Final = frozenset({501, *range(505, 517), 520, 526, 533})
_LOST: Final = {
    "unknown": "打开时没有记下原来的内容（扩展是之后安装的，或工作簿在打开前已有改动）",
    "sheets": "增加、删除、改名或移动了工作表",
    "moved": "插入或删除了行、列或单元格",
    "tables": "表格的范围变了",
    "notes": "批注的改动",
    "other": "只改了格式、列宽等，单元格的值没有改动",
}
#: What makes all other changes unreadable, since cells no longer stand where they stood.
_SHIFTING: Final = frozenset({"unknown", "sheets", "moved", "tables"})
_TABLE: Final = re.compile(r"([\w.\\]+)\[")
_LOST_TABLE: Final = "#NAME?["  # how LibreOffice prints a table's name
_TEXT: Final = re.compile(r'("(?:[^"]|"")*")')
_MIDNIGHT: Final = time()


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed into the open workbook since it was loaded."""

    cells: tuple[Mapping[str, Any], ...]  #: as ``zlxl_bridge.typed`` describes them
    lost: tuple[str, ...]  #: what cannot be written, in its words

    @property
    def shifted(self) -> bool:
        """Whether nothing can be written, because cells no longer stand where they stood."""
        return bool(_SHIFTING.intersection(self.lost))

    def words(self) -> str:
        """What cannot be written, for the user."""
        return "；".join(_LOST[name] for name in self.lost)


def typed_in(office: Office) -> Typed:
    """Ask what was typed into the document in front."""
    told = office.ask("changes")
    return Typed(cells=tuple(told["cells"]), lost=tuple(told["lost"]))


def file_in_front(document: Mapping[str, Any]) -> Path:
    """The file of the document in front; Unwritable where it has none, or one of another kind."""
    if not document["path"]:
        raise Unwritable("这个文档还没有保存成文件。请先在 Excel 中存为 .xlsx，再用 Calc 打开它。")
    source = Path(document["path"])
    if source.suffix.lower() not in WORKBOOKS:
        raise Unwritable(f"「{source.name}」不是 .xlsx 或 .xlsm 工作簿。请打开客户服务数据库的 .xlsx 文件。")
    return source


def workbook_of(source: Path) -> Workbook:
    """The file, read as the batch reads it; Unreadable where it is encrypted, broken or something else."""
    opened = open_source(source)
    if not isinstance(opened, Workbook):
        raise AssertionError(source)
    return opened


def save_edits(office: Office) -> str:
    """Write what was typed into the file, and load it again; what to tell the user.

    Raises:
        Unreadable, Unwritable, OfficeError: nothing was written, and what was typed is still there.
    """
    source = file_in_front(office.ask("document"))
    typed = typed_in(office)
    if not typed.cells and not typed.lost:
        return "没有未保存的改动。"
    return save_typed(office, source, typed)


def save_typed(office: Office, source: Path, typed: Typed) -> str:
    """Write what was typed; see ``save_edits``."""
    opened = workbook_of(source)
    _refuse_changed(office, source)
    if typed.shifted:
        kept = keep(office, source)
        raise Unwritable(
            f"「{source.name}」没有改动：{typed.words()}，不能写入文件。打开的内容已另存为「{kept.name}」。"
            "请重新打开工作簿再录入；新行请写在表格最后一行的下面。"
        )
    edits, unwritten = edits_of(opened, typed.cells)
    kept_as = f"打开的内容另存为「{keep(office, source).name}」。" if typed.lost or unwritten else ""
    if not edits:
        return "\n".join([f"「{source.name}」没有改动。", *unwritten, *_unwritten(typed), kept_as]).strip()
    signed = replace(signature(COMMAND), way=BY_HAND)
    saved = written(office, opened, partial(write, opened, edits, signed, skip_refused=True))
    count = len(edits.cells) + sum(len(row.values) for row in edits.rows) - len(saved.refused)
    return "\n".join(
        [
            f"已把 {count} 个单元格的改动写入「{source.name}」，记入“变更记录”；格式、列宽等改动不写入。",
            *([f"原文件备份为 {saved.backup}。"] if saved.backup else []),
            *refusals(saved),
            *saved.remarks,
            *unwritten,
            *_unwritten(typed),
            *([kept_as] if kept_as else []),
        ]
    )


def _unwritten(typed: Typed) -> list[str]:
    return [f"没有写入：{typed.words()}。"] if typed.lost else []


def refusals(saved: Saved) -> list[str]:
    """Cells that were not written, and why."""
    from zlxl.excel.patch.book import place

    return [f"{place(refusal.change)} {refusal.reason}，没有写入。" for refusal in saved.refused]


def keep(office: Office, source: Path) -> Path:
    """Keep all that is open in a copy beside the file, in Calc's own format."""
    kept = _unwritten_name(source, ".ods")
    office.ask("keep", str(kept))
    return kept


def _unwritten_name(source: Path, suffix: str) -> Path:
    return source.with_name(f"{source.stem}_未写入_{datetime.now():%Y%m%d-%H%M%S}{suffix}")


def is_stale(source: Path, stamp: Sequence[int] | None) -> bool:
    """Whether the file is another one than Calc loaded, by its size and time."""
    status = source.stat()
    return stamp is not None and tuple(stamp) != (status.st_size, status.st_mtime_ns)


def _refuse_changed(office: Office, source: Path) -> None:
    """Unwritable where another program wrote the file since Calc loaded it."""
    if is_stale(source, office.ask("document")["stamp"]):
        kept = keep(office, source)
        raise Unwritable(
            f"「{source.name}」打开以后被其他程序改动过，没有写入。打开的内容已另存为「{kept.name}」。"
            "请重新打开工作簿，把改动录入一遍。"
        )


# --- the file -----------------------------------------------------------------------------------------------


def written(office: Office, opened: Workbook, save: Callable[..., Saved]) -> Saved:
    """Have ``save(target=...)`` write a new file beside the old one, put it in its place, load it again.

    Windows replaces no file that a program holds: Calc lets go of it only when the new one is complete.

    Raises:
        Unreadable, Unwritable, UsageError: nothing was written; where Calc had let go of the file already,
            the new one is kept under a name of its own.
        OfficeError: it was written, and could not be loaded again.
    """
    source = opened.file
    keeping = load(None, source.parent).entries.backups
    try:
        with TemporaryDirectory(prefix="zlxl-", dir=source.parent, ignore_cleanup_errors=True) as folder:
            staged = Path(folder, source.name)
            saved = save(target=staged)
            office.ask("release")
            backup = _replaced(office, opened, staged, keeping)
    except OSError as error:
        raise Unwritable(f"「{source.parent}」中不能写入（{os_reason(error)}），没有改动。") from error
    return replace(saved, target=source, backup=backup)


def _replaced(office: Office, opened: Workbook, staged: Path, keeping: int) -> Path | None:
    """Put the new file in the old one's place, or keep it under its own name; load what is there."""
    from zlxl.hosts.calc.server import OfficeError

    source = opened.file
    try:
        backup = _take_place(opened, staged, keeping)
    except (ZlxlError, OSError) as error:
        kept = _unwritten_name(source, source.suffix)
        staged.replace(kept)  # which needs no room on a disk that may be full
        reason = f"「{source.name}」没有改动（{os_reason(error)}）。" if isinstance(error, OSError) else error
        told = f"{reason}写好的内容另存为「{kept.name}」。"
        try:
            _reload(office, source)
        except OfficeError as also:
            told += str(also)
        raise Unwritable(told) from error
    _reload(office, source)
    return backup


def _take_place(opened: Workbook, staged: Path, keeping: int) -> Path | None:
    refuse_held(opened.file)
    check = opened.package.check_unchanged
    with (
        backed_up(opened.file, keeping) as backup,
        atomically(opened.file, check) as file,
        staged.open("rb") as new,
    ):
        shutil.copyfileobj(new, file)
    return backup


def _reload(office: Office, source: Path) -> None:
    from zlxl.hosts.calc.server import OfficeError

    try:
        office.ask("reload")
    except OfficeError as error:
        raise OfficeError(
            f"「{source.name}」没能重新打开（{error}），请关闭空白文档后自己打开它。"
        ) from error


# --- cells --------------------------------------------------------------------------------------------------


def edits_of(opened: Workbook, cells: Sequence[Mapping[str, Any]]) -> tuple[Edits, tuple[str, ...]]:
    """Changes of the cells, new rows of the tables they stand below, and what cannot be written, in words."""
    changes: dict[str, list[CellChange]] = defaultdict(list)
    unwritten = []
    for cell in cells:
        if _only_repaired(cell):
            continue
        if reason := _unwritable(cell):
            unwritten.append(f"{cell['sheet']} 第 {cell['row']} 行第 {cell['column']} 列{reason}，没有写入。")
        else:
            changes[cell["sheet"]].append(_change(cell, opened))
    kept: list[CellChange] = []
    rows: list[RowAppended] = []
    for sheet, some in changes.items():
        appended, others = _below(opened, sheet, some)
        rows += appended
        kept += others
    return Edits(cells=tuple(kept), rows=tuple(rows)), tuple(unwritten)


def _only_repaired(cell: Mapping[str, Any]) -> bool:
    """Whether the cell was entered anew by us, and means what it meant."""
    return bool(cell["kind"] == "FORMULA" and repaired(cell["was"]) == repaired(cell["entered"]))


def _unwritable(cell: Mapping[str, Any]) -> str:
    if cell["kind"] != "FORMULA":
        return ""
    if cell["array"]:
        return "是数组公式"
    return "的公式不完整" if cell["error"] in UNFINISHED or not cell["printed"] else ""


def _change(cell: Mapping[str, Any], opened: Workbook) -> CellChange:
    percent = cell["kind"] == "VALUE" and cell["type"] & PERCENT
    return CellChange(
        sheet=cell["sheet"],
        row=cell["row"],
        column=cell["column"],
        value=value_of(cell, date1904=opened.sheets[0].date1904),
        number_format=cell["format"] if percent else None,
        over=(GENERAL,) if percent else (),
        replace_formula=cell["was"].startswith("="),
    )


def value_of(cell: Mapping[str, Any], *, date1904: bool = False) -> CellValue:
    """What a cell of Calc holds, by its format a number, a truth value or a moment."""
    match cell["kind"]:
        case "EMPTY":
            return None
        case "TEXT":
            return str(cell["text"])
        case "VALUE":
            return _moment(cell["value"], cell["type"], date1904=date1904)
    return Formula(formula_of(cell), value=_result(cell, date1904=date1904))


def _result(cell: Mapping[str, Any], *, date1904: bool) -> float | bool | str | datetime | time | None:
    if cell["result"] == RESULT_ERROR or cell["error"]:
        return None
    if cell["result"] == RESULT_TEXT:
        return str(cell["text"])
    return _moment(cell["value"], cell["type"], date1904=date1904)


def _moment(number: float, kind: int, *, date1904: bool) -> float | bool | datetime | time:
    """A serial number as what its format makes of it; a number where that is no moment."""
    if kind & LOGICAL and number in (0, 1):
        return bool(number)
    if kind & DATE:
        moment = from_serial(number, date1904=date1904)
        return number if moment is None else moment
    if kind & TIME and 0 <= number < 1:
        seconds = round(number * 86_400)
        return (datetime.combine(datetime.min, _MIDNIGHT) + timedelta(seconds=seconds)).time()
    return number


def formula_of(cell: Mapping[str, Any]) -> str:
    """The formula as a file of Excel spells it."""
    tables = iter(_TABLE.findall(_TEXT.sub("", cell["entered"])))
    parts = _TEXT.split(cell["printed"])
    named = (part if part.startswith('"') else _with_tables(part, tables) for part in parts)
    return repaired("=" + "".join(named))


def _with_tables(printed: str, tables: Iterator[str]) -> str:
    """The names of tables, which LibreOffice prints as errors, in the order in which they were entered."""
    return re.sub(re.escape(_LOST_TABLE), lambda _: f"{next(tables, '#NAME?')}[", printed)


# --- new rows -----------------------------------------------------------------------------------------------


def _below(
    opened: Workbook, sheet: str, changes: Iterable[CellChange]
) -> tuple[list[RowAppended], list[CellChange]]:
    """Rows typed straight below a table, which belong to it, and the other changes."""
    grid = next(grid for grid in opened.sheets if grid.sheet == sheet)
    rows: list[RowAppended] = []
    rest = list(changes)
    for table in grid.list_objects():
        if table.header_rows != 1 or table.totals_rows:
            continue
        headers = {
            column: str(cell.value) for column, cell in grid.head(table.area.top)[table.area.top].items()
        }
        own, rest = _parted(table, rest)
        rows += [_row(table, headers, own[row]) for row in sorted(own)]
    return rows, rest


def _parted(
    table: ListObject, changes: Sequence[CellChange]
) -> tuple[dict[int, list[CellChange]], list[CellChange]]:
    """By row, the changes that make the rows straight below a table, each below the last; the others."""
    area = table.area
    within = [
        c
        for c in changes
        if area.left <= c.column <= area.right and c.row > area.bottom and c.value is not None
    ]
    rows: dict[int, list[CellChange]] = defaultdict(list)
    for change in within:
        rows[change.row].append(change)
    last = area.bottom
    while last + 1 in rows:
        last += 1
    own = {row: rows[row] for row in range(area.bottom + 1, last + 1)}
    taken = {id(change) for row in own.values() for change in row}
    return own, [change for change in changes if id(change) not in taken]


def _row(table: ListObject, headers: Mapping[int, str], changes: Iterable[CellChange]) -> RowAppended:
    return RowAppended(table=table.name, values={headers[c.column]: c.value for c in changes})
