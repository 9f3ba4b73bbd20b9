"""管理体系认证申请书: filled in by the client, with its legal documents (4.1.3)."""

from __future__ import annotations

from typing import Final

from zlxl.sheet import Sheet, Style
from zlxl.sheets.form_page import COLUMNS, Facts, Page, Terms, blank, day, known, label, number, told

TITLE: Final = "管理体系认证申请书"
NUMBER: Final = "ZL/CX-16-01"
SITES: Final = 3  # lines for sites
KINDS: Final = ("初审", "再认证", "扩项审核", "转机构", "其他")
#: what is attached beside the proof of the legal status
ATTACHMENTS: Final = (
    "行政许可、资质证书复印件",
    "组织机构图、职责分配",
    "工艺（服务）流程图",
    "体系文件（手册、程序）",
    "多场所、临时场所清单",
    "环评、安评及验收文件",
    "环境因素、危险源清单",
    "适用的法律法规清单",
    "内审和管理评审记录",
    "原认证证书和审核报告",
)
_HOW: Final = (
    "请用本文件直接填写，或打印后填写。选项前的方框打勾（☑）；没有的写“无”；写不下的另附页。带下拉箭头"
    "的单元格请从列表中选择。"
)
_DECLARATION: Final = (
    "1. 本组织自愿申请管理体系认证，具有法律地位，体系已按认证标准建立并运行三个月以上（能源管理体系六"
    "个月以上）。\n"
    "2. 本申请书和所附资料真实、完整；未被列入严重违法失信名单，近一年内未因自身原因被撤销认证证书。\n"
    "3. 遵守认证法律法规、认证规则和贵公司的公开文件，配合审核，向审核组开放有关场所、记录和人员，接受"
    "监管部门的监督检查。\n"
    "4. 获证后保持体系有效运行，正确使用证书和标志；名称、地址、范围、人员规模等有重大变化，或发生事故、"
    "受到处罚、被媒体曝光时，及时通报。\n"
    "5. 按合同直接向贵公司支付认证费用；同意依法公布认证信息。"
)


def draw(terms: Terms, facts: Facts, name: str) -> Sheet:
    """The application on two pages."""
    page = Page(title=TITLE, number=NUMBER, terms=terms)
    page.head()
    page.line(
        label("申请编号"),
        known(facts, "申请编号", 8),
        label("申请书发出日期"),
        day(facts.get("申请书发出日期"), 8),
    )
    page.text(_HOW)
    _organisation(page, terms, facts)
    _subject(page, terms, facts)
    _size(page, facts)
    page.new_page()
    _operation(page, terms)
    _attachments(page, terms)
    _declaration(page)
    _office(page, terms)
    page.keep(("申请编号", facts.get("申请编号")))
    return page.sheet(name)


def _organisation(page: Page, terms: Terms, facts: Facts) -> None:
    page.part("一、申请组织")
    page.line(label("企业名称"), blank(facts.get("企业名称"), COLUMNS - 4))
    page.line(
        label("统一社会信用代码"), blank(facts.get("统一社会信用代码"), 8),
        label("企业省份"), blank(facts.get("企业省份"), 8, terms.options("省份")),
    )  # fmt: skip
    for address in ("注册地址", "经营地址", "通讯地址"):
        page.line(
            label(address),
            blank(facts.get(address), 14),
            label("邮编", 2),
            blank(facts.get("邮编") if address == "通讯地址" else None, 4),
        )
    page.line(
        label("法定代表人"), blank(None, 4), label("联系人"), blank(facts.get("联系人"), 4),
        label("职务"), blank(None, 4),
    )  # fmt: skip
    page.line(
        label("联系电话"), blank(facts.get("联系电话"), 8), label("电子邮箱"), blank(facts.get("电子邮箱"), 8)
    )
    page.options("组织性质", ("国有", "民营", "外资合资", "事业单位", "其他"), None, 5)


def _subject(page: Page, terms: Terms, facts: Facts) -> None:
    page.part("二、申请认证的内容")
    page.options("认证类型", KINDS, facts.get("认证类型"), 5)
    page.options("申请体系", terms.options("体系"), facts.get("申请体系"), 5)
    page.tall("认证标准", facts.get("认证标准"), 2)
    page.tall("申请范围", facts.get("申请范围"), 3)
    page.line(label("不适用条款"), blank(None, 8), label("外包过程"), blank(None, 8))


def _size(page: Page, facts: Facts) -> None:
    page.part("三、规模和场所")
    page.line(
        label("企业总人数"), number(None, 4, 1, 1_000_000),
        label("体系人数"), number(facts.get("体系人数"), 4, 1, 1_000_000),
        label("季节性人数"), number(None, 4, 0, 1_000_000),
    )  # fmt: skip
    page.line(
        label("倒班情况"), blank(None, 4, ("不倒班", "两班", "三班", "四班三运转")),
        label("每班人数"), blank(None, 4),
        label("场所数"), number(facts.get("场所数"), 4, 1, 10_000),
    )  # fmt: skip
    page.line(label("场所", 2), label("场所名称", 6), label("地址和主要活动", 13), label("人数", 3))
    for serial in range(1, SITES + 1):
        page.line(
            told(serial, 2, Style.FORM_CENTER), blank(None, 6), blank(None, 13), number(None, 3, 0, 1_000_000)
        )


def _operation(page: Page, terms: Terms) -> None:
    page.part("四、体系运行")
    page.line(
        label("体系运行日期"),
        day(None, 4),
        label("最近内审日期"),
        day(None, 4),
        label("最近管评日期"),
        day(None, 4),
    )
    page.options("接受过咨询", terms.options("是否"), None, 5)
    page.line(label("咨询机构"), blank(None, 8), label("咨询人员"), blank(None, 8))
    page.line(label("已获其他认证"), blank(None, COLUMNS - 4))
    page.tall("事故和处罚", None, 2)
    page.line(label("希望审核日期"), day(None, 8), label("希望审核语言"), blank(None, 8))
    page.tall("特殊要求", None, 2)


def _attachments(page: Page, terms: Terms) -> None:
    page.part("五、随附资料（营业执照等法律地位证明为必交，复印件盖章）")
    page.options("法律地位证明", terms.options("是否"), None, 5)
    page.options("其他附件", ATTACHMENTS, None, 2)


def _declaration(page: Page) -> None:
    page.part("六、声明")
    page.text(_DECLARATION, Style.FORM_CLAUSE)
    page.line(label("法人或授权人签字"), blank(None, 8), label("组织盖章"), blank(None, 8), height=44)
    page.line(label("申请日期"), day(None, COLUMNS - 4))


def _office(page: Page, terms: Terms) -> None:
    page.part("七、以下由我公司市场部填写")
    page.line(label("申请书收回日期"), day(None, 8), label("经办人"), blank(None, 8))
    page.line(label("待补资料"), blank(None, 8), label("指导情况"), blank(None, 8))
    page.options("评审结论", terms.options("评审结论"), None, 4)
    page.line(
        label("评审日期"), day(None, 4), label("评审人"), blank(None, 4), label("受理日期"), day(None, 4)
    )
    page.line(label("不受理原因"), blank(None, COLUMNS - 4))
