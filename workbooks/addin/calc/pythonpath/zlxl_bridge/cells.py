"""Cells on the wire: arguments and answers of functions, and what the sheets of the calling document hold."""

from __future__ import annotations

import struct

from zlxl_bridge.wire import ANSWERS

#: LibreOffice's numbers of the errors that Excel has too.
ERRORS = {
    503: "#NUM!",
    519: "#VALUE!",
    521: "#NULL!",
    524: "#REF!",
    525: "#NAME?",
    532: "#DIV/0!",
    32767: "#N/A",
}
BAD_ARGUMENT = "#VALUE!"
TALLEST = 100_000  #: rows of an answer; a whole column of them would take LibreOffice a minute
_QUIET = 0x7FF8000000000000  # a number that is none; its lowest bits say which error a cell shows
_DAYS = 2  # com.sun.star.sheet.CellFlags.DATETIME
_ERRORS = 4  # com.sun.star.sheet.FormulaResult.ERROR
_calling = []  # the documents whose cells are being computed, the innermost last


def error_number(number):
    """The floating point number that a cell shows as an error."""
    return struct.unpack("<d", struct.pack("<Q", _QUIET | number))[0]


_SHOWN = {text: error_number(number) for number, text in ERRORS.items()}


def called(server, document, name, arguments):
    """The rows that a function's cells show; ``document`` holds the calling cell.

    It is no document where a macro calls without one: the policy is the shipped one then.
    """
    given, height, cut = shortened(arguments)
    _calling.append(document)
    try:
        book = getattr(document, "RuntimeUID", "")
        rows = server.call(name, [argument_of(argument) for argument in given], book)
    finally:
        _calling.pop()
    shown = tuple(tuple(map(shown_as, row)) for row in rows)
    return shown + shown[-1:] * (height - cut) if len(shown) == cut and height <= TALLEST else shown


def error(number):
    """The rows of an answer that is one error."""
    return ((error_number(number),),)


def shortened(arguments):
    """The arguments without the empty rows at their end but one, and their height before and after.

    Whole columns are long. One empty row stays and tells what is answered to the others; ranges that lie
    side by side stay equally high. Two rows stay at least: an answer of one row is never one a row then.
    """
    height = max([len(rows) for rows in arguments if isinstance(rows, tuple)] or [1])
    tall = [rows for rows in arguments if isinstance(rows, tuple) and len(rows) == height]
    cut = min(height, max([_filled(rows) for rows in tall] or [0]) + 1)
    cut = max(cut, min(height, 2))
    given = [rows[:cut] if isinstance(rows, tuple) and len(rows) == height else rows for rows in arguments]
    return given, height, cut


def _filled(rows):
    """How many rows there are up to the last that holds something."""
    for number in range(len(rows), 0, -1):
        if any(cell != "" for cell in rows[number - 1]):
            return number
    return 0


def argument_of(value):
    """An argument for the wire: a single value, or the rows of a range."""
    if isinstance(value, tuple):
        return [[cell_of(cell) for cell in row] for row in value]
    return cell_of(value)


def cell_of(value):
    """A value for the wire: None where the cell is empty, an error as what it shows."""
    if value == "" or value is None:
        return None
    if value != value:
        number = struct.unpack("<Q", struct.pack("<d", value))[0] & 0xFFFF
        return {"error": ERRORS.get(number, BAD_ARGUMENT)}
    return value


def shown_as(cell):
    """A cell of an answer as LibreOffice shows it: texts that stand for errors become errors."""
    if cell is None:
        return ""
    return _SHOWN.get(cell, cell) if isinstance(cell, str) else cell


# --- what the process asks ----------------------------------------------------------------------------------


def sheets():
    """The names of the sheets."""
    return list(_document().Sheets.ElementNames)


def values(sheet, rows):
    """The rows of a sheet from A1 to the last used cell, or the first ``rows`` of them."""
    area = _used(sheet, rows)
    found = [[cell_of(cell) for cell in row] for row in area.getDataArray()]
    for row, column in _places(area.queryFormulaCells(_ERRORS)):
        number = area.getCellByPosition(column, row).getError()
        found[row][column] = {"error": ERRORS.get(number, BAD_ARGUMENT)}
    for row, column in _places(area.queryContentCells(_DAYS)):
        found[row][column] = {"day": found[row][column]}
    return found


def tables(sheet):
    """The database ranges on a sheet, which tables of an .xlsx become; rows and columns count from 1."""
    document = _document()
    number = document.Sheets.ElementNames.index(sheet)
    found = [(each.Name, each.DataArea, each.TotalsRow) for each in document.DatabaseRanges]
    return [
        {
            "name": name,
            "top": area.StartRow + 1,
            "left": area.StartColumn + 1,
            "bottom": area.EndRow + 1,
            "right": area.EndColumn + 1,
            "totals": bool(totals),
        }
        for name, area, totals in found
        if area.Sheet == number
    ]


def file():
    """The path of the document, empty where it was never saved."""
    import uno

    address = _document().URL
    return uno.fileUrlToSystemPath(address) if address.startswith("file:") else ""


def _document():
    """The calling document; the one in front where no cell is being computed."""
    if _calling:
        return _calling[-1]
    import uno

    context = uno.getComponentContext()
    create = context.ServiceManager.createInstanceWithContext
    return create("com.sun.star.frame.Desktop", context).getCurrentComponent()


def _used(name, rows):
    sheet = _document().Sheets.getByName(name)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress
    bottom = last.EndRow if rows is None else min(rows - 1, last.EndRow)
    return sheet.getCellRangeByPosition(0, 0, last.EndColumn, bottom)


def _places(ranges):
    for area in ranges.RangeAddresses:
        for row in range(area.StartRow, area.EndRow + 1):
            for column in range(area.StartColumn, area.EndColumn + 1):
                yield row, column


ANSWERS.update(sheets=sheets, values=values, tables=tables, file=file)
