"""Taking back a run: what still stands is restored, what does not is named, and rows are found again."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grids import cell_of, grid_of
from tests.jobs.logbook import Logbook
from zlxl.changes import CellChange, RowAppended
from zlxl.edits import Edits
from zlxl.grid import Kind, MemoryGrid
from zlxl.jobs.history import LogEntry
from zlxl.jobs.runs import last_to_undo
from zlxl.jobs.undo import undo
from zlxl.schema.stored import Stored
from zlxl.schema.values import ErrorValue
from zlxl.tables.changes import CHANGES
from zlxl.tables.clients import CLIENTS

FIELDS = list(CLIENTS.columns)
POSTCODE, STATUS, AUDITED = (FIELDS.index(name) + 1 for name in ("postcode", "status", "audited_on"))


def client(number: int, system: str = "QMS", **more: object) -> dict[str, object]:
    return {
        "contract_no": f"ZL2026000{number}-QE",
        "certificate_no": f"01626{system[0]}0000{number}R0M",
        "client": f"甲{number}有限公司",
        "status": "有效",
        "postcode": 50000,
        "system": system,
        **more,
    }


def book(*rows: dict[str, object], log: tuple[str, ...] | None = None) -> Logbook:
    """A ledger and a log, with all of the log's columns or those named."""
    columns = log or CHANGES.headers
    header = {number: cell_of(text) for number, text in enumerate(columns, 1)}
    return Logbook(
        [grid_of(CLIENTS, rows), MemoryGrid(sheet="变更记录", cells={1: header}, number_formats=("@",))]
    )


def change(row: int, column: int, value: object, **more: object) -> CellChange:
    return CellChange(sheet="客户台账", row=row, column=column, value=value, **more)  # type: ignore[arg-type]


def mended(row: int) -> CellChange:
    return change(row, POSTCODE, "050000", number_format="@")


OLD = Stored(Kind.NUMBER, 50000.0, "General")
NEW = Stored(Kind.TEXT, "050000", "@")


def test_a_run_is_taken_back_and_that_is_a_run_too() -> None:
    """Value, type and number format; undoing the undoing makes the change again."""
    held = book(client(1), client(2))
    run = held.change(mended(2), change(3, AUDITED, date(2024, 2, 29), number_format="yyyy-mm-dd"))
    assert held.at("客户台账", 2, POSTCODE) == NEW
    assert held.undo(run).kept == ()
    assert held.at("客户台账", 2, POSTCODE) == OLD
    assert held.at("客户台账", 3, AUDITED).kind is Kind.EMPTY

    undone = held.run(run)
    assert (undone.undone, undone.state) == (2, f"已撤销（运行 {undone.undone_by}）")
    assert last_to_undo(held.log().runs()) is None
    assert held.run(undone.undone_by).state == f"撤销了 {run}"
    assert held.undo(undone.undone_by).kept == ()
    assert held.at("客户台账", 2, POSTCODE) == NEW
    assert held.run(run).state == "可撤销"


def test_what_was_changed_since_stays_and_is_named() -> None:
    held = book(client(1), client(2), client(3))
    run = held.change(mended(2), mended(3), mended(4))
    held.set(change(3, POSTCODE, "050001"))
    held.set(change(4, POSTCODE, 50000))
    undoing = held.undo(run)
    assert [(kept.line.cell, kept.reason) for kept in undoing.kept] == [("M3", "之后已改为 050001")]
    assert undoing.already == 1
    assert held.at("客户台账", 3, POSTCODE).value == "050001"
    assert held.run(run).state.startswith("已撤销 1/3（运行 ")


def test_the_same_text_as_a_number_is_another_value() -> None:
    held = book(client(1, postcode="050000 "))
    run = held.change(change(2, POSTCODE, "100000"))
    held.set(change(2, POSTCODE, 100000))
    assert [kept.reason for kept in held.undo(run).kept] == ["之后已改为 100000"]


def test_a_format_chosen_since_stays() -> None:
    held = book(client(1))
    run = held.change(mended(2))
    held.set(change(2, POSTCODE, "050000", number_format="000000"))
    held.undo(run)
    assert held.at("客户台账", 2, POSTCODE) == Stored(Kind.NUMBER, 50000.0, "000000")


def test_a_format_that_was_taken_back_is_not_taken_back_again() -> None:
    """Only the format was changed: the value is ours before and after, and still there is nothing to do."""
    held = book(client(1, audited_on=45352), client(2))
    run = held.change(change(2, AUDITED, 45352, number_format="yyyy-mm-dd"), mended(3))
    held.set(change(3, POSTCODE, "100000"))
    assert len(held.undo(run).entries) == 1
    again = held.undo(run)
    assert (again.cells, again.entries, again.already, len(again.kept)) == ((), (), 1, 1)


def test_excels_spelling_of_a_format_is_the_same() -> None:
    held = book(client(1, audited_on="2024.2.29"))
    run = held.change(change(2, AUDITED, date(2024, 2, 29), number_format="yyyy-mm-dd"))
    held.set(change(2, AUDITED, date(2024, 2, 29), number_format="yyyy\\-mm\\-dd"))
    held.undo(run)
    assert held.at("客户台账", 2, AUDITED) == Stored(Kind.TEXT, "2024.2.29", "General")


@pytest.mark.parametrize("order", [(4, 3, 2), (3, 4, 2), (2, 4, 3)])
def test_sorted_rows_are_found(order: tuple[int, ...]) -> None:
    held = book(client(1), client(2), client(3, postcode="100000"))
    run = held.change(mended(2), mended(3))
    held.move("客户台账", order, 2)
    assert held.undo(run).kept == ()
    found = [held.at("客户台账", row, POSTCODE).value for row in range(2, 5)]
    assert found == [{2: 50000.0, 3: 50000.0, 4: "100000"}[row] for row in order]


def test_rows_of_one_contract_are_told_apart_by_their_certificates() -> None:
    """They share the key that is shown; after sorting each gets its own value back."""
    held = book(client(1, "QMS", postcode=1.0), client(1, "EMS", postcode=2.0))
    run = held.change(mended(2), mended(3))
    held.move("客户台账", (3, 2), 2)
    assert held.undo(run).kept == ()
    assert [held.at("客户台账", row, POSTCODE).value for row in (2, 3)] == [2.0, 1.0]


def test_among_equals_the_recorded_address_decides() -> None:
    """A doubled row: the one that was edited by hand stays, the other one was never ours."""
    held = book(client(1), client(1, postcode="050000"))
    run = held.change(mended(2))
    held.set(change(2, POSTCODE, "050001"))
    assert [kept.reason for kept in held.undo(run).kept] == ["之后已改为 050001"]
    assert held.at("客户台账", 3, POSTCODE).value == "050000"


def test_equals_that_moved_are_left_alone_unless_all_are_ours() -> None:
    held = book(client(1), client(1, postcode="050000"))
    run = held.change(mended(2))
    held.move("客户台账", (2, 2, 3), 2)
    del held.sheet("客户台账").cells[2]  # type: ignore[attr-defined]
    assert ["不能确定是哪一行" in kept.reason for kept in held.undo(run).kept] == [True]

    held = book(client(1), client(1), client(2))
    run = held.change(mended(2), mended(3))
    held.move("客户台账", (4, 2, 3), 2)
    assert held.undo(run).kept == ()
    assert [held.at("客户台账", row, POSTCODE).value for row in (3, 4)] == [50000.0, 50000.0]


def test_a_row_that_is_gone_is_named() -> None:
    held = book(client(1), client(2))
    run = held.change(mended(2), mended(3))
    del held.sheet("客户台账").cells[2]  # type: ignore[attr-defined]
    assert [kept.reason for kept in held.undo(run).kept] == [
        "找不到这一行或这一列（已删除、改名，或行的标识已改）"
    ]
    assert held.at("客户台账", 3, POSTCODE) == OLD


def test_a_changed_key_is_found_under_its_new_name() -> None:
    held = book(client(1))
    run = held.change(change(2, 1, "ZL20269999-QE"), mended(2))
    assert {line.row_key for line in held.log().lines(held.run(run))} == {"ZL20269999-QE"}
    held.undo(run)
    assert held.at("客户台账", 2, 1).value == "ZL20260001-QE"
    assert held.at("客户台账", 2, POSTCODE) == OLD


def test_rows_without_a_key_are_found_where_they_stood() -> None:
    held = book({"client": "甲", "postcode": 50000}, {"client": "乙"})
    run = held.change(mended(2))
    assert [line.row_key for line in held.log().lines(held.run(run))] == ["第2行"]
    assert held.undo(run).kept == ()
    assert held.at("客户台账", 2, POSTCODE) == OLD


def test_cells_outside_the_tables_are_found_by_address() -> None:
    held = book(client(1))
    held.sheets.append(MemoryGrid(sheet="我的", cells={5: {2: cell_of("甲")}}))
    run = held.write("zlxl edit", Edits(cells=(CellChange(sheet="我的", row=5, column=2, value=7),)))
    [line] = held.log().lines(held.run(run))
    assert (line.row_key, line.field, line.old, line.new) == ("B5", "单元格", "甲", "7")
    assert held.undo(run).kept == ()
    assert held.at("我的", 5, 2).value == "甲"


def test_a_sheet_that_is_gone_is_named() -> None:
    held = book(client(1))
    run = held.change(mended(2))
    held.sheets.pop(0)
    assert [kept.reason for kept in held.undo(run).kept] == ["工作表已不存在"]


def test_errors_cannot_be_written_back() -> None:
    held = book(client(1, postcode=ErrorValue("#N/A")))
    run = held.change(mended(2))
    assert [kept.reason for kept in held.undo(run).kept] == ["原来是 #N/A，这样的值不能写回"]


def test_what_gave_way_as_a_formula_is_for_a_person() -> None:
    held = book(client(1))
    run = held.change(change(2, POSTCODE, "050000", replace_formula=True))
    assert [kept.reason for kept in held.undo(run).kept] == ["原来是公式，请手工恢复"]


# --- an older log -------------------------------------------------------------------------------------------

OLDER = tuple(h for h in CHANGES.headers if h not in ("单元格", "还原信息"))


def test_an_older_log_restores_texts_and_says_what_it_cannot() -> None:
    held = book(
        client(1, status="有效 "), client(2, postcode=50000), client(3, postcode=None), client(4), log=OLDER
    )
    run = held.change(change(2, STATUS, "有效"), mended(3), mended(4), mended(5))
    held.set(change(5, POSTCODE, "x"))
    undoing = held.undo(run)
    assert sorted(kept.reason for kept in undoing.kept) == [
        "之后已改为 x",
        "没有还原信息，不知道原值 50000 是文字还是数字；请手工改回",
    ]
    assert held.at("客户台账", 2, STATUS).value == "有效 "
    assert held.at("客户台账", 4, POSTCODE).kind is Kind.EMPTY


@pytest.mark.parametrize("old", ["TRUE", "2024-02-29", "1e5", "#N/A", "-1,200.5", "20240229T000000"])
def test_what_may_have_been_another_type_is_not_guessed(old: str) -> None:
    held = book(client(1, postcode=old), log=OLDER)
    run = held.change(mended(2))
    assert ["没有还原信息" in kept.reason for kept in held.undo(run).kept] == [True]


def test_spoilt_restore_data_is_as_none() -> None:
    held = book(client(1, status="有效 "))
    run = held.change(change(2, STATUS, "有效"))
    held.set(CellChange(sheet="变更记录", row=2, column=len(CHANGES.headers), value='{"old":[7]}'))
    assert held.undo(run).kept == ()
    assert held.at("客户台账", 2, STATUS).value == "有效 "


def test_a_text_too_long_for_the_log_is_named() -> None:
    held = book(client(1, client="长" * 32_700))
    run = held.change(change(2, 3, "短"))
    assert held.undo(run).kept == ()  # the text itself still fits 旧值
    held = book(client(1, client="长" * 32_760 + "x" * 100))
    run = held.change(change(2, 3, "短"))
    assert [kept.reason for kept in held.undo(run).kept] == ["原值过长，记录中不完整；请从备份恢复"]


# --- whole rows ---------------------------------------------------------------------------------------------


def appended(held: Logbook, *rows: RowAppended) -> str:
    return held.write("zlxl import", Edits(rows=rows))


def new_row(number: int, **more: object) -> RowAppended:
    values = {
        "合同编号": f"ZL2026000{number}-QE",
        "企业名称": "乙公司",
        "受理申请时间": date(2026, 3, 1),
        **more,
    }
    return RowAppended(table="客户台账", values=values)  # type: ignore[arg-type]


def test_a_new_row_is_emptied_and_filled_again() -> None:
    held = book(client(1))
    run = appended(held, new_row(8), new_row(9))
    lines = list(held.log().lines(held.run(run)))
    assert [(line.row_key, line.field) for line in lines] == [
        ("ZL20260008-QE", "新增行"),
        ("ZL20260009-QE", "新增行"),
    ]
    assert lines[0].new == "合同编号=ZL20260008-QE；企业名称=乙公司；受理申请时间=2026-03-01"
    before = held.copy()
    assert held.undo(run).kept == ()
    assert [held.at("客户台账", row, 1).kind for row in (3, 4)] == [Kind.EMPTY] * 2
    held.undo(held.run(run).undone_by)
    assert [held.at("客户台账", r, c) for r in (3, 4) for c in (1, 3, 4)] == [
        before.at("客户台账", r, c) for r in (3, 4) for c in (1, 3, 4)
    ]
    assert held.undo(run).kept == ()


def test_a_new_row_that_was_worked_on_stays() -> None:
    held = book(client(1))
    run = appended(held, new_row(7), new_row(8), new_row(9))
    held.set(change(3, 3, "乙有限公司"))
    held.set(change(4, STATUS, "受理"))
    undoing = held.undo(run)
    assert sorted(kept.reason for kept in undoing.kept) == [
        "找不到这一行，或其中的值之后已修改",
        "这一行之后又填写了 状态",
    ]
    assert [held.at("客户台账", row, 1).kind for row in (3, 4, 5)] == [Kind.TEXT, Kind.TEXT, Kind.EMPTY]


def test_an_emptied_row_that_is_in_use_again_stays() -> None:
    held = book(client(1))
    run = appended(held, new_row(9))
    held.undo(run)
    held.set(change(3, 1, "ZL20269999-QE"))
    assert [kept.reason for kept in held.undo(held.run(run).undone_by).kept] == ["这一行现在有别的内容"]


def emptied(restore: str) -> LogEntry:
    """A line of a row that a merge emptied."""
    told = {"sheet": "客户台账", "row_key": "ZL9", "field": "清空行", "old": "甲", "new": "", "cell": "A3"}
    return LogEntry(**told, restore=restore)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("restores", "reasons"),
    [
        ([""], ["没有还原信息，请从备份恢复这一行"]),
        (['{"was":{"没有":["s","x"]}}'], ["找不到原来的位置"]),
        (['{"was":{"邮编":["e","#N/A"]}}'], ["其中有不能写回的值"]),
        (['{"was":{"邮编":["s","x"]}}'] * 2, ["同一次运行的另一条记录也说到这一行"]),
    ],
)
def test_emptied_rows_that_cannot_be_filled_again(restores: list[str], reasons: list[str]) -> None:
    held = book(client(1))
    run = held.write("zlxl merge", Edits(), [emptied(restore) for restore in restores])
    assert [kept.reason for kept in held.undo(run).kept] == reasons


def test_a_new_row_without_restore_data_is_for_a_person() -> None:
    held = book(client(1), log=OLDER)
    run = appended(held, new_row(9))
    assert [kept.reason for kept in held.undo(run).kept] == ["没有还原信息，请手工删除这一行"]


def test_equal_new_rows_are_emptied_one_by_one() -> None:
    held = book(client(1))
    run = appended(held, new_row(9), new_row(9))
    assert held.undo(run).kept == ()
    assert [held.at("客户台账", row, 1).kind for row in (3, 4)] == [Kind.EMPTY] * 2


def test_many_new_rows_are_emptied_in_a_moment() -> None:
    held = book()
    run = appended(held, *(new_row(0, 合同编号=f"ZL{n}") for n in range(3_000)))
    undoing = held.undo(run)
    assert (len(undoing.entries), undoing.kept) == (3_000, ())
    assert held.at("客户台账", 3_001, 1).kind is Kind.EMPTY


# --- anything -----------------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
    st.floats(allow_nan=False, allow_infinity=False, width=64),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(microsecond=0)),
)
CODES = st.sampled_from([None, "@", "General", "yyyy-mm-dd", "0.00"])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_undoing_gives_back_any_cells(data: st.DataObject) -> None:
    """Any values over any values, rows sorted in between, some edited by hand: ours go back, theirs stay."""
    rows = [client(n, **{name: data.draw(VALUES) for name in ("postcode", "status")}) for n in range(1, 6)]
    held = book(*rows)
    before = {(r, c): held.at("客户台账", r, c) for r in range(2, 7) for c in (POSTCODE, STATUS)}
    places = data.draw(st.lists(st.sampled_from(sorted(before)), unique=True, min_size=1))
    run = held.change(*(change(r, c, data.draw(VALUES), number_format=data.draw(CODES)) for r, c in places))
    by_hand = data.draw(st.sets(st.sampled_from(places), max_size=2))
    for row, column in by_hand:
        held.set(change(row, column, "手工改的"))
    order = data.draw(st.permutations(range(2, 7)))
    held.move("客户台账", order, 2)
    if any(found.run_id == run for found in held.log().runs()):
        assert {(k.line.row_key, k.line.field) for k in held.undo(run).kept} <= {
            (f"ZL2026000{r - 1}-QE", {POSTCODE: "邮编", STATUS: "状态"}[c]) for r, c in by_hand
        }
    for at, row in enumerate(order, 2):
        for column in (POSTCODE, STATUS):
            found, old = held.at("客户台账", at, column), before[row, column]
            if (row, column) in by_hand:
                assert found.value == "手工改的"
            else:
                assert found.same(old)
                assert found.kind is Kind.EMPTY or found.number_format == old.number_format


ADDRESSES = st.sampled_from(["M2", "M3", "A2", "XFE1", "ZZZ9999999", "$M$2", "M2:N9", "", "甲"])
RESTORES = st.sampled_from(
    [
        '{"old":[""],"new":["s","050000"]}',
        '{"old":["n",1%s],"new":["n",50000]}' % ("0" * 400),
        '{"old":["n",NaN],"new":["n",50000]}',
        '{"new":[""],"old":["s","x"]}',
        '{"row":{"邮编":["n",50000]}}',
        '{"was":{"邮编":["n",50000],"没有":["s","x"]}}',
        '{"row":[]}',
        "[" * 5_000,
    ]
)
FIELD = st.sampled_from(["邮编", "合同编号", "单元格", "新增行", "清空行", "没有", ""])
KEYS = st.sampled_from(["ZL20260001-QE", "第2行", "第0行", "第99999999999行", "M2", "ZZZ9999999", ""])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ADDRESSES, RESTORES, FIELD, KEYS, st.text(max_size=4)), min_size=1, max_size=4))
def test_a_spoilt_log_never_stops_it(lines: list[tuple[str, ...]]) -> None:
    """Every line is restored, named or found restored; no change leaves the sheet."""
    held = book(client(1), client(2))
    headers = ("单元格", "还原信息", "字段", "行标识", "旧值")
    for line in lines:
        told = {"运行编号": "R", "表": "客户台账", **dict(zip(headers, line, strict=True))}
        held.append(RowAppended(table="变更记录", values=told))
    run = held.run("R")
    undoing = undo(held, run, held.log().lines(run))
    assert len(undoing.entries) + len(undoing.kept) + undoing.already >= len(lines) - len(undoing.cells)
    assert all(c.row <= 1_048_576 and c.column <= 16_384 for c in undoing.cells)
    assert len({(c.row, c.column) for c in undoing.cells}) == len(undoing.cells)


def test_thousands_of_cells_are_taken_back_in_a_moment() -> None:
    held = book(*({**client(1), "contract_no": f"ZL{n}", "certificate_no": f"C{n}"} for n in range(4_000)))
    run = held.change(*(mended(row) for row in range(2, 4_002)))
    found = held.run(run)
    undoing = undo(held, found, held.log().lines(found))
    assert (len(undoing.cells), len(undoing.entries), undoing.kept) == (4_000, 4_000, ())
