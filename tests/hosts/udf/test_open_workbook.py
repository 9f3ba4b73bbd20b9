"""A workbook that is really open: its policy and clients answer as the batch reads them from the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
import xlwings

from tests.xlwings_uno import office
from zlxl.excel.source import open_source
from zlxl.excel.write import write_workbook
from zlxl.hosts.udf.call import body_of
from zlxl.hosts.udf.live import OpenBook
from zlxl.hosts.udf.policy import Policies, Policy
from zlxl.jobs.new import new_workbook
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.samples.database import TODAY, sample_rows
from zlxl.tables.catalog import POLICY_TABLES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.requests import REQUESTS

DAY = datetime(2026, 3, 2)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("open") / "库.xlsx"
    whole = new_workbook(sample_rows(clients=20, today=TODAY), today=TODAY)
    kept = {table.name for table in (CLIENTS, REQUESTS, *POLICY_TABLES)}
    sheets = tuple(sheet for sheet in whole.sheets if sheet.name in kept)
    write_workbook(replace(whole, sheets=sheets, names=(), active=CLIENTS.name), where)
    return where


@pytest.fixture(scope="module")
def opened(path: Path) -> Iterator[object]:
    with office() as app:
        yield xlwings.Book(impl=app.books.open(str(path)))


@pytest.fixture(scope="module")
def live(opened: object) -> Watch:
    return Watch(opened)


class Watch:
    """The functions by a workbook that is open, with a clock that a test moves."""

    def __init__(self, book: object) -> None:
        self.now = 1000.0
        self.policies = Policies(current=lambda: OpenBook(book), today=lambda: TODAY, clock=lambda: self.now)

    def later(self, name: str, *arguments: object) -> object:
        self.now += 10
        return self(name, *arguments)

    def __call__(self, name: str, *arguments: object) -> object:
        return body_of(name)(self.policies.policy(), *arguments)


def test_open_workbook_answers_as_its_file_does(opened, live, path):
    """The same policy, the same clients, the same answers; and nothing is written."""
    read = read_book(open_source(path), Settings(today=TODAY))
    of_file = Policy(frames=read.frames, context=read.context, ledger=lambda: read.of(CLIENTS))
    opened.impl.doc.setModified(False)
    held = live.policies.policy()
    assert {frame.table.name for frame in held.frames} == {table.name for table in POLICY_TABLES}
    assert held.context.lists == of_file.context.lists
    assert held.context.parameters == of_file.context.parameters
    (clients,) = read.of(CLIENTS)
    keys = [[key] for key in clients.column("contract_no")[:5]]
    texts = [[text] for frame in read.frames if "text" in frame.cells for text in frame.texts("text")[1]]
    for name, *arguments in (
        ("ZL_LOOKUP_CLIENT", keys, "联系电话"),
        ("ZL_LOOKUP_CLIENT", keys, "审核时间"),
        ("ZL_CLASSIFY", texts),
        ("ZL_FIND_DEADLINE", texts, DAY),
        ("ZL_ADD_WORKDAYS", DAY, 30.0),
        ("ZL_PLAN_SURVEILLANCE", DAY),
        ("ZL_CHECK", keys, "合同编号"),
    ):
        assert live(name, *arguments) == body_of(name)(of_file, *arguments), name
    assert not opened.impl.doc.isModified()


def test_a_change_on_the_sheet_counts(opened, live):
    assert live("ZL_ADD_WORKDAYS", DAY, 1.0) == [[datetime(2026, 3, 3)]]
    sheet = opened.sheets["节假日"]
    first = next(row for row in sheet.used_range.raw_value if isinstance(row[0], date))
    assert first[2] == "休息日"
    row = sheet.used_range.raw_value.index(first) + 1
    sheet.range((row, 1)).value = datetime(2026, 3, 3)
    assert live("ZL_ADD_WORKDAYS", DAY, 1.0) == [[datetime(2026, 3, 3)]]  # at once after another call
    assert live.later("ZL_ADD_WORKDAYS", DAY, 1.0) == [[datetime(2026, 3, 4)]]
