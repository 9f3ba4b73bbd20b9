"""信息提供: which version was given to whom, with which explanation (4.1.1, 4.1.2, 4.8.1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import ClientName, ContractNo, Remark
from zlxl.tables.dates import read_date
from zlxl.tables.text import cell, read_note, read_text


class Information(Row):
    """One piece of information given to one organisation."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("information_no", "provided_on", "client", "occasion", "way")),
        RequiredWith("version", "document_no", "提供文件时应记录版本号（4.1.1 最新版本）"),
        RequiredWhen("explanation", "occasion", "提供事由", "解释说明"),
        InOrder("provided_on", "received_on", ("提供日期", "签收日期")),
    )

    information_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="提供编号",
                storage=Storage.CODE,
                width=14,
                example="TG2026-0001",
                synonyms=("信息提供编号", "提供序号", "序号"),
                prompt="如 TG2026-0001。",
            ),
        ]
        | None
    ) = None
    provided_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="提供日期",
                storage=Storage.DATE,
                width=13,
                example="2026-02-20",
                synonyms=("提供时间", "发放日期"),
                prompt="提供资料或作出解释的日期。",
            ),
        ]
        | None
    ) = None
    client: ClientName | None = None
    contract_no: ContractNo | None = None
    recipient: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="接收人",
                storage=Storage.TEXT,
                width=10,
                example="王丽",
                synonyms=("接收人姓名", "收件人"),
                prompt="对方接收人。",
            ),
        ]
        | None
    ) = None
    occasion: (
        Annotated[
            str,
            cell(read_choice("提供事由")),
            Column(
                header="提供事由",
                storage=Storage.CHOICE,
                choices="提供事由",
                width=18,
                example="认证意向咨询",
                synonyms=("事由", "原因", "用途"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    document_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="文件编号",
                storage=Storage.CODE,
                width=14,
                example="GK-01",
                synonyms=("公开文件编号", "文件号"),
                prompt="公开文件表中的编号，多份分行记。",
            ),
        ]
        | None
    ) = None
    document: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="文件名称",
                storage=Storage.TEXT,
                width=30,
                example="认证证书和认证标志使用规定",
                synonyms=("资料名称", "提供内容", "提供资料"),
                prompt="文件或介绍材料的名称。",
            ),
        ]
        | None
    ) = None
    version: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="版本号",
                storage=Storage.CODE,
                width=9,
                example="A/0",
                synonyms=("版本", "文件版本", "提供版本"),
                prompt="提供的版本，应为当时有效版本。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("提供方式")),
            Column(
                header="提供方式",
                storage=Storage.CHOICE,
                choices="提供方式",
                width=11,
                example="电子邮件",
                synonyms=("方式", "发放方式", "途径"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    special: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="特殊要求",
                storage=Storage.NOTE,
                width=24,
                example="申请范围含危险化学品运输",
                synonyms=("特殊要求内容",),
                prompt="申请认证范围的特殊要求（4.1.2）。",
            ),
        ]
        | None
    ) = None
    explanation: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="解释说明",
                storage=Storage.NOTE,
                width=34,
                example="说明该范围需先取得许可证",
                synonyms=("解释内容", "说明内容"),
                prompt="作出的解释或详细说明（4.1.2、4.8.1）。",
            ),
        ]
        | None
    ) = None
    received_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="签收日期",
                storage=Storage.DATE,
                width=13,
                example="2026-02-21",
                synonyms=("接收日期", "确认日期"),
                prompt="对方确认收到的日期。",
            ),
        ]
        | None
    ) = None
    handler: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="提供人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("经办人", "提供人员", "客服人员"),
                prompt="市场部人员。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


INFORMATION = Table(
    name="信息提供",
    model=Information,
    clause="4.1.1-4.1.2、4.8.1",
    purpose="提供记录：哪一版文件、何时、以何方式给了谁，对特殊要求和权利义务作了哪些解释。",
    key=("information_no",),
)
