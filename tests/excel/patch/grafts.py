"""Generated sheets as the tests of grafting put them into workbooks."""

from __future__ import annotations

from pathlib import Path

from tests.reports import conftest as reports
from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.findings import FileReport
from zlxl.grid import Area
from zlxl.sheet import (
    Block,
    Cell,
    Chart,
    ChartKind,
    DataBar,
    ExcelTable,
    Formula,
    Kind,
    Link,
    Mark,
    Name,
    Note,
    Print,
    Series,
    Sheet,
    Style,
    TableColumn,
    Validation,
)
from zlxl.sheets.report import report_sheets

CHARTED = "满意度_2026"
NAMES = (Name(name="满意度各项", formula=f"='{CHARTED}'!$A$5:$A$9"),)


def charted(name: str = CHARTED, *, factor: int = 1, table: str = "") -> Sheet:
    """A sheet with one of everything that is a part of its own or has an index into the styles."""
    rows = [[f"项目{number}", factor * number] for number in range(1, 6)]
    values = f"='{name}'!$B$5:$B$9"
    columns = (TableColumn(header="项目"), TableColumn(header="得分", formula=f"=SUM({table}[得分])"))
    return Sheet(
        name=name,
        cells={
            (1, 1): Cell(content='标题 <&> " s="7" dxfId="0" t="s"', style=Style.TITLE),
            (2, 1): Cell(content=Formula(text="=SUM(B5:B9)", value=15 * factor), style=Style.DECIMAL),
            (2, 2): Cell(content=Link(target="https://example.com/?a=1&b=2", text="链接"), style=Style.LINK),
            (3, 1): Cell(content=Formula(text=f"=ROWS({table}[项目])" if table else "=ROWS(A5:A9)", value=5)),
        },
        blocks=(Block(top=5, left=1, rows=rows, styles=[Style.BODY, Style.INTEGER]),),
        tables=(ExcelTable(name=table, area=Area(12, 1, 14, 2), columns=columns),) if table else (),
        charts=(
            Chart(kind=ChartKind.COLUMN, row=16, column=1, series=(Series(name="得分", values=values),)),
            Chart(kind=ChartKind.LINE, row=16, column=9, series=(Series(name="得分", values=values),)),
        ),
        notes=(Note(row=5, column=1, text="说明"),),
        bars=(DataBar(area=Area(5, 2, 9, 2)),),
        marks=(Mark(area=Area(5, 1, 9, 1), formula="=$B5>2", style=Style.BAD),),
        validations=(Validation(area=Area(5, 3, 9, 3), kind=Kind.LIST, source=f"={NAMES[0].name}"),),
        print=Print(repeat_rows=(1, 4), area=Area(1, 1, 40, 12)),
    )


def report(times: int = 1) -> list[Sheet]:
    """The real report of a validation, with so many findings of each kind."""
    checked = FileReport(
        path="台账/客户.xlsx",
        tables=(reports.CLIENTS, reports.REQUESTS),
        findings=reports.SMALL * times,
        sha256="ab" * 32,
        seconds=0.25,
    )
    return report_sheets(reports.build_run(checked), {}, {})


def everything(times: int = 1) -> tuple[Sheet, ...]:
    """The report and a sheet with charts."""
    return (*report(times), charted(factor=times))


def put(
    path: Path, *sheets: Sheet, names: tuple[Name, ...] = (), target: Path | None = None
) -> tuple[str, ...]:
    """Put generated sheets into a file; the remarks."""
    edits = Edits(sheets=sheets, names=names)
    return save(open_source(path), edits, target or path, backups=0).remarks


def remove(path: Path, *names: str, target: Path | None = None) -> None:
    """Delete generated sheets of a file."""
    save(open_source(path), Edits(removed=names), target or path, backups=0)
