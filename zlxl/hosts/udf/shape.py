"""Arguments of functions in cells: raw values of a cell or range as rows, and arguments side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from zlxl.hosts.functions import BAD_ARGUMENT, NO_ANSWER
from zlxl.schema.values import ErrorValue, shown

#: Error values as COM hands them over: integers, which numbers of cells never are.
ERROR_CODES: Final = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: BAD_ARGUMENT,
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: NO_ANSWER,
}

_PLAIN: Final = frozenset({str, float, bool, type(None)})  # what most cells hold needs no further look

Rows = list[list[Any]]


class BadArgumentError(ValueError):
    """An argument that the function cannot take: the cell shows #VALUE!."""


class NoAnswerError(ValueError):
    """Nothing can be said about this: the cell shows #N/A."""


def rows_of(value: object) -> Rows:
    """The rows of a range; a single cell is one row of one, a list one row.

    Raises:
        BadArgumentError: the rows differ in length.
    """
    if not isinstance(value, list | tuple):
        return [[meant(value)]]
    rows = [row if isinstance(row, list | tuple) else None for row in value]
    if not rows or None in rows:
        rows = [value]
    grid = [
        [cell if type(cell) in _PLAIN else meant(cell) for cell in row] for row in rows if row is not None
    ]
    if len({len(row) for row in grid}) != 1:
        raise BadArgumentError
    return grid


def meant(cell: object) -> object:
    """A raw cell as the tables take it: text, float, bool, naive datetime, ErrorValue, or None."""
    if type(cell) in _PLAIN:
        return cell
    if isinstance(cell, int):
        return ErrorValue(ERROR_CODES[cell]) if cell in ERROR_CODES else float(cell)
    if isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    return float(cell) if isinstance(cell, Decimal) else cell


def each(judge: Callable[..., object], first: object, *others: object) -> Rows:
    """``judge`` of every cell of the first argument with its companions of the others, in the same shape.

    Another argument is a single cell, as many rows, as many columns, or both.

    Raises:
        BadArgumentError: another argument fits neither way.
    """
    grid = rows_of(first)
    beside = [_fitted(rows_of(other), len(grid), len(grid[0])) for other in others]
    return [
        [
            answered(judge, cell, *(other(row, column) for other in beside))
            for column, cell in enumerate(cells)
        ]
        for row, cells in enumerate(grid)
    ]


def by_row(judge: Callable[..., object], first: object, *others: object) -> Rows:
    """``judge`` of every row of the first argument with its companions: a column of answers.

    Raises:
        BadArgumentError: another argument is neither a single cell nor one a row.
    """
    grid = rows_of(first)
    beside = [_fitted(rows_of(other), len(grid), 1) for other in others]
    return [[answered(judge, cells, *(other(row, 0) for other in beside))] for row, cells in enumerate(grid)]


def answered(judge: Callable[..., object], *arguments: object) -> object:
    """The answer, or the text of the error that stands for none."""
    for argument in arguments:
        for cell in argument if type(argument) is list else (argument,):
            if type(cell) is ErrorValue:
                return NO_ANSWER if cell == NO_ANSWER else BAD_ARGUMENT
    try:
        return judge(*arguments)
    except NoAnswerError:
        return NO_ANSWER
    except BadArgumentError:
        return BAD_ARGUMENT


def _fitted(grid: Rows, height: int, width: int) -> Callable[[int, int], object]:
    rows, columns = len(grid), len(grid[0])
    if rows not in (1, height) or columns not in (1, width):
        raise BadArgumentError
    down, across = int(rows > 1), int(columns > 1)
    return lambda row, column: grid[row * down][column * across]


def single(value: object) -> object:
    """The one cell of an argument.

    Raises:
        BadArgumentError: it is a range of several cells or an error.
    """
    grid = rows_of(value)
    if len(grid) != 1 or len(grid[0]) != 1 or type(grid[0][0]) is ErrorValue:
        raise BadArgumentError
    return grid[0][0]


def word(value: object, default: str, allowed: Sequence[str] = ()) -> str:
    """An argument that is one word, the default where it is left out.

    Raises:
        BadArgumentError: it is no text, or none of the allowed words.
    """
    given = single(value)
    text = default if given is None or given == "" else given
    if not isinstance(text, str) or (allowed and text.strip() not in allowed):
        raise BadArgumentError
    return text.strip()


def text_of(cell: object) -> str:
    """A cell as the text a person reads in it.

    Raises:
        NoAnswerError: the cell is empty.
    """
    text = shown(cell).strip()
    if not text:
        raise NoAnswerError
    return text


def numbers_in(value: object) -> Iterator[float]:
    """The numbers of a range; empty cells, texts and #N/A are passed over.

    Raises:
        BadArgumentError: a cell is another error.
    """
    for row in rows_of(value):
        for cell in row:
            if type(cell) is ErrorValue and cell != NO_ANSWER:
                raise BadArgumentError
            if type(cell) is float:
                yield cell


def number_of(cell: object, default: float | None = None) -> float:
    """A cell's number, the default where it is empty.

    Raises:
        BadArgumentError: it holds no number.
    """
    if cell is None or cell == "":
        cell = default
    if type(cell) is not float:
        raise BadArgumentError
    return cell
