"""Two roads, one verdict: judging distinct values of columns accuses what judging row by row does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.grids import FORMATS, grid_of
from zlxl.errors import UsageError
from zlxl.grid import Cell, Kind
from zlxl.jobs.settings import Settings
from zlxl.jobs.validate import _cell_accusations, _fact_accusations
from zlxl.rules.rule import Book
from zlxl.schema.frame import Frame
from zlxl.schema.headers import find_header
from zlxl.schema.read import number, read_frame
from zlxl.schema.table import Table
from zlxl.schema.values import PENDING, ErrorValue, StoredNumber
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.policy import shipped_context

CONTEXT = shipped_context(date(2026, 11, 24))
ANYTHING = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "",
            " ",
            "/",
            "-",
            "无",
            "=1+1",
            "@x",
            "\xa0",
            "Ａ１",
            "某 公司",
            "　某公司 ",
            "x\u200by",
            "2019.4.5",
        ]
    ),
    st.sampled_from(
        [
            "2021年2月30日",
            "20190405",
            "04-05-19",
            "2024-02-29",
            "二〇一九年四月五日",
            "3,000元",
            "1.2万",
            "-5",
        ]
    ),
    st.sampled_from(
        ["河比省", "内蒙古", "河北省", "有效", "受理", "审核中", "QMS", "EMS", "050000", "50000", "200000"]
    ),
    st.sampled_from(
        ["ZL20230015-QEO", "ZL2023-15", "zl20230015-q", "01623Q00015R0M", "03410Q10286R0S", "01623E0015R0M"]
    ),
    st.sampled_from(
        ["91110000600037341L", "91110000600037341M", "29.08.05", "29.8.5", "41.01.01", "13800000000"]
    ),
    st.sampled_from(
        ["0311-85551234", "(0311)85551234", "1.38E+10", "8555123", "河北省石家庄市", "山东省济南市"]
    ),
    st.text(max_size=8),
    st.sampled_from([0.0, 1.0, -8000.0, 50000.0, 43560.0, 13800000000.0, 20190405.0, 9.11301e17, 59.0, 0.5]),
    st.dates(date(1950, 1, 1), date(2060, 1, 1)).map(lambda day: datetime(day.year, day.month, day.day)),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.builds(
        Cell,
        st.just(Kind.NUMBER),
        st.sampled_from([0.0, 5.0, 60.0, -1.0, 50000.0, 45123.5, 3e6, 1e16, float("inf"), float("nan")]),
        st.integers(0, len(FORMATS) - 1),
    ),
    st.booleans(),
    st.sampled_from([ErrorValue("#N/A"), PENDING]),
)
GOOD: Mapping[str, Any] = {
    "contract_no": "ZL20230015-QEO",
    "certificate_no": "01623Q00015R0M",
    "client": "石家庄恒泰机械有限公司",
    "applied_on": datetime(2023, 3, 1),
    "audited_on": datetime(2023, 4, 10),
    "planned_on": datetime(2024, 3, 20),
    "status": "有效",
    "province": "河北省",
    "postcode": "050000",
    "contact": "王丽",
    "phone": "0311-85551234",
    "issued_on": datetime(2023, 5, 6),
    "valid_until": datetime(2026, 5, 5),
    "persons": 120.0,
    "system": "QMS",
}


def _rows(table: Table, good: Mapping[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    cells = {name: st.one_of(st.just(good.get(name)), ANYTHING) for name in table.columns}
    return st.lists(st.fixed_dictionaries(cells), min_size=1, max_size=6)


def _by_columns(frame: Frame) -> set[tuple[int, str | None, str]]:
    book = Book(frames=(frame,), context=CONTEXT)
    accused = [*_cell_accusations(frame), *_fact_accusations(frame, book)]
    return {(a.row, a.field, a.code) for _, a in accused}


def _by_rows(frame: Frame, table: Table, rows: list[dict[str, Any]]) -> set[tuple[int, str | None, str]]:
    accused = set()
    for line in frame.rows.tolist():
        row = {name: _raw(value) for name, value in rows[line - 2].items()}
        try:
            table.model.model_validate(row, context=CONTEXT)
        except ValidationError as error:
            accused |= {(line, str(e["loc"][0]), e["type"]) for e in error.errors(include_url=False)}
    return accused


def _raw(value: Any) -> Any:
    if isinstance(value, Cell):
        return number(float(value.value or 0), FORMATS[value.style], date1904=False)
    return StoredNumber(value, "General") if type(value) is float else value


def _agree(table: Table, rows: list[dict[str, Any]]) -> None:
    grid = grid_of(table, rows)
    match = find_header(grid, table)
    assert match is not None
    frame = read_frame(grid, match, CONTEXT)
    assert _by_columns(frame) == _by_rows(frame, table, rows)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=_rows(CLIENTS, GOOD))
def test_client_rows(rows: list[dict[str, Any]]) -> None:
    """客户台账: every cell type and every fact."""
    _agree(CLIENTS, rows)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_table(table: Table, data: st.DataObject) -> None:
    """Every table of the workbook."""
    _agree(table, data.draw(_rows(table, {})))


def test_a_good_row_is_not_accused() -> None:
    """The good row is good on both roads."""
    grid = grid_of(CLIENTS, [dict(GOOD)])
    match = find_header(grid, CLIENTS)
    assert match is not None
    frame = read_frame(grid, match, CONTEXT)
    assert _by_columns(frame) == set()
    assert CLIENTS.model.model_validate({k: _raw(v) for k, v in GOOD.items()}, context=CONTEXT)


def test_settings_reject_unknown_codes() -> None:
    """A typing error in a rule code stops the run."""
    with pytest.raises(UsageError, match="ZL999"):
        Settings(today=date(2026, 1, 1), ignore=("ZL999",))
