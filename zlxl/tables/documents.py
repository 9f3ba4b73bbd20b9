"""公开文件: the register of public documents with the version in force (4.1.1, 4.8.1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Remark, Source
from zlxl.tables.dates import read_date
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_note, read_text


class Document(Row):
    """One version of one public document."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("document_no", "title", "version", "status")),
        RequiredWhen("withdrawn_on", "status", "文件状态", "作废日期"),
        RequiredWhen("effective_on", "status", "文件状态", "实施日期"),
        InOrder("released_on", "effective_on", ("发布日期", "实施日期")),
        InOrder("effective_on", "withdrawn_on", ("实施日期", "作废日期")),
    )

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
                prompt="公开文件的编号。",
            ),
        ]
        | None
    ) = None
    title: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="文件名称",
                storage=Storage.TEXT,
                width=34,
                example="认证证书和认证标志使用规定",
                synonyms=("公开文件名称", "文件", "名称"),
                prompt="公开文件的名称。",
            ),
        ]
        | None
    ) = None
    category: (
        Annotated[
            str,
            cell(read_choice("文件类别")),
            Column(
                header="文件类别",
                storage=Storage.CHOICE,
                choices="文件类别",
                width=12,
                example="证书标志",
                synonyms=("类别", "分类"),
                prompt="从下拉列表中选择。",
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
                synonyms=("版本", "文件版本", "版次"),
                prompt="如 A/0、B/1。",
            ),
        ]
        | None
    ) = None
    status: (
        Annotated[
            str,
            cell(read_choice("文件状态")),
            Column(
                header="文件状态",
                storage=Storage.CHOICE,
                choices="文件状态",
                width=9,
                example="有效",
                synonyms=("状态", "有效性"),
                prompt="有效、修订中或作废；一份文件只有一个有效版本。",
            ),
        ]
        | None
    ) = None
    released_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="发布日期",
                storage=Storage.DATE,
                width=13,
                example="2026-01-01",
                synonyms=("发布时间", "批准日期"),
                prompt="批准发布的日期。",
            ),
        ]
        | None
    ) = None
    effective_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="实施日期",
                storage=Storage.DATE,
                width=13,
                example="2026-01-01",
                synonyms=("生效日期", "实施时间"),
                prompt="开始实施的日期。",
            ),
        ]
        | None
    ) = None
    withdrawn_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="作废日期",
                storage=Storage.DATE,
                width=13,
                example="2027-01-01",
                synonyms=("废止日期", "停用日期"),
                prompt="状态为作废时填写。",
            ),
        ]
        | None
    ) = None
    owner: (
        Annotated[
            str,
            cell(read_choice("部门")),
            Column(
                header="归口部门",
                storage=Storage.CHOICE,
                choices="部门",
                width=12,
                example="市场部",
                synonyms=("责任部门", "主管部门", "归口管理部门"),
                prompt="负责维护该文件的部门。",
            ),
        ]
        | None
    ) = None
    place: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="存放位置",
                storage=Storage.TEXT,
                width=30,
                example="官网“公开文件”栏目",
                synonyms=("链接", "网址", "文件路径", "位置"),
                prompt="网址或文件夹。",
            ),
        ]
        | None
    ) = None
    content: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="主要内容",
                storage=Storage.NOTE,
                width=36,
                example="标志使用范围、禁止事项与违规处理",
                synonyms=("内容摘要", "摘要"),
                prompt="供客服说明时参考。",
            ),
        ]
        | None
    ) = None
    source: Source | None = None
    remark: Remark | None = None


DOCUMENTS = with_shipped(
    Table(
        name="公开文件",
        model=Document,
        clause="4.1.1、4.8.1",
        purpose="公开文件清单：向组织提供资料时以此表中有效版本为准。",
        key=("document_no", "version"),
    ),
    "documents.csv",
)
