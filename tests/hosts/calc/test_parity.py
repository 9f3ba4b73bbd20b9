"""On the demo database a cell of Calc says what the batch says of the file."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from datetime import date, datetime

import pytest

from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.grid import a1
from zlxl.hosts.calc.functions import sent
from zlxl.hosts.udf.call import body_of
from zlxl.hosts.udf.policy import PAUSE, Policy
from zlxl.jobs.demo import make_demo
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book, report_on
from zlxl.rules.catalog import RULE
from zlxl.samples.database import SEED
from zlxl.schema.column import Storage
from zlxl.schema.frame import Frame
from zlxl.schema.values import PENDING, ErrorValue
from zlxl.tables.clients import CLIENTS

CELLS = 10_000


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    where = tmp_path_factory.mktemp("parity") / "库.xlsx"
    write_workbook(make_demo(seed=SEED, clients=120, today=date.today()).faulty, where)
    return where


@pytest.fixture(scope="module")
def document(calc, path):
    opened = calc.open(path)
    opened.Sheets.insertNewByName("试", opened.Sheets.Count)
    yield opened
    opened.setModified(False)
    opened.close(True)


@pytest.fixture(scope="module")
def source(path):
    return open_source(path)


@pytest.fixture(scope="module")
def book(source):
    return read_book(source, Settings(today=date.today()))


@pytest.fixture(scope="module")
def batch(book, source):
    """What cells and their rows have against them, by sheet and cell."""
    told = defaultdict(set)
    for finding in report_on(book, source, Settings(today=date.today())).findings:
        if RULE[finding.rule].judge is None and finding.cell:
            told[finding.sheet, finding.cell] |= lines(
                f"{finding.rule} {finding.message}{finding.suggestion}"
            )
    return told


def lines(text):
    return set(text.splitlines())


def told_alike(frame: Frame, position: int) -> bool:
    """Whether LibreOffice hands over all that the batch goes by: no formats, no errors, no merges."""
    for name, cells in frame.cells.items():
        if cells.lent is not None and cells.lent[position]:
            return False
        raw, days = cells.raw(position), frame.table.columns[name].storage is Storage.DATE
        number = isinstance(raw, float) and (days or raw.number_format == "000000")
        if (
            raw is PENDING
            or isinstance(raw, ErrorValue)
            or number
            or (isinstance(raw, datetime) and not days)
        ):
            return False
    return True


@pytest.fixture(scope="module")
def clients(book):
    return next(frame for frame in book.frames if frame.sheet == CLIENTS.name)


def blocks(frame):
    """Runs of rows of the sheet that are told alike: positions of first and last."""
    alike = [at for at in range(len(frame)) if told_alike(frame, at)]
    runs = []
    for at in alike:
        if runs and runs[-1][1] == at - 1 and frame.rows[at] == frame.rows[at - 1] + 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    return runs


@pytest.fixture
def cell(document):
    """A cell to put a formula into."""
    yield document.Sheets.getByName("试").getCellRangeByName("A1")
    document.Sheets.getByName("试").clearContents(16)


def test_rows_of_the_demo(document, book, batch):
    """Every row of every table under its headers, by array formulas over ranges."""
    sheet, compared, found = document.Sheets.getByName("试"), 0, set()
    for frame in book.frames:
        columns = [cells.column for cells in frame.cells.values()]
        width, letters = max(columns), ("A", a1(1, max(columns))[:-1])
        head = f"$'{frame.sheet}'.{letters[0]}{frame.header_row}:{letters[1]}{frame.header_row}"
        for first, last in blocks(frame):
            top, bottom = int(frame.rows[first]), int(frame.rows[last])
            area = sheet.getCellRangeByPosition(0, 0, width - 1, bottom - top)
            rows = f"$'{frame.sheet}'.{letters[0]}{top}:{letters[1]}{bottom}"
            area.setArrayFormula(f'=ZL_CHECK({rows};{head};"{frame.table.name}")')
            for number, told in enumerate(area.getDataArray(), top):
                for column in columns:
                    place = a1(number, column)
                    assert lines(told[column - 1]) == batch[frame.sheet, place], (frame.sheet, place)
                    found |= {line[:5] for line in lines(told[column - 1])}
                    compared += 1
            area.clearContents(16)
    assert compared > CELLS
    assert len(found) > 15  # kinds of fault


def test_ten_thousand_cells(document, clients, batch):
    """One function a cell: each says what the batch has against the value, where its row has nothing."""
    sheet = document.Sheets.getByName("试")
    asked = [(name, at) for name in clients.cells for at in range(len(clients)) if told_alike(clients, at)]
    asked = (asked * (CELLS // len(asked) + 1))[:CELLS]
    formulas = tuple((_formula(clients, name, at),) for name, at in asked)
    area = sheet.getCellRangeByName(f"A1:A{CELLS}")
    area.setFormulaArray(formulas)
    shown, found = area.getDataArray(), set()
    for (name, at), (told,) in zip(asked, shown, strict=True):
        verdict = clients.cells[name].verdicts.get(int(clients.cells[name].codes[at]))
        wanted = batch[clients.sheet, clients.address(name, int(clients.rows[at]))] if verdict else set()
        assert lines(told) == {line for line in wanted if verdict and line.startswith(verdict.code)}
        found.add(told[:5])
    assert len(found) > 10
    area.clearContents(16)


def _formula(clients, name, at):
    place = clients.address(name, int(clients.rows[at]))
    return f"=ZL_CHECK($'{clients.sheet}'.{place};\"{clients.table.columns[name].header}\")"


DAY = datetime(2026, 3, 2)
SERIAL = 46083


def literal(value):
    return str(SERIAL) if value == DAY else json.dumps(value, ensure_ascii=False)


def answer(cell, formula):
    cell.Formula = formula
    return cell.String


def test_the_policy_is_that_of_the_document(cell, book, clients):
    """Clients, lists, holidays and thresholds of the open document, of which nothing is written."""
    policy = Policy(frames=book.frames, context=book.context, ledger=lambda: book.of(CLIENTS))
    keys = [key for key in clients.column("contract_no")[:5] if key]
    for name, *arguments in (
        *(("ZL_LOOKUP_CLIENT", key, column) for key in keys for column in ("联系电话", "审核时间")),
        ("ZL_ADD_WORKDAYS", DAY, 30.0),
        ("ZL_PLAN_SURVEILLANCE", DAY),
        ("ZL_FIND_DEADLINE", "请补寄一下发票", DAY),
    ):
        ((expected,),) = sent(body_of(name)(policy, *arguments))
        literal = ";".join(
            str(SERIAL) if one == DAY else json.dumps(one, ensure_ascii=False) for one in arguments
        )
        shown = answer(cell, f"={name}({literal})")
        assert (cell.Value if isinstance(expected, float) else shown) == expected


def test_a_client_is_found_from_a_cell_of_the_ledger_itself(document, clients):
    """While the ledger is read, functions in it are computed; one of them is just being computed."""
    key, ledger = clients.column("contract_no")[0], document.Sheets.getByName(CLIENTS.name)
    sheet = ledger.getCellRangeByName("BA6:BB7")
    row = (f'=ZL_LOOKUP_CLIENT("{key}";"合同编号")', '=ZL_CHECK(M6;"邮编")')
    sheet.setFormulaArray((row, row))
    document.calculateAll()
    assert [cells[0] for cells in sheet.getDataArray()] == [key, key]
    sheet.clearContents(16)


def test_a_change_of_the_policy_counts_once_it_is_computed_again(calc, cell, document):
    """In that document; another goes by its own, and each cell by the one it stands in."""
    formula = f"=ZL_ADD_WORKDAYS({SERIAL};1)"
    other = calc.new()
    cell.Formula = formula
    another = other.Sheets.getByIndex(0).getCellRangeByName("A1")
    another.Formula = formula
    assert cell.Value == another.Value == SERIAL + 1
    holiday = document.Sheets.getByName("节假日").getCellByPosition(*_first_day(document))
    before, holiday.Value = holiday.Value, SERIAL + 1
    time.sleep(2 * PAUSE)
    document.calculateAll()
    other.calculateAll()
    assert (cell.Value, another.Value) == (SERIAL + 2, SERIAL + 1)
    holiday.Value = before
    other.close(True)


def _first_day(document):
    """Column and row of the first day off in 节假日."""
    cursor = document.Sheets.getByName("节假日").createCursor()
    cursor.gotoEndOfUsedArea(True)
    rows = cursor.getDataArray()
    return 0, next(at for at, row in enumerate(rows) if isinstance(row[0], float) and "休息日" in row)
