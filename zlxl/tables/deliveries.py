"""名录报送: each delivery of the certified-customer directory to the network administrator (4.10.2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Remark
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.text import cell, read_note, read_text


class Delivery(Row):
    """One delivery of the directory."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("delivery_no", "delivered_on", "as_of", "total", "sender", "receiver")),
        InOrder("as_of", "delivered_on", ("数据截止日期", "报送日期")),
        InOrder("delivered_on", "published_on", ("报送日期", "网站更新日期")),
    )

    delivery_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="报送编号",
                storage=Storage.CODE,
                width=14,
                example="ML2026-011",
                synonyms=("名录报送编号", "报送号"),
                prompt="如 ML2026-011。",
            ),
        ]
        | None
    ) = None
    delivered_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="报送日期",
                storage=Storage.DATE,
                width=13,
                example="2026-11-02",
                synonyms=("报送时间",),
                prompt="报给网管的日期。",
            ),
        ]
        | None
    ) = None
    as_of: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="数据截止日期",
                storage=Storage.DATE,
                width=13,
                example="2026-10-31",
                synonyms=("截止日期", "数据日期"),
                prompt="名录数据截止到哪一天。",
            ),
        ]
        | None
    ) = None
    total: (
        Annotated[
            float,
            cell(read_number(0, 10000000, whole=True)),
            Column(
                header="名录总数",
                storage=Storage.NUMBER,
                width=10,
                example="386",
                synonyms=("总数", "证书总数", "获证客户数"),
                prompt="名录中的证书张数。",
            ),
        ]
        | None
    ) = None
    added: (
        Annotated[
            float,
            cell(read_number(0, 10000000, whole=True)),
            Column(
                header="新增数",
                storage=Storage.NUMBER,
                width=9,
                example="12",
                synonyms=("新增", "新增证书数"),
                prompt="比上次新增的张数。",
            ),
        ]
        | None
    ) = None
    changed: (
        Annotated[
            float,
            cell(read_number(0, 10000000, whole=True)),
            Column(
                header="变更数",
                storage=Storage.NUMBER,
                width=9,
                example="3",
                synonyms=("变更", "状态变更数"),
                prompt="信息或状态有变化的张数。",
            ),
        ]
        | None
    ) = None
    removed: (
        Annotated[
            float,
            cell(read_number(0, 10000000, whole=True)),
            Column(
                header="减少数",
                storage=Storage.NUMBER,
                width=9,
                example="4",
                synonyms=("减少", "删除数"),
                prompt="比上次减少的张数。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("报送方式")),
            Column(
                header="报送方式",
                storage=Storage.CHOICE,
                choices="报送方式",
                width=11,
                example="电子邮件",
                synonyms=("方式",),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    file: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="名录文件",
                storage=Storage.TEXT,
                width=30,
                example="获证客户名录_2026-10-31.xlsx",
                synonyms=("文件名", "文件"),
                prompt="报送的文件名。",
            ),
        ]
        | None
    ) = None
    sender: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="报送人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("经办人", "发送人"),
                prompt="市场部报送人。",
            ),
        ]
        | None
    ) = None
    receiver: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="接收人",
                storage=Storage.TEXT,
                width=10,
                example="孙涛",
                synonyms=("网管", "接收网管"),
                prompt="网管姓名。",
            ),
        ]
        | None
    ) = None
    published_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="网站更新日期",
                storage=Storage.DATE,
                width=13,
                example="2026-11-03",
                synonyms=("更新日期", "上网日期"),
                prompt="网站完成更新的日期。",
            ),
        ]
        | None
    ) = None
    checked_by: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="核对人",
                storage=Storage.TEXT,
                width=10,
                example="张敏",
                synonyms=("网站核对人",),
                prompt="核对网站信息的人。",
            ),
        ]
        | None
    ) = None
    problem: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="问题",
                storage=Storage.NOTE,
                width=26,
                synonyms=("存在问题", "差错"),
                prompt="核对发现的问题。",
            ),
        ]
        | None
    ) = None
    remark: Remark | None = None


DELIVERIES = Table(
    name="名录报送",
    model=Delivery,
    clause="4.10.2",
    purpose="定期将获证客户名录报网管更新网站的记录。",
    key=("delivery_no",),
)
