"""Comparing two copies: nothing where only the order differs, every edit where there are some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grids import grid_of
from tests.messy.book import Formula, Sheet, save
from tests.messy.ledgers import CORE, FIRST, SECOND, THIRD, faulty, lines
from zlxl.errors import UsageError
from zlxl.excel.source import open_source
from zlxl.grid import Grid
from zlxl.jobs.compare import UNTYPED, compare
from zlxl.jobs.listing import NO_TABLE, listing
from zlxl.schema.differences import Difference, TableDifference
from zlxl.tables.clients import CLIENTS
from zlxl.tables.contracts import CONTRACTS

OWN = (*CORE, "客户经理")
HEADER = {name: column.header for name, column in CLIENTS.columns.items()}


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Grids as a source."""

    sheets: tuple[Grid, ...]
    path: str = "内存"

    def grids(self) -> Sequence[Grid]:
        return self.sheets


Row = Mapping[str, Any]


def memory(*rows: Row) -> Memory:
    return Memory(sheets=(grid_of(CLIENTS, rows),))


def client(number: int, **fields: object) -> Row:
    """A row with a key and a name of its own."""
    return {"contract_no": f"ZL{number:04}", "client": f"企业{number}", "status": "有效", **fields}


def table_of(difference: Difference) -> TableDifference:
    assert len(difference.tables) == 1
    return difference.tables[0]


VALUES = st.one_of(
    st.none(),
    st.text("甲乙a1 ", max_size=3),
    st.integers(-3, 3),
    st.floats(-5, 5, allow_nan=False).map(lambda number: round(number, 2)),
    st.booleans(),
)
FIELDS = ("client", "contact", "initial_fee", "postcode", "audited_on")
EDITED = st.dictionaries(st.sampled_from(FIELDS), VALUES)
TABLES_OF_ROWS = st.lists(EDITED, max_size=12).map(
    lambda rows: [client(number, **row) for number, row in enumerate(rows)]
)


def stored(value: Any) -> object:
    """What tells values apart: their type and content; blanks are nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return (type(value) if isinstance(value, str | bool) else float, value)


@settings(max_examples=50)
@given(TABLES_OF_ROWS)
def test_nothing_differs_from_itself(rows: list[Row]) -> None:
    rows = [*rows, client(99)]
    assert not compare(memory(*rows), memory(*rows))


@settings(max_examples=50)
@given(
    TABLES_OF_ROWS,
    st.lists(st.sampled_from([client(5), client(7, contact="x"), {"client": "无"}])),
    st.data(),
)
def test_order_makes_no_difference(rows: list[Row], twins: list[Row], data: st.DataObject) -> None:
    rows = [*rows, client(99), *twins]
    shuffled = data.draw(st.permutations(rows))
    assert not compare(memory(*rows), memory(*shuffled))
    assert [*listing(memory(*rows))] == [*listing(memory(*shuffled))]


@settings(max_examples=50)
@given(TABLES_OF_ROWS, st.dictionaries(st.integers(0, 11), EDITED), st.data())
def test_every_edit_is_found_and_no_other(
    rows: list[Row], edits: dict[int, dict[str, Any]], data: st.DataObject
) -> None:
    rows = [*rows, client(99)]
    new = [{**row, **edits.get(index, {})} for index, row in enumerate(rows)]
    expected = {
        (row["contract_no"], HEADER[field])
        for row, other in zip(rows, new, strict=True)
        for field in FIELDS
        if stored(row.get(field)) != stored(other.get(field))
    }
    table = table_of(compare(memory(*rows), memory(*data.draw(st.permutations(new)))))
    assert {(row.key, field.column) for row in table.changed for field in row.fields} == expected
    assert (table.added, table.removed) == ((), ())


@settings(max_examples=50)
@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_rows_come_and_go(old: set[int], new: set[int]) -> None:
    one = memory(*map(client, sorted(old)), client(99))
    two = memory(*map(client, sorted(new)), client(99))
    table = table_of(compare(one, two))
    assert [row.key for row in table.added] == [f"ZL{n:04}" for n in sorted(new - old)]
    assert [row.key for row in table.removed] == [f"ZL{n:04}" for n in sorted(old - new)]
    assert table.changed == ()


def ledger(*rows: Row, headers: Sequence[str] = OWN, name: str = "客户台账") -> Sheet:
    return Sheet(name).rows(1, 1, [headers, *lines(*rows, headers=headers)])


def compared(folder: Path, old: Sequence[Sheet], new: Sequence[Sheet], **options: Any) -> Difference:
    return compare(
        open_source(save(folder / "旧.xlsx", *old)), open_source(save(folder / "新.xlsx", *new)), **options
    )


def test_a_certificate_number_filled_in_later(tmp_path: Path) -> None:
    old, new = [ledger(faulty(FIRST, 证书编号=None), THIRD)], [ledger(THIRD, FIRST)]
    (change,) = table_of(compared(tmp_path, old, new)).changed
    assert (change.key, change.old_row, change.new_row) == (FIRST["合同编号"], 2, 3)
    assert [(f.column, f.old, f.new) for f in change.fields] == [("证书编号", None, FIRST["证书编号"])]


def test_columns_of_one_copy_are_told_once(tmp_path: Path) -> None:
    rows = faulty(FIRST, 客户经理="张三"), faulty(THIRD, 客户经理=None)
    difference = compared(tmp_path, [ledger(*rows, headers=CORE)], [ledger(*rows)])
    table = table_of(difference)
    assert [(column.column, column.filled) for column in table.columns_added] == [("客户经理", 1)]
    assert table.changed == ()
    assert difference


def test_moved_columns_are_no_difference(tmp_path: Path) -> None:
    rows = [faulty(FIRST, 客户经理="张三"), THIRD]
    assert not compared(tmp_path, [ledger(*rows)], [ledger(*rows, headers=OWN[::-1])])


def test_tables_and_sheets_of_one_copy(tmp_path: Path) -> None:
    contracts = Sheet("合同").rows(1, 1, [CONTRACTS.headers, ["ZL1", *[None] * (len(CONTRACTS.headers) - 1)]])
    own, kept = Sheet("我的透视").put(1, 1, ["甲"]), Sheet("备忘").put(1, 1, ["乙"])
    difference = compared(tmp_path, [ledger(FIRST), own, kept], [ledger(FIRST), contracts, kept])
    assert [(table.table, table.rows) for table in difference.tables_added] == [("合同", 1)]
    assert (difference.sheets_removed, difference.sheets_in_both) == (("我的透视",), ("备忘",))
    assert difference


def test_a_renamed_sheet_is_the_same_table(tmp_path: Path) -> None:
    difference = compared(tmp_path, [ledger(FIRST, name="台账2025")], [ledger(FIRST, name="台账2026")])
    assert (table_of(difference).old_sheet, table_of(difference).sheet) == ("台账2025", "台账2026")
    assert difference.tables_added == difference.tables_removed == ()


def test_two_excel_tables_of_one_kind_on_a_sheet(tmp_path: Path) -> None:
    def both(first: Row, second: Row) -> Sheet:
        sheet = ledger(first, headers=CORE).rows(11, 1, [CORE, *lines(second)])
        sheet.tables += [("甲", "A1:Q2", 0), ("乙", "A11:Q12", 0)]
        return sheet

    difference = compared(tmp_path, [both(FIRST, THIRD)], [both(FIRST, faulty(THIRD, 联系人="赵"))])
    assert [len(table.changed) for table in difference.tables] == [0, 1]


def test_only_some_tables(tmp_path: Path) -> None:
    old, new = [ledger(FIRST)], [ledger(THIRD), Sheet("备忘").put(1, 1, ["乙"])]
    assert len(compared(tmp_path, old, new, only=["客户台账"]).tables) == 1
    assert not compared(tmp_path, old, new, only=["客户台账"]).sheets_added
    with pytest.raises(UsageError, match=r"--table 合同.*客户台账"):
        compared(tmp_path, old, new, only=["合同"])


def test_doubtful_keys_are_told(tmp_path: Path) -> None:
    bare = faulty(THIRD, 合同编号=None, 证书编号=None)
    table = table_of(compared(tmp_path, [ledger(FIRST, FIRST, bare)], [ledger(FIRST, FIRST)]))
    assert [row.row for row in table.removed] == [4]
    assert [remark[:10] for remark in table.remarks] == [
        "旧文件有 1 行没有",
        "旧文件有 1 个编号",
        "新文件有 1 个编号",
    ]


def test_formulas_never_calculated(tmp_path: Path) -> None:
    pending = faulty(FIRST, 初审费用=Formula("1+1"))
    unknown = table_of(compared(tmp_path, [ledger(pending)], [ledger(pending)]))
    assert not unknown
    assert "1 格公式未计算" in unknown.remarks[0]
    (change,) = table_of(compared(tmp_path, [ledger(FIRST)], [ledger(pending)])).changed
    assert [field.column for field in change.fields] == ["初审费用"]


def test_a_text_file_is_compared_as_shown(tmp_path: Path) -> None:
    path = tmp_path / "旧.csv"
    cells = [*FIRST.values()]
    cells[5] = '"18,000.00"'
    cells[13] = "王立"
    path.write_text(",".join(CORE) + "\n" + ",".join(map(str, cells)), "utf-8")
    new = open_source(save(tmp_path / "新.xlsx", ledger(FIRST, headers=CORE)))
    table = table_of(compare(open_source(path), new))
    assert [field.column for row in table.changed for field in row.fields] == ["联系人"]
    assert UNTYPED in table.remarks


class TestListing:
    """A workbook as text."""

    def test_one_field_a_line(self, tmp_path: Path) -> None:
        row = faulty(FIRST, 邮编=50000, 审核时间="2023-04-10", 客户经理="张\n三")
        sheets = ledger(row, SECOND), Sheet("备忘").put(1, 1, ["乙"])
        told = [*listing(open_source(save(tmp_path / "a.xlsx", *sheets)))]
        assert told[0] == f"【客户台账】列：{'、'.join(OWN)}"
        block = told[told.index("【客户台账】ZL20230015-QE|01623Q00015R0M") :]
        assert {"  邮编：50000（数字）", "  审核时间：2023-04-10（文本）", "  客户经理：张␊三"} <= set(block)
        assert told[-1] == "【工作表】备忘"

    def test_a_workbook_of_others(self, tmp_path: Path) -> None:
        path = save(tmp_path / "a.xlsx", Sheet("备忘").put(1, 1, ["乙"]))
        assert [*listing(open_source(path))] == [NO_TABLE, "【工作表】备忘"]

    @pytest.mark.parametrize(("value", "told"), [("7", "7（文本）"), (7, "7"), ("nan", "nan"), ("甲", "甲")])
    def test_types_in_columns_of_the_users_own(self, tmp_path: Path, value: object, told: str) -> None:
        path = save(tmp_path / "a.xlsx", ledger(faulty(FIRST, 客户经理=value)))
        assert f"  客户经理：{told}" in listing(open_source(path))
