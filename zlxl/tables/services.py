"""增值服务: needs of certified clients and what was delivered, such as internal auditor training (4.8.2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import ClientName, Contact, ContractNo, Handler, Phone, Remark
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_money, read_number
from zlxl.tables.text import cell, read_note, read_text


class Service(Row):
    """One value-added service, from the need to its result."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("service_no", "raised_on", "client", "kind", "status")),
        RequiredWhen("delivered_on", "status", "增值服务状态", "开展日期"),
        InOrder("raised_on", "planned_on", ("提出日期", "计划开展日期")),
        InOrder("raised_on", "delivered_on", ("提出日期", "开展日期")),
    )

    service_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="服务编号",
                storage=Storage.CODE,
                width=14,
                example="ZZ2026-0001",
                synonyms=("增值服务编号", "需求编号"),
                prompt="如 ZZ2026-0001。",
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
                example="2026-05-11",
                synonyms=("需求日期", "登记日期"),
                prompt="收集到需求的日期。",
            ),
        ]
        | None
    ) = None
    contract_no: ContractNo | None = None
    client: ClientName | None = None
    contact: Contact | None = None
    phone: Phone | None = None
    kind: (
        Annotated[
            str,
            cell(read_choice("增值服务类型")),
            Column(
                header="增值服务类型",
                storage=Storage.CHOICE,
                choices="增值服务类型",
                width=14,
                example="内审员培训",
                synonyms=("服务类型", "需求类型", "培训类型"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    need: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="需求描述",
                storage=Storage.NOTE,
                width=34,
                example="希望培训 5 名内审员",
                synonyms=("需求", "需求内容"),
                prompt="客户的具体需求。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("收集方式")),
            Column(
                header="需求来源",
                storage=Storage.CHOICE,
                choices="收集方式",
                width=18,
                example="电话走访电子文档",
                synonyms=("来源", "收集方式"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    persons: (
        Annotated[
            float,
            cell(read_number(1, 10000, whole=True)),
            Column(
                header="参加人数",
                storage=Storage.NUMBER,
                width=9,
                example="5",
                synonyms=("人数", "培训人数"),
                prompt="预计或实际参加人数。",
            ),
        ]
        | None
    ) = None
    status: (
        Annotated[
            str,
            cell(read_choice("增值服务状态")),
            Column(
                header="增值服务状态",
                storage=Storage.CHOICE,
                choices="增值服务状态",
                width=11,
                example="待安排",
                synonyms=("状态", "服务状态"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    planned_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="计划开展日期",
                storage=Storage.DATE,
                width=13,
                example="2026-06-15",
                synonyms=("计划日期", "计划时间"),
                prompt="计划开展的日期。",
            ),
        ]
        | None
    ) = None
    delivered_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="开展日期",
                storage=Storage.DATE,
                width=13,
                example="2026-06-16",
                synonyms=("实施日期", "培训日期", "完成日期"),
                prompt="实际开展的日期。",
            ),
        ]
        | None
    ) = None
    hours: (
        Annotated[
            float,
            cell(read_number(0, 1000)),
            Column(
                header="学时",
                storage=Storage.NUMBER,
                width=8,
                example="16",
                synonyms=("课时", "培训学时"),
                prompt="学时数。",
            ),
        ]
        | None
    ) = None
    teacher: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="讲师",
                storage=Storage.TEXT,
                width=10,
                example="刘老师",
                synonyms=("授课人", "培训老师"),
                prompt="不得为该客户审核员提供咨询性辅导。",
            ),
        ]
        | None
    ) = None
    fee: (
        Annotated[
            float,
            cell(read_money),
            Column(
                header="服务费用",
                storage=Storage.MONEY,
                width=12,
                example="3000",
                synonyms=("费用", "培训费"),
                prompt="元，只填数字。",
            ),
        ]
        | None
    ) = None
    certificates: (
        Annotated[
            float,
            cell(read_number(0, 10000, whole=True)),
            Column(
                header="发证数",
                storage=Storage.NUMBER,
                width=8,
                example="5",
                synonyms=("培训证书数", "发放证书数"),
                prompt="发放培训证书的份数。",
            ),
        ]
        | None
    ) = None
    feedback: (
        Annotated[
            str,
            cell(read_choice("满意度等级")),
            Column(
                header="效果评价",
                storage=Storage.CHOICE,
                choices="满意度等级",
                width=10,
                example="满意",
                synonyms=("服务评价", "评价"),
                prompt="客户对服务的评价。",
            ),
        ]
        | None
    ) = None
    declined_why: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="未开展原因",
                storage=Storage.NOTE,
                width=22,
                synonyms=("不开展原因",),
                prompt="未开展时的原因。",
            ),
        ]
        | None
    ) = None
    handler: Handler | None = None
    remark: Remark | None = None


SERVICES = Table(
    name="增值服务",
    model=Service,
    clause="4.8.2",
    purpose="获证组织的增值服务需求及开展情况，如内审员培训、体系知识培训；不得提供认证咨询。",
    key=("service_no",),
)
