"""服务计划: planned surveillance, recertification, survey, visit and training (4.3)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import ClientName, ContractNo, Remark, System
from zlxl.tables.dates import read_date
from zlxl.tables.text import cell, read_note, read_text


class Plan(Row):
    """One planned service for one client."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("plan_no", "contract_no", "client", "service", "due_on", "status")),
        RequiredWhen("done_on", "status", "服务状态", "完成日期"),
        RequiredWhen("result", "status", "服务状态", "服务结果"),
        InOrder("notified_on", "receipt_on", ("预通知日期", "回执日期")),
    )

    plan_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="计划编号",
                storage=Storage.CODE,
                width=14,
                example="FW2026-0001",
                synonyms=("服务计划编号", "计划号"),
                prompt="如 FW2026-0001。",
            ),
        ]
        | None
    ) = None
    contract_no: ContractNo | None = None
    client: ClientName | None = None
    system: System | None = None
    service: (
        Annotated[
            str,
            cell(read_choice("服务类型")),
            Column(
                header="服务类型",
                storage=Storage.CHOICE,
                choices="服务类型",
                width=12,
                example="监督审核",
                synonyms=("服务项目", "计划类型", "服务类别"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    content: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="服务内容",
                storage=Storage.NOTE,
                width=28,
                example="第一次监督审核",
                synonyms=("计划内容", "服务说明"),
                prompt="具体内容。",
            ),
        ]
        | None
    ) = None
    grade: (
        Annotated[
            str,
            cell(read_choice("客户等级")),
            Column(
                header="客户等级",
                storage=Storage.CHOICE,
                choices="客户等级",
                width=9,
                example="B",
                synonyms=("企业等级", "等级"),
                prompt="制定计划时的客户等级（A 至 D）。",
            ),
        ]
        | None
    ) = None
    due_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="计划日期",
                storage=Storage.DATE,
                width=13,
                example="2027-03-10",
                synonyms=("计划时间", "计划完成日期", "应完成日期"),
                prompt="计划实施的日期。",
            ),
        ]
        | None
    ) = None
    latest_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="最晚日期",
                storage=Storage.DATE,
                width=13,
                example="2027-04-10",
                synonyms=("最迟日期", "截止日期", "最晚完成日期"),
                prompt="不得超过的日期，如监审距上次审核 12 个月。",
            ),
        ]
        | None
    ) = None
    owner: (
        Annotated[
            str,
            cell(read_choice("部门")),
            Column(
                header="责任部门",
                storage=Storage.CHOICE,
                choices="部门",
                width=11,
                example="市场部",
                synonyms=("负责部门", "承办部门"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    handler: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="责任人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("负责人", "承办人"),
                prompt="承办人姓名。",
            ),
        ]
        | None
    ) = None
    status: (
        Annotated[
            str,
            cell(read_choice("服务状态")),
            Column(
                header="服务状态",
                storage=Storage.CHOICE,
                choices="服务状态",
                width=10,
                example="未安排",
                synonyms=("计划状态", "完成状态", "执行状态"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    notified_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="预通知日期",
                storage=Storage.DATE,
                width=13,
                example="2027-02-20",
                synonyms=("通知日期", "审核预通知日期"),
                prompt="发出《认证审核预通知/回执单》的日期。",
            ),
        ]
        | None
    ) = None
    receipt_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="回执日期",
                storage=Storage.DATE,
                width=13,
                example="2027-02-24",
                synonyms=("回执收到日期", "收到回执日期"),
                prompt="收到回执的日期，不早于预通知日期。",
            ),
        ]
        | None
    ) = None
    answer: (
        Annotated[
            str,
            cell(read_choice("回执意见")),
            Column(
                header="回执意见",
                storage=Storage.CHOICE,
                choices="回执意见",
                width=10,
                example="接受",
                synonyms=("客户意见", "客户回执"),
                prompt="待定、接受或不接受。",
            ),
        ]
        | None
    ) = None
    done_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="完成日期",
                storage=Storage.DATE,
                width=13,
                example="2027-03-12",
                synonyms=("实际完成日期", "完成时间", "实施日期"),
                prompt="实际完成的日期。",
            ),
        ]
        | None
    ) = None
    result: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="服务结果",
                storage=Storage.NOTE,
                width=28,
                example="监审完成，证书保持",
                synonyms=("结果", "完成情况", "执行结果"),
                prompt="完成、取消或延期的说明。",
            ),
        ]
        | None
    ) = None
    origin: (
        Annotated[
            str,
            cell(read_choice("变更方式")),
            Column(
                header="计划来源",
                storage=Storage.CHOICE,
                choices="变更方式",
                width=10,
                example="手工",
                synonyms=("来源",),
                prompt="手工、按钮或批处理生成。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


PLANS = Table(
    name="服务计划",
    model=Plan,
    clause="4.3",
    purpose="按策划对每个客户安排的服务：监审、再认证、满意度调查、回访、培训等，及其期限和结果。",
    key=("plan_no",),
)
