"""Proposals for the rows of 客户要求, what they write and what a person must see to."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.grids import grid_of
from tests.jobs.importing.offers import CLIENT, REQUEST, TODAY, database
from tests.samples.books import Source
from zlxl.errors import UsageError
from zlxl.figures.desk import Desk
from zlxl.figures.due_requests import RequestDues
from zlxl.jobs.classifying.attention import feedback, overdue, waiting
from zlxl.jobs.classifying.edits import edits_of, missing_columns
from zlxl.jobs.classifying.sheet import Sheet, classify_sheet
from zlxl.tables.clients import CLIENTS
from zlxl.tables.plans import PLANS
from zlxl.tables.requests import REQUESTS


def sheet_of(*rows: Mapping[str, Any], **tables: Any) -> Sheet:
    numbered = [{**REQUEST, "request_no": f"YQ2026-{n:04}", **row} for n, row in enumerate(rows, 1)]
    return classify_sheet(database({REQUESTS.name: numbered, CLIENTS.name: [CLIENT], **tables}), today=TODAY)


def written(sheet: Sheet) -> dict[str, object]:
    """Values by header of the cells that would be changed."""
    headers = {c.column: c.header for one in sheet.proposals for c in one.row.frame.cells.values()}
    return {headers[change.column]: change.value for change in edits_of(sheet).cells}


def as_held(sheet: Sheet) -> dict[str, object]:
    """What would be written, as a row holds it."""
    names = {column.header: name for name, column in REQUESTS.columns.items()}
    values = {names[header]: value for header, value in written(sheet).items()}
    return {n: datetime(v.year, v.month, v.day) if isinstance(v, date) else v for n, v in values.items()}


ALL = dict.fromkeys(("建议主题", "建议类别", "置信度", "判定依据", "责任部门", "首次答复期限", "办结期限"))


def test_an_empty_row_gets_topic_class_owner_and_deadlines_in_working_days():
    told = written(sheet_of({"received_on": datetime(2026, 9, 30)}))

    assert ALL.keys() == told.keys()
    assert (told["建议主题"], told["建议类别"], told["责任部门"]) == ("证书邮寄与查询", "b", "制证部")
    assert date(2026, 10, 8) == told["首次答复期限"]
    assert date(2026, 10, 13) == told["办结期限"]  # 10 October is worked


def test_the_second_run_changes_nothing():
    first = sheet_of({})

    assert not edits_of(sheet_of(as_held(first)))


def test_what_a_person_wrote_stays_and_what_followed_from_an_earlier_proposal_is_brought_up_to_date():
    earlier = as_held(sheet_of({}))

    own = written(sheet_of({"owner": "综合部", "due_on": datetime(2026, 5, 20)}))
    assert {"责任部门", "办结期限"} & own.keys() == set()
    assert "首次答复期限" in own
    later = written(sheet_of({**earlier, "text": "我要投诉审核员，态度恶劣"}))
    assert (
        later["建议主题"],
        later["建议类别"],
        later["责任部门"],
    ) == ("对审核员行为投诉", "c", "申诉调查组")


def test_a_confirmed_row_keeps_everything_but_gets_the_deadlines_of_its_topic():
    confirmed = {"confirmed_topic": "发票开具与补寄", "confirmed_class": "b"}

    assert {"责任部门": "财务部", "首次答复期限": date(2026, 5, 7), "办结期限": date(2026, 5, 12)} == written(
        sheet_of(confirmed)
    )


@pytest.mark.parametrize("state", ["已办结", "已撤回"])
def test_closed_rows_are_left_alone(state):
    assert not edits_of(sheet_of({"state": state}))


def test_what_is_left_to_a_person_says_so_and_takes_an_earlier_proposal_back():
    earlier = as_held(sheet_of({}))
    told = written(sheet_of({**earlier, "text": "今天天气不错"}))

    assert told["建议主题"] is None
    assert told["责任部门"] is None
    assert str(told["判定依据"]).startswith("待人工")


def test_conditions_look_at_ledger_and_plan():
    paused = {CLIENTS.name: [{**CLIENT, "status": "暂停"}]}
    plan = {
        "contract_no": CLIENT["contract_no"],
        "service": "监督审核",
        "status": "未安排",
        "latest_on": datetime(2026, 6, 1),
    }
    moved = {"text": "审核改期到下周三行吗", "wanted_on": datetime(2026, 6, 2)}

    assert sheet_of({"text": "投标要用，开个证书有效证明"}, **paused).proposals[0].topic_class == "a"
    assert sheet_of(moved, **{PLANS.name: [plan]}).proposals[0].topic_class == "c"
    assert (
        sheet_of(moved, **{PLANS.name: [{**plan, "latest_on": datetime(2026, 6, 2)}]})
        .proposals[0]
        .topic_class
        == "b"
    )
    assert sheet_of(moved).proposals[0].topic_class == "c"  # 12 months after the audit of April 2023


def test_a_person_sees_complaints_first_then_escalations_then_what_nobody_knows():
    rows = [
        {"text": "今天天气不错"},
        {"text": "你们能不能保证通过"},
        {"text": "证书遗失，申请补办"},
        {"text": "我要投诉审核员"},
        {"text": "证书快递单号多少"},
        {"confirmed_topic": "证书遗失补发", "confirmed_class": "c"},
    ]

    found = [(item.row.key[-1], item.reason) for item in waiting(sheet_of(*rows))]

    assert found == [
        ("4", "complaint"),
        ("3", "escalate"),
        ("6", "escalate"),
        ("1", "undecided"),
        ("2", "refuse"),
    ]


def test_what_the_complaints_team_hands_on_is_treated_as_a_complaint():
    (item,) = waiting(sheet_of({"way": "申诉调查组转来"}))

    assert item.reason == "complaint"


def test_late_replies_settlements_and_escalations_count_the_days_waited():
    on_time = {"received_on": datetime(2026, 11, 23), "replied_on": datetime(2026, 11, 24)}
    late = {"received_on": datetime(2026, 11, 17), "replied_on": datetime(2026, 11, 17)}
    lost = {**late, "text": "证书遗失，申请补办"}

    assert overdue(sheet_of(on_time)) == []
    assert [("close", date(2026, 11, 20))] == [
        (item.reason, item.since) for item in overdue(sheet_of({**late, "text": "换联系人了"}))
    ]
    assert overdue(sheet_of({**late, "text": "换联系人了", "waiting_days": 2})) == []
    assert [("escalate", date(2026, 11, 18))] == [
        (item.reason, item.since) for item in overdue(sheet_of(lost))
    ]


def test_common_problems_and_suggestions_on_the_process_are_fed_back_until_they_are():
    rows = [
        {"common": "是"},
        {"text": "建议优化认证流程，资料重复提交"},
        {"common": "是", "fed_back_to": "主管副总"},
        {},
    ]

    assert [item.row.key for item in feedback(sheet_of(*rows))] == ["YQ2026-0001", "YQ2026-0002"]


def test_missing_columns_are_told_and_not_written():
    whole = grid_of(REQUESTS, [{**REQUEST, "request_no": "YQ2026-0001"}])
    gone = {n for n, c in whole.cells[1].items() if c.value in ("判定依据", "责任部门")}
    cells = {row: {n: c for n, c in line.items() if n not in gone} for row, line in whole.cells.items()}
    grid = replace(whole, cells=cells)
    sheet = classify_sheet(Source([grid]), today=TODAY)

    assert missing_columns(sheet) == ("判定依据", "责任部门")
    assert {"判定依据", "责任部门"} & written(sheet).keys() == set()


def test_a_workbook_without_requests_is_refused():
    with pytest.raises(UsageError, match="没有“客户要求”"):
        classify_sheet(database({CLIENTS.name: [CLIENT]}, [CLIENTS.name]), today=TODAY)


def test_what_is_late_is_late_on_the_plan_too():
    """Once the proposals stand on the sheet, both commands read the same deadlines."""
    rows = [
        {"received_on": datetime(2026, 11, 2)},
        {"received_on": datetime(2026, 11, 2), "text": "证书遗失，申请补办", "waiting_days": 4},
        {"received_on": datetime(2026, 11, 24)},
    ]
    held = [{**row, **as_held(sheet_of(row))} for row in rows]
    sheet = sheet_of(*held)

    planned = RequestDues(desk=Desk.of(sheet.book)).dues()

    late = [due.due_on for due in planned if due.due_on < TODAY and due.kind != "要求待确认"]
    assert sorted(late) == sorted(item.since for item in overdue(sheet) if item.since)
    assert late


def test_confirmed_requests_that_resemble_it_are_shown_beside_a_proposal():
    confirmed = {"text": "证书的快递单号是多少", "confirmed_topic": "证书邮寄与查询", "confirmed_class": "b"}
    sheet = sheet_of(confirmed, {"text": "证书快递单号多少"})

    told = written(sheet)["判定依据"]

    assert "相近 YQ2026-0001（证书邮寄与查询" in str(told)
