"""What single functions say, and that one cell says what the batch says of it."""

from __future__ import annotations

from datetime import date, datetime
from math import isfinite

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.grids import grid_of
from zlxl.findings import Accusation
from zlxl.hosts.functions import FUNCTIONS
from zlxl.hosts.udf.call import Caller
from zlxl.reports.rulepage import page
from zlxl.rules.catalog import RULES
from zlxl.rules.rule import word
from zlxl.schema.headers import find_header
from zlxl.schema.read import read_frame
from zlxl.schema.values import ErrorValue
from zlxl.tables.catalog import TABLES
from zlxl.tables.clients import CLIENTS
from zlxl.tables.policy import shipped_context

TODAY = date(2026, 11, 24)
DAY = datetime(2026, 3, 2)
call = Caller(today=lambda: TODAY)
RAW = st.one_of(
    st.text(max_size=20),
    st.from_regex(r"[0-9A-Z\-.年月日/ ]{4,20}", fullmatch=True),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)).map(lambda one: one.replace(microsecond=0)),
    st.sampled_from([ErrorValue("#N/A"), ErrorValue("#REF!")]),
)


@given(raw=RAW, column=st.sampled_from(list(CLIENTS.columns.items())))
@settings(max_examples=120, deadline=None)
def test_one_cell_is_judged_as_in_a_sheet(raw, column):
    """The same code, words and fix as the batch has for that cell."""
    name, declared = column
    grid = grid_of(CLIENTS, [{"remark": "x", "contact": "王丽", name: raw}])
    frame = read_frame(grid, find_header(grid, CLIENTS, sure=True), shipped_context(TODAY))
    cells = frame.cells[name]
    said = ""
    if len(frame) and (verdict := cells.verdicts.get(int(cells.codes[0]))):
        rule = next(rule for rule in RULES if rule.code == verdict.code)
        found = word(rule, frame, Accusation(code=verdict.code, row=2, field=name, facts=verdict.facts))
        said = f"{rule.code} {found.message}{found.suggestion}"
    if len(frame):
        assert call("ZL_CHECK", raw, declared.header) == [[said]]


@given(st.lists(RAW, min_size=1, max_size=8), st.sampled_from([c.header for c in CLIENTS.columns.values()]))
@settings(max_examples=30, deadline=None)
def test_a_range_says_what_its_cells_say(cells, header):
    for name in ("ZL_CHECK", "ZL_SUGGEST_FIX"):
        single = [call(name, cell, header)[0] for cell in cells]
        assert call(name, [[cell] for cell in cells], header) == single
        assert call(name, [cells], header) == [[one for (one,) in single]]


@given(cells=st.lists(RAW, min_size=3, max_size=3), data=st.data())
@settings(max_examples=120, deadline=None)
def test_any_arguments_are_answered(cells, data):
    function = data.draw(st.sampled_from(FUNCTIONS))
    given_ = [data.draw(st.sampled_from([cells, cells[0], None])) for _ in function.arguments]
    rows = call(function.name, *given_)
    flat = [cell for row in rows for cell in row]
    assert flat
    assert all(isinstance(cell, str | float | bool | datetime) for cell in flat)
    assert function.dates or not any(isinstance(cell, datetime) for cell in flat)
    assert all(isfinite(cell) for cell in flat if isinstance(cell, float))


def test_row_under_headers():
    """Faults between cells stand at the cell they are held against; own columns are left alone."""
    headers = (("合同编号", "我的备注", "受理申请时间", "审核时间"),)
    row = ("ZL20230015-Q", "x", datetime(2024, 5, 1), datetime(2024, 4, 1))
    ((contract, own, applied, audited),) = call("ZL_CHECK", (row,), headers)
    assert (contract, own, applied) == ("", "", "")
    assert audited.startswith("ZL160")
    assert call("ZL_CHECK", ((None,) * 4,), headers) == [[""] * 4]
    missing = call("ZL_CHECK", (("ZL20230015-Q", None, None, None),), headers)
    assert missing[0][2].startswith("ZL101")


@pytest.mark.parametrize(
    "arguments",
    [
        ("050000", "没有这一栏"),
        ("050000", "邮编", "没有这张表"),
        ((("050000", "x"),), (("邮编", "企业名称", "状态"),)),
        ("050000", None),
    ],
)
def test_check_refuses(arguments):
    assert call("ZL_CHECK", *arguments) == [["#VALUE!"]]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_every_table_can_be_checked(table):
    for column in table.columns.values():
        assert call("ZL_CHECK", None, column.header, table.name) == [[""]]
        if column.example and not table.policy:
            assert isinstance(call("ZL_CHECK", column.example, column.header, table.name)[0][0], str)


def test_suggestions():
    assert call("ZL_SUGGEST_FIX", " 恒泰 ", "企业名称") == [["恒泰"]]
    assert call("ZL_SUGGEST_FIX", "河比省", "企业省份") == [["河北省"]]
    assert call("ZL_SUGGEST_FIX", "河比省", "企业省份", None, True) == [["#N/A"]]
    assert call("ZL_SUGGEST_FIX", "2024年5月1日", "审核时间") == [[datetime(2024, 5, 1)]]
    assert call("ZL_SUGGEST_FIX", "甲", "审核时间") == [["#N/A"]]
    assert call("ZL_SUGGEST_FIX", (("050000", "河北"),), (("邮编", "企业省份"),)) == [["050000", "河北省"]]
    assert call("ZL_SUGGEST_FIX", "x", "邮编", None, "也许") == [["#VALUE!"]]


@pytest.mark.parametrize(
    ("place", "province"),
    [
        ("河北石家庄市长安区", "河北省"),
        ("中国河北省石家庄市", "河北省"),
        ("内蒙古赤峰市", "内蒙古自治区"),
        ("202450", "浙江省"),  # 嵊泗, among 上海's prefixes
        ("200001", "上海市"),
        (50000.0, "河北省"),
        ("海南藏族自治州", "#N/A"),
        ("海南省三亚市", "海南省"),
        ("海口市", "#N/A"),
        ("990000", "#N/A"),
        (True, "#VALUE!"),
    ],
)
def test_province(place, province):
    assert call("ZL_FIND_PROVINCE", place) == [[province]]


def test_requests():
    text = "请补寄一下发票"
    parts = {part: call("ZL_CLASSIFY", text, part)[0][0] for part in ("类别", "主题", "把握", "依据")}
    assert (parts["类别"], parts["主题"]) == ("b", "发票开具与补寄")
    assert 0.5 < parts["把握"] <= 1
    assert "命中" in parts["依据"]
    assert call("ZL_CLASSIFY", "哈哈") == [["#N/A"]]
    assert call("ZL_CLASSIFY", text, "颜色") == [["#VALUE!"]]
    assert call("ZL_CLASSIFY", 5.0) == [["#VALUE!"]]
    assert call("ZL_FIND_OWNER", "发票开具与补寄") == call("ZL_FIND_OWNER", text)
    reply, close = (call("ZL_FIND_DEADLINE", text, DAY, stage)[0][0] for stage in ("答复", None))
    assert DAY < reply < close
    assert call("ZL_FIND_DEADLINE", text, None) == [["#N/A"]]
    assert call("ZL_FIND_DEADLINE", text, "昨天") == [["#VALUE!"]]


def test_complaints_go_upwards():
    assert call("ZL_CLASSIFY", "我要投诉你们的审核员") == [["c"]]


def test_days():
    assert call("ZL_ADD_WORKDAYS", "2026-03-02", -1.0) == [[datetime(2026, 2, 28)]]  # a shifted Saturday
    assert call("ZL_ADD_WORKDAYS", DAY, 1.5) == [["#VALUE!"]]
    assert call("ZL_ADD_WORKDAYS", DAY, 1e9) == [["#VALUE!"]]
    assert call("ZL_ADD_WORKDAYS", 46083.0, 0.0) == [[DAY]]
    assert call("ZL_COUNT_WORKDAYS", datetime(2026, 3, 9), DAY) == [[-5.0]]
    assert call("ZL_LIMIT_SURVEILLANCE", None, DAY) == call("ZL_LIMIT_SURVEILLANCE", DAY, DAY)
    assert call("ZL_LIMIT_SURVEILLANCE", None, None) == [["#N/A"]]
    assert call("ZL_LIMIT_SURVEILLANCE", DAY, None, "没有的体系") == [["#VALUE!"]]


def test_figures_refuse():
    assert call("ZL_GRADE_CLIENT", ((1.0, 2.0),)) == [["#VALUE!"]]
    assert call("ZL_GRADE_CLIENT", 101.0) == [["#VALUE!"]]
    assert call("ZL_GRADE_CLIENT", 95.0, -1.0) == [["#VALUE!"]]
    assert call("ZL_GRADE_CLIENT", ((None,) * 9,)) == [["#N/A"]]
    assert call("ZL_GRADE_CLIENT", ((5.0, *(None,) * 8),)) == [["未评级"]]
    assert call("ZL_SCORE_SATISFACTION", "满意", "没有的题目") == [["#VALUE!"]]
    assert call("ZL_SCORE_SATISFACTION", (("满意", "x"),), (("公正客观", "我的栏"),)) == [[80.0]]
    assert call("ZL_AVERAGE_SATISFACTION", (("不适用",),), "公正客观") == [["#N/A"]]
    assert call("ZL_ESTIMATE_INTERVAL", 90.0, 10.0) == [["#N/A"]]
    assert call("ZL_ESTIMATE_INTERVAL", ((90.0, 80.0),), 1.0) == [["#VALUE!"]]
    assert call("ZL_SCORE_NPS", 11.0) == [["#VALUE!"]]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_rule(rule):
    assert call("ZL_EXPLAIN_RULE", rule.code) == [[page(rule)]]
    assert call("ZL_EXPLAIN_RULE", f"{rule.code} 邮编有误", "名称") == [[rule.name]]


def test_unknown_rule():
    assert call("ZL_EXPLAIN_RULE", (("ZL999", "邮编"),)) == [["#N/A", "#N/A"]]
