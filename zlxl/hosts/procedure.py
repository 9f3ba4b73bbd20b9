"""The whole procedure on one database, job after job, each written into it (4.2-4.10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from zlxl.edits import Edits
from zlxl.excel.save import save
from zlxl.excel.source import open_source
from zlxl.figures.satisfaction_period import Period, quarter_of
from zlxl.grid import TableSource
from zlxl.hosts.files import write_text
from zlxl.jobs.history import LogEntry, sign, with_history

if TYPE_CHECKING:
    from zlxl.decisions.model import LinearModel

CALENDAR: Final = "待办.ics"
DIRECTORY_FILES: Final = ("获证客户名录.html", "获证客户名录.csv")
FILES: Final = (CALENDAR, *DIRECTORY_FILES)
OPERATOR: Final = "演示"
BEGINNING: Final = time(17)  #: of the first job on the day, a minute for each


@dataclass(frozen=True, kw_only=True)
class Step:
    """A job that was done: its command, where its result is, and what it found in a line."""

    command: str
    places: tuple[str, ...]  #: sheets, and files beside the workbook
    found: str
    edits: Edits
    entries: tuple[LogEntry, ...] | None = None  #: lines of the log, where the job words them itself


def carry_out(database: Path, today: date) -> Iterator[Step]:
    """Do every job on the database with its result written into it, without backups; give each when done.

    The files go beside the database. The same database and day give the same bytes.

    Raises:
        Unreadable, Unwritable, UsageError: as the commands do.
    """
    from zlxl.decisions.model_file import shipped_model

    for number, job in enumerate(_jobs(today, database.parent, shipped_model())):
        opened = open_source(database)
        step = job(opened)
        if step.edits:
            moment = datetime.combine(today, BEGINNING) + timedelta(minutes=number)
            signature = sign(step.command, operator=OPERATOR, moment=moment, token="demo")
            told = with_history(opened, step.edits, signature, step.entries)
            save(opened, told, skip_refused=True, backups=0)
        yield replace(step, edits=Edits(), entries=None)


def _jobs(today: date, folder: Path, model: LinearModel) -> tuple[Callable[[TableSource], Step], ...]:
    quarter = Period.parse(quarter_of(today)).previous
    year = Period(year=today.year)
    return (
        lambda opened: _classified(opened, today, model),
        lambda opened: _graded(opened, today),
        lambda opened: _planned(opened, today, folder),
        lambda opened: _satisfied(opened, today, quarter, model),
        lambda opened: _satisfied(opened, today, year, model),
        lambda opened: _timed(opened, today, year),
        lambda opened: _summarised(opened, today, year, model),
        lambda opened: _listed(opened, today, folder),
    )


def _classified(opened: TableSource, today: date, model: LinearModel) -> Step:
    from zlxl.jobs.classifying.edits import edits_of, reasons
    from zlxl.jobs.classifying.sheet import classify_sheet
    from zlxl.jobs.classifying.words import sheet_lines
    from zlxl.jobs.history import entries_of

    sheet = classify_sheet(opened, today=today, model=model)
    edits = edits_of(sheet)
    return Step(
        command="zlxl classify",
        places=("客户要求",),
        found=next(iter(sheet_lines(sheet))),
        edits=edits,
        entries=entries_of(opened, edits, reasons(sheet)),
    )


def _graded(opened: TableSource, today: date) -> Step:
    from zlxl.jobs.grade import edits_of, grade
    from zlxl.reports.grades import grade_lines

    graded = grade(opened, today)
    found = next(grade_lines(graded.grades))
    return _step("zlxl grade", edits_of(graded), found)


def _planned(opened: TableSource, today: date, folder: Path) -> Step:
    from zlxl.jobs.plan import edits_of, make_plan
    from zlxl.reports.calendar import calendar_chunks
    from zlxl.reports.plan import plan_lines

    planned = make_plan(opened, today)
    moment = datetime.combine(today, BEGINNING, UTC)
    write_text(folder / CALENDAR, calendar_chunks(planned.plan, moment))
    return _step("zlxl plan", edits_of(planned), next(plan_lines(planned.plan)), CALENDAR)


def _satisfied(opened: TableSource, today: date, period: Period, model: LinearModel) -> Step:
    from zlxl.jobs.satisfaction import analyse
    from zlxl.sheets.satisfaction_words import conclusion

    analysed = analyse(opened, period, today, model=model)
    words = conclusion(analysed.figures)
    # The second paragraph of a year deducts its incidents; a period without answers has one paragraph.
    found = words[min(int(period.annual), len(words) - 1)]
    return _step("zlxl satisfaction", analysed.edits(), found.removeprefix("1. 总体：").strip())


def _timed(opened: TableSource, today: date, period: Period) -> Step:
    from zlxl.jobs.turnaround import measure, turnaround_lines
    from zlxl.sheets.data import FRONT
    from zlxl.sheets.turnaround import open_sheet, turnaround_sheet

    figures = measure(opened, period, today=today)
    front = FRONT in {grid.sheet for grid in opened.grids()}
    edits = Edits(sheets=(turnaround_sheet(figures, front=front), open_sheet(figures, front=front)))
    found = f"{next(turnaround_lines(figures))}在办 {len(figures.open)} 项。"
    return _step("zlxl turnaround", edits, found)


def _summarised(opened: TableSource, today: date, period: Period, model: LinearModel) -> Step:
    from zlxl.jobs.yearend import summarise
    from zlxl.sheets.yearend_words import conclusion

    found = summarise(opened, period, today, model=model)
    words = conclusion(found.figures)[0]
    return _step("zlxl yearend", found.edits(), words.removeprefix("1. 总体："))


def _listed(opened: TableSource, today: date, folder: Path) -> Step:
    from zlxl.jobs.directory import Delivery, edits_of, publish
    from zlxl.jobs.directory_words import directory_lines
    from zlxl.reports import directory_csv, directory_html

    delivered = publish(opened, today=today)
    body = delivered.book.context.parameters.get("机构名称", "")
    page, table = DIRECTORY_FILES
    write_text(folder / page, directory_html.write(delivered.directory, body, None))
    write_text(folder / table, directory_csv.write(delivered.directory, None), "utf-8-sig")
    delivery = Delivery(sender=OPERATOR, file="、".join(DIRECTORY_FILES))
    found = next(iter(directory_lines(delivered)))
    return _step("zlxl directory", edits_of(delivered, delivery), found, *DIRECTORY_FILES)


def _step(command: str, edits: Edits, found: str, *files: str) -> Step:
    sheets = (sheet.name for sheet in edits.sheets)
    return Step(command=command, places=(*sheets, *files), found=found, edits=edits)
