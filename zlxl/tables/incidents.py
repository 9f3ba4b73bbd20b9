"""重大事件: serious dissatisfaction and complaints of the year, with proof state and deduction (4.7.2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import ClientName, ContractNo, Remark
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.text import cell, read_note, read_text


class Incident(Row):
    """One serious dissatisfaction or complaint."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("incident_no", "occurred_on", "client", "kind", "description", "proof")),
        RequiredWhen("proven_on", "proof", "查实状态", "查实日期"),
        RequiredWith("confirmed_by", "proven_on", "查实结论应有确认人（4.7.2）"),
        RequiredWith("measure", "closed_on", "关闭的事件应写明处理措施"),
        InOrder("occurred_on", "reported_on", ("发生日期", "接报日期")),
        InOrder("reported_on", "proven_on", ("接报日期", "查实日期")),
        InOrder("reported_on", "closed_on", ("接报日期", "关闭日期")),
    )

    incident_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="事件编号",
                storage=Storage.CODE,
                width=14,
                example="SJ2026-0001",
                synonyms=("重大事件编号", "投诉编号"),
                prompt="如 SJ2026-0001。",
            ),
        ]
        | None
    ) = None
    occurred_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="发生日期",
                storage=Storage.DATE,
                width=13,
                example="2026-08-03",
                synonyms=("事件日期", "发生时间"),
                prompt="事件发生的日期，按此归入年度。",
            ),
        ]
        | None
    ) = None
    reported_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="接报日期",
                storage=Storage.DATE,
                width=13,
                example="2026-08-04",
                synonyms=("收到日期", "接到日期", "投诉日期"),
                prompt="本公司得知的日期。",
            ),
        ]
        | None
    ) = None
    contract_no: ContractNo | None = None
    client: ClientName | None = None
    kind: (
        Annotated[
            str,
            cell(read_choice("事件类型")),
            Column(
                header="事件类型",
                storage=Storage.CHOICE,
                choices="事件类型",
                width=13,
                example="一般投诉",
                synonyms=("类型", "事件类别", "事件分类"),
                prompt="从下拉列表中选择，扣分见评价准则。",
            ),
        ]
        | None
    ) = None
    severity: (
        Annotated[
            str,
            cell(read_choice("严重程度")),
            Column(
                header="严重程度",
                storage=Storage.CHOICE,
                choices="严重程度",
                width=10,
                example="一般",
                synonyms=("程度", "后果程度"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    description: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="事件描述",
                storage=Storage.NOTE,
                width=44,
                example="客户投诉审核员迟到半天",
                synonyms=("事件内容", "事件经过", "投诉内容"),
                prompt="时间、人员、经过。",
            ),
        ]
        | None
    ) = None
    consequence: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="造成后果",
                storage=Storage.NOTE,
                width=26,
                example="客户书面投诉",
                synonyms=("后果", "影响"),
                prompt="如媒体报道、监管处罚、退证。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("收集方式")),
            Column(
                header="信息来源",
                storage=Storage.CHOICE,
                choices="收集方式",
                width=18,
                example="申诉调查组转来",
                synonyms=("来源", "收集方式"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    request_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="要求编号",
                storage=Storage.CODE,
                width=14,
                example="YQ2026-0001",
                synonyms=("客户要求编号", "关联要求编号"),
                prompt="客户要求表中的编号。",
            ),
        ]
        | None
    ) = None
    integrity: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="涉及廉洁",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="否",
                synonyms=("是否涉及廉洁", "廉洁问题"),
                prompt="是否涉及廉洁自律。",
            ),
        ]
        | None
    ) = None
    investigator: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="调查人",
                storage=Storage.TEXT,
                width=12,
                example="申诉调查组",
                synonyms=("调查人员", "调查组"),
                prompt="与事件无关的人员。",
            ),
        ]
        | None
    ) = None
    proof: (
        Annotated[
            str,
            cell(read_choice("查实状态")),
            Column(
                header="查实状态",
                storage=Storage.CHOICE,
                choices="查实状态",
                width=11,
                example="待查",
                synonyms=("查实情况", "是否属实", "查证结果"),
                prompt="只有查实的事件扣分。",
            ),
        ]
        | None
    ) = None
    proven_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="查实日期",
                storage=Storage.DATE,
                width=13,
                example="2026-08-20",
                synonyms=("查证日期", "结论日期"),
                prompt="得出查实结论的日期。",
            ),
        ]
        | None
    ) = None
    confirmed_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="查实确认人",
                storage=Storage.TEXT,
                width=10,
                example="李强",
                synonyms=("确认人",),
                prompt="确认查实结论的人。",
            ),
        ]
        | None
    ) = None
    deduction: (
        Annotated[
            float,
            cell(read_number(0, 100)),
            Column(
                header="核定扣分",
                storage=Storage.NUMBER,
                width=9,
                example="1",
                synonyms=("扣分", "扣分值"),
                prompt="留空按评价准则；经副总批准可另行核定。",
            ),
        ]
        | None
    ) = None
    measure: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="处理措施",
                storage=Storage.NOTE,
                width=34,
                example="更换审核员并向客户致歉",
                synonyms=("措施", "处理结果", "纠正措施"),
                prompt="采取的措施。",
            ),
        ]
        | None
    ) = None
    closed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="关闭日期",
                storage=Storage.DATE,
                width=13,
                example="2026-09-01",
                synonyms=("办结日期", "处理完成日期"),
                prompt="处理完毕的日期。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


INCIDENTS = Table(
    name="重大事件",
    model=Incident,
    clause="4.7.2",
    purpose="年度引起较严重后果的重大不满意或投诉事件，查实后按评价准则从年度满意度中扣分。",
    key=("incident_no",),
)
