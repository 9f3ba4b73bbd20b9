"""合同: one row a certification contract, its review and signature (3.1 a, 4.1.4)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice, read_choices
from zlxl.tables.columns import ClientName, ContractNo, Handler, Remark, Uscc
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_money, read_number
from zlxl.tables.text import cell, read_note, read_text


class Contract(Row):
    """One contract; each of its systems is a row of 客户台账."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("contract_no", "client", "status")),
        RequiredWhen("reviewed_on", "status", "合同状态", "合同评审日期"),
        RequiredWhen("signed_on", "status", "合同状态", "签订日期"),
        RequiredWhen("ended_on", "status", "合同状态", "终止日期"),
        RequiredWith("reviewed_on", "signed_on", "合同签订前应评审（3.1 a）"),
        RequiredWith("review_result", "reviewed_on", "合同评审应有结论"),
        RequiredWith("ended_why", "ended_on", "合同终止应说明原因"),
        InOrder("reviewed_on", "signed_on", ("合同评审日期", "签订日期")),
        InOrder("sent_on", "returned_on", ("合同发出日期", "合同收回日期")),
        InOrder("signed_on", "valid_until", ("签订日期", "合同有效期至"), strictly=True),
        InOrder("signed_on", "ended_on", ("签订日期", "终止日期")),
    )

    contract_no: ContractNo | None = None
    client: ClientName | None = None
    uscc: Uscc | None = None
    application_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="申请编号",
                storage=Storage.CODE,
                width=14,
                example="SQ2026-0001",
                synonyms=("申请号", "申请书编号"),
                prompt="申请受理表中的申请编号。",
            ),
        ]
        | None
    ) = None
    systems: (
        Annotated[
            str,
            cell(read_choices("体系")),
            Column(
                header="合同体系",
                storage=Storage.TEXT,
                width=16,
                example="QMS;EMS;OHSMS",
                synonyms=("认证体系", "体系", "认证领域"),
                prompt="合同中的管理体系，多个用分号隔开。",
            ),
        ]
        | None
    ) = None
    audit_type: (
        Annotated[
            str,
            cell(read_choice("审核类型")),
            Column(
                header="合同类别",
                storage=Storage.CHOICE,
                choices="审核类型",
                width=11,
                example="初审",
                synonyms=("审核类型", "业务类型"),
                prompt="初审、再认证、转机构等。",
            ),
        ]
        | None
    ) = None
    scope: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="合同认证范围",
                storage=Storage.TEXT,
                width=36,
                example="通用机械的设计、生产和销售",
                synonyms=("认证范围", "范围"),
                prompt="与合同一致。",
            ),
        ]
        | None
    ) = None
    persons: (
        Annotated[
            float,
            cell(read_number(1, 1000000, whole=True)),
            Column(
                header="体系人数",
                storage=Storage.NUMBER,
                width=9,
                example="120",
                synonyms=("体系覆盖人数", "覆盖人数"),
                prompt="体系覆盖人数，整数。",
            ),
        ]
        | None
    ) = None
    sites: (
        Annotated[
            float,
            cell(read_number(1, 10000, whole=True)),
            Column(
                header="场所数",
                storage=Storage.NUMBER,
                width=8,
                example="1",
                synonyms=("多场所数", "场所数量"),
                prompt="含总部的场所数。",
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
                width=22,
                example="多场所，需远程审核",
                synonyms=("特殊条款", "特殊约定"),
                prompt="合同中的特殊要求。",
            ),
        ]
        | None
    ) = None
    reviewed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="合同评审日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-12",
                synonyms=("评审日期", "合同评审时间"),
                prompt="签订前评审的日期（3.1 a）。",
            ),
        ]
        | None
    ) = None
    reviewer: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="合同评审人",
                storage=Storage.TEXT,
                width=10,
                example="李强",
                synonyms=("评审人", "评审人员"),
                prompt="市场部评审人员。",
            ),
        ]
        | None
    ) = None
    review_result: (
        Annotated[
            str,
            cell(read_choice("合同评审结论")),
            Column(
                header="合同评审结论",
                storage=Storage.CHOICE,
                choices="合同评审结论",
                width=12,
                example="通过",
                synonyms=("评审结论", "评审结果"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    initial_fee: (
        Annotated[
            float,
            cell(read_money),
            Column(
                header="初审费用",
                storage=Storage.MONEY,
                width=13,
                example="18000",
                synonyms=("初审费", "初次审核费用", "认证费用"),
                prompt="元，只填数字。",
            ),
        ]
        | None
    ) = None
    surveillance_fee: (
        Annotated[
            float,
            cell(read_money),
            Column(
                header="监审费用",
                storage=Storage.MONEY,
                width=13,
                example="8000",
                synonyms=("监审费", "监督审核费用", "监督费用"),
                prompt="元，每次监督审核，只填数字。",
            ),
        ]
        | None
    ) = None
    recertification_fee: (
        Annotated[
            float,
            cell(read_money),
            Column(
                header="再认证费用",
                storage=Storage.MONEY,
                width=13,
                example="16000",
                synonyms=("再认证费", "复评费用"),
                prompt="元，只填数字。",
            ),
        ]
        | None
    ) = None
    total: (
        Annotated[
            float,
            cell(read_money),
            Column(
                header="合同金额",
                storage=Storage.MONEY,
                width=13,
                example="34000",
                synonyms=("合同总额", "合同总金额", "总金额"),
                prompt="元，合同写明的总额。",
            ),
        ]
        | None
    ) = None
    sent_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="合同发出日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-13",
                synonyms=("合同寄出日期", "合同发送日期"),
                prompt="合同交给委托方的日期。",
            ),
        ]
        | None
    ) = None
    returned_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="合同收回日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-18",
                synonyms=("合同返回日期", "收到合同日期"),
                prompt="收到委托方签章合同的日期。",
            ),
        ]
        | None
    ) = None
    signed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="签订日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-18",
                synonyms=("合同签订日期", "签约日期", "合同日期", "签订时间"),
                prompt="双方签订的日期，不早于合同评审日期。",
            ),
        ]
        | None
    ) = None
    signer: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="我方签订人",
                storage=Storage.TEXT,
                width=10,
                example="王敏",
                synonyms=("签订人", "经办签订人"),
                prompt="市场部客服人员（4.1.4）。",
            ),
        ]
        | None
    ) = None
    valid_until: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="合同有效期至",
                storage=Storage.DATE,
                width=13,
                example="2029-03-17",
                synonyms=("合同到期日", "合同截止日期"),
                prompt="合同约定的截止日期。",
            ),
        ]
        | None
    ) = None
    paid_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="首款到账日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-25",
                synonyms=("到账日期", "收款日期"),
                prompt="认证费首款到账的日期；应由委托方直接支付。",
            ),
        ]
        | None
    ) = None
    office: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="合同来源",
                storage=Storage.TEXT,
                width=12,
                example="石家庄办事处",
                synonyms=("办事处", "业务来源"),
                prompt="办事处或业务人员（4.9）。",
            ),
        ]
        | None
    ) = None
    status: (
        Annotated[
            str,
            cell(read_choice("合同状态")),
            Column(
                header="合同状态",
                storage=Storage.CHOICE,
                choices="合同状态",
                width=10,
                example="履行中",
                synonyms=("合同执行状态", "合同履行状态"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    ended_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="终止日期",
                storage=Storage.DATE,
                width=13,
                example="2027-01-05",
                synonyms=("合同终止日期", "解除日期"),
                prompt="合同终止或解除的日期。",
            ),
        ]
        | None
    ) = None
    ended_why: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="终止原因",
                storage=Storage.NOTE,
                width=22,
                example="客户停产",
                synonyms=("合同终止原因", "解除原因"),
                prompt="合同终止的原因。",
            ),
        ]
        | None
    ) = None
    handler: Handler | None = None
    remark: Remark | None = None


CONTRACTS = Table(
    name="合同",
    model=Contract,
    clause="3.1 a)、4.1.4",
    purpose="认证合同：评审、签订、费用与终止。一份合同可含多个体系，每个体系在客户台账中各占一行。",
    key=("contract_no",),
)
