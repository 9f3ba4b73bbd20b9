"""改进措施: measures against common problems and for clients' needs, until their effect is verified (4.6)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Remark
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.text import cell, read_note, read_text


class Improvement(Row):
    """One measure, from the problem it answers to the proof that it worked."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("measure_no", "year", "origin", "problem", "measure", "owner", "status")),
        RequiredWhen("due_on", "status", "措施状态", "计划完成日期"),
        RequiredWhen("done_on", "status", "措施状态", "实际完成日期"),
        RequiredWhen("effect", "status", "措施状态", "效果验证"),
        RequiredWith("effect", "verified_on", "验证日期应有效果验证的内容（4.6）"),
        RequiredWith("approved_by", "approved_on", "批准日期应有批准人（4.6）"),
        InOrder("raised_on", "approved_on", ("提出日期", "批准日期")),
        InOrder("raised_on", "due_on", ("提出日期", "计划完成日期")),
        InOrder("raised_on", "done_on", ("提出日期", "实际完成日期")),
        InOrder("done_on", "verified_on", ("实际完成日期", "验证日期")),
    )

    measure_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="措施编号",
                storage=Storage.CODE,
                width=14,
                example="GJ2026-0001",
                synonyms=("改进措施编号", "改进编号"),
                prompt="如 GJ2026-0001。",
            ),
        ]
        | None
    ) = None
    year: (
        Annotated[
            float,
            cell(read_number(2000, 2100, whole=True)),
            Column(
                header="年度",
                storage=Storage.NUMBER,
                width=8,
                example="2026",
                synonyms=("所属年度", "汇总年度"),
                prompt="列入哪一年的年终汇总，如 2026。",
            ),
        ]
        | None
    ) = None
    origin: (
        Annotated[
            str,
            cell(read_choice("措施来源")),
            Column(
                header="措施来源",
                storage=Storage.CHOICE,
                choices="措施来源",
                width=12,
                example="共性问题",
                synonyms=("改进来源",),
                prompt="针对共性问题、现有需求还是潜在需求（4.6）。",
            ),
        ]
        | None
    ) = None
    topic: (
        Annotated[
            str,
            cell(read_choice("要求主题")),
            Column(
                header="要求主题",
                storage=Storage.CHOICE,
                choices="要求主题",
                width=18,
                example="证书邮寄与查询",
                synonyms=("问题主题", "涉及主题"),
                prompt="对应“客户要求”的主题；年终汇总按它把措施对到问题。",
            ),
        ]
        | None
    ) = None
    problem: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="共性问题或需求",
                storage=Storage.NOTE,
                width=34,
                example="多家客户反映证书寄错地址、补寄慢",
                synonyms=("共性问题描述", "问题或需求", "需求描述及分析"),
                prompt="要解决的共性问题，或要满足的需求。",
            ),
        ]
        | None
    ) = None
    records: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="依据记录",
                storage=Storage.NOTE,
                width=22,
                example="YQ2026-0001；YQ2026-0007",
                synonyms=("来源编号", "依据编号"),
                prompt="客户要求、问卷或增值服务的编号，用分号隔开。",
            ),
        ]
        | None
    ) = None
    measure: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="措施内容",
                storage=Storage.NOTE,
                width=36,
                example="寄出前由客服与客户核对地址，快递单号当天告知",
                synonyms=("改进措施", "改进内容", "采取的措施"),
                prompt="做什么，做到什么程度。",
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
                example="制证部",
                synonyms=("措施责任部门", "承办部门"),
                prompt="实施措施的部门。",
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
                example="邓丽华",
                synonyms=("承办人", "负责人"),
                prompt="责任人姓名。",
            ),
        ]
        | None
    ) = None
    raised_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="提出日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-10",
                synonyms=("措施提出日期", "制定日期"),
                prompt="提出措施的日期。",
            ),
        ]
        | None
    ) = None
    approved_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="批准人",
                storage=Storage.TEXT,
                width=10,
                example="王副总",
                synonyms=("审批人", "批准领导"),
                prompt="一般为主管副总（4.6）。",
            ),
        ]
        | None
    ) = None
    approved_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="批准日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-12",
                synonyms=("审批日期",),
                prompt="不早于提出日期。",
            ),
        ]
        | None
    ) = None
    due_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="计划完成日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-29",
                synonyms=("计划完成", "完成期限", "要求完成日期"),
                prompt="没有的，年终汇总写“未定”。",
            ),
        ]
        | None
    ) = None
    done_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="实际完成日期",
                storage=Storage.DATE,
                width=13,
                example="2026-05-20",
                synonyms=("实际完成", "措施完成日期"),
                prompt="按期还是逾期由它和计划完成日期算出。",
            ),
        ]
        | None
    ) = None
    status: (
        Annotated[
            str,
            cell(read_choice("措施状态")),
            Column(
                header="措施状态",
                storage=Storage.CHOICE,
                choices="措施状态",
                width=10,
                example="已验证",
                synonyms=("改进状态", "实施状态"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    effect: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="效果验证",
                storage=Storage.NOTE,
                width=30,
                example="措施实施后三个月没有同类要求",
                synonyms=("验证结果", "效果评价及验证"),
                prompt="怎样验证的，同类要求是否减少。",
            ),
        ]
        | None
    ) = None
    effective: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="是否有效",
                storage=Storage.CHOICE,
                choices="是否",
                width=9,
                example="是",
                synonyms=("措施有效", "效果是否有效"),
                prompt="无效的应重新制定措施。",
            ),
        ]
        | None
    ) = None
    verified_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="验证日期",
                storage=Storage.DATE,
                width=13,
                example="2026-08-28",
                synonyms=("效果验证日期",),
                prompt="不早于实际完成日期。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


IMPROVEMENTS = Table(
    name="改进措施",
    model=Improvement,
    clause="4.6",
    purpose="针对共性问题和客户需求制定的措施：责任部门、期限、完成情况和效果验证，年终汇总时报主管副总。",
    key=("measure_no",),
)
