"""客户台账: one row a certificate of a client, one contract may have several (4.2.1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from pydantic_core import PydanticCustomError

from zlxl.schema.column import Column, Storage
from zlxl.schema.context import Context
from zlxl.schema.facts import Agree, Fact, InOrder, Required, RequiredWhen, WithinMonths
from zlxl.schema.table import Row, Table
from zlxl.schema.values import Value, issue, plain_number
from zlxl.tables.choices import read_choice
from zlxl.tables.codes import certificate_parts, read_certificate, read_contract, read_industry
from zlxl.tables.columns import Uscc
from zlxl.tables.contact import read_phone, read_postcode
from zlxl.tables.dates import read_date
from zlxl.tables.numbers import read_money, read_number
from zlxl.tables.text import cell, read_note, read_text


def postcode_of_province(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """A postcode begins as the province's do (码表 邮编前缀, with the exceptions of domain.md 1.6)."""
    province = context.lists["省份"].by_value.get(str(first))
    prefixes = province.attributes.get("邮编前缀", "") if province else ""
    if not prefixes or str(second).startswith(tuple(prefixes.split(","))):
        return None
    return issue("ZL133", province=first, prefixes=prefixes.replace(",", "、"))


def address_in_province(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """An address that names a province names this one."""
    own = context.lists["省份"].by_value.get(str(first))
    text = str(second)
    if own is None or text.startswith(own.value) or any(name in text for name in own.aliases):
        return None
    for other in context.lists["省份"].choices:
        if text.startswith(other.value):
            return issue("ZL134", province=first, other=other.value)
    return None


def uscc_of_province(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """The division code of a USCC is the province's; kept after a move, so only a note."""
    province = context.lists["省份"].by_value.get(str(first))
    found = str(second)[2:4] if len(str(second)) == 18 else ""
    if province is None or not province.code or found in ("", province.code[:2]):
        return None
    return issue("ZL122", province=first, found=found, wanted=province.code[:2])


def certificate_system(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """The letters of a certificate number name its management system (码表 代码 of 体系)."""
    system = context.lists["体系"].by_value.get(str(second))
    parts = certificate_parts(first)
    if system is None or not system.code or parts is None:
        return None
    letters = parts["system"].upper()
    if letters in system.code.upper().split(","):
        return None
    return issue("ZL113", letters=letters, wanted=system.code)


def certificate_year(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """The year in a certificate number is that of its issue."""
    parts = certificate_parts(first)
    if not isinstance(second, date) or parts is None or f"{second:%y}" == parts["year"]:
        return None
    return issue("ZL114", certificate=first, year=f"20{parts['year']}")


def certificate_size(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """The size letter follows the number of persons: S to 50, M to 1000, L beyond (parameters)."""
    parts = certificate_parts(first)
    if not isinstance(second, float) or parts is None:
        return None
    letter = parts["size"]
    small, medium = context.number("规模S上限人数"), context.number("规模M上限人数")
    wanted = "S" if second <= small else "M" if second <= medium else "L"
    return None if letter == wanted else issue("ZL116", letter=letter, wanted=wanted)


def contract_system(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """The system of a row is one of those its contract number names."""
    system = context.lists["体系"].by_value.get(str(second))
    letters = str(first).rpartition("-")[2]
    if system is None or not system.code or not letters.isalpha():
        return None
    if any(code[0] in letters for code in system.code.upper().split(",") if code):
        return None
    return issue("ZL115", letters=letters, wanted=system.code)


def staff_of_system(first: Value, second: Value, context: Context) -> PydanticCustomError | None:
    """A management system covers no more persons than the client has."""
    if isinstance(first, float) and isinstance(second, float) and second < first:
        return issue("ZL117", persons=plain_number(first))
    return None


class Client(Row):
    """One certificate (or application) of one client."""

    facts: ClassVar[tuple[Fact, ...]] = (
        Required(("contract_no", "client", "applied_on", "status", "province", "contact", "phone")),
        RequiredWhen("certificate_no", "status", "状态", "证书编号", code="ZL180"),
        RequiredWhen("audited_on", "status", "状态", "审核时间"),
        InOrder("applied_on", "audited_on", ("受理申请时间", "审核时间")),
        InOrder("audited_on", "carried_out_on", ("审核时间", "实施时间")),
        InOrder("audited_on", "planned_on", ("审核时间", "计划监审时间"), strictly=True),
        InOrder("issued_on", "valid_until", ("颁证日期", "有效期至"), strictly=True),
        WithinMonths("audited_on", "planned_on", ("审核时间", "计划监审时间"), "监审最长间隔月数"),
        WithinMonths("issued_on", "valid_until", ("颁证日期", "有效期至"), "证书有效月数", code="ZL204"),
        Agree("province", "postcode", "postcode", postcode_of_province, "邮编前缀与企业省份一致"),
        Agree("province", "address", "address", address_in_province, "地址中的省份与企业省份一致"),
        Agree("province", "uscc", "uscc", uscc_of_province, "行政区划与企业省份一致"),
        Agree(
            "certificate_no", "system", "certificate_no", certificate_system, "证书编号的体系字母与体系一致"
        ),
        Agree(
            "certificate_no", "issued_on", "certificate_no", certificate_year, "证书编号的年份与颁证日期一致"
        ),
        Agree(
            "certificate_no",
            "persons",
            "certificate_no",
            certificate_size,
            "证书编号的规模字母与体系人数一致",
        ),
        Agree("persons", "staff", "staff", staff_of_system, "企业总人数不少于体系人数"),
        Agree("contract_no", "system", "system", contract_system, "合同编号的体系字母含本行体系"),
    )

    contract_no: (
        Annotated[
            str,
            cell(read_contract),
            Column(
                header="合同编号",
                storage=Storage.CODE,
                core=True,
                width=17,
                example="ZL20230015-QEO",
                synonyms=("合同号", "认证合同编号", "项目编号", "合同编码", "合同代码"),
                prompt="按 ZL+年份+4位流水号-体系字母 填写，如 ZL20230015-QEO。",
            ),
        ]
        | None
    ) = None
    certificate_no: (
        Annotated[
            str,
            cell(read_certificate),
            Column(
                header="证书编号",
                storage=Storage.CODE,
                core=True,
                public=True,
                width=19,
                example="01623Q00015R0M",
                synonyms=("认证证书号", "证书号", "认证证书编号", "证书号码", "注册号", "证书注册号"),
                prompt="机构号3位+年份2位+体系字母+流水号5位+R复评次数+规模。受理、审核中不填。",
            ),
        ]
        | None
    ) = None
    client: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="企业名称",
                storage=Storage.TEXT,
                core=True,
                public=True,
                width=30,
                example="石家庄恒泰机械有限公司",
                synonyms=(
                    "公司名称",
                    "单位名称",
                    "客户名称",
                    "组织名称",
                    "获证组织名称",
                    "受审核方",
                    "受审核方名称",
                    "认证委托方",
                    "企业",
                    "客户",
                ),
                prompt="与营业执照一致的全称。",
            ),
        ]
        | None
    ) = None
    applied_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="受理申请时间",
                storage=Storage.DATE,
                core=True,
                width=13,
                example="2023-03-01",
                synonyms=("受理时间", "受理日期", "申请受理时间", "申请时间", "申请日期", "受理申请日期"),
                prompt="受理认证申请的日期，如 2023-03-01。",
            ),
        ]
        | None
    ) = None
    audited_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="审核时间",
                storage=Storage.DATE,
                core=True,
                width=13,
                example="2023-04-10",
                synonyms=(
                    "审核日期",
                    "现场审核时间",
                    "现场审核日期",
                    "初审时间",
                    "初审日期",
                    "上次审核时间",
                    "最近审核时间",
                ),
                prompt="最近一次初审、监审或再认证审核的日期，不早于受理申请时间。",
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
                core=True,
                width=13,
                example="18000",
                synonyms=("初审费", "初次审核费用", "认证费用", "初审费用元", "初审金额"),
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
                core=True,
                width=13,
                example="8000",
                synonyms=("监审费", "监督审核费用", "监督费用", "监审费用元", "监审金额"),
                prompt="元，每次监督审核，只填数字。",
            ),
        ]
        | None
    ) = None
    planned_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="计划监审时间",
                storage=Storage.DATE,
                core=True,
                width=13,
                example="2024-03-20",
                synonyms=(
                    "计划监审日期",
                    "监审计划时间",
                    "计划监督审核时间",
                    "监审计划日期",
                    "下次监审时间",
                    "计划监督时间",
                ),
                prompt="晚于审核时间，且不超过其后 12 个月。",
            ),
        ]
        | None
    ) = None
    carried_out_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="实施时间",
                storage=Storage.DATE,
                core=True,
                width=13,
                example="2024-03-18",
                synonyms=(
                    "实施日期",
                    "监审实施时间",
                    "实际监审时间",
                    "监审时间",
                    "监督审核时间",
                    "监审实施日期",
                ),
                prompt="监督审核实际实施的日期，不早于审核时间。",
            ),
        ]
        | None
    ) = None
    status: (
        Annotated[
            str,
            cell(read_choice("状态")),
            Column(
                header="状态",
                storage=Storage.CHOICE,
                core=True,
                public=True,
                choices="状态",
                width=9,
                example="有效",
                synonyms=("证书状态", "客户状态", "认证状态", "当前状态"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    province: (
        Annotated[
            str,
            cell(read_choice("省份")),
            Column(
                header="企业省份",
                storage=Storage.CHOICE,
                core=True,
                public=True,
                choices="省份",
                width=13,
                example="河北省",
                synonyms=("省份", "所在省份", "省", "省市", "企业所在省", "所在省", "省级行政区"),
                prompt="从下拉列表中选择全称。",
            ),
        ]
        | None
    ) = None
    address: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="详细地址",
                storage=Storage.TEXT,
                core=True,
                public=True,
                width=34,
                example="河北省石家庄市长安区建设北大街1号",
                synonyms=("地址", "通讯地址", "企业地址", "注册地址", "办公地址", "联系地址"),
                prompt="从省份写到门牌号。",
            ),
        ]
        | None
    ) = None
    postcode: (
        Annotated[
            str,
            cell(read_postcode),
            Column(
                header="邮编",
                storage=Storage.CODE,
                core=True,
                width=9,
                example="050000",
                synonyms=("邮政编码", "邮码"),
                prompt="6 位数字，保留开头的 0。",
            ),
        ]
        | None
    ) = None
    contact: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="联系人",
                storage=Storage.TEXT,
                core=True,
                width=10,
                example="王丽",
                synonyms=("联系人姓名", "企业联系人", "联络人", "姓名"),
                prompt="负责认证事务的联系人。",
            ),
        ]
        | None
    ) = None
    phone: (
        Annotated[
            str,
            cell(read_phone),
            Column(
                header="联系电话",
                storage=Storage.CODE,
                core=True,
                width=16,
                example="0311-85551234",
                synonyms=(
                    "电话",
                    "手机",
                    "手机号",
                    "手机号码",
                    "联系方式",
                    "电话号码",
                    "联系人电话",
                    "联系手机",
                ),
                prompt="手机 11 位，或 区号-号码-分机；多个用分号隔开。",
            ),
        ]
        | None
    ) = None
    industry: (
        Annotated[
            str,
            cell(read_industry),
            Column(
                header="专业代码",
                storage=Storage.CODE,
                core=True,
                width=16,
                example="18.02.03",
                synonyms=("专业", "业务范围代码", "专业范围代码", "行业代码", "专业类别"),
                prompt="大类.中类.小类，如 29.08.05；多个用分号隔开。",
            ),
        ]
        | None
    ) = None
    scope: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="认证范围",
                storage=Storage.NOTE,
                core=True,
                public=True,
                width=40,
                example="通用机械的设计、生产和销售",
                synonyms=("范围", "认证覆盖范围", "审核范围", "证书范围", "业务范围"),
                prompt="与证书一致。",
            ),
        ]
        | None
    ) = None
    uscc: Uscc | None = None
    system: (
        Annotated[
            str,
            cell(read_choice("体系")),
            Column(
                header="体系",
                storage=Storage.CHOICE,
                choices="体系",
                public=True,
                width=9,
                example="QMS",
                synonyms=("认证体系", "体系领域", "管理体系", "认证领域", "认证类别"),
                prompt="本行证书的管理体系。",
            ),
        ]
        | None
    ) = None
    standard: (
        Annotated[
            str,
            cell(read_choice("标准")),
            Column(
                header="认证标准",
                storage=Storage.CHOICE,
                choices="标准",
                public=True,
                width=26,
                example="GB/T 19001-2016/ISO 9001:2015",
                synonyms=("标准", "认证依据", "依据标准"),
                prompt="从下拉列表中选择。",
            ),
        ]
        | None
    ) = None
    issued_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="颁证日期",
                storage=Storage.DATE,
                public=True,
                width=13,
                example="2023-05-06",
                synonyms=("发证日期", "颁证时间", "证书签发日期", "签发日期", "发证时间"),
                prompt="证书签发日期。",
            ),
        ]
        | None
    ) = None
    valid_until: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="有效期至",
                storage=Storage.DATE,
                public=True,
                width=13,
                example="2026-05-05",
                synonyms=("有效期", "证书有效期", "到期日期", "证书到期日", "到期日", "有效期止"),
                prompt="颁证日期加 3 年减 1 天。",
            ),
        ]
        | None
    ) = None
    suspended_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="暂停日期",
                storage=Storage.DATE,
                width=13,
                example="2024-06-01",
                synonyms=("暂停时间", "暂停起始日期"),
                prompt="状态为暂停时填写。",
            ),
        ]
        | None
    ) = None
    persons: (
        Annotated[
            float,
            cell(read_number(1, 1_000_000, whole=True)),
            Column(
                header="体系人数",
                storage=Storage.NUMBER,
                width=9,
                example="120",
                synonyms=("体系覆盖人数", "覆盖人数", "员工人数", "体系内人数"),
                prompt="体系覆盖人数，整数。",
            ),
        ]
        | None
    ) = None
    email: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="电子邮箱",
                storage=Storage.TEXT,
                width=24,
                example="wangli@example.com",
                synonyms=("邮箱", "E-mail", "Email"),
                prompt="联系人邮箱。",
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
                synonyms=("办事处", "来源"),
                prompt="办事处或业务人员。",
            ),
        ]
        | None
    ) = None
    verified_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="信息核实日期",
                storage=Storage.DATE,
                width=13,
                example="2024-01-15",
                synonyms=("核实日期", "信息核实时间", "最近核实日期"),
                prompt="最近一次与客户核对联系信息的日期。",
            ),
        ]
        | None
    ) = None
    fax: (
        Annotated[
            str,
            cell(read_phone),
            Column(
                header="传真",
                storage=Storage.CODE,
                width=16,
                example="0311-85551235",
                synonyms=("传真号", "传真号码", "传真电话"),
                prompt="区号-号码；满意度调查表可传真下发（4.7.1）。",
            ),
        ]
        | None
    ) = None
    first_issued_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="首次获证日期",
                storage=Storage.DATE,
                width=13,
                example="2020-05-06",
                synonyms=("初次获证日期", "初次发证日期", "首次发证日期"),
                prompt="首次取得本体系证书的日期。",
            ),
        ]
        | None
    ) = None
    accreditation: (
        Annotated[
            str,
            cell(read_choice("认可标志")),
            Column(
                header="认可标志",
                storage=Storage.CHOICE,
                choices="认可标志",
                width=10,
                example="CNAS",
                synonyms=("认可标识", "认可"),
                prompt="证书所带的认可标志。",
            ),
        ]
        | None
    ) = None
    suspended_why: (
        Annotated[
            str,
            cell(read_choice("暂停原因")),
            Column(
                header="暂停原因",
                storage=Storage.CHOICE,
                choices="暂停原因",
                width=18,
                example="主动请求暂停",
                synonyms=("证书暂停原因",),
                prompt="状态为暂停时填写。",
            ),
        ]
        | None
    ) = None
    ended_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="撤销注销日期",
                storage=Storage.DATE,
                width=13,
                example="2025-03-01",
                synonyms=("撤销日期", "注销日期", "失效日期"),
                prompt="状态为撤销、注销或失效时填写。",
            ),
        ]
        | None
    ) = None
    ended_why: (
        Annotated[
            str,
            cell(read_choice("撤销原因")),
            Column(
                header="撤销注销原因",
                storage=Storage.CHOICE,
                choices="撤销原因",
                width=18,
                example="主动放弃",
                synonyms=("撤销原因", "注销原因"),
                prompt="状态为撤销或注销时填写。",
            ),
        ]
        | None
    ) = None
    legal_person: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="法定代表人",
                storage=Storage.TEXT,
                width=11,
                example="赵建国",
                synonyms=("法人", "法人代表", "企业法人", "法定代表人姓名"),
                prompt="与营业执照一致；证书状态月报用。",
            ),
        ]
        | None
    ) = None
    staff: (
        Annotated[
            float,
            cell(read_number(1, 10_000_000, whole=True)),
            Column(
                header="企业总人数",
                storage=Storage.NUMBER,
                width=10,
                example="180",
                synonyms=("总人数", "企业人数", "员工总数", "职工总数", "职工人数"),
                prompt="企业全部人数，整数，不少于体系人数；证书状态月报用。",
            ),
        ]
        | None
    ) = None
    audit_days: (
        Annotated[
            float,
            cell(read_number(0.1, 1_000)),
            Column(
                header="人日数",
                storage=Storage.NUMBER,
                width=8,
                example="4.5",
                synonyms=("审核人日", "审核人日数", "人天数", "审核人天"),
                prompt="最近一次审核本体系的人日数；证书状态月报用。",
            ),
        ]
        | None
    ) = None
    restored_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="恢复日期",
                storage=Storage.DATE,
                width=13,
                example="2024-09-10",
                synonyms=("证书恢复日期", "暂停恢复日期", "恢复时间"),
                prompt="暂停后恢复的日期；恢复后把状态改回“有效”，暂停日期保留。",
            ),
        ]
        | None
    ) = None
    surveillance_paid_on: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="监审费到账日期",
                storage=Storage.DATE,
                width=14,
                example="2024-03-05",
                synonyms=("监审费收款日期", "监审费缴纳日期", "监审费缴费日期", "监督费到账日期"),
                prompt="最近一次监审费到账的日期；下次监审前未收的列入待办提醒。",
            ),
        ]
        | None
    ) = None
    licence: (
        Annotated[
            str,
            cell(read_text),
            Column(
                header="许可资质",
                storage=Storage.TEXT,
                width=22,
                example="食品生产许可证 SC10113018200015",
                synonyms=("许可证", "行政许可", "资质证书", "许可证名称及编号", "许可资质名称"),
                prompt="认证范围依据的行政许可或资质的名称和编号；多个用分号隔开。",
            ),
        ]
        | None
    ) = None
    licence_until: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="许可资质有效期至",
                storage=Storage.DATE,
                width=15,
                example="2027-08-31",
                synonyms=("许可证有效期", "许可证有效期至", "许可证到期日", "资质有效期至", "资质到期日期"),
                prompt="许可或资质（有几个时最早的）到期日；长期有效的留空。",
            ),
        ]
        | None
    ) = None
    transition_until: (
        Annotated[
            date,
            cell(read_date),
            Column(
                header="换版截止日期",
                storage=Storage.DATE,
                width=13,
                example="2028-10-31",
                synonyms=("标准换版截止", "标准换版截止日期", "转换截止日期", "标准转换截止日期"),
                prompt="本证书须在此前换到新版标准；留空时按码表“标准”的属性“换版截止”。",
            ),
        ]
        | None
    ) = None
    remark: (
        Annotated[
            str,
            cell(read_note),
            Column(header="备注", storage=Storage.NOTE, width=24, synonyms=("说明",), prompt="自由填写。"),
        ]
        | None
    ) = None


CLIENTS = Table(
    name="客户台账",
    model=Client,
    clause="4.2.1",
    purpose="客户数据库：每行一张证书（或一项申请），一份合同可有多行，一行一个体系。",
    key=("contract_no", "certificate_no", "system"),
)
