"""Arguments of functions in cells: raw values of a cell or range as rows, and arguments side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import inf, isfinite
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
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}

_PLAIN: Final = frozenset({str, float, bool, type(None)})  # what most cells hold needs no further look

TALL: Final = 1_000  #: rows from which a range is looked at for empty rows at its end

Rows = list[list[Any]]


class BadArgumentError(ValueError):
    """An argument that the function cannot take: the cell shows #VALUE!."""


class NoAnswerError(ValueError):
    """Nothing can be said about this: the cell shows #N/A."""


def rows_of(value: object) -> Rows:
    """The rows of a range; a single cell is one row of one, a list one row.

    Raises:
        BadArgumentError: the rows differ in length, or there is no cell.
    """
    if not isinstance(value, list | tuple):
        return [[meant(value)]]
    rows = [row if isinstance(row, list | tuple) else None for row in value]
    if not rows or None in rows:
        rows = [value]
    grid = [
        [cell if type(cell) in _PLAIN else meant(cell) for cell in row] for row in rows if row is not None
    ]
    if len({len(row) for row in grid}) != 1 or not grid[0]:
        raise BadArgumentError
    return grid


def without_tail(arguments: Sequence[object]) -> tuple[tuple[object, ...], int]:
    """The arguments without the empty rows at the end of tall ranges, one left; how many were taken off.

    Whole columns are a million rows, nearly all of them empty: one stands for the others.
    """
    tall = [one for one in arguments if isinstance(one, list | tuple) and len(one) > TALL]
    heights = {len(one) for one in tall}
    if len(heights) != 1:
        return tuple(arguments), 0
    (height,) = heights
    kept = max(map(_filled, tall)) + 1
    if kept >= height:
        return tuple(arguments), 0
    shorter = (one[:kept] if isinstance(one, list | tuple) and len(one) > TALL else one for one in arguments)
    return tuple(shorter), height - kept


def _filled(rows: Sequence[object]) -> int:
    """How many rows there are up to the last that differs from an empty one."""
    blank = rows[-1]
    if not isinstance(blank, list | tuple) or any(cell is not None and cell != "" for cell in blank):
        return len(rows)
    return next((at for at in range(len(rows), 0, -1) if rows[at - 1] != blank), 0)


def meant(cell: object) -> object:
    """A raw cell as the tables take it: text, float, bool, naive datetime, ErrorValue, or None.

    Raises:
        BadArgumentError: no cell holds such a thing.
    """
    if cell is None or isinstance(cell, str | float | bool):
        return cell
    if isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day, cell.hour, cell.minute, cell.second)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    if isinstance(cell, int) and cell in ERROR_CODES:
        return ErrorValue(ERROR_CODES[cell])
    if isinstance(cell, int | Decimal):
        return _as_float(cell)
    raise BadArgumentError


def _as_float(number: int | Decimal) -> float | ErrorValue:
    """A number of another kind; one that no cell can hold is the error that a cell would show."""
    try:
        found = float(number)
    except (ValueError, OverflowError):
        found = inf
    return found if isfinite(found) else ErrorValue("#NUM!")


def each(
    judge: Callable[..., object],
    first: object,
    *others: object,
    known: dict[Any, Any] | None = None,
) -> Rows:
    """``judge`` of every cell of the first argument with its companions of the others, in the same shape.

    Another argument is a single cell, as many rows, as many columns, or both. What is repeated is judged
    once; ``known`` keeps it from one call to the next.

    Raises:
        BadArgumentError: another argument fits neither way.
    """
    grid, judged = rows_of(first), _once(judge, {} if known is None else known)
    beside = [_fitted(rows_of(other), len(grid), len(grid[0])) for other in others]
    return [
        [judged(cell, *(other(row, column) for other in beside)) for column, cell in enumerate(cells)]
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


def _once(judge: Callable[..., object], known: dict[Any, Any]) -> Callable[..., object]:
    """``answered`` of what is not known yet; 1 and TRUE are equal, but not the same."""

    def judged(*arguments: object) -> object:
        key = (*map(type, arguments), *arguments)
        if key not in known:
            known[key] = answered(judge, *arguments)
        return known[key]

    return judged


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
        BadArgumentError: a cell is another error, or no finite number.
    """
    for row in rows_of(value):
        for cell in row:
            if type(cell) is ErrorValue and cell != NO_ANSWER:
                raise BadArgumentError
            if type(cell) is float:
                yield number_of(cell)


def number_of(cell: object, default: float | None = None) -> float:
    """A cell's number, the default where it is empty.

    Raises:
        BadArgumentError: it holds no finite number.
    """
    if cell is None or cell == "":
        cell = default
    if type(cell) is not float or not isfinite(cell):
        raise BadArgumentError
    return cell
