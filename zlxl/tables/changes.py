"""变更记录: append-only, what was changed in the workbook, when and by whom (4.2.1)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, Required
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice
from zlxl.tables.text import cell, read_text, read_verbatim


class Change(Row):
    """One changed cell."""

    facts: ClassVar[tuple[Fact, ...]] = (Required(("changed_at", "sheet", "row_key", "field", "way")),)

    changed_at: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="时间",
                storage=Storage.CODE,
                width=20,
                example="2026-11-24 09:30:05",
                synonyms=("变更时间", "修改时间", "操作时间"),
                prompt="由程序写入。",
            ),
        ]
        | None
    ) = None
    operator: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="操作人",
                storage=Storage.TEXT,
                width=12,
                example="张敏",
                synonyms=("修改人", "用户", "变更人"),
                prompt="登录名或姓名。",
            ),
        ]
        | None
    ) = None
    sheet: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="表",
                storage=Storage.TEXT,
                width=12,
                example="客户台账",
                synonyms=("表名", "工作表"),
                prompt="变化所在的表。",
            ),
        ]
        | None
    ) = None
    row_key: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="行标识",
                storage=Storage.TEXT,
                width=20,
                example="ZL20230015-QEO",
                synonyms=("行", "关键字", "合同编号"),
                prompt="该行的编号。",
            ),
        ]
        | None
    ) = None
    field: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="字段",
                storage=Storage.TEXT,
                width=14,
                example="邮编",
                synonyms=("列", "列名", "项目"),
                prompt="变化的列。",
            ),
        ]
        | None
    ) = None
    address: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="单元格",
                storage=Storage.CODE,
                width=10,
                example="M12",
                synonyms=("单元格地址", "地址", "位置"),
                prompt="修改时的位置，之后排序、插行会变。",
            ),
        ]
        | None
    ) = None
    old: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="旧值",
                storage=Storage.TEXT,
                width=24,
                example="50000",
                synonyms=("原值", "修改前", "变更前"),
                prompt="修改前的值，空表示原来没有。",
            ),
        ]
        | None
    ) = None
    new: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="新值",
                storage=Storage.TEXT,
                width=24,
                example="050000",
                synonyms=("现值", "修改后", "变更后"),
                prompt="修改后的值，空表示清除。",
            ),
        ]
        | None
    ) = None
    way: (
        Annotated[
            str,
            cell(read_choice("变更方式")),
            Column(
                header="方式",
                storage=Storage.CHOICE,
                choices="变更方式",
                width=10,
                example="批处理",
                synonyms=("变更方式", "操作方式"),
                prompt="手工、按钮或批处理。",
            ),
        ]
        | None
    ) = None
    command: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="命令",
                storage=Storage.TEXT,
                width=20,
                example="zlxl fix",
                synonyms=("操作命令",),
                prompt="使用的命令或按钮。",
            ),
        ]
        | None
    ) = None
    run_id: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="运行编号",
                storage=Storage.CODE,
                width=24,
                example="20261124-093005-7f3a",
                synonyms=("批次号", "运行号"),
                prompt="同一次运行编号相同。",
            ),
        ]
        | None
    ) = None
    reason: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="变更原因",
                storage=Storage.TEXT,
                width=30,
                example="自动修复",
                synonyms=("原因", "说明"),
                prompt="可不填。",
            ),
        ]
        | None
    ) = None
    restore: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="还原信息",
                storage=Storage.CODE,
                width=8,
                example='{"old":["n",50000,"General"],"new":["s","050000","@"]}',
                synonyms=("还原数据", "撤销信息"),
                prompt="供 zlxl undo 使用，请勿修改。",
                machine=True,
            ),
        ]
        | None
    ) = None


CHANGES = Table(
    name="变更记录",
    model=Change,
    clause="4.2.1",
    purpose="数据变化记录，只追加、不修改：何时、谁、哪一行、哪一项、原值、新值、以何方式。",
    key=("changed_at", "run_id", "sheet", "row_key", "field", "address"),
)
