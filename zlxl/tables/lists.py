"""码表: the lists that choice columns draw on, and the parameters that are texts (4.2.2)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, Required
from zlxl.schema.table import Row, Table
from zlxl.tables.columns import Enabled, Remark, Source
from zlxl.tables.shipped import with_shipped
from zlxl.tables.text import cell, read_text, read_verbatim


class ListItem(Row):
    """One value of one list."""

    facts: ClassVar[tuple[Fact, ...]] = (Required(("list_name", "value", "enabled")),)

    list_name: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="列表",
                storage=Storage.TEXT,
                width=14,
                example="状态",
                synonyms=("列表名", "列表名称", "代码类别"),
                prompt="列表名称；同一列表的各行连续。",
            ),
        ]
        | None
    ) = None
    value: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="值",
                storage=Storage.TEXT,
                width=26,
                example="有效",
                synonyms=("取值", "名称", "选项"),
                prompt="下拉列表中显示的值；列表“参数”中为参数名。",
            ),
        ]
        | None
    ) = None
    code: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="代码",
                storage=Storage.TEXT,
                width=18,
                example="01",
                synonyms=("编码", "代号"),
                prompt="监管上报或本公司代码；列表“参数”中为参数值。",
            ),
        ]
        | None
    ) = None
    aliases: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="别名",
                storage=Storage.TEXT,
                width=34,
                example="正常;有效期内",
                synonyms=("同义词", "其他写法"),
                prompt="同一意思的其他写法，用分号隔开，校验时自动改为标准值。",
            ),
        ]
        | None
    ) = None
    attributes: (
        Annotated[
            str,
            cell(read_verbatim),
            Column(
                header="属性",
                storage=Storage.TEXT,
                width=34,
                example="证书编号=必填;审核时间=必填",
                synonyms=("附加属性", "规则"),
                prompt="键=值，用分号隔开，如 证书编号=必填（或 不得填）。",
            ),
        ]
        | None
    ) = None
    enabled: Enabled | None = None
    source: Source | None = None
    remark: Remark | None = None


LISTS = with_shipped(
    Table(
        name="码表",
        model=ListItem,
        clause="4.2.2",
        purpose="各下拉列表的值、代码和别名；同一列表的行放在一起，改这里即改变下拉和校验。列表“参数”存放编号格式等参数。",
        key=("list_name", "value"),
        policy=True,
    ),
    "lists.csv",
)
