"""The policy of the active workbook: read once, again when it changes, the shipped one else."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.samples.books import Source
from zlxl.figures.grade_criteria import Criteria
from zlxl.figures.terms import Terms
from zlxl.figures.workdays import workdays
from zlxl.grid import Area, ListObject
from zlxl.hosts.udf.call import Caller, body_of
from zlxl.hosts.udf.live import OpenBook, grid_of
from zlxl.hosts.udf.policy import LONGEST, PAUSE, SELDOM, Policies
from zlxl.hosts.udf.shape import rows_of
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import read_book
from zlxl.tables.catalog import POLICY_TABLES
from zlxl.tables.evaluations import EVALUATIONS
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 11, 24)
HOLIDAYS = (("日期", "名称", "类型"), (datetime(2026, 3, 3), "司庆", "休息日"))
LEDGER = (("合同编号", "企业名称", "联系电话"), ("ZL20230015-Q", "恒泰机械", "13800000000"))

ITEM_HEADERS = tuple(
    EVALUATIONS.columns[name].header for name in Criteria.of((), shipped_context(TODAY)).items
)


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


def test_opened_anew():
    """A workbook that was closed and opened again is another object; the old one does not answer any more."""
    desk = Desk(Book(values={"客户台账": LEDGER, "节假日": HOLIDAYS}))
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰") == "恒泰机械"
    closed, desk.book = desk.book, Book(values=dict(desk.book.values))
    closed.busy = True
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰", "合同编号") == "ZL20230015-Q"
    desk.book.values["客户台账"] = (*LEDGER[:1], ("ZL20260001-Q", "恒泰新材", None))
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰") == "恒泰新材"


def test_saved_elsewhere():
    """The model learnt for a workbook lies beside its file."""
    desk = Desk(Book(values={"节假日": HOLIDAYS}, file="甲/库.xlsx"))
    desk.later()
    desk.book = Book(values={"节假日": HOLIDAYS}, file="乙/库.xlsx")
    desk.later()
    assert desk.policies.policy().file == "乙/库.xlsx"


def test_renamed_workbook_and_sheet():
    desk = Desk(Book(values={"节假日": HOLIDAYS}))
    desk.later()
    desk.book = Book(name="新名.xlsx", values={"放假安排": HOLIDAYS})
    assert desk.later() == datetime(2026, 3, 4)


def test_a_sheet_that_was_deleted():
    desk = Desk(Book(values={"节假日": HOLIDAYS, "客户台账": LEDGER}))
    assert desk.later() == datetime(2026, 3, 4)
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰") == "恒泰机械"
    desk.book.values = {"Sheet1": ((None,),)}
    assert desk.later() == datetime(2026, 3, 3)
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰") == "#N/A"


def test_a_table_that_was_moved():
    """Down and to the right, with its header, or onto a sheet that was empty before."""
    desk = Desk(Book(values={"节假日": HOLIDAYS, "便笺": ((None,),)}))
    assert desk.later() == datetime(2026, 3, 4)
    moved = ((None,) * 5, *((None, None, *row) for row in HOLIDAYS))
    desk.book.values["节假日"] = moved
    assert desk.later() == datetime(2026, 3, 4)
    desk.book.values["节假日"], desk.book.values["便笺"] = ((None,),), moved
    assert desk.later(after=SELDOM + 1) == datetime(2026, 3, 4)


def test_an_excel_table_that_grew():
    """No cell changes where its corner is pulled over rows that stood below."""
    apart = ((None,) * 3, (datetime(2026, 3, 4), "备忘", "休息日"))
    desk = Desk(Book(values={"节假日": (*HOLIDAYS, *apart)}))
    desk.book.tables = {"节假日": (ListObject(name="节假日", area=Area(1, 1, 2, 3)),)}
    assert desk.later() == datetime(2026, 3, 4)
    desk.book.tables = {"节假日": (ListObject(name="节假日", area=Area(1, 1, 4, 3)),)}
    assert desk.later() == datetime(2026, 3, 5)


def test_a_busy_spreadsheet_keeps_the_ledger():
    desk = Desk(Book(values={"客户台账": LEDGER}))
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰") == "恒泰机械"
    desk.book.busy = True
    assert desk.later("ZL_LOOKUP_CLIENT", "恒泰", "合同编号") == "ZL20230015-Q"


def test_grades_follow_their_sheets():
    """A new evaluation, and a veto in it, counts after the pause."""
    header = ("评价编号", "企业名称", "合同编号", "体系", "审核日期", *ITEM_HEADERS)
    form = ("PJ1", "恒泰机械", "ZL20230015-Q", "QMS", datetime(2026, 5, 6), *(5.0,) * len(ITEM_HEADERS))
    ledger = ((*LEDGER[0], "体系", "状态"), (*LEDGER[1], "QMS", "有效"))
    desk = Desk(Book(values={"客户台账": ledger, "有效性评价": (header,)}))
    assert desk.later("ZL_LOOKUP_GRADE", "恒泰机械") == "未评级"
    desk.book.values["有效性评价"] = (header, form)
    assert desk.later("ZL_LOOKUP_GRADE", "ZL20230015-Q") == "A"
    desk.book.values["客户台账"] = (ledger[0], (*ledger[1][:-1], "暂停"))
    assert desk.later("ZL_LOOKUP_GRADE", "恒泰机械") != "A"
    assert desk.later("ZL_LOOKUP_GRADE", "恒泰机械", "一票否决") == "暂停中"


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


RUBBISH = st.one_of(
    st.none(),
    st.sampled_from(
        ["是", "否", "x" * 300, "\0", "#N/A", "QMS", "省份", "邮编前缀=99", "休息日", "a", "50%"]
    ),
    st.floats(-1e9, 1e9),
    st.booleans(),
    st.datetimes(datetime(1900, 3, 1), datetime(2100, 1, 1)).map(lambda one: one.replace(microsecond=0)),
    st.sampled_from([-2146826246, -2146826265]),
)


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_rubbish_in_policy_sheets_counts_as_in_the_batch(data):
    """The same lists, parameters, working days and terms as when the file is validated."""
    values = {}
    for table in POLICY_TABLES:
        header = tuple(column.header for column in table.columns.values())
        row = st.tuples(*[RUBBISH] * len(header))
        values[table.name] = (header, *data.draw(st.lists(row, max_size=4), label=table.name))
    desk = Desk(Book(values=values))
    desk.now += 10
    held = desk.policies.policy()
    sheets = [grid_of(name, rows_of(rows), ()) for name, rows in values.items()]
    read = read_book(Source(sheets), Settings(today=TODAY))
    assert held.context.lists == read.context.lists
    assert held.context.parameters == read.context.parameters
    assert held.terms.by_item == Terms.of(read.frames).by_item
    days = np.arange("2026-01-01", "2026-12-31", dtype="datetime64[D]")
    office = workdays(read.frames)
    assert (held.workdays.all_later(days, 5) == office.all_later(days, 5)).all()
    assert held.grading == Criteria.of(read.frames, read.context)


@pytest.mark.parametrize("rows", [((("列表",),)), ((None,),), "x"])
def test_odd_policy_sheets_do_no_harm(rows):
    assert Desk(Book(values={"码表": rows, "时限规则": rows})).later() == datetime(2026, 3, 3)
