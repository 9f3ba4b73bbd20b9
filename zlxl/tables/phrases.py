"""要求词库: words by which the topic of a request is recognised (4.5; users.md 6)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, Required
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Enabled, Remark, Source
from zlxl.tables.numbers import read_number
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_note, read_text, read_verbatim


class Phrase(Row):
    """One pattern of words for one topic."""

    facts: ClassVar[tuple[Fact, ...]] = (Required(("phrase_no", "topic", "weight", "enabled")),)

    phrase_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="词条编号",
                storage=Storage.CODE,
                width=11,
                example="B06-1",
                synonyms=("词条号", "编号"),
                prompt="如 B06-1。",
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
                synonyms=("要求主题",),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    must: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="必含词",
                storage=Storage.TEXT,
                width=24,
                example="审核",
                synonyms=("必须词", "全部包含"),
                prompt="都要出现，多个用分号隔开；斜线隔开的几个词出现其一即可。",
            ),
        ]
        | None
    ) = None
    any_of: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="任含词",
                storage=Storage.TEXT,
                width=40,
                example="改期;推迟;延后",
                synonyms=("任一词", "任意包含"),
                prompt="至少出现一个，多个用分号隔开。",
            ),
        ]
        | None
    ) = None
    none_of: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="排除词",
                storage=Storage.TEXT,
                width=26,
                example="取消",
                synonyms=("不含词", "排除"),
                prompt="一个也不能出现，多个用分号隔开。",
            ),
        ]
        | None
    ) = None
    weight: (
        Annotated[
            float,
            cell(read_number(0, 10)),
            Column(
                header="权重",
                storage=Storage.NUMBER,
                width=8,
                example="2",
                synonyms=("分值", "权数"),
                prompt="0 至 10，越大越有把握。",
            ),
        ]
        | None
    ) = None
    example: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="例句",
                storage=Storage.NOTE,
                width=44,
                example="我们想把监审往后推一周",
                synonyms=("示例", "举例"),
                prompt="说明用，不参与判断。",
            ),
        ]
        | None
    ) = None
    enabled: Enabled | None = None
    source: Source | None = None
    remark: Remark | None = None


PHRASES = with_shipped(
    Table(
        name="要求词库",
        model=Phrase,
        clause="4.5",
        purpose="识别要求主题的词条：必含词都出现、任含词至少出现一个、排除词都不出现时命中，按权重累计。",
        key=("phrase_no", "topic"),
        policy=True,
    ),
    "phrases.csv",
)
