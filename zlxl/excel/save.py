"""The one way to change a user's file: everything at once, into a new file that then takes its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from zlxl.changes import CellChange, Refusal, RowAppended
from zlxl.edits import Edits
from zlxl.errors import Unwritable, UsageError
from zlxl.excel.atomic import atomically
from zlxl.excel.backup import BACKUPS, backed_up
from zlxl.excel.delimited import Delimited
from zlxl.excel.faults import guarded
from zlxl.excel.holders import refuse_held
from zlxl.excel.patch.book import BookPatch, place
from zlxl.excel.patch.marking import Marking
from zlxl.excel.workbook import Workbook
from zlxl.grid import TableSource

SIGNATURES = "_xmlsignatures/"
NAMED_REFUSALS = 5  # so many a message lists


@dataclass(frozen=True, kw_only=True)
class Saved:
    """What was written."""

    target: Path
    backup: Path | None = None  #: the file as it was before, None where there was none
    refused: tuple[Refusal, ...] = ()
    remarks: tuple[str, ...] = ()  #: what the user should know, in Chinese


def save(
    opened: TableSource,
    edits: Edits,
    target: Path | None = None,
    *,
    skip_refused: bool = False,
    backups: int = BACKUPS,
) -> Saved:
    """Write a workbook or CSV file with its edits: into itself, or into another file.

    A value keeps the cell's style, a formula is not overwritten unless its change says so. What cannot be
    changed is given back with ``skip_refused``, otherwise nothing is written. The file that was at the target
    is kept as a backup; of these the newest ``backups`` stay.

    Raises:
        Unreadable: the source cannot be read, or was changed since it was opened.
        Unwritable: signed, open elsewhere, read-only, a change refused, or no room to write.
        UsageError: a sheet is not there, or a change makes no sense.
    """
    source = Path(opened.path)
    target = target or source
    _check_suffix(source, target)
    refuse_held(target)
    with guarded(source):
        if isinstance(opened, Delimited):
            return _save_text(opened, edits, target, backups)
        if not isinstance(opened, Workbook):
            raise AssertionError(opened)
        _refuse_signed(opened)
        with BookPatch(opened) as book:
            refused = _apply(book, edits)
            if refused and not skip_refused:
                raise _refusal(source, refused)
            unchanged = opened.package.check_unchanged
            with backed_up(target, backups) as backup, atomically(target, unchanged) as file:
                book.write(file)
        return Saved(target=target, backup=backup, refused=tuple(refused), remarks=tuple(book.remarks))


def _apply(book: BookPatch, edits: Edits) -> list[Refusal]:
    """Make all edits; the changes of cells that could not be made."""
    refused = book.set_cells(edits.cells)
    book.set_looks(edits.looks)
    marking = Marking(book, edits.marks, edits.notes)
    if edits.rows:
        refused += _append(book, edits.rows, refused)
    refused += book.patch_sheets()
    marking.finish()
    if edits.sheets or edits.names or edits.removed:
        _graft(book, edits)
    if len(refused) < len(edits.cells) or replace(edits, cells=()):
        book.finish()
    return refused


def _graft(book: BookPatch, edits: Edits) -> None:
    # What only some edits need is loaded with them: that takes longer than most edits take.
    from zlxl.excel.patch.graft import put_sheets, remove_sheets

    remove_sheets(book, edits.removed)
    book.remarks += put_sheets(book, edits.sheets, edits.names)


def _append(book: BookPatch, rows: Sequence[RowAppended], refused: Sequence[Refusal]) -> list[Refusal]:
    """Plan the new rows, once it is known which changes that they tell of are refused; these."""
    from zlxl.excel.patch.append import append_rows, receivers

    late: list[Refusal] = []
    if any(row.because for row in rows):
        receiving = receivers(book, rows)
        late = book.patch_sheets(leaving=receiving) + book.try_sheets(receiving)
    untold = {refusal.change for refusal in (*refused, *late)}
    append_rows(book, [row for row in rows if row.because is None or row.because not in untold])
    return late


def _save_text(opened: Delimited, edits: Edits, target: Path, backups: int) -> Saved:
    if any((edits.looks, edits.notes, edits.marks, edits.sheets, edits.removed)):
        raise UsageError(f"「{opened.file.name}」是文本文件，没有格式、批注和工作表；请先另存为 .xlsx。")
    changes: dict[int, dict[int, CellChange]] = {}
    for change in edits.cells:
        changes.setdefault(change.row, {})[change.column] = change
    from zlxl.excel.patch.delimited import appended, write_changed

    whole = appended(opened, edits.rows, changes)
    with backed_up(target, backups) as backup, atomically(target, opened.check_unchanged) as file:
        write_changed(opened, whole, file)
    return Saved(target=target, backup=backup)


def _check_suffix(source: Path, target: Path) -> None:
    if source.suffix.lower() != target.suffix.lower():
        raise UsageError(f"「{target.name}」的扩展名应与原文件相同（{source.suffix}），否则 Excel 打不开。")


def _refuse_signed(workbook: Workbook) -> None:
    if any(name.startswith(SIGNATURES) for name in workbook.package.parts):
        raise Unwritable(
            f"「{workbook.file.name}」带有数字签名，改动会使签名失效，未改动；请由签名人先删除签名。"
        )


def _refusal(path: Path, refused: Sequence[Refusal]) -> Unwritable:
    named = "；".join(f"{place(r.change)} {r.reason}" for r in refused[:NAMED_REFUSALS])
    more = f"等 {len(refused)} 处" if len(refused) > NAMED_REFUSALS else ""
    return Unwritable(f"「{path.name}」未改动：{named}{more}，不能直接写入值；请在 Excel 中处理这些单元格。")
