"""时限规则: numbers that rules use by name, with the dates they hold (domain.md 2)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice, read_choices
from zlxl.tables.columns import Mark, Remark, Source
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_text


class Timing(Row):
    """One number of one rule profile."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("profile", "item", "value", "unit")),
        InOrder("valid_from", "valid_until", ("起始日期", "终止日期")),
    )

    profile: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="规则",
                storage=Storage.TEXT,
                width=22,
                example="CNCA-QMS-01:2025",
                synonyms=("规则名称", "规则版本", "适用规则"),
                prompt="认证规则或“本公司”。",
            ),
        ]
        | None
    ) = None
    item: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="项目",
                storage=Storage.TEXT,
                width=26,
                example="监审最长间隔月数",
                synonyms=("项目名称", "参数名"),
                prompt="校验程序按此名称取值，请勿改名。",
            ),
        ]
        | None
    ) = None
    system: (
        Annotated[
            str,
            cell(read_choices("体系")),
            Column(
                header="适用体系",
                storage=Storage.TEXT,
                width=10,
                synonyms=("体系",),
                prompt="留空表示各体系通用。",
            ),
        ]
        | None
    ) = None
    value: (
        Annotated[
            float,
            cell(read_number(-100000, 1000000)),
            Column(
                header="数值",
                storage=Storage.NUMBER,
                width=9,
                example="12",
                synonyms=("值", "时限"),
                prompt="只填数字。",
            ),
        ]
        | None
    ) = None
    unit: (
        Annotated[
            str,
            cell(read_choice("单位")),
            Column(
                header="单位",
                storage=Storage.CHOICE,
                choices="单位",
                width=8,
                example="月",
                synonyms=("时间单位",),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    valid_from: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="起始日期",
                storage=Storage.DATE,
                width=13,
                example="2026-01-01",
                synonyms=("生效日期", "开始日期"),
                prompt="从哪天起有效，留空表示一直。",
            ),
        ]
        | None
    ) = None
    valid_until: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="终止日期",
                storage=Storage.DATE,
                width=13,
                synonyms=("失效日期", "结束日期"),
                prompt="到哪天为止，留空表示至今有效。",
            ),
        ]
        | None
    ) = None
    source: Source | None = None
    mark: Mark | None = None
    remark: Remark | None = None


TIMING = with_shipped(
    Table(
        name="时限规则",
        model=Timing,
        clause="4.3、4.5",
        purpose="监审间隔、提醒提前量、答复时限等数值；同一项目按起止日期取当日有效的一行。",
        key=("item", "profile", "system", "valid_from"),
        policy=True,
    ),
    "timing.csv",
)
