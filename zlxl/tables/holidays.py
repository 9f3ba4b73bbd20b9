"""节假日: days off and working weekends, for counting working days (domain.md 7)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, Required
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.columns import Remark, Source
from zlxl.tables.dates import read_date
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_text


class Holiday(Row):
    """One day that is not as its weekday says."""

    facts: ClassVar[tuple[Fact, ...]] = (Required(("day", "kind")),)

    day: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="日期",
                storage=Storage.DATE,
                width=13,
                example="2026-10-01",
                synonyms=("节假日日期",),
                prompt="放假或调休上班的日期。",
            ),
        ]
        | None
    ) = None
    name: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="名称",
                storage=Storage.TEXT,
                width=12,
                example="国庆节",
                synonyms=("节日", "节日名称"),
                prompt="节日名称。",
            ),
        ]
        | None
    ) = None
    kind: (
        Annotated[
            str,
            cell(read_choice("节假日类型")),
            Column(
                header="类型",
                storage=Storage.CHOICE,
                choices="节假日类型",
                width=11,
                example="休息日",
                synonyms=("性质", "类别"),
                prompt="休息日或调休上班。",
            ),
        ]
        | None
    ) = None
    source: Source | None = None
    remark: Remark | None = None


HOLIDAYS = with_shipped(
    Table(
        name="节假日",
        model=Holiday,
        clause="4.5",
        purpose="法定节假日和调休上班日，用于计算工作日；每年国务院办公厅通知后补充。",
        key=("day",),
        policy=True,
    ),
    "holidays.csv",
)
