"""申请受理: one row an application, from the form sent to accepted or not and why (4.1.3, 4.1.4)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from zlxl.schema.column import Column, Storage
from zlxl.schema.facts import Fact, InOrder, Required, RequiredWhen, RequiredWith
from zlxl.schema.table import Row, Table
from zlxl.tables.choices import read_choice, read_choices
from zlxl.tables.columns import ClientName, Contact, ContractNo, Handler, Phone, Province, Remark, Uscc
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_number
from zlxl.tables.text import cell, read_note, read_text


class Application(Row):
    """One application for certification."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("application_no", "client")),
        RequiredWith("form_sent_on", "form_returned_on", "收回申请书前应记录发出日期（4.1.3）"),
        RequiredWith("reviewed_on", "conclusion", "有评审结论时应填评审日期（4.1.4）"),
        RequiredWith("reviewer", "conclusion", "有评审结论时应填评审人（4.1.4）"),
        RequiredWhen("accepted_on", "conclusion", "评审结论", "受理日期"),
        RequiredWhen("legal_status", "conclusion", "评审结论", "法律地位证明"),
        RequiredWhen("refusal", "conclusion", "评审结论", "不受理原因"),
        InOrder("form_sent_on", "form_returned_on", ("申请书发出日期", "申请书收回日期")),
        InOrder("form_returned_on", "reviewed_on", ("申请书收回日期", "评审日期")),
        InOrder("reviewed_on", "accepted_on", ("评审日期", "受理日期")),
    )

    application_no: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="申请编号",
                storage=Storage.CODE,
                width=14,
                example="SQ2026-0001",
                synonyms=("申请号", "申请序号", "申请书编号"),
                prompt="本公司的申请编号，如 SQ2026-0001（年份-4 位流水号）。",
            ),
        ]
        | None
    ) = None
    client: ClientName | None = None
    uscc: Uscc | None = None
    province: Province | None = None
    contact: Contact | None = None
    phone: Phone | None = None
    systems: (
        Annotated[
            str,
            cell(read_choices("体系")),
            Column(
                header="申请体系",
                storage=Storage.TEXT,
                width=16,
                example="QMS;EMS;OHSMS",
                synonyms=("申请认证体系", "申请领域", "认证体系"),
                prompt="申请的管理体系，多个用分号隔开，如 QMS;EMS。",
            ),
        ]
        | None
    ) = None
    scope: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="申请范围",
                storage=Storage.TEXT,
                width=36,
                example="通用机械的设计、生产和销售",
                synonyms=("申请认证范围", "认证范围", "拟认证范围"),
                prompt="委托方在申请书中写明的认证范围。",
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
                synonyms=("体系覆盖人数", "员工人数", "覆盖人数"),
                prompt="体系覆盖人数，整数。",
            ),
        ]
        | None
    ) = None
    form_sent_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="申请书发出日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-02",
                synonyms=("申请书发放日期", "发申请书日期", "申请书提供日期"),
                prompt="向委托方提供《管理体系认证申请书》的日期（4.1.3）。",
            ),
        ]
        | None
    ) = None
    form_way: (
        Annotated[
            str,
            cell(read_choice("提供方式")),
            Column(
                header="申请书发出方式",
                storage=Storage.CHOICE,
                choices="提供方式",
                width=11,
                example="电子邮件",
                synonyms=("申请书发放方式", "申请书提供方式"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    form_returned_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="申请书收回日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-09",
                synonyms=("申请书返回日期", "收到申请书日期", "申请书回收日期", "收回日期"),
                prompt="收到填好的申请书的日期，不早于发出日期。",
            ),
        ]
        | None
    ) = None
    legal_status: (
        Annotated[
            str,
            cell(read_choice("是否")),
            Column(
                header="法律地位证明",
                storage=Storage.CHOICE,
                choices="是否",
                width=11,
                example="是",
                synonyms=("营业执照", "法律地位证明文件", "资质证明"),
                prompt="是否已附法律地位证明文件（营业执照等），受理前必须齐备（4.1.3）。",
            ),
        ]
        | None
    ) = None
    attachments: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="其他附件",
                storage=Storage.NOTE,
                width=26,
                example="组织机构图、工艺流程图",
                synonyms=("附件", "附件资料", "提交资料"),
                prompt="申请书要求的其他附件。",
            ),
        ]
        | None
    ) = None
    missing: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="待补资料",
                storage=Storage.NOTE,
                width=22,
                example="环评批复",
                synonyms=("欠缺资料", "需补资料", "缺少资料"),
                prompt="还缺哪些资料。",
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
                example="涉密场所需提前审批",
                synonyms=("特殊情况", "特殊说明"),
                prompt="申请范围的特殊要求（4.1.2）。",
            ),
        ]
        | None
    ) = None
    guidance: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="指导情况",
                storage=Storage.NOTE,
                width=26,
                example="电话说明体系覆盖人数的填法",
                synonyms=("填表指导", "指导记录"),
                prompt="必要时对填表和附件给予的指导（4.1.3）。",
            ),
        ]
        | None
    ) = None
    reviewed_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="评审日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-10",
                synonyms=("申请评审日期", "评审时间"),
                prompt="申请评审的日期，不早于收回日期。",
            ),
        ]
        | None
    ) = None
    reviewer: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="评审人",
                storage=Storage.TEXT,
                width=10,
                example="李强",
                synonyms=("申请评审人", "评审人员"),
                prompt="作出申请评审的人员。",
            ),
        ]
        | None
    ) = None
    conclusion: (
        Annotated[
            str,
            cell(read_choice("评审结论")),
            Column(
                header="评审结论",
                storage=Storage.CHOICE,
                choices="评审结论",
                width=12,
                example="受理",
                synonyms=("申请评审结论", "受理结论", "评审结果"),
                prompt="受理、不受理或补充资料。",
            ),
        ]
        | None
    ) = None
    accepted_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="受理日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-10",
                synonyms=("受理时间", "受理申请时间"),
                prompt="评审结论为受理时填写。",
            ),
        ]
        | None
    ) = None
    refusal: (
        Annotated[
            str,
            cell(read_note),
            Column(
                header="不受理原因",
                storage=Storage.NOTE,
                width=24,
                example="申请范围无行政许可",
                synonyms=("不予受理原因", "拒绝受理原因"),
                prompt="评审结论为不受理时填写。",
            ),
        ]
        | None
    ) = None
    notified_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="结果通知日期",
                storage=Storage.DATE,
                width=13,
                example="2026-03-11",
                synonyms=("通知日期", "受理通知日期"),
                prompt="把评审结果告知委托方的日期。",
            ),
        ]
        | None
    ) = None
    contract_no: ContractNo | None = None
    handler: Handler | None = None
    remark: Remark | None = None


APPLICATIONS = Table(
    name="申请受理",
    model=Application,
    clause="4.1.3-4.1.4",
    purpose="认证申请：申请书何时发出、收回，附了哪些资料，作了哪些指导，评审是否受理及原因。",
    key=("application_no",),
)
