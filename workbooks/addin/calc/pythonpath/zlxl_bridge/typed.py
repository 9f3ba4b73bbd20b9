"""What the user has typed since a workbook was loaded: its cells beside what they held then."""

from __future__ import annotations

import os
import re

import uno
import unohelper
from com.sun.star.util import XChangesListener

ROWS = 10_000  # read at once
CONTENTS = 1 | 2 | 4 | 16  # values, dates, texts, formulas: com.sun.star.sheet.CellFlags
FORMULAS = 16
#: A function of ours in any spelling, and the one spelling that needs no mending.
SUSPECT = re.compile(r"zl_?[a-z]", re.IGNORECASE)
OOXML = 3  # com.sun.star.sheet.AddressConvention

_snapshots = {}


class Snapshot(unohelper.Base, XChangesListener):
    """What a document held when it was loaded, and whether cells were moved since."""

    def __init__(self, model):
        self.stamp = _stamp(model.URL)
        self.tables = _tables(model)
        self.texts = {sheet.Name: _texts(sheet) for sheet in model.Sheets}
        self.order = list(model.Sheets.ElementNames)
        self.notes = _notes(model)
        self.moved = False

    def changesOccurred(self, event):
        """Note that rows or columns were inserted or deleted, or cells moved."""
        for change in event.Changes:
            if str(change.Accessor).startswith(("insert", "delete-rows", "delete-columns", "delete-cells")):
                self.moved = True

    def disposing(self, _event):
        """The document is closed."""


def remember(model):
    """Take the snapshot of a document that nobody has changed yet; an older one stays."""
    if model.RuntimeUID not in _snapshots and not model.isModified():
        snapshot = Snapshot(model)
        model.addChangesListener(snapshot)
        _snapshots[model.RuntimeUID] = snapshot


def refresh(model):
    """Take what a document holds now for what it held when it was loaded."""
    snapshot = _snapshots.get(model.RuntimeUID)
    if snapshot is not None:
        snapshot.texts = {sheet.Name: _texts(sheet) for sheet in model.Sheets}


def forget(uid):
    """Let the snapshot of the document of this ``RuntimeUID`` go."""
    _snapshots.pop(uid, None)


def stamp_of(model):
    """Size and time of the file when it was loaded; None where that is not known."""
    snapshot = _snapshots.get(model.RuntimeUID)
    return snapshot and snapshot.stamp


def changes(model):
    """The cells that hold something else than when the document was loaded, and what else was changed.

    A cell is described as ``_cell`` does. ``lost`` names what no cell tells: "unknown" where there is no
    snapshot, "sheets", "moved", "tables", "notes", "other".
    """
    snapshot = _snapshots.get(model.RuntimeUID)
    if snapshot is None:
        return {"cells": [], "lost": ["unknown"] if model.isModified() else []}
    texts = {sheet.Name: _texts(sheet) for sheet in model.Sheets}
    lost = [
        name
        for name, differs in (
            ("sheets", snapshot.order != list(model.Sheets.ElementNames)),
            ("moved", snapshot.moved and snapshot.texts != texts),
            ("tables", snapshot.tables != _tables(model)),
            ("notes", snapshot.notes != _notes(model)),
        )
        if differs
    ]
    if {"sheets", "moved", "tables"} & set(lost):
        return {"cells": [], "lost": lost}
    writer = _Writer(model)
    cells = [
        writer.cell(sheet, *place, was)
        for sheet in model.Sheets
        for place, was in _differing(snapshot.texts[sheet.Name], texts[sheet.Name])
    ]
    if model.isModified() and not cells and not lost:
        lost.append("other")
    return {"cells": cells, "lost": lost}


def suspects(model):
    """Formulas that may name a function of ours: sheet, row, column and text of each."""
    for sheet in model.Sheets:
        for area in sheet.queryContentCells(FORMULAS).getRangeAddresses():
            cells = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
            for row, texts in enumerate(cells.getFormulaArray(), area.StartRow + 1):
                for column, text in enumerate(texts, area.StartColumn + 1):
                    if SUSPECT.search(text):
                        yield sheet.Name, row, column, text


class _Writer:
    """Describes changed cells, formulas as a file of Excel spells them."""

    def __init__(self, model):
        self._formats = model.NumberFormats
        self._parser = model.createInstance("com.sun.star.sheet.FormulaParser")
        self._parser.CompileEnglish = True
        self._parser.FormulaConvention = OOXML
        self._tables = list(model.DatabaseRanges.ElementNames)

    def cell(self, sheet, row, column, was):
        """A cell as it is now; row and column count from 1, ``was`` is the text it had."""
        cell = sheet.getCellByPosition(column - 1, row - 1)
        form = self._formats.getByKey(cell.NumberFormat)
        kind = cell.Type.value
        told = {
            "sheet": sheet.Name,
            "row": row,
            "column": column,
            "kind": kind,
            "value": cell.Value,
            "text": cell.String,
            "format": form.FormatString,
            "type": form.Type,
            "was": was,
        }
        if kind == "FORMULA":
            told["entered"] = cell.Formula
            told["printed"] = self._parser.printFormula(cell.getTokens(), cell.CellAddress)
            told["result"] = cell.FormulaResultType2
            told["error"] = cell.getError()
            told["array"] = bool(sheet.getCellRangeByPosition(*(column - 1, row - 1) * 2).ArrayFormula)
        return told


def _texts(sheet):
    """The texts of all cells as they are entered, row by row, without the empty cells at the end."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    rows = []
    for top in range(0, end.EndRow + 1, ROWS):
        bottom = min(top + ROWS - 1, end.EndRow)
        cells = sheet.getCellRangeByPosition(0, top, end.EndColumn, bottom)
        if cells.queryContentCells(CONTENTS).Count:
            rows += map(_trimmed, cells.getFormulaArray())
        else:
            rows += [()] * (bottom - top + 1)
    return rows


def _trimmed(row):
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def _differing(before, now):
    """Row and column, from 1, of the cells whose texts differ, with the text before."""
    for row in range(max(len(before), len(now))):
        old = before[row] if row < len(before) else ()
        new = now[row] if row < len(now) else ()
        if old == new:
            continue
        for column in range(max(len(old), len(new))):
            was = old[column] if column < len(old) else ""
            if was != (new[column] if column < len(new) else ""):
                yield (row + 1, column + 1), was


def _tables(model):
    return {table.Name: _corners(table.DataArea) for table in model.DatabaseRanges}


def _corners(area):
    return area.Sheet, area.StartColumn, area.StartRow, area.EndColumn, area.EndRow


def _notes(model):
    return [
        (sheet.Name, note.Position.Row, note.Position.Column, note.String)
        for sheet in model.Sheets
        for note in sheet.Annotations
    ]


def _stamp(url):
    try:
        status = os.stat(uno.fileUrlToSystemPath(url))
    except (OSError, uno.RuntimeException):
        return None
    return [status.st_size, status.st_mtime_ns]
