"""权限表: topic of a request -> class a, b or c, who decides and by when (4.5; domain.md 5)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Enabled, Mark, Remark, Source
from zlxl.tables.numbers import read_number
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_note, read_text, read_verbatim


class Authority(Row):
    """One rule: a topic, perhaps under a condition."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("rule_no", "topic", "topic_class", "owner", "enabled")),
        RequiredWith("comparison", "condition_field", "有条件字段时应选比较方式"),
        RequiredWith("condition_value", "comparison", "有比较方式时应填条件值"),
        RequiredWith("condition_field", "comparison", "有比较方式时应填条件字段"),
        RequiredWhen("escalate_to", "topic_class", "要求类别", "上报对象"),
    )

    rule_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="规则编号",
                storage=Storage.CODE,
                width=11,
                example="B06-1",
                synonyms=("规则号", "权限编号"),
                prompt="如 B06；同一主题带条件的行加 -1、-2。",
            ),
        ]
        | None
    ) = None
    topic: (
        Annotated[
            str,
            cell(read_choice("要求主题")),
            Column(
                header="主题",
                storage=Storage.CHOICE,
                choices="要求主题",
                width=26,
                example="审核日期调整",
                synonyms=("要求主题", "要求事项"),
                prompt="从下拉列表中选择；新主题先在码表“要求主题”中增加。",
            ),
        ]
        | None
    ) = None
    topic_class: (
        Annotated[
            str,
            cell(read_choice("要求类别")),
            Column(
                header="类别",
                storage=Storage.CHOICE,
                choices="要求类别",
                width=8,
                example="b",
                synonyms=("要求类别", "分类"),
                prompt="a 不合理要求；b 合理，有权处置；c 合理，无权处置。",
            ),
        ]
        | None
    ) = None
    condition: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="条件",
                storage=Storage.NOTE,
                width=26,
                example="改后日期超过最晚日期",
                synonyms=("适用条件", "条件说明"),
                prompt="用文字说明；没有条件时留空。",
            ),
        ]
        | None
    ) = None
    condition_field: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="条件字段",
                storage=Storage.TEXT,
                width=13,
                example="要求日期",
                synonyms=("判断字段", "字段"),
                prompt="客户要求、客户台账或服务计划中的列名。",
            ),
        ]
        | None
    ) = None
    comparison: (
        Annotated[
            str,
            cell(read_choice("比较方式")),
            Column(
                header="比较",
                storage=Storage.CHOICE,
                choices="比较方式",
                width=9,
                example="晚于",
                synonyms=("比较方式", "运算"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    condition_value: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="条件值",
                storage=Storage.TEXT,
                width=16,
                example="最晚日期",
                synonyms=("比较值", "阈值"),
                prompt="数字、文字、列名或时限规则、码表参数的名称。",
            ),
        ]
        | None
    ) = None
    owner: (
        Annotated[
            str,
            cell(read_choice("部门")),
            Column(
                header="权限部门",
                storage=Storage.CHOICE,
                choices="部门",
                width=11,
                example="市场部",
                synonyms=("处置部门", "责任部门", "职能部门"),
                prompt="处置或承办的职能部门。",
            ),
        ]
        | None
    ) = None
    escalate_to: (
        Annotated[
            str,
            cell(read_choice("上报对象")),
            Column(
                header="上报对象",
                storage=Storage.CHOICE,
                choices="上报对象",
                width=14,
                example="技术委员会",
                synonyms=("上报", "上报领导"),
                prompt="c) 类上报给谁。",
            ),
        ]
        | None
    ) = None
    basis: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="依据",
                storage=Storage.NOTE,
                width=34,
                example="认证认可条例",
                synonyms=("处置依据", "法规依据"),
                prompt="判为该类的依据。",
            ),
        ]
        | None
    ) = None
    reply_days: (
        Annotated[
            float,
            cell(read_number(0, 400, whole=True)),
            Column(
                header="首次答复工作日",
                storage=Storage.NUMBER,
                width=10,
                example="1",
                synonyms=("首次答复", "答复工作日", "答复时限"),
                prompt="几个工作日内首次答复。",
            ),
        ]
        | None
    ) = None
    close_days: (
        Annotated[
            float,
            cell(read_number(0, 400, whole=True)),
            Column(
                header="办结工作日",
                storage=Storage.NUMBER,
                width=10,
                example="3",
                synonyms=("办结时限", "办结期限", "办结"),
                prompt="几个工作日内办结。",
            ),
        ]
        | None
    ) = None
    answer: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="标准答复",
                storage=Storage.NOTE,
                width=50,
                example="您的要求已登记，我们将在三个工作日内办理。",
                synonyms=("答复口径", "标准答复语"),
                prompt="供客服复制修改，语气有礼。写在括号中的文件编号，如（GK-02），答复时自动注明现行版本。",
            ),
        ]
        | None
    ) = None
    clause: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="条款",
                storage=Storage.TEXT,
                width=11,
                example="4.5 b)",
                synonyms=("程序条款", "对应条款"),
                prompt="本程序的条款。",
            ),
        ]
        | None
    ) = None
    enabled: Enabled | None = None
    source: Source | None = None
    mark: Mark | None = None
    remark: Remark | None = None


AUTHORITY = with_shipped(
    Table(
        name="权限表",
        model=Authority,
        clause="4.5",
        purpose="按主题（及条件）确定要求类别、权限部门、上报对象、时限和标准答复；同一主题有条件的行优先于无条件的行。",
        key=("rule_no", "topic"),
        policy=True,
    ),
    "authority.csv",
)
