"""What a program may call: validate a workbook, read a table, write a blank database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from zlxl.errors import UsageError
from zlxl.excel.source import open_source
from zlxl.findings import FileReport
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.jobs.validate import validate as validate_source
from zlxl.tables.catalog import TABLES

if TYPE_CHECKING:
    import pandas as pd


def validate(
    path: str | PathLike[str],
    *,
    today: date | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
) -> FileReport:
    """Check every known table of a workbook or CSV file; nothing is written.

    Args:
        path: ``.xlsx``, ``.xlsm`` or ``.csv``.
        today: the day the timing rules take as today; default the clock.
        select: rule codes or prefixes to judge; default all.
        ignore: rule codes or prefixes to leave out.

    Raises:
        Unreadable: the file cannot be checked; the message says why and what to do.
        UsageError: an unknown rule code.
    """
    settings = Settings(today=today or date.today(), select=tuple(select), ignore=tuple(ignore))
    return validate_source(open_source(Path(path)), settings)


def read(path: str | PathLike[str], table: str = "客户台账", *, today: date | None = None) -> pd.DataFrame:
    """A table's rows as they are meant: real dates, codes as text, misspellings recovered where that is safe.

    One column a declared header, in sheet order; ``row`` (the sheet's row number) is the index. Cells that
    cannot be read are missing.

    Raises:
        Unreadable: the file cannot be read.
        UsageError: no such table, or the workbook does not hold it.
    """
    import pandas as pd

    if table not in {known.name for known in TABLES}:
        raise UsageError(f"没有“{table}”这张表。可用的有：{'、'.join(t.name for t in TABLES)}。")
    book = read_book(open_source(Path(path)), Settings(today=today or date.today()))
    frames = [frame for frame in book.frames if frame.table.name == table]
    if not frames:
        raise UsageError(f"{path} 中没有“{table}”这张表。")
    parts = [
        pd.DataFrame(
            {frame.table.columns[name].header: frame.column(name) for name in frame.cells},
            index=pd.Index(frame.rows, name="row"),
        )
        for frame in frames
    ]
    return pd.concat(parts) if len(parts) > 1 else parts[0]


def new(path: str | PathLike[str], *, overwrite: bool = False) -> Path:
    """Write a blank database with every sheet of the procedure; what it is written over is kept as a copy.

    Raises:
        OutputExists: the file is there already and may not be overwritten.
    """
    from zlxl.excel.backup import BACKUPS
    from zlxl.excel.write import write_workbook
    from zlxl.jobs.new import new_workbook

    write_workbook(new_workbook(), Path(path), overwrite=overwrite, backups=BACKUPS)
    return Path(path)
