"""认证审核预通知/回执单: date and team of an audit told beforehand, and the answer to cut off (4.3)."""

from __future__ import annotations

from typing import Final

from zlxl.sheet import Sheet, Style
from zlxl.sheets.form_page import COLUMNS, Facts, Page, Terms, blank, day, known, label, told

TITLE: Final = "认证审核预通知/回执单"
NUMBER: Final = "ZL/CX-16-03"
TEAM: Final = 4  # lines for members
_NOTICE: Final = "根据认证合同和认证规则，我公司拟按以下安排对贵单位实施现场审核，现预先通知，请予确认。"
_DUTIES: Final = (
    "1. 请核对审核日期、审核组成员和审核地点。如对审核日期或审核组成员有异议，请在收到本通知后 "
    "{objection} 天内书面提出并说明理由，"
    "我公司将重新安排；逾期未提出的，视为同意。\n"
    "2. 请在审核前 {materials} 天提交体系文件、内部审核和管理评审记录、上次不符合的纠正措施、法律地位和"
    "行政许可的变化情况。\n"
    "3. 审核期间请保证体系覆盖的活动正常进行，最高管理者和有关人员在岗，并为审核组提供必要的工作条件和"
    "安全防护。\n"
    "4. 企业名称、地址、认证范围、体系覆盖人数或联系人有变化，或近一年内发生质量、环境、安全事故或受到"
    "行政处罚的，请在回执中说明。\n"
    "5. 监督审核不能在最晚日期之前完成的，我公司将按认证规则暂停证书。"
)
_CUT: Final = "✂ 　　　　　　　　请沿此线剪下，填好后发回我公司市场部　　　　　　　　"


def draw(terms: Terms, facts: Facts, name: str) -> Sheet:
    """The notice of one planned audit, and the receipt below it."""
    page = Page(title=TITLE, number=NUMBER, terms=terms)
    page.head()
    _notice(page, facts)
    page.line(told(_CUT, COLUMNS, Style.FORM_CUT), height=24)
    _receipt(page, terms, facts)
    page.keep(("计划编号", facts.get("计划编号")), ("合同编号", facts.get("合同编号")))
    return page.sheet(name)


def _notice(page: Page, facts: Facts) -> None:
    page.line(label("计划编号"), known(facts, "计划编号", 8), label("合同编号"), known(facts, "合同编号", 8))
    page.line(label("企业名称"), known(facts, "企业名称", COLUMNS - 4))
    page.text(_NOTICE)
    page.line(
        label("服务类型"), known(facts, "服务类型", 4), label("体系"), known(facts, "体系", 4),
        label("预通知日期"), day(facts.get("预通知日期"), 4),
    )  # fmt: skip
    page.line(
        label("计划日期"), day(facts.get("计划日期"), 8), label("最晚日期"), day(facts.get("最晚日期"), 8)
    )
    page.tall("认证标准", facts.get("认证标准"), 2)
    page.tall("认证范围", facts.get("认证范围"), 2)
    page.line(label("审核地点"), blank(facts.get("审核地点"), COLUMNS - 4))
    page.line(label("审核组", 4), label("姓名", 6), label("资格", 4), label("所在机构", 10))
    for member in ("组长", *["组员"] * (TEAM - 1)):
        page.line(told(member, 4, Style.FORM_CENTER), blank(None, 6), blank(None, 4), blank(None, 10))
    duties = _DUTIES.format(
        objection=page.terms.days("预通知异议天数"), materials=page.terms.days("审核资料提前天数")
    )
    page.text(duties, Style.FORM_CLAUSE)


def _receipt(page: Page, terms: Terms, facts: Facts) -> None:
    page.line(told("回　执　单", COLUMNS, Style.FORM_TITLE), height=26)
    page.line(label("计划编号"), known(facts, "计划编号", 8), label("合同编号"), known(facts, "合同编号", 8))
    page.line(label("企业名称"), known(facts, "企业名称", COLUMNS - 4))
    page.options("回执意见", terms.options("回执意见"), None, 4)
    page.line(label("希望审核日期"), day(None, 8), label("现场联系人"), blank(None, 8))
    page.tall("异议及理由", None, 2)
    page.tall("变化情况", None, 2)
    page.line(label("客户代表（盖章）"), blank(None, 8), label("回执日期"), day(None, 8), height=30)
