"""The policy of the active workbook: read once, again when it changes, the shipped one else."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from zlxl.grid import Area, ListObject
from zlxl.hosts.udf.call import Caller, body_of
from zlxl.hosts.udf.live import OpenBook
from zlxl.hosts.udf.policy import LONGEST, PAUSE, Policies

TODAY = date(2026, 11, 24)
HOLIDAYS = (("日期", "名称", "类型"), (datetime(2026, 3, 3), "司庆", "休息日"))
LEDGER = (("合同编号", "企业名称", "联系电话"), ("ZL20230015-Q", "恒泰机械", "13800000000"))


@dataclass
class Book:
    """An open workbook that counts how often its sheets are read."""

    name: str = "库.xlsx"
    file: str = "库.xlsx"
    values: dict[str, tuple] = field(default_factory=dict)
    reads: list[str] = field(default_factory=list)
    busy: bool = False
    tables: dict[str, tuple] = field(default_factory=dict)

    def sheets(self):
        return [Sheet(self, name) for name in self.values]


@dataclass
class Sheet:
    book: Book
    name: str

    def values(self, rows=None):
        if self.book.busy:
            raise OSError("RPC_E_CALL_REJECTED")
        self.book.reads.append(self.name)
        return self.book.values[self.name][:rows]

    def list_objects(self):
        return self.book.tables.get(self.name, ())


@dataclass
class Desk:
    """The policies with a clock and a workbook that tests set."""

    book: Book | None = None
    now: float = 1000.0
    today: date = TODAY

    def __post_init__(self):
        self.policies = Policies(current=lambda: self.book, today=lambda: self.today, clock=lambda: self.now)

    def later(self, name="ZL_ADD_WORKDAYS", *arguments, after=PAUSE * 2):
        self.now += after
        given = arguments or (datetime(2026, 3, 2), 1.0)
        return body_of(name)(self.policies.policy(), *given)[0][0]


def test_shipped_without_a_workbook():
    assert Desk().later() == datetime(2026, 3, 3)
    assert Desk(Book(values={"Sheet1": ((None,),)})).later() == datetime(2026, 3, 3)


def test_workbooks_own():
    assert Desk(Book(values={"节假日": HOLIDAYS})).later() == datetime(2026, 3, 4)


def test_found_by_its_headers():
    """As everywhere, a policy sheet may bear another name."""
    assert Desk(Book(values={"放假安排": HOLIDAYS})).later() == datetime(2026, 3, 4)


def test_an_excel_table_ends_where_it_ends():
    """As in the batch, what stands apart below the Excel table is none of its rows."""
    apart = ((None,) * 3, (datetime(2026, 3, 4), "备忘", "休息日"))
    table = ListObject(name="节假日", area=Area(1, 1, 2, 3))
    values = {"节假日": (*HOLIDAYS, *apart)}
    assert Desk(Book(values=values)).later() == datetime(2026, 3, 5)
    assert Desk(Book(values=values, tables={"节假日": (table,)})).later() == datetime(2026, 3, 4)


def test_a_changed_cell_counts_after_the_pause():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    assert desk.later() == datetime(2026, 3, 4)
    desk.book.values = {"节假日": (*HOLIDAYS, (datetime(2026, 3, 4), "司庆", "休息日"))}
    assert desk.later() == datetime(2026, 3, 5)


def test_calls_at_once_read_the_sheets_once():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    desk.later()
    desk.book.reads.clear()
    for _ in range(100):
        desk.later(after=PAUSE / 1000)
    assert desk.book.reads == []
    desk.later()
    assert desk.book.reads == ["节假日"]


def test_a_long_recalculation_looks_again():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    desk.later()
    desk.book.reads.clear()
    for _ in range(int(LONGEST / PAUSE * 3)):
        desk.later(after=PAUSE / 2)
    assert desk.book.reads == ["节假日"]


def test_unchanged_sheets_keep_what_was_answered():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    desk.later()
    first = desk.policies.policy()
    desk.now += LONGEST * 2
    assert desk.policies.policy() is first


def test_another_workbook_another_policy():
    """Switching counts at once, whatever the clock says."""
    own, other = Book(values={"节假日": HOLIDAYS}), Book(name="别的.xlsx", values={"Sheet1": ((1.0,),)})
    desk = Desk(own)
    assert desk.later() == datetime(2026, 3, 4)
    desk.book = other
    assert desk.later(after=0.0) == datetime(2026, 3, 3)
    desk.book = own
    assert desk.later(after=0.0) == datetime(2026, 3, 4)


def test_closed_workbooks_are_forgotten():
    desk = Desk()
    for number in range(30):
        desk.book = Book(name=f"{number}.xlsx", values={"节假日": HOLIDAYS})
        assert desk.later() == datetime(2026, 3, 4)
    assert len(desk.policies.books) < 10


def test_another_day_another_policy():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    desk.later()
    desk.today = date(2026, 11, 25)
    assert desk.policies.policy().context.today == date(2026, 11, 25)


def test_a_busy_spreadsheet_keeps_the_policy():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    desk.later()
    desk.book.busy = True
    assert desk.later() == datetime(2026, 3, 4)


def test_a_busy_spreadsheet_at_first_has_no_answer(caplog, monkeypatch):
    """Nothing is computed by another policy than the workbook's."""
    monkeypatch.setattr(logging.getLogger(Caller.__module__), "disabled", False)  # import-linter disables all
    assert Caller(lambda: Book(values={"节假日": HOLIDAYS}, busy=True))(
        "ZL_ADD_WORKDAYS", datetime(2026, 3, 2), 1.0
    ) == [["#VALUE!"]]
    assert "RPC_E_CALL_REJECTED" in caplog.text


def test_ledger_is_read_when_it_is_asked_for_and_again_when_it_changes():
    desk = Desk(Book(values={"客户台账": LEDGER, "节假日": HOLIDAYS}))
    desk.later()
    assert "客户台账" not in desk.book.reads[2:]  # its header alone was looked at
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰") == "恒泰机械"
    desk.book.values["客户台账"] = (*LEDGER, ("ZL20230016-Q", "新恒泰", None))
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰", None, 2.0) == "新恒泰"
    desk.book.reads.clear()
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰", None, 1.0, after=0.0) == "恒泰机械"
    assert desk.book.reads == []


class XlRange:
    """A range of xlwings, as far as it is touched."""

    def __init__(self, row, column, rows):
        self.row, self.column, self._rows = row, column, rows

    @property
    def last_cell(self):
        return self

    @property
    def raw_value(self):
        return self._rows


class XlSheet:
    name = "节假日"
    used_range = XlRange(len(HOLIDAYS), 3, None)

    tables = ()

    def range(self, first, last):
        assert first == (1, 1)
        return XlRange(*last, tuple(row[: last[1]] for row in HOLIDAYS[: last[0]]))


def test_workbook_of_xlwings():
    class XlBook:
        name, fullname, sheets = "库.xlsx", "库.xlsx", (XlSheet(),)

    desk = Desk(OpenBook(XlBook()))
    assert desk.later() == datetime(2026, 3, 4)
    assert desk.book.sheets()[0].values(1) == HOLIDAYS[:1]
    assert desk.book.name == "库.xlsx"


@pytest.mark.parametrize("rows", [((("列表",),)), ((None,),), "x"])
def test_odd_policy_sheets_do_no_harm(rows):
    assert Desk(Book(values={"码表": rows, "时限规则": rows})).later() == datetime(2026, 3, 3)
