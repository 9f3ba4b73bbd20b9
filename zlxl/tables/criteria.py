"""评价准则: items, weights, deductions, bands and vetoes (4.7.2, 4.2.3; domain.md 3, 4)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, Required, RequiredWhen
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Enabled, Mark, Remark, Source
from zlxl.tables.numbers import read_number
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_text


class Criterion(Row):
    """One item, level, deduction, band or veto."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("group", "item", "enabled")),
        RequiredWhen("weight", "group", "准则类别", "权重"),
        RequiredWhen("value", "group", "准则类别", "数值"),
        RequiredWhen("low", "group", "准则类别", "下限"),
        RequiredWhen("result", "group", "准则类别", "结果"),
    )

    group: (
        Annotated[
            str,
            cell(read_choice("准则类别")),
            Column(
                header="准则类别",
                storage=Storage.CHOICE,
                choices="准则类别",
                width=14,
                example="满意度题目",
                synonyms=("类别", "准则"),
                prompt="从下拉列表中选择。",
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
                width=28,
                example="审核员专业能力",
                synonyms=("项目名称", "准则项目", "指标"),
                prompt="题目名称与“满意度调查”“有效性评价”的列名相同。",
            ),
        ]
        | None
    ) = None
    weight: (
        Annotated[
            float,
            cell(read_number(0, 100)),
            Column(
                header="权重",
                storage=Storage.NUMBER,
                width=8,
                example="15",
                synonyms=("权数", "权重分"),
                prompt="题目的权重，同类合计 100。",
            ),
        ]
        | None
    ) = None
    value: (
        Annotated[
            float,
            cell(read_number(-1000, 1000)),
            Column(
                header="数值",
                storage=Storage.NUMBER,
                width=8,
                example="5",
                synonyms=("分值", "扣分", "参数值"),
                prompt="等级的分值、每次扣分或参数值。",
            ),
        ]
        | None
    ) = None
    low: (
        Annotated[
            float,
            cell(read_number(0, 100)),
            Column(
                header="下限",
                storage=Storage.NUMBER,
                width=8,
                example="90",
                synonyms=("下限（含）", "最低分"),
                prompt="区间下限，含。",
            ),
        ]
        | None
    ) = None
    high: (
        Annotated[
            float,
            cell(read_number(0, 1000)),
            Column(
                header="上限",
                storage=Storage.NUMBER,
                width=8,
                example="100",
                synonyms=("上限（不含）", "最高分"),
                prompt="区间上限，不含。",
            ),
        ]
        | None
    ) = None
    result: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="结果",
                storage=Storage.TEXT,
                width=12,
                example="A",
                synonyms=("等级", "评价", "结论"),
                prompt="区间对应的评价或等级、否决后的最高等级。",
            ),
        ]
        | None
    ) = None
    enabled: Enabled | None = None
    source: Source | None = None
    mark: Mark | None = None
    remark: Remark | None = None


CRITERIA = with_shipped(
    Table(
        name="评价准则",
        model=Criterion,
        clause="4.7.2、4.2.3",
        purpose="满意度与有效性评价的题目权重、等级分值、扣分、目标和等级区间；两类题目的权重各自合计 100。",
        key=("group", "item"),
        policy=True,
    ),
    "criteria.csv",
)
