"""What is due for certificates, services, requests and the office: cases reckoned by hand."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.books import TODAY, book, certificate
from zlxl.figures.due import URGENCIES
from zlxl.figures.plan import plan_of
from zlxl.rules.timing import surveillance_interval, suspended_too_long, unverified_contact
from zlxl.schema.facts import add_months

FAR = {"profile": "试", "item": "审核展望天数", "value": 1200, "unit": "天"}


def dues(*rows, today=TODAY, grades=None, sheets=frozenset(), **tables):
    told = {"客户台账": rows, "时限规则": [FAR], **tables}
    return plan_of(book(told, today), grades=grades, sheets=sheets)


def one(plan, kind):
    found = [due for due in plan.dues if due.kind == kind]
    assert len(found) == 1, [due.kind for due in plan.dues]
    return found[0]


def kinds(plan):
    return {due.kind for due in plan.dues}


def test_surveillance_counts_from_the_last_audit():
    due = one(dues(certificate()), "监督审核")
    assert (due.due_on, due.rule) == (date(2026, 12, 10), "CNCA-QMS-01:2025")
    assert due.plan_on == date(2026, 11, 9)  # 11 months less a day, a Monday
    assert (due.sheet, due.cell) == ("客户台账", "H2")
    assert due.urgency(TODAY) == "紧急"


def test_the_first_surveillance_counts_from_the_issue():
    due = one(dues(certificate(audited_on=date(2026, 3, 5), issued_on=date(2026, 4, 1))), "监督审核")
    assert (due.due_on, due.basis) == (date(2027, 4, 1), "自 2026-04-01（颁证日期）起 12 个月")


def test_29_february_counts_to_28_february():
    due = one(dues(certificate(audited_on=date(2028, 2, 29)), today=date(2028, 3, 1)), "再认证现场审核")
    assert due.due_on == date(2028, 3, 1)  # 30 days before the expiry, earlier than 28 Feb 2029
    row = certificate(audited_on=date(2024, 2, 29), issued_on=date(2023, 4, 1), valid_until=date(2026, 3, 31))
    assert one(dues(row, today=date(2024, 3, 1)), "监督审核").due_on == date(2025, 2, 28)


def test_an_overdue_surveillance_asks_for_suspension():
    due = one(dues(certificate(audited_on=date(2025, 11, 23))), "监督审核")
    assert due.urgency(TODAY) == "逾期"
    assert "暂停" in due.action
    assert one(dues(certificate(audited_on=date(2025, 11, 24))), "监督审核").urgency(TODAY) == "紧急"


def test_the_ledgers_own_plan_is_taken_while_it_is_ahead():
    due = one(dues(certificate(planned_on=date(2026, 12, 1))), "监督审核")
    assert due.plan_on == date(2026, 12, 1)


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2026, 11, 24)))
def test_planned_and_latest_days_are_never_later_than_the_rule_allows(audited):
    row = certificate(audited_on=audited, issued_on=date(2025, 12, 1), valid_until=date(2028, 11, 30))
    due = one(dues(row), "监督审核")
    assert due.due_on <= add_months(audited, 12)
    assert audited <= due.plan_on <= due.due_on


def test_the_last_year_leads_to_recertification():
    row = certificate(audited_on=date(2026, 6, 1), issued_on=date(2024, 7, 1), valid_until=date(2027, 6, 30))
    plan = dues(row)
    assert "监督审核" not in kinds(plan)
    assert one(plan, "再认证启动").due_on == date(2027, 1, 1)
    assert one(plan, "再认证合同").due_on == date(2027, 4, 1)
    assert one(plan, "再认证现场审核").due_on == date(2027, 5, 31)
    assert one(plan, "证书到期").due_on == date(2027, 6, 30)


def test_recertification_keeps_the_interval_of_audits():
    row = certificate(audited_on=date(2026, 2, 1), issued_on=date(2024, 7, 1), valid_until=date(2027, 6, 30))
    due = one(dues(row), "再认证现场审核")
    assert (due.due_on, due.rule) == (date(2027, 2, 1), "CNCA-QMS-01:2025")


def test_recertification_under_way_is_not_asked_for_again():
    row = certificate(audited_on=date(2026, 6, 1), issued_on=date(2024, 7, 1), valid_until=date(2027, 6, 30))
    new = certificate(
        contract_no="ZL20260009-Q",
        certificate_no=None,
        status="审核中",
        applied_on=date(2026, 11, 2),
        audited_on=date(2026, 11, 20),
        issued_on=None,
        valid_until=None,
    )
    assert {"再认证启动", "再认证现场审核"}.isdisjoint(kinds(dues(row, new)))
    signed = {
        "contract_no": "ZL20260009-Q",
        "client": row["client"],
        "audit_type": "再认证",
        "signed_on": TODAY,
    }
    assert "再认证合同" in kinds(dues(row, new))
    assert "再认证合同" not in kinds(dues(row, new, 合同=[{**signed, "signed_on": TODAY}]))


def test_a_certificate_that_a_new_one_replaces_is_left_alone():
    old = certificate(issued_on=date(2023, 12, 1), valid_until=date(2026, 11, 30))
    new = certificate(
        certificate_no="01626Q00002R1M", issued_on=date(2026, 11, 10), valid_until=date(2029, 11, 9)
    )
    assert [due.cell for due in dues(old, new).dues if due.kind in ("证书到期", "监督审核")] == ["H3", "V3"]


def test_without_expiry_it_is_36_months_less_a_day():
    row = certificate(issued_on=date(2024, 2, 29), valid_until=None, audited_on=date(2026, 6, 1))
    assert one(dues(row), "证书到期").due_on == date(2027, 2, 27)


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (date(2025, 3, 1), "可在 2025-08-28 前完成未尽活动后恢复"),
        (date(2026, 11, 24), "须按初次认证重新申请"),
    ],
)
def test_what_an_expired_certificate_may_hope_for_depends_on_the_rule(today, told):
    row = certificate(audited_on=date(2024, 12, 1), issued_on=date(2022, 3, 1), valid_until=date(2025, 2, 28))
    assert told in one(dues(row, today=today), "证书过期").action


def test_a_suspended_certificate_waits_for_its_end_and_for_no_surveillance():
    plan = dues(certificate(status="暂停", suspended_on=date(2026, 8, 31)))
    assert one(plan, "暂停到期").due_on == date(2027, 2, 28)
    assert "监督审核" not in kinds(plan)
    late = one(dues(certificate(status="暂停", suspended_on=date(2026, 5, 23))), "暂停到期")
    assert (late.urgency(TODAY), "撤销" in late.action) == ("逾期", True)


def test_withdrawn_clients_are_told_when_they_may_apply_again():
    row = certificate(status="撤销", ended_on=date(2026, 1, 20))
    assert one(dues(row), "再次申请限制期满").due_on == date(2027, 1, 20)
    assert "再次申请限制期满" not in kinds(dues(certificate(status="注销", ended_on=date(2026, 1, 20))))
    assert "再次申请限制期满" in kinds(
        dues(certificate(status="注销", system="OHSMS", ended_on=date(2026, 1, 20)))
    )


def test_a_change_of_status_is_reported_within_two_working_days():
    row = certificate(status="暂停", suspended_on=date(2026, 11, 20))  # a Friday
    assert one(dues(row), "状态变更上报").due_on == date(2026, 11, 24)
    assert "状态变更上报" not in kinds(dues(row, today=date(2026, 11, 25)))


def test_ended_certificates_wait_for_nothing():
    assert kinds(dues(certificate(status="失效"), 满意度调查=[], 服务计划=[])) == {"认监委月度上报"}


def test_contact_data_are_verified_every_year():
    due = one(dues(certificate(verified_on=date(2026, 1, 24))), "信息核实")
    assert (due.due_on, due.plan_on) == (date(2027, 1, 24), date(2027, 1, 22))  # a Sunday, the Friday before
    assert one(dues(certificate(verified_on=date(2025, 11, 1))), "信息核实").urgency(TODAY) == "逾期"


@pytest.mark.parametrize(
    ("grade", "due_on"),
    [
        ("A", date(2027, 1, 15)),
        ("B", date(2026, 7, 15)),
        ("C", date(2026, 10, 15)),
        ("D", date(2026, 11, 15)),
    ],
)
def test_visits_are_as_frequent_as_the_grade_asks(grade, due_on):
    row = certificate(issued_on=date(2026, 1, 15))
    due = one(dues(row, 服务计划=[], grades={str(row["client"]): grade}), "客户回访")
    assert (due.due_on, due.grade) == (due_on, grade)


def test_a_client_without_grade_is_visited_twice_a_year():
    assert one(dues(certificate(issued_on=date(2026, 5, 31)), 服务计划=[]), "客户回访").due_on == date(
        2026, 11, 30
    )


def test_a_survey_follows_the_issue_and_then_reminders():
    row = certificate(issued_on=date(2026, 11, 1), audited_on=date(2026, 10, 10))
    assert one(dues(row, 满意度调查=[]), "满意度表下发").due_on == date(2026, 12, 1)
    sent = {"survey_no": "MY2026-0001", "contract_no": row["contract_no"], "client": row["client"]}
    first = dues(row, 满意度调查=[{**sent, "sent_on": date(2026, 11, 2)}])
    assert "满意度表下发" not in kinds(first)
    assert one(first, "满意度表催收").due_on == date(2026, 11, 17)
    reminded = {**sent, "sent_on": date(2026, 11, 2), "reminded_on": date(2026, 11, 18)}
    assert one(dues(row, 满意度调查=[reminded]), "满意度表催收").due_on == date(2026, 12, 2)
    back = {**reminded, "returned_on": date(2026, 11, 20)}
    assert "满意度表催收" not in kinds(dues(row, 满意度调查=[back]))


REQUEST = {
    "request_no": "YQ2026-0001",
    "client": "甲",
    "text": "请调整审核日期",
    "received_on": date(2026, 11, 20),
}


def test_requests_wait_by_class_in_working_days():
    plan = dues(certificate(), 客户要求=[{**REQUEST, "confirmed_class": "c", "state": "处理中"}])
    assert one(plan, "要求上报").due_on == date(2026, 11, 23)
    assert one(plan, "要求首次答复").due_on == date(2026, 11, 27)
    assert one(plan, "要求办结").due_on == date(2026, 12, 4)


def test_a_requests_own_deadline_holds_and_waiting_for_the_client_prolongs_it():
    own = {**REQUEST, "confirmed_class": "b", "due_on": date(2026, 11, 27), "waiting_days": 2}
    assert one(dues(certificate(), 客户要求=[own]), "要求办结").due_on == date(2026, 12, 1)


def test_an_unconfirmed_request_waits_for_a_person_and_a_closed_one_for_nobody():
    assert one(dues(certificate(), 客户要求=[REQUEST]), "要求待确认").due_on == date(2026, 11, 23)
    closed = {**REQUEST, "closed_on": TODAY}
    assert not {kind for kind in kinds(dues(certificate(), 客户要求=[closed])) if kind.startswith("要求")}


def test_evaluation_forms_are_entered_within_ten_working_days():
    row = certificate(audited_on=date(2026, 9, 24))
    assert one(dues(row, 有效性评价=[]), "评价表录入").due_on == date(2026, 10, 15)  # over the national day
    form = {"client": row["client"], "system": "QMS", "audited_on": date(2026, 9, 24)}
    assert "评价表录入" not in kinds(dues(row, 有效性评价=[form]))


def test_reviewed_contracts_wait_for_their_signature():
    contract = {
        "contract_no": "ZL20260010-Q",
        "client": "乙",
        "status": "待签订",
        "reviewed_on": date(2026, 11, 16),
    }
    assert one(dues(certificate(), 合同=[contract]), "合同待签订").due_on == date(2026, 12, 1)


def test_the_directory_goes_out_in_the_first_working_days_of_a_month():
    sent = {"delivery_no": "ML2026-010", "as_of": date(2026, 10, 31), "delivered_on": date(2026, 11, 3)}
    assert one(dues(certificate(), 名录报送=[sent]), "获证客户名录报送").due_on == date(2026, 12, 3)
    older = {**sent, "as_of": date(2026, 9, 30)}
    assert one(dues(certificate(), 名录报送=[older]), "获证客户名录报送").due_on == date(2026, 11, 4)


def test_the_regulators_day_is_the_tenth_and_no_holiday_moves_it():
    assert one(dues(certificate(), today=date(2026, 10, 5)), "认监委月度上报").due_on == date(2026, 10, 10)
    assert one(dues(certificate()), "认监委月度上报").due_on == date(2026, 12, 10)


def test_summaries_wait_until_their_sheet_is_there():
    sent = [{"survey_no": "MY2026-0001", "sent_on": date(2026, 8, 3)}, {"sent_on": date(2025, 12, 30)}]
    assert one(dues(certificate(), 满意度调查=sent), "满意度季度汇总").due_on == date(2026, 10, 20)
    done = dues(certificate(), 满意度调查=sent, sheets=frozenset({"满意度_2026Q3"}))
    assert "满意度季度汇总" not in kinds(done)
    assert "满意度季度汇总" not in kinds(dues(certificate(), 满意度调查=sent[1:]))
    january = dues(certificate(), 满意度调查=sent, today=date(2026, 1, 8))
    assert one(january, "满意度年度汇总").due_on == date(2026, 1, 31)


def test_fees_are_in_before_the_audit():
    row = certificate(status="审核中", audited_on=date(2026, 12, 21), issued_on=None, valid_until=None)
    contract = {"contract_no": row["contract_no"], "client": row["client"], "status": "履行中"}
    assert one(dues(row, 合同=[contract]), "费用未收").due_on == date(2026, 12, 14)
    assert "费用未收" not in kinds(dues(row, 合同=[{**contract, "paid_on": TODAY}]))


PLAN = {"plan_no": "FW2026-0001", "contract_no": "ZL20250001-Q", "service": "监督审核", "status": "已安排"}


def test_a_row_of_the_plan_is_told_with_what_it_stands_for():
    plan = dues(certificate(), 服务计划=[{**PLAN, "due_on": date(2026, 12, 2)}])
    due = one(plan, "监督审核")
    assert (due.plan_no, due.plan_on) == ("FW2026-0001", date(2026, 12, 2))
    assert "服务计划：监督审核" not in kinds(plan)
    assert "监督审核" not in {proposal.service for proposal in plan.proposals}


def test_rows_of_the_plan_without_a_rule_are_listed_for_themselves():
    training = {**PLAN, "service": "培训", "due_on": date(2026, 11, 20), "content": "内审员班"}
    assert one(dues(certificate(), 服务计划=[training]), "服务计划：培训").urgency(TODAY) == "逾期"
    done = {**training, "status": "已完成", "done_on": TODAY}
    assert "服务计划：培训" not in kinds(dues(certificate(), 服务计划=[done]))


def test_systems_of_a_contract_that_fall_due_together_are_one_proposal():
    plan = dues(certificate(), certificate(certificate_no="01625E00001R0M", system="EMS"))
    audits = [proposal for proposal in plan.proposals if proposal.service == "监督审核"]
    assert [proposal.systems for proposal in audits] == [("QMS", "EMS")]


def test_what_was_called_off_is_not_proposed_again():
    off = {**PLAN, "status": "取消", "result": "客户停产", "due_on": date(2026, 12, 2)}
    plan = dues(certificate(), 服务计划=[off])
    assert "监督审核" in kinds(plan)
    assert "监督审核" not in {proposal.service for proposal in plan.proposals}


def test_the_most_urgent_comes_first_and_of_these_the_longest_overdue():
    plan = dues(certificate(), certificate(client="乙", audited_on=date(2025, 1, 5)), 客户要求=[REQUEST])
    places = [(URGENCIES.index(due.urgency(TODAY)), due.due_on) for due in plan.dues]
    assert places == sorted(places)
    assert {urgency for urgency, _ in places} == {0, 1, 3}


DAYS = st.dates(date(2024, 6, 1), date(2026, 11, 24))


def accused(judge, read):
    return bool(list(judge(read)))


@settings(max_examples=25, deadline=None)
@given(DAYS, DAYS, DAYS, DAYS)
def test_the_plan_is_late_exactly_where_the_rules_warn(audited, issued, verified, suspended):
    row = certificate(
        audited_on=audited, issued_on=issued, verified_on=verified, valid_until=date(2029, 1, 1)
    )
    read = book({"客户台账": [row], "时限规则": [FAR]})
    late = {due.kind for due in plan_of(read).dues if due.urgency(TODAY) == "逾期"}
    assert ("监督审核" in late) == accused(surveillance_interval, read)
    assert ("信息核实" in late) == accused(unverified_contact, read)
    stopped = book({"客户台账": [{**row, "status": "暂停", "suspended_on": suspended}]})
    late = {due.kind for due in plan_of(stopped).dues if due.urgency(TODAY) == "逾期"}
    assert ("暂停到期" in late) == accused(suspended_too_long, stopped)


@pytest.mark.parametrize("day", [date(1900, 3, 1), date(9999, 12, 31), None])
def test_slips_in_dates_stop_nothing(day):
    fields = (
        "audited_on",
        "issued_on",
        "valid_until",
        "suspended_on",
        "ended_on",
        "verified_on",
        "planned_on",
    )
    rows = [certificate(**{field: day}) for field in fields]
    rows += [
        certificate(**dict.fromkeys(fields, day)),
        certificate(status="暂停", **dict.fromkeys(fields, day)),
    ]
    plan = dues(*rows, today=TODAY)
    assert all(due.due_on <= TODAY + timedelta(days=1200) for due in plan.dues)


def test_a_ledger_of_few_columns_is_enough():
    assert kinds(plan_of(book({"客户台账": []}))) == {"认监委月度上报"}
